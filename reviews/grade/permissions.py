"""Who may suggest, propose, approve and read grades. Nobody decides on himself."""

from organizations.access import READING, holds, holds_any
from organizations.models import Person, Role
from reviews.grade.models import Fact, Letter
from reviews.plan.models import Campaign, Review


def is_candidate(person: Person, campaign: Campaign) -> bool:
    """True if the person is graded in this campaign."""
    return campaign.reviews.filter(secretary=person).exists()


def may_read(person: Person, campaign: Campaign) -> bool:
    """Sees all grades of a campaign: clerk, head, supervisor, superior."""
    return holds_any(person, READING, campaign.organizer)


def may_propose(person: Person, campaign: Campaign) -> bool:
    """Enters facts, proposes grades, sends letters: the clerk (经办)."""
    return holds(person, Role.ORGANIZER, campaign.organizer) and not is_candidate(person, campaign)


def may_approve(person: Person, campaign: Campaign) -> bool:
    """Confirms facts and approves grades: the head (负责人)."""
    return holds(person, Role.APPROVER, campaign.organizer) and not is_candidate(person, campaign)


def may_confirm(person: Person, fact: Fact) -> bool:
    """Another person than the one who entered the fact."""
    return may_approve(person, fact.review.campaign) and fact.entered_by_id != person.pk


def may_withdraw(person: Person, fact: Fact) -> bool:
    """Whoever may enter or confirm facts."""
    return may_propose(person, fact.review.campaign) or may_approve(person, fact.review.campaign)


def may_see_own(person: Person, review: Review) -> bool:
    """The person graded, once the letter was sent."""
    return review.secretary_id == person.pk and hasattr(review, "letter")


def may_sign(person: Person, letter: Letter) -> bool:
    """The addressee alone."""
    return letter.review.secretary_id == person.pk
