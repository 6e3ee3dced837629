"""What the ledger tells: the problems of other years, the figures of a list, the rates of a year."""

from django.db.models import QuerySet

from reviews.ledger.models import Problem
from reviews.plan.models import Review


def problems_of_last_year(review: Review) -> QuerySet[Problem]:
    """Problems on the books of reviews of the same organization in earlier campaigns, newest year first.

    What was never fed back or was withdrawn is left out. An organization that changed its
    secretary keeps its problems: the new one answers for them (E6, 上年度整改情况).
    """
    return (
        Problem.objects.for_list()
        .on_the_books()
        .filter(review__organization=review.organization_id, review__campaign__year__lt=review.campaign.year)
        .order_by("-review__campaign__year", "review_id", "pk")
    )
