"""A report taken back by its author, opened again by a vetter: states, words, and a ledger that stays right."""

import pytest
from django.core.exceptions import PermissionDenied

from organizations.errors import Refused
from organizations.models import Trace
from reviews.ledger.models import Problem
from reviews.plan.models import Campaign, Stage
from reviews.report.actions import vet_report
from reviews.report.models import Report
from reviews.report.vetting.taking_back import recall_report, reopen_report
from tests.make import make_officer, make_person
from tests.reviews.report.pages import at, handed_in
from tests.reviews.report.texts import POINTS, SECTIONS

pytestmark = pytest.mark.django_db
FIRST_GONE = SECTIONS["problems"].replace("一是学习抓得不实，领学多、研讨少，", "一是带头学习不够，")


def on_the_books(review):
    return set(
        Problem.objects.filter(review=review).exclude(state=Problem.State.WITHDRAWN).values_list("text", flat=True)
    )


def approved(report, by):
    vet_report(report, version=report.handed_in.number, verdict="approved", opinion="", by=by)
    report.refresh_from_db()
    return report


def test_an_author_takes_his_report_back_before_anybody_decided(review):
    report = handed_in(review)

    taking = recall_report(report, reason="补充数据", by=review.secretary)

    report.refresh_from_db()
    assert (report.state, taking.version.number, report.handed_in.number) == (Report.State.DRAFT, 1, 1)
    assert Trace.objects.get(act="述职人撤回述职报告").facts["reason"] == "补充数据"


def test_after_a_round_a_report_taken_back_is_again_one_to_correct(review, vetter):
    report = handed_in(review)
    vet_report(report, version=1, verdict="returned", opinion="改", by=vetter)
    handed_in(review, plans="明年三月底前完成三件事。")

    recall_report(report, by=review.secretary)

    report.refresh_from_db()
    assert report.state == Report.State.RETURNED


def test_what_was_decided_cannot_be_taken_back_by_its_author(review, vetter):
    report = approved(handed_in(review), vetter)

    with pytest.raises(Refused, match="联系审核人重新打开"):
        recall_report(report, by=review.secretary)

    assert not report.takings_back.exists()


def test_nobody_else_takes_a_report_back(review, vetter):
    report = handed_in(review)

    for person in (vetter, make_person()):
        with pytest.raises(PermissionDenied):
            recall_report(report, by=person)


def test_a_vetter_opens_an_approved_report_again_with_a_reason(review, vetter):
    report = approved(handed_in(review), vetter)

    reopen_report(report, reason="数字有误", by=vetter)

    report.refresh_from_db()
    assert report.state == Report.State.RETURNED
    assert Trace.objects.get(act="重新打开述职报告").facts["reason"] == "数字有误"


def test_without_a_reason_nothing_is_opened_again(review, vetter):
    report = approved(handed_in(review), vetter)

    with pytest.raises(Refused, match="须写明理由"):
        reopen_report(report, reason="  ", by=vetter)


@pytest.mark.parametrize("stage", [Stage.MEETING, Stage.BALLOT, Stage.CLOSED])
def test_once_the_meeting_is_open_what_was_approved_stands(review, vetter, stage):
    report = approved(handed_in(review), vetter)
    Campaign.objects.update(stage=stage)

    with pytest.raises(Refused, match="不能重新打开"):
        reopen_report(report, reason="数字有误", by=vetter)


def test_approved_again_no_problem_stands_twice(review, vetter):
    report = approved(handed_in(review), vetter)
    reopen_report(report, reason="数字有误", by=vetter)

    approved(handed_in(review, plans="明年三月底前完成三件事。"), vetter)

    assert Problem.objects.filter(review=review).count() == len(POINTS)


def test_a_problem_that_is_no_longer_stated_leaves_the_books_and_may_come_back(review, vetter):
    report = approved(handed_in(review), vetter)
    reopen_report(report, reason="问题写实", by=vetter)
    report = approved(handed_in(review, problems=FIRST_GONE), vetter)
    without = on_the_books(review)
    reopen_report(report, reason="恢复原文", by=vetter)

    approved(handed_in(review), vetter)

    assert POINTS[0] not in without
    assert len(without) == len(POINTS)
    assert on_the_books(review) == set(POINTS)


def test_the_pages_offer_it_and_a_stale_click_is_told(client, review, vetter):
    report = handed_in(review)
    client.force_login(review.secretary)
    page = client.get(at("read", report.pk)).content.decode()

    first = client.post(at("recall", report.pk), {"reason": ""})
    second = client.post(at("recall", report.pk), {"reason": ""})

    assert at("recall", report.pk) in page
    assert (first.url, second.status_code) == (at("write", review.pk), 409)


def test_a_reason_too_long_is_told(client, review, vetter):
    report = approved(handed_in(review), vetter)
    client.force_login(vetter)

    answer = client.post(at("reopen", report.pk), {"reason": "长" * 301})

    assert answer.status_code == 409
    assert Report.objects.get().state == Report.State.APPROVED


def test_an_approver_opens_again_too_but_a_clerk_does_not(review, vetter):
    report = approved(handed_in(review), vetter)
    clerk, approver = (make_officer(role, review.campaign.organizer) for role in ("organizer", "approver"))

    with pytest.raises(PermissionDenied):
        reopen_report(report, reason="改", by=clerk)
    reopen_report(report, reason="改", by=approver)

    assert Report.objects.get().state == Report.State.RETURNED
