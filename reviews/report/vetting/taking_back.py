"""收回: the author takes a handed-in report back, a vetter opens an approved one again. Both before the meeting."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from organizations import trail
from organizations.access import forget_duties
from organizations.errors import Refused
from organizations.models import Person
from reviews.plan.models import Campaign, Stage
from reviews.report import permissions
from reviews.report.actions import hold
from reviews.report.models import Report, Vetting
from reviews.report.vetting.models import TakingBack

State = Report.State
LONGEST_REASON = 300


@transaction.atomic
def recall_report(report: Report, *, reason: str = "", by: Person) -> TakingBack:
    """撤回: back to its author before a vetter has decided. What was handed in stays among the versions.

    It becomes 撰写中 again, or 退回修改 if an earlier round returned it. Handed in again after the
    deadline it is late. Raises PermissionDenied for another than the author, Refused once it was decided.
    """
    report = locked(report)
    forget_duties(by)
    if not permissions.is_author(by, report):
        raise PermissionDenied
    if not permissions.may_recall(by, report):
        raise Refused(why_not_recalled(report))
    was_returned = Vetting.objects.filter(version__report=report).exists()
    return take_back(report, TakingBack.Kind.RECALLED, State.RETURNED if was_returned else State.DRAFT, reason, by)


@transaction.atomic
def reopen_report(report: Report, *, reason: str, by: Person) -> TakingBack:
    """重新打开: an approved report goes back to its author, with a reason, while the meeting is not open.

    The problems noted from it stay on the books; the next approval sets them right (``note_problems``).
    Raises PermissionDenied for whoever may not vet it, Refused without a reason and once the meeting is open.
    """
    report = locked(report)
    forget_duties(by)
    if not permissions.is_vetter(by, report):
        raise PermissionDenied(permissions.conflict_of(by, report))
    if not permissions.may_reopen(by, report):
        raise Refused(why_not_reopened(report))
    if not reason.strip():
        raise Refused("重新打开已审核通过的报告须写明理由，述职人和监督人员会看到。")
    return take_back(report, TakingBack.Kind.REOPENED, State.RETURNED, reason, by)


def take_back(report: Report, kind: str, state: str, reason: str, by: Person) -> TakingBack:
    """Move the locked report and write it down."""
    taking = report.takings_back.create(version=report.handed_in, kind=kind, reason=checked_reason(reason), by=by)
    report.state = state
    report.save(update_fields=["state"])
    trail.record(
        f"{taking.get_kind_display()}述职报告",
        report,
        by=by,
        organization=report.review.campaign.organizer,
        version=taking.version.number,
        reason=taking.reason,
    )
    return taking


def locked(report: Report) -> Report:
    """The report under the campaign's lock and its own, as handing in and vetting take them."""
    Campaign.objects.select_for_update().get(pk=report.review.campaign_id)
    return hold(report.review)


def checked_reason(reason: str) -> str:
    """The reason without blanks around it. Raises Refused when it is too long to keep."""
    reason = reason.strip()
    if len(reason) > LONGEST_REASON:
        raise Refused(f"理由有 {len(reason)} 字，超过 {LONGEST_REASON} 字，没有办理。请精简后重试。")
    return reason


def why_not_recalled(report: Report) -> str:
    """Why the author cannot take it back now."""
    if report.review.campaign.stage != Stage.REPORTING:
        return f"现在是“{report.review.campaign.get_stage_display()}”阶段，报告不能再撤回。"
    if report.state == State.APPROVED:
        return "报告已审核通过，不能撤回。确需修改的，请联系审核人重新打开。"
    return f"报告现在是“{report.get_state_display()}”，没有待审核的报告可以撤回。"


def why_not_reopened(report: Report) -> str:
    """Why it cannot be opened again now."""
    if report.review.campaign.stage != Stage.REPORTING:
        return f"现在是“{report.review.campaign.get_stage_display()}”阶段，评议会已经召开，审核通过的报告不能重新打开。"
    return f"报告现在是“{report.get_state_display()}”，只有审核通过的报告可以重新打开。"
