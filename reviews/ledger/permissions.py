"""Who may do what to a problem of the ledger. Whether the moment is right, ``models.MOVES`` says.

Nobody acts for the organizer on what is his own to solve, and nobody accepts what he himself asked to have
closed. Own are the problems that one debriefed on, and those of the organization that one leads today: a new
secretary takes over what his predecessor left (E6). The trail says who of the two acted.
"""

from organizations.access import Role, holds, holds_any, leads
from organizations.models import Person
from reviews.ledger.models import MOVES, Act, Problem
from reviews.plan.models import Review


def is_party_to(person: Person, review: Review) -> bool:
    """The secretary who debriefs in a review (述职人), or who leads its organization today (现任书记)."""
    return review.secretary_id == person.pk or leads(person, review.organization_id)


def is_owner(person: Person, problem: Problem) -> bool:
    """Whose problem it is to solve."""
    return is_party_to(person, problem.review)


def may_claim(person: Person, problem: Problem) -> bool:
    """Claim and its measures, progress, the request to close: the owner alone."""
    return is_owner(person, problem)


may_report_progress = may_request_closing = may_claim


def may_judge(person: Person, problem: Problem) -> bool:
    """Accept or return: organizer or approver of the campaign, neither the owner nor who asked (4.11)."""
    asked = problem.requested_by_id == person.pk
    return not asked and may_reopen(person, problem)


def may_reopen(person: Person, problem: Problem) -> bool:
    """Take a closed problem up again: organizer or approver of the campaign, not the owner."""
    organizer = problem.review.campaign.organizer
    return holds_any(person, {Role.ORGANIZER, Role.APPROVER}, organizer) and not is_owner(person, problem)


def may_add(person: Person, review: Review) -> bool:
    """Enter a problem by hand: organizer of the campaign, not in his own review."""
    return holds(person, Role.ORGANIZER, review.campaign.organizer) and not is_party_to(person, review)


def may_withdraw(person: Person, problem: Problem) -> bool:
    """Take a problem off the books: who may also enter one."""
    return may_add(person, problem.review)


def may_link(person: Person, problem: Problem) -> bool:
    """Confirm that a problem of an earlier year came back: who may also enter one."""
    return may_add(person, problem.review)


RIGHTS = {
    Act.CLAIM: may_claim,
    Act.REVISE: may_claim,
    Act.PROGRESS: may_report_progress,
    Act.REQUEST: may_request_closing,
    Act.ACCEPT: may_judge,
    Act.RETURN: may_judge,
    Act.REOPEN: may_reopen,
    Act.WITHDRAW: may_withdraw,
    Act.LINK: may_link,
}


def is_time_for(act: str, problem: Problem) -> bool:
    """True if the state of the problem allows the act. A link changes no state; what was withdrawn takes none."""
    if act == Act.LINK:
        return problem.state != Problem.State.WITHDRAWN
    return problem.state in MOVES[act][0]


def open_acts(person: Person, problem: Problem) -> set[str]:
    """The acts that this person may do to this problem now: what the page offers as buttons."""
    return {act for act, may in RIGHTS.items() if may(person, problem) and is_time_for(act, problem)}
