"""The vetter's pages: findings in place, verdicts, rounds, the list of a campaign."""

import pytest

from organizations.models import Trace
from reviews.ledger.models import Problem
from reviews.plan.models import Campaign, Stage
from reviews.report.actions import vet_report
from reviews.report.models import Vetting
from tests.make import (
    make_campaign,
    make_officer,
    make_organization,
    make_problem,
    make_review,
)
from tests.reviews.report.pages import at, handed_in, queries_of
from tests.reviews.report.texts import POINTS, SECTIONS

pytestmark = pytest.mark.django_db


def verdict(value, version=1, **typed):
    return {"verdict": value, "version": version, "opinion": "", **typed}


def test_the_vetting_page_marks_findings_in_place(client, review, vetter):
    Campaign.objects.update(report_limits={"blocking": []})
    review.campaign.refresh_from_db()
    report = handed_in(review, duty="召开会议x次。" + SECTIONS["duty"])
    client.force_login(vetter)

    page = client.get(at("vet", report.pk)).content.decode()

    assert '召开会议<mark id="finding-1" class="may-mark"' in page
    assert 'href="#finding-1"' in page


def test_approving_notes_the_problems_and_leads_on_to_the_next(client, review, vetter):
    report = handed_in(review)
    second = handed_in(make_review(review.campaign))
    client.force_login(vetter)

    answer = client.post(at("vet", report.pk), verdict("approved"))

    assert answer.url == at("vet", second.pk)
    assert [problem.text for problem in Problem.objects.order_by("pk")] == POINTS


def test_after_the_last_one_the_list_follows(client, review, vetter):
    report = handed_in(review)
    client.force_login(vetter)

    answer = client.post(at("vet", report.pk), verdict("approved"))

    assert answer.url == at("vet_list", review.campaign_id)


def test_a_chosen_opinion_serves_where_none_was_typed(client, review, vetter):
    report = handed_in(review)
    client.force_login(vetter)
    chosen = "下一步打算不够具体，请写明措施、责任人和完成时限。"

    client.post(at("vet", report.pk), verdict("returned", template=chosen))

    assert Vetting.objects.get().opinion == chosen


def test_the_author_reads_why_it_was_given_back_and_writes_on(client, review, vetter):
    report = handed_in(review)
    vet_report(report, version=1, verdict="returned", opinion="请写具体时限", by=vetter)
    client.force_login(review.secretary)

    page = client.get(at("write", review.pk))

    assert page.status_code == 200
    assert "请写具体时限" in page.content.decode()


@pytest.mark.parametrize(
    "posted",
    [verdict("returned"), verdict("else"), {"version": 1}, verdict("approved", version=""), verdict("approved", "x")],
)
def test_an_incomplete_verdict_is_told_and_keeps_the_opinion(client, review, vetter, posted):
    report = handed_in(review)
    client.force_login(vetter)

    answer = client.post(at("vet", report.pk), posted)

    assert answer.status_code == 422
    assert not Vetting.objects.exists()


def test_a_verdict_on_a_stale_page_is_refused_and_the_opinion_stays(client, review, vetter):
    report = handed_in(review)
    vet_report(report, version=1, verdict="returned", opinion="改", by=vetter)
    handed_in(review, plans="明年三月底前完成三件事。")
    client.force_login(vetter)

    answer = client.post(at("vet", report.pk), verdict("approved", opinion="我的意见"))

    assert answer.status_code == 409
    assert "第 2 版" in answer.content.decode()
    assert "我的意见" in answer.content.decode()
    assert Vetting.objects.count() == 1


def test_a_second_click_on_the_verdict_changes_nothing(client, review, vetter):
    report = handed_in(review)
    client.force_login(vetter)
    client.post(at("vet", report.pk), verdict("approved"))
    lines = Trace.objects.count()

    answer = client.post(at("vet", report.pk), verdict("returned", opinion="反悔"))

    assert answer.status_code == 409
    assert "反悔" in answer.content.decode()
    assert (Vetting.objects.count(), Trace.objects.count()) == (1, lines)


def test_the_page_of_a_report_already_vetted_leads_to_reading(client, review, vetter):
    report = handed_in(review)
    vet_report(report, version=1, verdict="approved", opinion="", by=vetter)
    client.force_login(vetter)

    assert client.get(at("vet", report.pk)).url == at("read", report.pk)


def test_what_changed_since_the_last_round_is_shown(client, review, vetter):
    report = handed_in(review)
    vet_report(report, version=1, verdict="returned", opinion="改", by=vetter)
    handed_in(review, plans=SECTIONS["plans"].replace("三月", "二月"))
    client.force_login(vetter)

    page = client.get(at("vet", report.pk)).content.decode()

    assert '<span class="change-word">删</span>三</del><ins><span class="change-word">增</span>二</ins>月底前' in page


def test_last_year_s_problems_stand_beside_but_not_those_of_a_foreign_organizer(client, review, vetter):
    report = handed_in(review)
    ours = make_campaign(review.campaign.organizer, year=2025, stage=Stage.CLOSED)
    theirs = make_campaign(make_organization(kind="party_committee"), year=2025, stage=Stage.CLOSED)
    make_problem(make_review(ours, organization=review.organization), text="本局点评的问题")
    make_problem(make_review(theirs, organization=review.organization), text="别处点评的问题")
    client.force_login(vetter)

    page = client.get(at("vet", report.pk))

    assert [problem.text for problem in page.context["problems"]] == ["本局点评的问题"]


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_vetter_does_not_open_his_own_report_for_vetting(client, method):
    campaign = make_campaign(stage=Stage.REPORTING)
    vetter = make_officer("vetter", campaign.organizer)
    report = handed_in(make_review(campaign, secretary=vetter))
    client.force_login(vetter)

    assert getattr(client, method)(at("vet", report.pk), verdict("approved")).status_code == 403


@pytest.mark.parametrize(
    ("role", "status"),
    [
        ("vetter", 200),
        ("approver", 200),
        ("organizer", 200),
        ("supervisor", 200),
        ("superior", 200),
        ("leader", 403),
        ("teller", 403),
        ("sec_admin", 403),
    ],
)
def test_who_sees_the_list_of_a_campaign(client, review, role, status):
    client.force_login(make_officer(role, review.campaign.organizer))

    assert client.get(at("vet_list", review.campaign_id)).status_code == status


def test_a_vetter_of_another_organization_finds_no_list(client, review):
    client.force_login(make_officer("vetter", make_organization(kind="party_committee")))

    assert client.get(at("vet_list", review.campaign_id)).status_code == 404


def test_the_list_says_what_waits_for_whom(client, review, vetter):
    handed_in(review)
    make_review(review.campaign)
    client.force_login(vetter)

    page = client.get(at("vet_list", review.campaign_id))

    assert (page.context["handed_in"], page.context["for_me"], len(page.context["rows"])) == (1, 1, 2)


def test_the_list_costs_the_same_for_one_report_or_three(client, review, vetter):
    vet_report(handed_in(review), version=1, verdict="returned", opinion="改", by=vetter)
    client.force_login(vetter)
    one = queries_of(client, at("vet_list", review.campaign_id))

    for _ in range(2):
        report = handed_in(make_review(review.campaign))
        vet_report(report, version=1, verdict="returned", opinion="改", by=vetter)
    three = queries_of(client, at("vet_list", review.campaign_id))

    assert three == one
