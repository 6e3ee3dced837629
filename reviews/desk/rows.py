"""The shape that every errand's rows have, so that one UNION reads them all."""

from datetime import timedelta

from django.db.models import DateField, F, QuerySet, Value
from django.db.models.functions import Cast

from organizations.access import reach
from organizations.models import Person
from reviews.plan.models import Review

SOON = timedelta(days=30)  # a problem's time limit is recalled a month ahead (DOMAIN 4.11: T−30)
NO_DAY = Cast(Value(None), DateField())


def rows(things: QuerySet, *, campaign: str, key: str = "pk", day=NO_DAY) -> QuerySet:
    """Things with the campaign, the key of their page and the day they are due."""
    return things.order_by().annotate(errand_campaign=F(campaign), errand_key=F(key), errand_day=day)


def of_reviews(things: QuerySet, person: Person, *roles: str, day=NO_DAY) -> QuerySet:
    """Things of reviews in campaigns that the roles reach, never of the person's own review."""
    reached = things.filter(reach(person, *roles, field="review__campaign__organizer__path"))
    return rows(reached.exclude(review__secretary=person), campaign="review__campaign_id", day=day)


def debriefed_in(person: Person) -> QuerySet:
    """Campaigns that grade the person: he settles, approves and confirms nothing there."""
    return Review.objects.filter(secretary=person).values("campaign")
