"""Who may write, hand in, vet, take back, extend, publish and read a report. Nobody vets his own."""

from organizations.access import READING, Role, holds_any
from organizations.models import Appointment, Person
from reviews.plan.models import Campaign, Review, Stage
from reviews.report.models import Report

VETTING = {Role.VETTER, Role.APPROVER}
STEERING = {Role.ORGANIZER, Role.APPROVER}


def is_author(person: Person, report: Report) -> bool:
    return report.review.secretary_id == person.pk


def may_write(person: Person, report: Report) -> bool:
    """Its own secretary, while reports are being written and this one is not handed in."""
    return is_author(person, report) and is_open_for_writing(report)


def is_open_for_writing(report: Report) -> bool:
    return report.review.campaign.stage == Stage.REPORTING and report.state in Report.WRITABLE


def conflict_of(person: Person, report: Report) -> str:
    """Why the person must leave this report to another vetter, in one sentence; "" if nothing forbids it.

    Nobody vets his own report, nor that of an organization in which he holds a post himself: he may have
    helped to write it, and its secretary stands above or beside him (PEERS 1.22). A post above it is no conflict.
    """
    if is_author(person, report):
        return "这是您本人的述职报告，须由其他审核人审核。"
    if has_post_in(person, report.review.organization_id):
        return "您在该党组织任职，为避免利益冲突，须由其他审核人审核。"
    return ""


def has_post_in(person: Person, organization: int) -> bool:
    return Appointment.objects.filter(person=person, organization=organization).current().exists()


def organizations_of(person: Person) -> set[int]:
    """Where the person holds a post today: the reports from there he does not vet."""
    return set(Appointment.objects.filter(person=person).current().values_list("organization", flat=True))


def is_vetter(person: Person, report: Report) -> bool:
    """A vetter or approver over the campaign's organizer, without a conflict."""
    return holds_any(person, VETTING, report.review.campaign.organizer) and not conflict_of(person, report)


def may_vet(person: Person, report: Report) -> bool:
    """A vetter, while the report waits for it and the campaign collects reports (B9)."""
    return waits(report) and is_vetter(person, report)


def may_follow(person: Person, report: Report) -> bool:
    """Who sees the rounds of vetting: the author, who vets, and who reads the campaign whole."""
    return is_author(person, report) or holds_any(person, READING | VETTING, report.review.campaign.organizer)


def may_read(person: Person, report: Report) -> bool:
    """The author always; once handed in, who follows it; leaders once it is approved."""
    if is_author(person, report):
        return True
    if report.state == Report.State.APPROVED:
        return holds_any(person, READING | VETTING | {Role.LEADER}, report.review.campaign.organizer)
    return report.state != Report.State.DRAFT and may_follow(person, report)


def may_recall(person: Person, report: Report) -> bool:
    """撤回: the author, until a vetter has decided."""
    return is_author(person, report) and waits(report)


def waits(report: Report) -> bool:
    return report.state == Report.State.SUBMITTED and report.review.campaign.stage == Stage.REPORTING


def may_reopen(person: Person, report: Report) -> bool:
    """重新打开: a vetter, until the meeting is open; from then on what was approved stands."""
    approved = report.state == Report.State.APPROVED and report.review.campaign.stage == Stage.REPORTING
    return approved and is_vetter(person, report)


def may_extend(person: Person, campaign: Campaign) -> bool:
    """延期: who organizes or approves; for which reviews, ``report.vetting.extending`` asks."""
    return campaign.stage == Stage.REPORTING and holds_any(person, STEERING, campaign.organizer)


def may_edit_opinions(person: Person, campaign: Campaign) -> bool:
    return holds_any(person, VETTING | {Role.ORGANIZER}, campaign.organizer)


def may_publish(person: Person, campaign: Campaign) -> bool:
    """公开: the organizer's clerk or head, once the meeting and the vote are over (DOMAIN B10)."""
    return campaign.is_past(Stage.BALLOT) and holds_any(person, STEERING, campaign.organizer)


def is_own(person: Person, review: Review) -> bool:
    return review.secretary_id == person.pk
