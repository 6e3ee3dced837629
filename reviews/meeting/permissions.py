"""Who may run the meeting, watch it, and comment."""

from django.db.models import QuerySet

from organizations.access import READING, forget_duties, holds, holds_any
from organizations.models import Person, Role
from reviews.plan.models import Campaign, Review
from reviews.report.models import Report


def may_run(person: Person, campaign: Campaign) -> bool:
    """An organizer (经办) of the organization that runs the campaign."""
    return holds(person, Role.ORGANIZER, campaign.organizer)


def may_watch(person: Person, campaign: Campaign) -> bool:
    """Whoever reads the campaign whole, and the leaders who comment in it (C4)."""
    return holds_any(person, {*READING, Role.LEADER}, campaign.organizer)


def may_comment(person: Person, review: Review) -> bool:
    """A leader over the organizing organization; never on himself."""
    return review.secretary_id != person.pk and holds(person, Role.LEADER, review.campaign.organizer)


def may_enter_for_leader(person: Person, review: Review) -> bool:
    """An organizer may type what a leader said; never on himself."""
    return review.secretary_id != person.pk and may_run(person, review.campaign)


def leaders_of(campaign: Campaign) -> QuerySet[Person]:
    """The leaders who may comment in a campaign, by name."""
    return Person.objects.filter(
        is_active=True, grants__role=Role.LEADER, grants__organization__in=campaign.organizer.lineage
    ).distinct()


def still(allowed, person: Person, thing) -> bool:
    """A permission asked afresh, for use under the lock of an action: rights may have been taken meanwhile."""
    forget_duties(person)
    return allowed(person, thing)


def unready_reviews(campaign: Campaign) -> QuerySet[Review]:
    """Reviews whose report has not been approved: what stands in the way of the meeting (B9)."""
    return (
        campaign.reviews.exclude(report__state=Report.State.APPROVED)
        .select_related("organization", "secretary")
        .order_by("order", "pk")
    )
