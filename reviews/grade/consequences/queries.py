"""What the register shows: its lines with what bears on them, and how many are open, overdue, settled."""

from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from organizations.models import Person, RoleGrant
from reviews.grade.consequences.models import Consequence
from reviews.grade.consequences.permissions import CARRYING
from reviews.grade.feedback.models import Objection
from reviews.ledger.models import Problem
from reviews.plan.models import Campaign

State = Consequence.State
OPEN_PROBLEMS = (Problem.State.OPEN, Problem.State.CLAIMED, Problem.State.CLOSING)
OVERDUE = "overdue"
STATES = [*State.choices, (OVERDUE, "逾期未办")]


def lines_of(campaign: Campaign, *, kind: str = "", state: str = "") -> QuerySet[Consequence]:
    """The register of a campaign in the order of the debriefs, with what bears on each line. One query.

    ``is_disputed``: an objection waits for its answer, so that talk and bar had better wait too.
    ``problems``, ``solved``: the person's problems on the books, for an ordered rectification.
    """
    pending = Objection.objects.filter(letter__review=OuterRef("review"), state__in=Objection.PENDING)
    on_books = Q(review__problems__state__in=[*OPEN_PROBLEMS, Problem.State.CLOSED])
    lines = (
        Consequence.objects.filter(review__campaign=campaign)
        .for_list()
        .annotate(
            is_disputed=Exists(pending),
            problems=Count("review__problems", filter=on_books),
            solved=Count("review__problems", filter=Q(review__problems__state=Problem.State.CLOSED)),
        )
    )
    if kind:
        lines = lines.filter(kind=kind)
    if state == OVERDUE:
        return lines.overdue()
    return lines.filter(state=state) if state else lines


@dataclass(frozen=True, slots=True)
class Total:
    """One kind of line: how many there are, how many wait, how many of those are overdue."""

    kind: str
    label: str
    count: int
    waiting: int
    overdue: int


def totals_of(campaign: Campaign) -> list[Total]:
    """A line a kind that occurs; what was cancelled is not counted."""
    waiting = ~Q(state__in=Consequence.OVER)
    late = waiting & Q(due_on__lt=timezone.localdate())
    counted = Consequence.objects.filter(review__campaign=campaign).exclude(state=State.CANCELLED).order_by()
    rows = counted.values("kind").annotate(n=Count("pk"), w=Count("pk", filter=waiting), o=Count("pk", filter=late))
    found = {row["kind"]: (row["n"], row["w"], row["o"]) for row in rows}
    return [Total(kind, label, *found[kind]) for kind, label in Consequence.Kind.choices if kind in found]


def possible_owners(campaign: Campaign) -> QuerySet[Person]:
    """Whose task a line may be: clerks and leaders of the organizer and of those above it."""
    grants = RoleGrant.objects.filter(role__in=CARRYING, organization__in=campaign.organizer.lineage)
    return Person.objects.filter(pk__in=grants.values("person"), is_active=True).order_by("name", "pk")
