"""Which lines a decided grade asks for: step 9 of the rules on the grade that stands, and the recommendation of 好."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.utils import timezone

from reviews.grade.consequences.models import Consequence
from reviews.grade.models import Fact, GradeName
from reviews.grade.suggesting import read_stored
from reviews.plan.models import Campaign, Review
from scoring import rules
from scoring.policy import Grade

Kind = Consequence.Kind
# Days from the letter to the day a line is due; the clerk may set another. The regulation names none (DOMAIN 8).
DAYS = {Kind.TALK: 30, Kind.BAR: 60, Kind.ACCOUNTABILITY: 60, Kind.CONSECUTIVE: 60, Kind.AWARD: 60}


def kinds_that_follow(campaign: Campaign, reviews: Iterable[Review]) -> dict[int, list[str]]:
    """Review key -> the kinds of lines that its decided grade asks for, in the order of the rules.

    Facts withdrawn since the suggestion count no more (an objection may have found them wrong).
    """
    reading = read_stored(campaign)
    if reading is None:
        return {}
    policy = reading.outcome.policy
    counting = _facts_that_count(campaign)
    found = {}
    for review in reviews:
        read = reading.standing_with(review, counting.get(review.pk, set()))
        grade = review.decision.grade
        follow = [each.value for each in rules.consequences(read, Grade[grade], policy)]
        found[review.pk] = follow + ([Kind.AWARD] if grade == GradeName.GOOD else [])
    return found


def _facts_that_count(campaign: Campaign) -> dict[int, set[str]]:
    """Review key -> the codes of its facts."""
    found: dict[int, set[str]] = {}
    for review, code in Fact.objects.counting().filter(review__campaign=campaign).values_list("review", "code"):
        found.setdefault(review, set()).add(code)
    return found


def due_day(kind: str, rectify_by: date) -> date:
    """By when a line is due that opens today; a rectification when the letter says."""
    if kind == Kind.RECTIFICATION:
        return rectify_by
    return timezone.localdate() + timedelta(days=DAYS[Kind(kind)])
