"""公开: when, by whom, to whom; what is covered; and what its readers see when it is withdrawn."""

import pytest
from django.core.exceptions import PermissionDenied

from organizations.errors import Refused
from organizations.models import Appointment, Role, RoleGrant, Trace
from reviews.plan.models import Campaign, Stage
from reviews.report.actions import vet_report
from reviews.report.models import Report
from reviews.report.publishing.actions import covering_of, publish_many, publish_report, withdraw_publication
from reviews.report.publishing.models import Circle, Publication, circle_members
from tests.make import make_campaign, make_officer, make_organization, make_person, make_review, make_secretary
from tests.reviews.report.pages import at, handed_in, queries_of
from tests.reviews.report.texts import SECTIONS

pytestmark = pytest.mark.django_db
PERSONAL = "联系人王建国，电话13812345678。"


@pytest.fixture
def clerk(review):
    return make_officer("organizer", review.campaign.organizer)


@pytest.fixture
def vetter(review):
    return make_officer("vetter", review.campaign.organizer)


def approved(review, vetter, **changes):
    report = handed_in(review, **changes)
    vet_report(report, version=1, verdict="approved", opinion="", by=vetter)
    return report


@pytest.fixture
def report(review, vetter):
    """An approved report with a name and a telephone number in it, the vote counted."""
    make_person("王建国")
    report = approved(review, vetter, duty=SECTIONS["duty"] + PERSONAL)
    return over(report)


def over(report):
    Campaign.objects.filter(pk=report.review.campaign_id).update(stage=Stage.GRADING)
    return Report.objects.select_related("review__campaign__organizer").get(pk=report.pk)


def published(report, by, circle=Circle.REPORTERS, **options):
    return publish_report(report, circle=circle, version=report.handed_in.number, by=by, **options)


def seen_by(person):
    return list(Publication.objects.visible_to(type(person).objects.get(pk=person.pk)))


def test_readers_see_the_text_without_names_and_numbers(report, clerk):
    publication = published(report, clerk)

    assert "王建国" not in publication.duty
    assert "13812345678" not in publication.duty
    assert "王某某" in publication.duty
    assert publication.masked == {"姓名": 1, "电话号码": 1}


def test_the_secretary_s_own_name_stays(review, vetter, clerk):
    report = over(approved(review, vetter, duty=SECTIONS["duty"] + review.secretary.name))

    assert review.secretary.name in published(report, clerk).duty


def test_more_can_be_covered_by_hand(report, clerk):
    assert "水文监测" not in published(report, clerk, by_hand=["水文监测"]).problems


def test_a_place_is_lifted_with_a_reason_and_never_without(report, clerk):
    covering = covering_of(report)
    key = next(key for _, pieces in covering.for_page() for piece, _, key, _ in pieces if piece == "王建国")

    with pytest.raises(Refused, match="须写明理由"):
        published(report, clerk, shown=[key])
    publication = published(report, clerk, shown=[key], reason="先进典型，本人同意")

    assert "王建国" in publication.duty
    assert "13812345678" not in publication.duty
    assert (publication.unmasked, publication.unmasked_reason) == (1, "先进典型，本人同意")


@pytest.mark.parametrize("stage", [Stage.REPORTING, Stage.MEETING, Stage.BALLOT])
def test_nothing_is_public_before_the_meeting_and_the_vote_are_over(report, clerk, stage):
    Campaign.objects.update(stage=stage)

    with pytest.raises(Refused, match="评议会和现场测评结束后"):
        published(report, clerk)


def test_what_was_not_approved_is_not_published(review, clerk):
    report = over(handed_in(review))

    with pytest.raises(Refused, match="没有审核通过"):
        published(report, clerk)


def test_a_vetter_does_not_publish_and_nobody_his_own(report, clerk, vetter):
    with pytest.raises(PermissionDenied):
        published(report, vetter)
    RoleGrant.objects.create(
        person=report.review.secretary, role="organizer", organization=report.review.campaign.organizer
    )
    with pytest.raises(Refused, match="由其他经办人公开"):
        published(report, report.review.secretary)


def test_a_page_of_another_version_is_told(report, clerk):
    with pytest.raises(Refused, match="重新预览"):
        publish_report(report, circle=Circle.BRANCH, version=9, by=clerk)


def test_a_report_is_public_once_at_a_time(report, clerk):
    first = published(report, clerk)
    with pytest.raises(Refused, match="已经公开"):
        published(report, clerk, circle=Circle.BRANCH)

    withdraw_publication(first, reason="范围有误", by=clerk)

    assert published(report, clerk, circle=Circle.BRANCH).circle == Circle.BRANCH


