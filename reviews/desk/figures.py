"""How far the stages of campaigns have come, in one query; deadlines in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Max, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from reviews.ballot.models import Round
from reviews.grade.feedback.models import Letter
from reviews.grade.models import Decision
from reviews.ledger.models import Problem
from reviews.meeting.models import Comment
from reviews.plan.models import Campaign, Review
from reviews.report.models import Report
from scoring.models import Box

HANDED_IN = [Report.State.SUBMITTED, Report.State.APPROVED]


def deadline_in_words(day: date, today: date) -> str:
    """还有 3 天, 今天截止, 逾期 2 天."""
    left = (day - today).days
    if left > 0:
        return f"还有 {left} 天"
    return f"逾期 {-left} 天" if left else "今天截止"


@dataclass(frozen=True, slots=True)
class Figures:
    """The counts of one campaign, over all stages."""

    reviews: int
    handed_in: int
    approved: int
    commented: int
    decided: int
    problems: int
    closed: int
    box_state: str
    rectify_by: date | None

    @property
    def box_in_words(self) -> str:
        return Box.State(self.box_state).label if self.box_state else ""


def _counted(rows: QuerySet, campaign: str, what: str = "pk") -> Coalesce:
    """How many of the rows belong to the outer campaign."""
    grouped = rows.filter(**{campaign: OuterRef("pk")}).order_by().values(campaign)
    return Coalesce(Subquery(grouped.annotate(n=Count(what, distinct=True)).values("n")), 0)


def figures_of(campaigns: Iterable[Campaign]) -> dict[int, Figures]:
    """Campaign key -> its counts, for any number of campaigns in one query."""
    of_review = "review__campaign"
    reports = Report.objects.filter(state__in=HANDED_IN)
    books = Problem.objects.on_the_books()
    valid = Round.objects.filter(campaign=OuterRef("pk"), void_reason="", is_rehearsal=False)
    letters = Letter.objects.filter(**{of_review: OuterRef("pk")}).order_by().values(of_review)
    counted = Campaign.objects.filter(pk__in=[campaign.pk for campaign in campaigns]).order_by()
    rows = counted.annotate(
        n_reviews=_counted(Review.objects.all(), "campaign"),
        n_handed_in=_counted(reports, of_review),
        n_approved=_counted(reports.filter(state=Report.State.APPROVED), of_review),
        n_commented=_counted(Comment.objects.all(), of_review, "review"),
        n_decided=_counted(Decision.objects.filter(approved_by__isnull=False), of_review),
        n_problems=_counted(books, of_review),
        n_closed=_counted(books.filter(state=Problem.State.CLOSED), of_review),
        box_state=Coalesce(Subquery(valid.order_by().values("box__state")[:1]), Value("")),
        rectify_by=Subquery(letters.annotate(last=Max("rectify_by")).values("last")),
    ).values_list(
        "pk",
        "n_reviews",
        "n_handed_in",
        "n_approved",
        "n_commented",
        "n_decided",
        "n_problems",
        "n_closed",
        "box_state",
        "rectify_by",
    )
    return {key: Figures(*values) for key, *values in rows}
