"""What is done to a report. The one writer of ``Report.state``."""

from collections.abc import Mapping, Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from organizations import trail
from organizations.access import forget_duties
from organizations.errors import Refused
from organizations.models import Person
from reviews.ledger.actions import open_problem, withdraw_problem
from reviews.ledger.models import Problem
from reviews.ledger.points import split_points
from reviews.plan.models import Campaign, Review, Stage
from reviews.report import permissions
from reviews.report.beside.answers import answer_lines, with_answers
from reviews.report.beside.enclosures import Lack, enclosed_in, lacks_of
from reviews.report.compare import compare, count_changes
from reviews.report.copying.index import index_text
from reviews.report.copying.marks import with_copied
from reviews.report.copying.sources import joined
from reviews.report.marking import Inspection, inspect
from reviews.report.models import Report, ReportVersion, Section, Vetting
from reviews.report.vetting.models import Remark

State = Report.State
Occasion = ReportVersion.Occasion
NO_LONGER_STATED = "重新审核通过的报告不再写明此问题。"


class Stale(Refused):
    """The form was opened before somebody, or another window, saved; ``report`` is what stands now."""

    def __init__(self, report: Report):
        super().__init__("这份报告在您打开页面之后已在别处保存过，本次没有保存。请核对两份文字，合并后再保存。")
        self.report = report


class Blocked(Refused):
    """The checks, or something that must stand beside the text, stop the handing in.

    ``outcome`` says where in ``sections``; ``lacks`` what is missing, each with its place on the page.
    """

    def __init__(self, outcome: Inspection, lacks: Sequence[Lack] = (), sections: Mapping[str, str] | None = None):
        told = []
        if outcome.blocking:
            told.append(f"检查发现 {len(outcome.blocking)} 处必须改正的问题")
        if lacks:
            told.append(f"还缺 {len(lacks)} 项必须补上的内容")
        super().__init__(f"{'，'.join(told)}，尚未提交。请逐条改正后再提交。")
        self.outcome, self.lacks, self.sections = outcome, list(lacks), dict(sections or {})


@transaction.atomic
def save_report(
    review: Review, *, sections: Mapping[str, str], edition: int, by: Person, keep_current: bool = False
) -> Report:
    """Save the working text by hand and keep it as a version; the first save opens the report.

    ``edition`` is the count of saves that the form started from. ``keep_current`` keeps what stood
    there as a version too, for an author who chose between two texts. The same text again changes
    nothing. Raises Refused when it is not the time to write, Stale when the form is out of date.
    """
    report = hold_writable(review, by=by)
    refuse_stale(report, sections, edition)
    if keep_current:
        keep_current_text(report, by=by)
    write_sections(report, sections)
    if keep_version(report, Occasion.SAVED, by=by):
        trail.record(
            "保存述职报告", report, by=by, organization=review.campaign.organizer, version=newest(report).number
        )
    return report


@transaction.atomic
def autosave_report(review: Review, *, sections: Mapping[str, str], edition: int, by: Person) -> Report:
    """Save the working text between two thoughts: no version, and no line of the trail, for typing is no act.

    Raises as ``save_report`` does.
    """
    report = hold_writable(review, by=by)
    refuse_stale(report, sections, edition)
    write_sections(report, sections)
    return report


@transaction.atomic
def take_upload(review: Review, *, sections: Mapping[str, str], edition: int, by: Person, overwrite: bool) -> Report:
    """Put uploaded or pasted sections into the draft; sections that were not brought stay as they are.

    Raises Refused when written text would be lost and ``overwrite`` was not said; what it replaces
    is kept as a version first. Raises as ``save_report`` does.
    """
    report = hold_writable(review, by=by)
    refuse_stale(report, sections, edition)
    lost = sections_lost(report, sections)
    if lost and not overwrite:
        raise Refused(f"草稿中已有文字的部分将被替换：{'、'.join(lost)}。请勾选“替换现有文字”后再采用。")
    if lost:
        keep_version(report, Occasion.SAVED, by=by)
    write_sections(report, {**report.sections, **sections})
    keep_version(report, Occasion.UPLOADED, by=by)
    trail.record("上传述职报告", report, by=by, organization=review.campaign.organizer, version=newest(report).number)
    return report


