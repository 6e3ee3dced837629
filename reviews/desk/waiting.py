"""我的待办: what waits for one person over all stages, found with one query.

Every page shows how many, so each errand is one branch of a single UNION; whoever has fewer duties
asks fewer branches.
"""

from dataclasses import dataclass
from datetime import date

from django.db.models import CharField, Exists, F, QuerySet, Value
from django.urls import reverse
from django.utils import timezone

from organizations.access import duties_of
from organizations.models import Person
from reviews.desk.errands import ERRANDS, Errand
from reviews.desk.figures import deadline_in_words
from reviews.desk.rows import NO_DAY
from reviews.ledger.models import Problem
from reviews.plan.models import Campaign
from reviews.report.publishing.models import Publication


@dataclass(slots=True)
class Heap:
    """All rows of one errand in one campaign (or of one review): one line of the desk."""

    errand: str
    campaign: int
    key: int
    count: int = 0
    day: date | None = None


def heaps_for(person: Person) -> list[Heap]:
    """What waits for a person, one query however much it is; read once a request."""
    if not hasattr(person, "_heaps"):
        person._heaps = _read_heaps(person)
    return person._heaps


PUBLISHED = "published"  # no errand: whether the menu has a line for it, answered by the same query


def sees_published(person: Person) -> bool:
    """True if any report is or was made public (公开) to the person. Costs no query of its own."""
    heaps_for(person)
    return person._sees_published


def _published(person: Person) -> QuerySet:
    """One row if there is anything to read, in the shape of an errand's rows."""
    return (
        Person.objects.filter(Exists(Publication.objects.visible_to(person).order_by()), pk=person.pk)
        .order_by()
        .annotate(errand_campaign=F("pk"), errand_key=F("pk"), errand_day=NO_DAY)
        .annotate(errand=Value(PUBLISHED, output_field=CharField()))
        .values_list("errand", "errand_campaign", "errand_key", "errand_day")
    )


def is_reminded(person: Person) -> bool:
    """True if reminders wait to be read; asks nothing that the page's frame did not ask already."""
    return any(heap.errand == "reminded" for heap in heaps_for(person))


def _read_heaps(person: Person) -> list[Heap]:
    duties = duties_of(person)
    branches = [_published(person)] + [
        errand.rows(person)
        .annotate(errand=Value(name, output_field=CharField()))
        .values_list("errand", "errand_campaign", "errand_key", "errand_day")
        for name, errand in ERRANDS.items()
        if errand.duties & duties
    ]
    rows = branches[0].union(*branches[1:], all=True) if len(branches) > 1 else branches[0]
    found: dict[tuple, Heap] = {}
    person._sees_published = False
    for name, campaign, key, day in rows:
        if name == PUBLISHED:
            person._sees_published = True
            continue
        place = (name, campaign, key if ERRANDS[name].is_of_review else None)
        heap = found.setdefault(place, Heap(name, campaign, key))
        heap.count += 1
        heap.day = min(filter(None, (heap.day, day)), default=None)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Todo:
    """One line of 我的待办: verb and thing, by when, where to."""

    words: str
    thing: str
    campaign: int
    day: date | None
    deadline: str
    is_late: bool
    button: str
    url: str


def todos_for(person: Person) -> list[Todo]:
    """What waits for a person, the most urgent first. Two queries."""
    heaps = heaps_for(person)
    campaigns = Campaign.objects.in_bulk({heap.campaign for heap in heaps}) if heaps else {}
    todos = [_todo(heap, campaigns[heap.campaign]) for heap in heaps if heap.campaign in campaigns]
    return sorted(todos, key=lambda todo: (todo.day or date.max, todo.words))


def _todo(heap: Heap, campaign: Campaign) -> Todo:
    errand, today = ERRANDS[heap.errand], timezone.localdate()
    day = heap.day or errand.day(campaign)
    return Todo(
        words=errand.words.format(n=heap.count),
        thing=campaign.title,
        campaign=campaign.pk,
        day=day,
        deadline=deadline_in_words(day, today) if day else "",
        is_late=day is not None and day < today,
        button=errand.button,
        url=_url(heap, errand),
    )


LEDGER_STATES = {"claim": Problem.State.OPEN, "rectify": Problem.State.CLAIMED, "accept": Problem.State.CLOSING}


def _url(heap: Heap, errand: Errand) -> str:
    if errand.door == "ledger:list":
        return f"{reverse(errand.door)}?campaign={heap.campaign}&state={LEDGER_STATES[heap.errand]}"
    if errand.door == "desk:workbench":
        return f"{reverse(errand.door)}#reminders"
    return reverse(errand.door, args=[heap.key if errand.is_of_review else heap.campaign])
