"""历年情况: one person, or one organization, through all years: who led what, with which grade, and what became of it.

A line is shown to whoever reads the campaign that it belongs to, and to the person himself. A person who was
transferred keeps his years: those in a place that the looker does not reach are counted, not shown.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from organizations.access import READING, holds_any, reach
from organizations.models import Organization, Person
from reviews.grade.feedback.models import GradeChange
from reviews.ledger.models import Problem
from reviews.meeting.models import Comment
from reviews.plan.models import Review, Stage

NOT_YET = "尚未批准"
NOT_TOLD = "反馈后可见"


@dataclass(frozen=True, slots=True)
class Line:
    """One year of a person in an organization, cut to what the looker may see."""

    review: Review
    move: str  # what changed since the year before, in words; "" if nothing
    grade: str  # "" while it may not be seen; then ``lack`` says why
    lack: str
    changes: list[GradeChange] = field(default_factory=list)
    has_reasons: bool = False  # the page 为什么是这个等次 is open to the looker


@dataclass(frozen=True, slots=True)
class History:
    """The lines, newest first, and how many years lie beyond the looker's reach."""

    lines: list[Line]
    beyond: int = 0


def history_of_person(subject: Person, looker: Person) -> History:
    """Every year in which a person debriefed, transfers marked."""
    mine = Review.objects.filter(secretary=subject).exclude(campaign__stage=Stage.PLANNING)
    shown = mine if subject.pk == looker.pk else mine.filter(_reached(looker))
    return History(_lines(shown, looker, _transfer), mine.count() - shown.count())


def history_of_organization(organization: Organization, looker: Person) -> History:
    """Every year of an organization, with who led it then."""
    all_ = Review.objects.filter(organization=organization).exclude(campaign__stage=Stage.PLANNING)
    shown = all_.filter(_reached(looker))
    return History(_lines(shown, looker, _succession), all_.count() - shown.count())


def may_read_person(looker: Person, subject: Person) -> bool:
    """Himself, and whoever reads an organization in which the person holds or held a post or debriefed."""
    if looker.pk == subject.pk:
        return True
    posts = subject.appointments.filter(reach(looker, *READING, field="organization__path"))
    return posts.exists() or subject.reviews.filter(_reached(looker)).exists()


def may_read_organization(looker: Person, organization: Organization) -> bool:
    """Organizer, head, supervisor and superior over the organization."""
    return holds_any(looker, READING, organization)


def _reached(looker: Person) -> Q:
    return reach(looker, *READING, field="campaign__organizer__path")


def _lines(reviews: QuerySet[Review], looker: Person, told) -> list[Line]:
    rows = list(_with_figures(reviews))
    if not rows:
        return []
    standing_in = set(Review.objects.filter(secretary=looker).values_list("campaign", flat=True))
    older = [*rows[1:], None]
    return [_line(row, looker, standing_in, told(row, before)) for row, before in zip(rows, older, strict=True)]


def _with_figures(reviews: QuerySet[Review]) -> QuerySet[Review]:
    """Newest first, with everything a line needs: two queries for any number of years."""
    books = Problem.objects.on_the_books()
    late = books.filter(due_on__lt=timezone.localdate()).exclude(state=Problem.State.CLOSED)
    return (
        reviews.select_related("campaign__organizer", "organization", "secretary", "decision", "suggestion", "letter")
        .prefetch_related("grade_changes")
        .annotate(
            problem_count=_counted(books),
            closed_count=_counted(books.filter(state=Problem.State.CLOSED)),
            overdue_count=_counted(late),
            comment_count=_counted(Comment.objects.released()),
        )
        .order_by("-campaign__year", "-pk")
    )


def _counted(rows: QuerySet) -> Coalesce:
    grouped = rows.filter(review=OuterRef("pk")).order_by().values("review")
    return Coalesce(Subquery(grouped.annotate(n=Count("pk")).values("n")), 0)


def _line(review: Review, looker: Person, standing_in: Iterable[int], move: str) -> Line:
    lack = _why_no_grade(review, looker, standing_in)
    if lack:
        return Line(review, move, "", lack)
    return Line(
        review,
        move,
        review.decision.grade_word,
        "",
        list(review.grade_changes.all()),
        hasattr(review, "suggestion"),
    )


def _why_no_grade(review: Review, looker: Person, standing_in: Iterable[int]) -> str:
    """ "" once a grade may be seen: by others when it is approved, by who debriefs in the campaign after the letter."""
    decision = getattr(review, "decision", None)
    if review.secretary_id == looker.pk:
        return "" if decision is not None and hasattr(review, "letter") else NOT_TOLD
    if review.campaign_id in standing_in and not review.campaign.is_past(Stage.GRADING):
        return NOT_TOLD
    return "" if decision is not None and decision.approved_by_id else NOT_YET


def _transfer(review: Review, before: Review | None) -> str:
    if before is None or before.organization_id == review.organization_id:
        return ""
    return f"由{before.organization.name}调任"


def _succession(review: Review, before: Review | None) -> str:
    if before is None or before.secretary_id == review.secretary_id:
        return ""
    return f"接任{before.secretary.name}"