@transaction.atomic
def submit_report(
    review: Review, *, sections: Mapping[str, str], edition: int, by: Person, keep_current: bool = False
) -> Report:
    """Hand a report in for vetting. From then on its author can no longer write it.

    ``keep_current`` as in ``save_report``. An empty 上年整改情况 is filled from the answers. After the
    deadline it may still be handed in, but is marked late (DOMAIN 4.9). Raises Blocked when the checks
    stop it (4.8) or a problem of earlier years is not answered (B6), and as ``save_report`` does.
    """
    campaign = Campaign.objects.select_for_update().get(pk=review.campaign_id)
    report = hold_writable(review, by=by)
    refuse_stale(report, sections, edition)
    lines = answer_lines(report)
    sections = with_answers(sections, lines)
    outcome = with_copied(inspect(report.review, sections), report, sections)
    lacks = lacks_of(report, sections, lines)
    if outcome.blocking or lacks:
        raise Blocked(outcome, lacks, sections)
    if keep_current:
        keep_current_text(report, by=by)
    write_sections(report, sections)
    report.state, report.submitted_at = State.SUBMITTED, timezone.now()
    report.save(update_fields=["state", "submitted_at"])
    keep_version(report, Occasion.SUBMITTED, by=by, outcome=outcome)
    index_text(report.pk, joined(sections)[0])
    trail.record(
        "逾期提交述职报告" if report.is_late else "提交述职报告",
        report,
        by=by,
        organization=campaign.organizer,
        version=newest(report).number,
        late=report.is_late,
    )
    return report


@transaction.atomic
def vet_report(report: Report, *, version: int, verdict: str, opinion: str, by: Person) -> Vetting:
    """Approve a handed-in version, or give it back with an opinion; every round is kept.

    On approval the problems that the secretary states himself go on the books (E1), each once.
    Raises Refused when the report no longer waits, when ``version`` is not the one handed in
    last, or when it is given back without an opinion.
    """
    campaign = Campaign.objects.select_for_update().get(pk=report.review.campaign_id)
    report = hold(report.review)
    forget_duties(by)
    if not permissions.is_vetter(by, report):
        raise PermissionDenied(permissions.conflict_of(by, report))
    if not permissions.may_vet(by, report):
        raise Refused(why_not_vetted(report))
    handed_in = report.handed_in
    if handed_in.number != version:
        raise Refused(f"您审核的是第 {version} 版，述职人已提交第 {handed_in.number} 版。请刷新页面，审核最新一版。")
    if verdict == Vetting.Verdict.RETURNED and not opinion.strip():
        raise Refused("退回修改须写明意见，述职人才知道改什么。")
    vetting = Vetting.objects.create(
        version=handed_in,
        number=Vetting.objects.filter(version__report=report).count() + 1,
        verdict=Vetting.Verdict(verdict),
        opinion=opinion.strip(),
        by=by,
    )
    # Remarks of a version that was taken back or handed in again meanwhile go with this verdict too.
    sent = Remark.objects.filter(version__report=report, vetting__isnull=True).update(vetting=vetting)
    report.state = State(verdict)
    report.save(update_fields=["state"])
    if vetting.verdict == Vetting.Verdict.APPROVED:
        note_problems(report.review, handed_in, by=by)
    trail.record(
        f"审核述职报告：{vetting.get_verdict_display()}",
        report,
        by=by,
        organization=campaign.organizer,
        version=version,
        round=vetting.number,
        remarks=sent,
    )
    return vetting


def hold(review: Review) -> Report:
    """The report of a review, made when first needed, locked, and read afresh."""
    Report.objects.get_or_create(review=review)
    return (
        Report.objects.select_for_update(of=("self",))
        .select_related("review__campaign__organizer", "review__organization", "review__secretary")
        .get(review=review)
    )


def hold_writable(review: Review, *, by: Person) -> Report:
    """The locked report, for its author at the time of writing. Raises PermissionDenied or Refused."""
    if review.secretary_id != by.pk:
        raise PermissionDenied
    report = hold(review)
    if not permissions.may_write(by, report):
        raise Refused(why_not_written(report))
    return report


def why_not_written(report: Report) -> str:
    """Why nobody can write this report now, and what can be done, in one sentence."""
    if report.state == State.SUBMITTED:
        return "报告已提交，正在审核，不能修改。如需修改，可在审核人作出结论之前撤回。"
    if report.state == State.APPROVED:
        return "报告已审核通过，不能再修改。确需修改的，请联系审核人重新打开。"
    stage = report.review.campaign.get_stage_display()
    return f"现在是“{stage}”阶段，不在述职报告填报期内，不能修改报告。请联系组织部经办人。"


