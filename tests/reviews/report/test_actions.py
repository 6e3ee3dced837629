"""Saving, handing in and vetting a report."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from organizations.errors import Refused
from organizations.models import Trace
from reviews.ledger.models import Problem
from reviews.plan.models import Campaign, Stage
from reviews.report.actions import (
    Blocked,
    Stale,
    autosave_report,
    save_report,
    submit_report,
    take_upload,
    vet_report,
)
from reviews.report.models import Report, ReportVersion, Vetting
from tests.make import make_campaign, make_officer, make_person, make_problem, make_review
from tests.reviews.report.texts import POINTS, SECTIONS

pytestmark = pytest.mark.django_db

APPROVED, RETURNED = Vetting.Verdict.APPROVED, Vetting.Verdict.RETURNED


@pytest.fixture
def review():
    return make_review(make_campaign(stage=Stage.REPORTING))


def handed_in(review):
    return submit_report(review, sections=SECTIONS, edition=0, by=review.secretary)


def vetter_of(review, role="vetter"):
    return make_officer(role, review.campaign.organizer)


def test_the_first_save_makes_the_report_and_keeps_a_version(review):
    report = save_report(review, sections=SECTIONS, edition=0, by=review.secretary)

    assert Report.objects.get().sections == SECTIONS
    assert (report.edition, report.state) == (1, "draft")
    assert [(v.number, v.occasion, v.sections) for v in report.versions.all()] == [(1, "saved", SECTIONS)]
    assert Trace.objects.get().act == "保存述职报告"


def test_the_same_text_saved_twice_is_one_version_and_one_line_of_the_trail(review):
    save_report(review, sections=SECTIONS, edition=0, by=review.secretary)

    save_report(review, sections=SECTIONS, edition=0, by=review.secretary)

    assert ReportVersion.objects.count() == 1
    assert Trace.objects.count() == 1


def test_autosave_keeps_the_text_without_a_version(review):
    autosave_report(review, sections=SECTIONS, edition=0, by=review.secretary)

    assert Report.objects.get().sections == SECTIONS
    assert not ReportVersion.objects.exists()


def test_a_save_from_an_older_edition_is_refused_and_says_what_stands(review):
    save_report(review, sections=SECTIONS, edition=0, by=review.secretary)

    with pytest.raises(Stale) as stale:
        save_report(review, sections=SECTIONS | {"plans": "另一份"}, edition=0, by=review.secretary)

    assert stale.value.report.plans == SECTIONS["plans"]
    assert Report.objects.get().sections == SECTIONS


def test_the_text_that_lost_against_another_is_kept_as_a_version(review):
    autosave_report(review, sections=SECTIONS, edition=0, by=review.secretary)

    save_report(review, sections=SECTIONS | {"plans": "另一份"}, edition=1, by=review.secretary, keep_current=True)

    plans = list(ReportVersion.objects.order_by("number").values_list("number", "plans"))
    assert plans == [(1, SECTIONS["plans"]), (2, "另一份")]


@pytest.mark.parametrize("act", [save_report, autosave_report, submit_report])
def test_nobody_else_writes_a_report(review, act):
    other = make_officer("organizer", review.campaign.organizer)

    with pytest.raises(PermissionDenied):
        act(review, sections=SECTIONS, edition=0, by=other)

    assert not Report.objects.exists()


@pytest.mark.parametrize("act", [save_report, autosave_report, submit_report])
@pytest.mark.parametrize("stage", [stage for stage in Stage if stage != Stage.REPORTING])
def test_a_report_is_written_while_reports_are_collected_only(act, stage):
    review = make_review(make_campaign(stage=stage))

    with pytest.raises(Refused, match="填报期"):
        act(review, sections=SECTIONS, edition=0, by=review.secretary)

    assert not Report.objects.exists()


def test_handing_in_locks_the_text_and_keeps_figures(review):
    report = handed_in(review)

    assert report.state == "submitted"
    assert report.submitted_at is not None
    assert report.handed_in.figures["chars"] == 395
    with pytest.raises(Refused, match="正在审核"):
        save_report(review, sections=SECTIONS | {"plans": "改"}, edition=report.edition, by=review.secretary)


def test_handing_in_twice_says_so_and_makes_one_version(review):
    handed_in(review)

    with pytest.raises(Refused, match="报告已提交"):
        submit_report(review, sections=SECTIONS, edition=1, by=review.secretary)

    assert ReportVersion.objects.filter(occasion="submitted").count() == 1


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"duty": "召开会议x次。"}, "PLACEHOLDER"),
        ({"problems": ""}, "MISSING_SECTION"),
        ({"duty": "我主持召开支部委员会八次。" * 250}, "OVER_LENGTH"),
        ({"plans": "更多范文请上网搜索某某文库下载。"}, "TEMPLATE_RESIDUE"),
    ],
)
def test_what_must_be_corrected_stops_the_handing_in(review, change, code):
    with pytest.raises(Blocked) as blocked:
        submit_report(review, sections=SECTIONS | change, edition=0, by=review.secretary)

    assert code in {mark.code for mark in blocked.value.outcome.blocking}
    assert not Report.objects.exists()


def test_a_report_with_problems_of_last_year_must_answer_them(review):
    before = make_review(
        make_campaign(review.campaign.organizer, year=2025, stage=Stage.CLOSED), organization=review.organization
    )
    without = SECTIONS | {"prior": ""}
    first = Report.objects.count()
    make_problem(before)

    with pytest.raises(Blocked):
        submit_report(review, sections=without, edition=0, by=review.secretary)

    assert Report.objects.count() == first


def test_a_report_with_nothing_to_answer_may_leave_that_out(review):
    report = submit_report(review, sections=SECTIONS | {"prior": ""}, edition=0, by=review.secretary)

    assert report.state == "submitted"


@pytest.mark.parametrize(("due_in", "act"), [(1, "提交述职报告"), (-1, "逾期提交述职报告")])
def test_after_the_deadline_a_report_is_taken_and_marked_late(review, due_in, act):
    Campaign.objects.update(report_due_at=timezone.now() + timedelta(hours=due_in))

    report = handed_in(review)

    line = Trace.objects.get(act=act)
    assert line.facts == {"version": 1, "late": due_in < 0}
    assert report.is_late == (due_in < 0)


def test_an_upload_asks_before_it_replaces_written_text(review):
    save_report(review, sections=SECTIONS, edition=0, by=review.secretary)

    with pytest.raises(Refused, match="下一步打算"):
        take_upload(review, sections={"plans": "新"}, edition=1, by=review.secretary, overwrite=False)

    assert Report.objects.get().plans == SECTIONS["plans"]


def test_an_upload_keeps_what_it_replaces_and_leaves_the_rest(review):
    autosave_report(review, sections=SECTIONS, edition=0, by=review.secretary)

    take_upload(review, sections={"plans": "新"}, edition=1, by=review.secretary, overwrite=True)

    assert Report.objects.get().sections == SECTIONS | {"plans": "新"}
    kept = list(ReportVersion.objects.order_by("number").values_list("occasion", "plans"))
    assert kept == [("saved", SECTIONS["plans"]), ("uploaded", "新")]


def test_an_upload_into_an_empty_draft_needs_no_question(review):
    take_upload(review, sections=SECTIONS, edition=0, by=review.secretary, overwrite=False)

    assert Report.objects.get().sections == SECTIONS


def test_approval_puts_the_problems_stated_on_the_books(review):
    report = handed_in(review)

    vet_report(report, version=1, verdict=APPROVED, opinion="", by=vetter_of(review))

    report.refresh_from_db()
    assert report.state == "approved"
    found = Problem.objects.order_by("pk").values_list("text", "source", "state")
    assert list(found) == [(point, "self", "noted") for point in POINTS]


def test_a_second_approval_does_not_note_the_same_problems_again(review):
    report, vetter = handed_in(review), vetter_of(review)
    vet_report(report, version=1, verdict=APPROVED, opinion="", by=vetter)
    Problem.objects.filter(text=POINTS[0]).update(text="学习不实", state=Problem.State.WITHDRAWN)
    Report.objects.update(state="returned")  # the campaign went back and the report was opened again
    added = SECTIONS["problems"].replace("\n", "四是流动党员联系不上。\n")
    submit_report(review, sections=SECTIONS | {"problems": added}, edition=report.edition, by=review.secretary)

    vet_report(report, version=2, verdict=APPROVED, opinion="", by=vetter)

    texts = list(Problem.objects.order_by("pk").values_list("text", flat=True))
    assert texts == ["学习不实", *POINTS[1:], "流动党员联系不上"]


def test_a_report_given_back_is_written_and_handed_in_again_and_the_rounds_are_kept(review):
    report, vetter = handed_in(review), vetter_of(review, "approver")
    vet_report(report, version=1, verdict=RETURNED, opinion=" 请写具体 ", by=vetter)
    submit_report(review, sections=SECTIONS | {"plans": "明年三月底前完成三件事。"}, edition=1, by=review.secretary)

    vet_report(report, version=2, verdict=APPROVED, opinion="", by=vetter)

    rounds = Vetting.objects.values_list("number", "version__number", "verdict", "opinion")
    assert list(rounds) == [(1, 1, "returned", "请写具体"), (2, 2, "approved", "")]


def test_an_older_version_than_the_newest_is_not_vetted(review):
    report, vetter = handed_in(review), vetter_of(review)
    vet_report(report, version=1, verdict=RETURNED, opinion="改", by=vetter)
    submit_report(review, sections=SECTIONS, edition=1, by=review.secretary)

    with pytest.raises(Refused, match=r"第 1 版.*第 2 版"):
        vet_report(report, version=1, verdict=APPROVED, opinion="", by=vetter)

    assert Vetting.objects.count() == 1


def test_a_second_verdict_is_refused_in_words(review):
    report = handed_in(review)
    vet_report(report, version=1, verdict=APPROVED, opinion="", by=vetter_of(review))

    with pytest.raises(Refused, match="审核通过"):
        vet_report(report, version=1, verdict=RETURNED, opinion="改", by=vetter_of(review))

    assert Vetting.objects.count() == 1


def test_giving_back_needs_an_opinion(review):
    report = handed_in(review)

    with pytest.raises(Refused, match="须写明意见"):
        vet_report(report, version=1, verdict=RETURNED, opinion="  ", by=vetter_of(review))

    assert not Vetting.objects.exists()


def test_nobody_vets_his_own_report():
    campaign = make_campaign(stage=Stage.REPORTING)
    vetter = make_officer("vetter", campaign.organizer)
    review = make_review(campaign, secretary=vetter)
    report = handed_in(review)

    with pytest.raises(PermissionDenied):
        vet_report(report, version=1, verdict=APPROVED, opinion="", by=vetter)

    assert not Vetting.objects.exists()


def test_a_right_withdrawn_meanwhile_no_longer_counts(review):
    report, vetter = handed_in(review), vetter_of(review)
    assert vetter.grants.count() == 1
    vetter.grants.all().delete()

    with pytest.raises(PermissionDenied):
        vet_report(report, version=1, verdict=APPROVED, opinion="", by=vetter)

    assert not Vetting.objects.exists()


def test_reports_are_not_vetted_once_the_meeting_stage_has_come(review):
    report = handed_in(review)
    Campaign.objects.update(stage=Stage.MEETING)

    with pytest.raises(Refused, match="评议会"):
        vet_report(report, version=1, verdict=APPROVED, opinion="", by=vetter_of(review))

    assert not Problem.objects.exists()


def test_a_stranger_vets_nothing(review):
    report = handed_in(review)

    with pytest.raises(PermissionDenied):
        vet_report(report, version=1, verdict=APPROVED, opinion="", by=make_person())
