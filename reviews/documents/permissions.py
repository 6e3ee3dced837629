"""Who may have documents made."""

from organizations.access import holds_any
from organizations.models import Person, Role
from reviews.grade.permissions import may_see_results
from reviews.plan.models import Campaign, Review

MAKERS = (Role.ORGANIZER, Role.APPROVER)


def may_make(person: Person, campaign: Campaign) -> bool:
    """The organizer's clerk or head of the campaign; whoever debriefs in it himself only after the feedback."""
    return holds_any(person, MAKERS, campaign.organizer) and may_see_results(person, campaign)


def may_have_letter(person: Person, review: Review) -> bool:
    """The addressee, once the letter was sent."""
    return review.secretary_id == person.pk and hasattr(review, "letter")