def why_not_vetted(report: Report) -> str:
    """Why this report cannot be vetted now, in one sentence."""
    if report.review.campaign.stage != Stage.REPORTING:
        stage = report.review.campaign.get_stage_display()
        return f"现在是“{stage}”阶段，不在述职报告审核期内。"
    return f"这份报告现在是“{report.get_state_display()}”，不在待审核之列，本次意见没有保存。可能已有其他审核人处理。"


def refuse_stale(report: Report, sections: Mapping[str, str], edition: int) -> None:
    """Raise Stale when others saved since the form was opened; the very same text is no conflict."""
    unchanged = all(getattr(report, name) == text for name, text in sections.items())
    if edition != report.edition and not unchanged:
        raise Stale(report)


def write_sections(report: Report, sections: Mapping[str, str]) -> None:
    """Put the texts into the locked report and count the save, if they say anything new."""
    if all(getattr(report, name) == text for name, text in sections.items()):
        return
    for name, text in sections.items():
        setattr(report, name, text)
    report.edition += 1
    report.save(update_fields=[*sections, "edition"])


def keep_current_text(report: Report, *, by: Person) -> None:
    """Keep what stands there before it is replaced, if it says anything."""
    if any(report.sections.values()):
        keep_version(report, Occasion.SAVED, by=by)


def keep_version(
    report: Report,
    occasion: str,
    *,
    by: Person,
    sections: Mapping[str, str] | None = None,
    outcome: Inspection | None = None,
) -> bool:
    """Keep what stands there, or other ``sections``, as the next version, with what changed since the last one.

    The same text saved again is not kept twice. ``outcome`` is what the checks said of it, if they were asked.
    """
    sections = sections or report.sections
    last = newest(report)
    if occasion == Occasion.SAVED and last and last.sections == sections:
        return False
    outcome = outcome or inspect(report.review, sections)
    report.versions.create(
        number=last.number + 1 if last else 1,
        occasion=occasion,
        figures=outcome.figures | figures_of_change(last.sections if last else {}, sections),
        findings=outcome.documents,
        enclosed=enclosed_in(report) if occasion == Occasion.SUBMITTED else {},
        by=by,
        **sections,
    )
    return True


def figures_of_change(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, int]:
    """Non-blank characters put in and taken out on the way from one text to the other."""
    counts = [count_changes(compare(before.get(name, ""), after[name])) for name in Section.values]
    return {"put_in": sum(put_in for put_in, _ in counts), "taken_out": sum(taken_out for _, taken_out in counts)}


def newest(report: Report) -> ReportVersion | None:
    return report.versions.first()


def sections_lost(report: Report, sections: Mapping[str, str]) -> list[str]:
    """The labels of written sections that the brought ones would replace."""
    return [
        Section(name).label
        for name, text in sections.items()
        if getattr(report, name).strip() and getattr(report, name) != text
    ]


def note_problems(review: Review, version: ReportVersion, *, by: Person) -> int:
    """Put the secretary's own problems on the books, each once however often the report is approved.

    A problem is known by its original words, so one that was reworded or withdrawn does not come back.
    When a reopened report is approved again, what it no longer states leaves the books, and comes back
    should a later version state it again.
    """
    points = list(dict.fromkeys(point.strip() for point in split_points(version.problems) if point.strip()))
    noted = Problem.objects.filter(review=review, source=Problem.Source.SELF)
    before = points_approved_before(version)
    for problem in noted.filter(origin__in=before - set(points), state=Problem.State.NOTED):
        withdraw_problem(problem, reason=NO_LONGER_STATED, by=by)
    dropped = noted.filter(state=Problem.State.WITHDRAWN, steps__words=NO_LONGER_STATED)
    known = set(noted.exclude(pk__in=dropped.values("pk")).values_list("origin", flat=True))
    new = [point for point in points if point not in known]
    for point in new:
        open_problem(review, source=Problem.Source.SELF, text=point, origin=point, by=by)
    return len(new)


def points_approved_before(version: ReportVersion) -> set[str]:
    """The problems that earlier approved versions of the same report stated."""
    texts = ReportVersion.objects.filter(
        report=version.report_id, number__lt=version.number, vetting__verdict=Vetting.Verdict.APPROVED
    ).values_list("problems", flat=True)
    return {point.strip() for text in texts for point in split_points(text)}
