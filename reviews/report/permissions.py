"""Who may write, hand in, vet and read a report. Nobody vets his own."""

from organizations.access import READING, Role, holds_any
from organizations.models import Person
from reviews.plan.models import Stage
from reviews.report.models import Report

VETTING = {Role.VETTER, Role.APPROVER}


def is_author(person: Person, report: Report) -> bool:
    return report.review.secretary_id == person.pk


def may_write(person: Person, report: Report) -> bool:
    """Its own secretary, while reports are being written and this one is not handed in."""
    return is_author(person, report) and is_open_for_writing(report)


def is_open_for_writing(report: Report) -> bool:
    return report.review.campaign.stage == Stage.REPORTING and report.state in Report.WRITABLE


def may_submit(person: Person, report: Report) -> bool:
    """Who may write may hand in: the deadline marks a report late, it does not lock it out."""
    return may_write(person, report)


def is_vetter(person: Person, report: Report) -> bool:
    """A vetter or approver over the campaign's organizer; never the report's own author."""
    return not is_author(person, report) and holds_any(person, VETTING, report.review.campaign.organizer)


def may_vet(person: Person, report: Report) -> bool:
    """A vetter, while the report waits for it and the campaign collects reports (B9)."""
    waiting = report.state == Report.State.SUBMITTED and report.review.campaign.stage == Stage.REPORTING
    return waiting and is_vetter(person, report)


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
