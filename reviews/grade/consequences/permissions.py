"""Who reads, carries out and settles what follows from a grade. Nobody settles what he handed in, or his own."""

from organizations.access import holds, holds_any
from organizations.models import Person, Role
from reviews.grade.consequences.models import Consequence
from reviews.grade.permissions import DECIDING, may_see_results
from reviews.plan.models import Campaign, Review

EXPORTING = {Role.ORGANIZER, Role.APPROVER}  # who has documents made
CARRYING = (Role.ORGANIZER, Role.LEADER)  # whose tasks they may be; who settles them owns none


def may_read(person: Person, campaign: Campaign) -> bool:
    """The whole register: clerk, head, supervisor."""
    return holds_any(person, DECIDING, campaign.organizer) and may_see_results(person, campaign)


def may_export(person: Person, campaign: Campaign) -> bool:
    """Has the register made as a table: the clerk and the head."""
    return holds_any(person, EXPORTING, campaign.organizer) and may_see_results(person, campaign)


def may_have_tasks(person: Person, campaign: Campaign) -> bool:
    """Opens the register for his own tasks: a leader."""
    return holds(person, Role.LEADER, campaign.organizer)


def is_about(person: Person, review: Review) -> bool:
    """The line is about the person himself: he reads it and signs, and does nothing else in it."""
    return review.secretary_id == person.pk


def may_see(person: Person, line: Consequence) -> bool:
    """Readers of the register, whose task it is, and whom it is about."""
    is_own_task = line.owner_id == person.pk
    return is_own_task or is_about(person, line.review) or may_read(person, line.review.campaign)


def may_assign(person: Person, line: Consequence) -> bool:
    """Says whose task it is and by when: the clerk."""
    return holds(person, Role.ORGANIZER, line.review.campaign.organizer) and not is_about(person, line.review)


def may_carry_out(person: Person, line: Consequence) -> bool:
    """Plans and records the talk, hands in the proof: whose task it is, or the clerk."""
    is_own_task = line.owner_id == person.pk and holds_any(person, CARRYING, line.review.campaign.organizer)
    return not is_about(person, line.review) and (is_own_task or may_assign(person, line))


def may_settle(person: Person, line: Consequence) -> bool:
    """Confirms that it is done, gives it back or waives it: the head, never who handed the proof in."""
    is_head = holds(person, Role.APPROVER, line.review.campaign.organizer)
    return is_head and not is_about(person, line.review) and line.handed_by_id != person.pk


def may_sign(person: Person, line: Consequence) -> bool:
    """The person talked to signs the record of the talk."""
    return is_about(person, line.review)
