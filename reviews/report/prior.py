"""上年整改: the problems of earlier years that a report must answer (B6)."""

from django.db.models import Q, QuerySet

from reviews.ledger.models import Problem
from reviews.ledger.queries import problems_of_last_year
from reviews.plan.models import Review


def problems_to_answer(review: Review) -> QuerySet[Problem]:
    """Last year's problems, and older ones that are still not closed, newest year first."""
    last_year = Q(review__campaign__year=review.campaign.year - 1)
    return problems_of_last_year(review).filter(last_year | ~Q(state=Problem.State.CLOSED))
