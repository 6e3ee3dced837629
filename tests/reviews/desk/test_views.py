"""The desk over HTTP: who sees what on the workbench and the overview, and what the pages cost."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from organizations.models import Role
from reviews.grade.models import Decision
from reviews.plan.models import Review, Stage
from reviews.report.models import ReportVersion
from tests.cast import build_town
from tests.make import (
    make_campaign,
    make_officer,
    make_organization,
    make_person,
    make_problem,
    make_report,
    make_review,
    make_secretary,
)

pytestmark = pytest.mark.django_db
INSIDE = ["organizer", "approver", "vetter", "leader", "supervisor", "superior", "custodian", "teller", "scrutineer"]
FRAME = 5  # session, person, grants, posts, what waits


@pytest.fixture
def bureau():
    return make_organization("测试局党组", kind="leading_party_group")


def overview(client, campaign, **query):
    return client.get(reverse("desk:overview", args=[campaign.pk]), query)


def page_of(client, person, campaign, **query):
    client.force_login(person)
    return overview(client, campaign, **query).content.decode()


def decide(review, *, approved):
    Decision.objects.create(
        review=review,
        grade="AVERAGE",
        reference="党组会",
        decided_on=timezone.localdate(),
        proposed_by=make_person(),
        approved_by=make_person() if approved else None,
    )


def checked(review, state, *severities):
    report = make_report(review, state=state)
    findings = [{"code": "X", "severity": severity} for severity in severities]
    ReportVersion.objects.create(report=report, number=1, occasion="submitted", by=review.secretary, findings=findings)


def test_the_workbench_is_empty_and_says_so(client):
    client.force_login(make_person())

    page = client.get(reverse("desk:workbench")).content.decode()

    assert "没有等您办理的事项" in page
    assert "我的待办（" not in page


def test_the_workbench_shows_errand_deadline_and_button(client, bureau):
    review = make_review(make_campaign(bureau, stage=Stage.REPORTING))
    client.force_login(review.secretary)

    page = client.get(reverse("desk:workbench")).content.decode()

    assert "我的待办（1）" in page
    assert "撰写述职报告" in page
    assert f'href="{reverse("report:write", args=[review.pk])}"' in page
    assert review.campaign.title in page


def test_the_clerk_sees_who_is_behind_and_others_do_not(client, bureau):
    campaign = make_campaign(bureau, stage=Stage.REPORTING)
    make_report(make_review(campaign, organization=make_organization("交了支部", parent=bureau)), state="submitted")
    make_report(make_review(campaign, organization=make_organization("没交支部", parent=bureau)), state="draft")
    old = make_review(
        make_campaign(bureau, stage=Stage.RECTIFYING), organization=make_organization("拖延支部", parent=bureau)
    )
    for _ in range(2):
        make_problem(old, state="claimed", due_on=timezone.localdate() - timedelta(days=4))

    client.force_login(make_officer(Role.ORGANIZER, bureau))
    clerk = client.get(reverse("desk:workbench")).content.decode()
    client.force_login(make_officer(Role.VETTER, bureau))
    vetter = client.get(reverse("desk:workbench")).content.decode()

    assert "需要催办（2）" in clerk
    assert "没交支部" in clerk
    assert "述职报告未交（撰写中）" in clerk
    assert "2 条问题逾期未销号" in clerk
    assert "逾期 4 天" in clerk
    assert "交了支部" not in clerk
    assert "需要催办" not in vetter


@pytest.mark.parametrize("rows", [1, 3])
def test_the_workbench_costs_the_same_for_one_or_three(client, bureau, rows, django_assert_num_queries):
    for _ in range(rows):
        make_review(make_campaign(bureau, stage=Stage.REPORTING))
        make_review(make_campaign(bureau, stage=Stage.PLANNING))
        overdue = make_review(make_campaign(bureau, stage=Stage.RECTIFYING))
        make_problem(overdue, state="closing", due_on=timezone.localdate() - timedelta(days=1))
    client.force_login(make_officer(Role.ORGANIZER, bureau))
    client.get(reverse("desk:workbench"))

    with django_assert_num_queries(FRAME + 7):  # laggards 4, campaigns of errands, my campaigns, their figures
        client.get(reverse("desk:workbench"))


@pytest.mark.parametrize("rows", [1, 3])
def test_the_overview_costs_the_same_for_one_or_three(client, bureau, rows, django_assert_num_queries):
    campaign = make_campaign(bureau, stage=Stage.GRADING)
    for _ in range(rows):
        review = make_review(campaign)
        checked(review, "approved", "block")
        decide(review, approved=True)
        make_problem(review)
    client.force_login(make_officer(Role.ORGANIZER, bureau))
    overview(client, campaign)

    # campaign, count, reviews, box, campaigns of errands, whether one debriefs oneself, rail
    with django_assert_num_queries(FRAME + 7):
        overview(client, campaign)


@pytest.mark.parametrize(
    ("who", "place", "status"),
    [
        *[(who, "own", 200) for who in (*INSIDE, "secretary")],
        *[(who, "own", 403) for who in ("sys_admin", "sec_admin", "audit_admin", "stranger")],
        *[(who, place, 404) for who in ("organizer", "superior") for place in ("parent", "sibling", "foreign")],
        ("organizer", "child", 200),
        ("superior", "child", 200),
        ("secretary", "sibling", 404),
    ],
)
def test_who_sees_the_overview(client, who, place, status):
    town = build_town()
    campaign = make_campaign(town.places[place], stage=Stage.REPORTING)
    if place == "own":
        make_review(campaign, organization=town.places["child"], secretary=town.people["secretary"])
    client.force_login(town.people[who])

    assert overview(client, campaign).status_code == status


@pytest.mark.parametrize(
    ("role", "proposed", "approved"),
    [
        (Role.ORGANIZER, True, True),
        (Role.APPROVER, True, True),
        (Role.SUPERVISOR, True, True),
        (Role.SUPERIOR, False, True),
        (Role.VETTER, False, False),
        (Role.LEADER, False, False),
        (Role.CUSTODIAN, False, False),
        (Role.TELLER, False, False),
    ],
)
def test_who_sees_a_grade_before_and_after_it_is_approved(client, bureau, role, proposed, approved):
    campaign = make_campaign(bureau, stage=Stage.GRADING)
    review = make_review(campaign)
    decide(review, approved=False)
    officer = make_officer(role, bureau)

    before = page_of(client, officer, campaign)
    Decision.objects.update(approved_by=make_person())
    after = page_of(client, officer, campaign)

    assert ("一般</a>" in before, "一般</a>" in after) == (proposed, approved)
    assert (">拟</span>" in before, ">拟</span>" in after) == (proposed, False)


def test_a_secretary_sees_his_own_line_alone(client, bureau):
    campaign = make_campaign(bureau, stage=Stage.GRADING)
    branch = make_organization(parent=bureau)
    own = make_review(campaign, organization=branch, secretary=make_secretary(branch, "孙自己"))
    make_review(campaign, secretary=make_person("周别人"))
    decide(own, approved=True)

    page = page_of(client, own.secretary, campaign)

    assert "孙自己" in page
    assert "周别人" not in page
    assert "一般</a>" not in page


@pytest.mark.parametrize(
    ("state", "role", "shown"),
    [
        ("draft", Role.ORGANIZER, False),
        ("submitted", Role.ORGANIZER, True),
        ("submitted", Role.VETTER, True),
        ("submitted", Role.LEADER, False),
        ("approved", Role.LEADER, True),
        ("approved", Role.TELLER, False),
    ],
)
def test_findings_are_shown_to_who_may_read_the_report(client, bureau, state, role, shown):
    campaign = make_campaign(bureau, stage=Stage.REPORTING)
    review = make_review(campaign)
    checked(review, state, "block", "block", "advise")

    page = page_of(client, make_officer(role, bureau), campaign)

    assert ("须改 2" in page, "建议 1" in page) == (shown, shown)
    assert (reverse("report:read", args=[review.report.pk]) in page) == shown


def test_the_author_finds_his_draft_with_its_findings(client, bureau):
    campaign = make_campaign(bureau, stage=Stage.REPORTING)
    review = make_review(campaign)
    checked(review, "draft", "block")

    page = page_of(client, review.secretary, campaign)

    assert "须改 1" in page
    assert reverse("report:write", args=[review.pk]) in page


def test_the_overview_is_narrowed(client, bureau):
    campaign = make_campaign(bureau, stage=Stage.REPORTING)
    make_report(make_review(campaign, secretary=make_person("张甲")), state="submitted")
    make_review(campaign, secretary=make_person("李乙"), mode=Review.Mode.WRITTEN)
    clerk = make_officer(Role.ORGANIZER, bureau)

    by_state = page_of(client, clerk, campaign, state="submitted")
    by_absence = page_of(client, clerk, campaign, state="none")
    by_mode = page_of(client, clerk, campaign, mode="written")
    by_words = page_of(client, clerk, campaign, words="张")

    assert ["张甲" in page for page in (by_state, by_absence, by_mode, by_words)] == [True, False, False, True]
    assert ["李乙" in page for page in (by_state, by_absence, by_mode, by_words)] == [False, True, True, False]


@pytest.mark.parametrize("query", [{"state": "x"}, {"mode": "\x00"}, {"words": "\x00%"}, {"page": "-1"}])
def test_any_filter_answers(client, bureau, query):
    campaign = make_campaign(bureau, stage=Stage.REPORTING)
    client.force_login(make_officer(Role.ORGANIZER, bureau))

    assert overview(client, campaign, **query).status_code == 200
