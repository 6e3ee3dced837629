"""测评质量: what the page tells of a round, and of whom it tells nothing."""

from io import BytesIO
from zipfile import ZipFile

import pytest
from django.urls import reverse

from organizations.models import Role, Trace
from reviews.grade.health import queries
from reviews.grade.health.spread import spreads_of, widest_gap
from reviews.grade.health.variety import variety_of
from reviews.meeting.models import Comment
from reviews.report.models import Report, ReportVersion, Vetting
from scoring.count import export_package
from tests.make import make_campaign, make_officer, make_organization, make_problem, make_review
from tests.reviews.grade.scene import GOOD, build_scene, in_days, note, suggest
from tests.reviews.report.pages import queries_of

THIRTY = "4" * 12 + "3" * 18
COST = 17  # the frame of every page included
pytestmark = pytest.mark.django_db


def page_of(client, person, campaign):
    client.force_login(person)
    return client.get(reverse("grade:health", args=[campaign.pk]))


def vetted(review, verdicts):
    """A report with one round a verdict; the last one approves."""
    report = Report.objects.create(review=review, state="approved", duty="述职")
    for number, verdict in enumerate(verdicts, start=1):
        version = ReportVersion.objects.create(
            report=report, number=number, occasion="submitted", by=review.secretary, duty="述职"
        )
        Vetting.objects.create(version=version, number=number, verdict=verdict, by=review.secretary)


def test_the_opening_keeps_two_rounded_shares_of_thirty_ballots():
    scene = build_scene([{"A": THIRTY}, {"A": THIRTY}])

    kept = scene.campaign.rounds.get().box.health

    assert kept["ballots"] == 30
    assert set(kept) == {"ballots", "alike", "all_good"}
    assert kept["alike"] % 10 == kept["all_good"] % 10 == 0


@pytest.mark.parametrize("votes", [{"A": GOOD}, {"A": THIRTY, "B": "444444444"}], ids=["ten in all", "a panel of nine"])
def test_a_small_vote_keeps_no_share_and_the_page_says_why(client, votes):
    scene = build_scene([votes])

    shown = page_of(client, scene.clerk, scene.campaign).content.decode()

    assert scene.campaign.rounds.get().box.health == {}
    assert queries.TOO_FEW in shown
    assert "雷同票" not in shown


def test_a_box_opened_before_the_figures_were_taken_says_so(client):
    scene = build_scene([{"A": THIRTY}])
    box = scene.campaign.rounds.get().box
    box.health = None
    box.save()

    shown = page_of(client, scene.clerk, scene.campaign).content.decode()

    assert "本次未统计" in shown


def test_the_shares_stand_in_no_recount_package_and_in_no_trail():
    scene = build_scene([{"A": THIRTY}])
    box = scene.campaign.rounds.get().box

    with ZipFile(BytesIO(export_package(box))) as package:
        told = "".join(package.read(name).decode() for name in package.namelist())
    told += str([event.facts for event in box.events.all()]) + str([trace.facts for trace in Trace.objects.all()])

    assert [word for word in ("health", "alike", "all_good") if word in told] == []


def test_panels_are_compared_only_where_their_counts_may_be_shown(client):
    scene = suggest(build_scene([{"A": THIRTY, "B": "4" * 9}]))

    spreads = queries.spreads_in(scene.campaign)

    assert spreads.panels == []
    assert "不列票数" in spreads.lack


def test_panels_are_compared_by_their_share_of_good():
    standings = [
        {"panels": {"A": counts(9, 1), "B": counts(5, 5)}},
        {"panels": {"A": counts(10, 0), "B": counts(0, 0)}},
        {"panels": {"A": counts(2, 8), "B": counts(3, 0)}},
    ]

    one, other = spreads_of(standings)

    assert (one.lowest, one.middle, one.highest, one.all_good, one.range) == (20, 90, 100, 1, 80)
    assert (other.lowest, other.middle, other.highest) == (50, 100, 100)
    assert widest_gap(standings) == 80


def counts(good, fairly_good):
    return {"good": good, "fairly_good": fairly_good, "average": 0, "poor": 0}


