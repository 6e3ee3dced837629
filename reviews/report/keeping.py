"""What is done with kept versions of a report: an old one taken up again, a second text set aside."""

from collections.abc import Mapping

from django.core.exceptions import PermissionDenied
from django.db import transaction

from organizations import trail
from organizations.errors import Refused
from organizations.models import Person
from reviews.plan.models import Review
from reviews.report import permissions
from reviews.report.actions import hold, hold_writable, keep_current_text, keep_version, newest, write_sections
from reviews.report.models import Report, ReportVersion

Occasion = ReportVersion.Occasion


@transaction.atomic
def restore_version(review: Review, *, number: int, by: Person) -> Report:
    """Put the text of an old version into the draft; what stood there is kept as a version first.

    Answers, files and figures beside the text stay as they are. The same text again changes nothing.
    Raises Refused when it is not the time to write, or when there is no such version.
    """
    report = hold_writable(review, by=by)
    old = report.versions.filter(number=number).first()
    if old is None:
        raise Refused(f"没有第 {number} 版，没有恢复任何文字。请回到“历史版本”重新选择。")
    if old.sections == report.sections:
        return report
    keep_current_text(report, by=by)
    write_sections(report, old.sections)
    keep_version(report, Occasion.RESTORED, by=by)
    trail.record(
        f"恢复述职报告第 {number} 版",
        report,
        by=by,
        organization=review.campaign.organizer,
        version=newest(report).number,
    )
    return report


@transaction.atomic
def set_aside(review: Review, *, sections: Mapping[str, str], by: Person) -> ReportVersion | None:
    """Keep the text of a form that came too late as a version beside the draft, so that it outlives its window.

    None when there is nothing to keep: an empty text, or one that stands in the draft or a version already.
    """
    report = hold(review)
    if not permissions.is_author(by, report):
        raise PermissionDenied
    texts = report.sections | dict(sections)
    if not any(sections.values()) or texts == report.sections or report.versions.filter(**texts).exists():
        return None
    keep_version(report, Occasion.ASIDE, by=by, sections=texts)
    kept = newest(report)
    trail.record("另存述职报告文字", report, by=by, organization=review.campaign.organizer, version=kept.number)
    return kept
