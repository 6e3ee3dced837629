"""Who may suggest, propose, approve and read grades. Nobody decides on himself."""

from organizations.access import READING, holds, holds_any
from organizations.models import Person, Role
from reviews.grade.models import Decision, Fact
from reviews.plan.models import Campaign, Review, Stage
from reviews.plan.permissions import is_candidate

DECIDING = {Role.ORGANIZER, Role.APPROVER, Role.SUPERVISOR}  # who may know results before they are approved


def may_read(person: Person, campaign: Campaign) -> bool:
    """Opens the pages of grading: clerk, head, supervisor, superior."""
    return holds_any(person, READING, campaign.organizer)


def why_not_yet(person: Person, campaign: Campaign) -> str:
    """Why a person who may open the pages does not see votes and grades yet, in words; "" if he does.

    Before the approval only who decides or supervises (SECURITY 4.1), and nobody his own before the letters.
    """
    if is_candidate(person, campaign) and not campaign.is_past(Stage.GRADING):
        return "您参加本次述职评议，反馈之前不能查看测评结果和等次。"
    if holds_any(person, DECIDING, campaign.organizer):
        return ""
    if Decision.objects.filter(review__campaign=campaign, approved_by__isnull=False).exists():
        return ""
    return "等次尚未批准。批准之前，只有经办人、负责人和纪检监督人员可以查看测评结果。"


def may_see_results(person: Person, campaign: Campaign) -> bool:
    """Sees all votes and grades of a campaign now."""
    return may_read(person, campaign) and not why_not_yet(person, campaign)


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