@pytest.mark.parametrize("circle", list(Circle))
def test_who_sees_it_is_whom_the_preview_names(report, clerk, circle):
    review, campaign = report.review, report.review.campaign
    below = make_organization(parent=review.organization)
    member, member_below, gone = make_person(), make_person(), make_person()
    Appointment.objects.create(person=member, organization=review.organization, position="member")
    Appointment.objects.create(person=member_below, organization=below, position="member")
    Appointment.objects.create(person=gone, organization=review.organization, position="member", ends_on="2020-01-01")
    peer = make_review(campaign).secretary
    colleague = make_secretary(make_organization(parent=campaign.organizer))
    teller = make_officer(Role.TELLER, campaign.organizer)
    admin = make_officer(Role.SYS_ADMIN, campaign.organizer)
    foreigner = make_review(make_campaign(make_organization(kind="party_committee"))).secretary
    everybody = [member, member_below, gone, peer, colleague, teller, admin, foreigner]

    publication = published(report, clerk, circle=circle)

    seeing = {person for person in everybody if publication in seen_by(person)}
    expected = {
        Circle.BRANCH: {member, member_below},
        Circle.REPORTERS: {peer},
        Circle.ORGANIZATION: {member, member_below, peer, colleague, teller},
    }
    assert seeing == expected[circle]
    assert seeing == set(everybody) & set(circle_members(review, circle))
    assert publication in seen_by(review.secretary)


def test_withdrawn_its_readers_see_a_sentence_and_no_text(client, report, clerk):
    peer = make_review(report.review.campaign).secretary
    publication = published(report, clerk)
    withdraw_publication(publication, reason="发现差错", by=clerk)
    client.force_login(peer)

    page = client.get(at("publication", publication.pk)).content.decode()

    assert "撤回公开。理由：发现差错" in page
    assert "主题党日" not in page
    assert Trace.objects.get(act="撤回公开述职报告").facts["reason"] == "发现差错"


def test_withdrawing_asks_for_a_reason_and_happens_once(report, clerk):
    publication = published(report, clerk)
    with pytest.raises(Refused, match="须写明理由"):
        withdraw_publication(publication, reason=" ", by=clerk)
    withdraw_publication(publication, reason="发现差错", by=clerk)

    with pytest.raises(Refused, match="已经撤回"):
        withdraw_publication(publication, reason="再撤", by=clerk)


def test_several_are_published_together_or_none(review, vetter, clerk):
    other = make_review(review.campaign)
    reports = [approved(each, vetter) for each in (review, other)]
    campaign = over(reports[0]).review.campaign

    with pytest.raises(Refused):
        publish_many(campaign, [reports[0].pk, 10**6], circle=Circle.REPORTERS, by=clerk)
    none = Publication.objects.count()
    publish_many(campaign, [each.pk for each in reports], circle=Circle.REPORTERS, by=clerk)

    assert (none, Publication.objects.count()) == (0, 2)


def test_the_preview_shows_who_will_see_what_and_writes_nothing(client, report, clerk):
    make_review(report.review.campaign)
    client.force_login(clerk)
    page = at("publish_many", report.review.campaign_id)

    seen = client.post(page, {"circle": "reporters", "reports": [report.pk], "to": "preview"})
    written = Publication.objects.count()
    done = client.post(page, {"circle": "reporters", "reports": [report.pk], "to": "publish"})

    [(chosen, covering, readers)] = seen.context["chosen"]
    assert (chosen, covering.total, readers, written) == (report, 2, 1, 0)
    assert (done.status_code, Publication.objects.count()) == (302, 1)


def test_one_report_is_previewed_with_its_places_marked_and_published(client, report, clerk):
    client.force_login(clerk)
    page = at("publish", report.pk)
    typed = {"circle": "branch", "version": 1, "by_hand": "水文监测"}

    first = client.get(page).content.decode()
    preview = client.post(page, typed | {"to": "preview"}).content.decode()
    done = client.post(page, typed | {"to": "publish"})

    assert 'title="姓名：王建国">王某某</span>' in first
    assert 'title="手工遮盖：水文监测">****</span>' in preview
    assert done.url == at("publication", Publication.objects.get().pk)


@pytest.mark.parametrize("posted", [{}, {"circle": "world", "version": 1}, {"circle": "branch", "version": "\u202ex"}])
def test_a_broken_form_is_told(client, report, clerk, posted):
    client.force_login(clerk)

    assert client.post(at("publish", report.pk), posted | {"to": "publish"}).status_code == 422
    assert not Publication.objects.exists()


def test_the_menu_leads_to_it_only_when_there_is_something(client, report, clerk):
    reader = make_person()
    Appointment.objects.create(person=reader, organization=report.review.organization, position="member")
    client.force_login(reader)
    before = client.get(at("published")).content.decode()

    published(report, clerk, circle=Circle.BRANCH)

    after = client.get(at("published")).content.decode()
    assert f'href="{at("published")}"' not in before
    assert f'href="{at("published")}"' in after
    assert str(report.review.organization) in after


def test_the_list_costs_the_same_for_one_or_three(client, review, vetter, clerk):
    reports = [approved(each, vetter) for each in (review, *(make_review(review.campaign) for _ in range(2)))]
    campaign = over(reports[0]).review.campaign
    client.force_login(review.secretary)
    publish_many(campaign, [reports[0].pk], circle=Circle.REPORTERS, by=clerk)
    one = queries_of(client, at("published"))

    publish_many(campaign, [each.pk for each in reports[1:]], circle=Circle.REPORTERS, by=clerk)

    assert queries_of(client, at("published")) == one