def test_comments_that_share_a_run_of_ten_and_stock_phrases_are_counted():
    texts = [
        "一是理论学习抓得不够经常，还有差距。",
        "理论学习抓得不够经常；形式不够灵活。",
        "把党课开到了工地",
        "，。",
    ]

    variety = variety_of(texts)

    assert (variety.comments, variety.repeating, variety.with_phrases) == (3, 2, 2)
    assert variety.phrases == [("不够灵活", 1), ("还有差距", 1)]


def test_no_comment_at_all_is_no_division_by_nothing():
    variety = variety_of([])

    assert (variety.comments, variety.repeating, variety.usual_length) == (0, 0, 0)


def test_reports_are_counted_by_the_round_that_approved_them():
    campaign = make_campaign()
    for verdicts in (["approved"], ["returned", "approved"], ["returned", "returned", "approved"]):
        vetted(make_review(campaign), verdicts)

    rounds = queries.rounds_in(campaign)

    assert rounds.by_number == [(1, 1), (2, 1), (3, 1)]
    assert rounds.returned == 2


def test_overdue_problems_are_counted_by_kind_and_by_level():
    top = make_organization(kind="leading_party_group")
    below = make_organization(parent=top, kind="leading_party_group")
    campaign = make_campaign(top)
    branch = make_review(campaign, organization=make_organization(parent=top, kind="branch"))
    lower = make_review(make_campaign(below))
    make_problem(branch, state="claimed", due_on=in_days(-1))
    make_problem(branch, state="closed", due_on=in_days(-1))
    make_problem(branch, state="noted", due_on=in_days(-1))
    make_problem(lower, state="open")

    kinds, levels = queries.overdue_by_kind(campaign), queries.overdue_by_level(top)

    assert [(level.label, level.total, level.closed, level.overdue, level.share) for level in kinds] == [
        ("党支部", 2, 1, 1, 50)
    ]
    assert [(level.label, level.total, level.overdue) for level in levels] == [
        ("本级组织的", 2, 1),
        ("下一级组织的", 1, 0),
    ]


def test_levels_begin_at_the_highest_organization_whose_campaigns_one_reads(client):
    top = make_organization("云岭市委", kind="party_committee")
    organizer = make_organization(parent=top, kind="leading_party_group")
    campaign = make_campaign(organizer)
    make_problem(make_review(campaign), state="open")

    of_superior = page_of(client, make_officer(Role.SUPERIOR, top), campaign).context["levels"]
    of_clerk = page_of(client, make_officer(Role.ORGANIZER, organizer), campaign).context["levels"]

    assert [level.label for level in of_superior] == ["下一级组织的"]
    assert [level.label for level in of_clerk] == ["本级组织的"]


def test_before_the_approval_a_superior_sees_neither_ballots_nor_comments(client):
    scene = suggest(build_scene([{"A": THIRTY}]))
    Comment.objects.create(review=scene.reviews[0], by=scene.clerk, weaknesses="学习还有差距")

    shown = page_of(client, make_officer(Role.SUPERIOR, scene.organizer), scene.campaign).content.decode()

    assert "雷同票" not in shown
    assert "还有差距" not in shown
    assert "报告审核" in shown


def test_the_page_names_nobody(client):
    scene = suggest(build_scene([{"A": THIRTY}, {"A": THIRTY}]))
    Comment.objects.create(review=scene.reviews[0], by=make_officer(Role.LEADER, scene.organizer), weaknesses="不足")
    note(scene.reviews[0], scene.clerk)

    shown = page_of(client, scene.head, scene.campaign).content.decode()

    names = [str(part) for review in scene.reviews for part in (review.organization, review.secretary)]
    assert [name for name in names if name in shown] == []


@pytest.mark.parametrize("reviews", [1, 3])
def test_the_page_costs_the_same_for_one_review_or_three(client, reviews):
    scene = suggest(build_scene([{"A": THIRTY}] * reviews))
    for review in scene.reviews:
        vetted(review, ["approved"])
        make_problem(review, state="open")
    client.force_login(scene.clerk)

    cost = queries_of(client, reverse("grade:health", args=[scene.campaign.pk]))

    assert cost == COST
