"""What the ledger tells: the problems of other years, the figures of a list, the rates of a year."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from organizations.models import Person
from reviews.ledger.models import Act, Problem, Progress, Step
from reviews.ledger.permissions import is_owner
from reviews.ledger.wording import ALIKE_FROM, similarity
from reviews.plan.models import Campaign, Review

RECURRENCE_YEARS = 2  # DOMAIN 4.11: how far back a recurrence is suggested; a person may pick an older one


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


def lines_of_ledger(problems: QuerySet[Problem]) -> QuerySet[Problem]:
    """The rows of a ledger table in their order, with the newest progress and the problem of an earlier year."""
    newest = Progress.objects.filter(problem=OuterRef("pk")).order_by("-pk").values("text")[:1]
    return (
        problems.for_list()
        .select_related("closed_by", "carried_from__review__campaign")
        .annotate(newest_progress=Subquery(newest))
        .order_by("-review__campaign__year", "review__campaign_id", "review__order", "pk")
    )


@dataclass(frozen=True, slots=True)
class Figures:
    """The totals row of F13: 应改, 已改, 按期率, 逾期. Rates are exact; None when nothing is counted."""

    total: int  # on the books: fed back and not withdrawn
    unclaimed: int
    rectifying: int
    closing: int
    closed: int
    due: int  # on the books with a time limit that has passed
    on_time: int  # of those, closed by their time limit
    overdue: int

    @property
    def closure(self) -> Fraction | None:
        """closed / (total - withdrawn)"""
        return Fraction(self.closed, self.total) if self.total else None

    @property
    def punctuality(self) -> Fraction | None:
        """closed on time / due"""
        return Fraction(self.on_time, self.due) if self.due else None


def figures_of(problems: QuerySet[Problem], on: date | None = None) -> Figures:
    """The totals of a list on a day (today unless said), in one query (DOMAIN 4.11).

    A problem whose time limit still runs counts neither for nor against punctuality, closed or not.
    """
    on = on or timezone.localdate()
    state, late = Problem.State, Q(due_on__lt=on)
    counts = (
        problems.on_the_books()
        .order_by()
        .aggregate(
            total=Count("pk"),
            unclaimed=Count("pk", filter=Q(state=state.OPEN)),
            rectifying=Count("pk", filter=Q(state=state.CLAIMED)),
            closing=Count("pk", filter=Q(state=state.CLOSING)),
            closed=Count("pk", filter=Q(state=state.CLOSED)),
            due=Count("pk", filter=late),
            on_time=Count("pk", filter=late & Q(state=state.CLOSED, closed_on__lte=F("due_on"))),
            overdue=Count("pk", filter=late & ~Q(state=state.CLOSED)),
        )
    )
    return Figures(**counts)


def in_percent(share: Fraction | None) -> str:
    """A share for the page, half up to one decimal: "66.7%"; "—" when nothing is counted.

    >>> in_percent(Fraction(2, 3)), in_percent(Fraction(1)), in_percent(None)
    ('66.7%', '100.0%', '—')
    """
    if share is None:
        return "—"
    tenths = (share.numerator * 2000 + share.denominator) // (2 * share.denominator)
    return f"{tenths // 10}.{tenths % 10}%"


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line of a problem's history: an act, or a report of progress."""

    at: datetime
    act: str
    by: Person
    words: str
    progress: Progress | None = None


def history_of(problem: Problem, person: Person | None = None) -> list[HistoryLine]:
    """Everything that was done to a problem, oldest first.

    Whose problem it is to solve does not read how it was worded before it was fed back: these words
    were never told him (comments put in order before their release).
    """
    steps = Step.objects.filter(problem=problem).select_related("by")
    if person is not None and is_owner(person, problem):
        steps = steps.exclude(act=Act.REWORD)
    lines = [HistoryLine(step.at, step.get_act_display(), step.by, step.words) for step in steps]
    for progress in Progress.objects.filter(problem=problem).select_related("by"):
        lines.append(HistoryLine(progress.at, Act.PROGRESS.label, progress.by, progress.text, progress))
    return sorted(lines, key=lambda line: line.at)


@dataclass(frozen=True, slots=True)
class Likeness:
    """An older problem beside a new one: how alike they read, and whether it is worth suggesting."""

    older: Problem
    percent: int
    is_suggested: bool


def likely_recurrences(problem: Problem, limit: int = 100) -> list[Likeness]:
    """Older problems of the same organization, the most alike first; a person confirms which one came back."""
    found = []
    for older in problems_of_last_year(problem.review)[:limit]:
        alike = similarity(problem.text, older.text)
        recent = problem.review.campaign.year - older.review.campaign.year <= RECURRENCE_YEARS
        found.append(Likeness(older, int(alike * 100), recent and alike >= ALIKE_FROM))
    return sorted(found, key=lambda likeness: (not likeness.is_suggested, -likeness.percent))


def closure_rates(campaign: Campaign) -> dict[int, Fraction]:
    """Review key -> share of its organization's problems of the year before that are closed, in two queries.

    Reviews whose organization had no problem on the books that year are left out (RULES: closure_rate absent).
    """
    reviews = dict(campaign.reviews.values_list("organization_id", "pk"))
    counted = (
        Problem.objects.on_the_books()
        .filter(
            review__campaign__year=campaign.year - 1, review__organization__in=campaign.reviews.values("organization")
        )
        .order_by()
        .values_list("review__organization_id", "state")
        .annotate(count=Count("pk"))
    )
    tally: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for organization, state, count in counted:
        tally[organization][0] += count if state == Problem.State.CLOSED else 0
        tally[organization][1] += count
    return {reviews[organization]: Fraction(closed, total) for organization, (closed, total) in tally.items()}


def closure_rate(review: Review) -> Fraction | None:
    """Last year's share of problems closed of one review's organization; None if there were none."""
    return closure_rates(review.campaign).get(review.pk)
