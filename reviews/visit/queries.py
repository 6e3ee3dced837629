"""What the pages of the year's records show: lists, figures, who was never visited, whose contact point it is."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from organizations.access import Role, grants_of, reach
from organizations.models import Organization, Person, RoleGrant
from reviews.plan.models import Review
from reviews.visit.models import READERS, WRITERS, ContactPoint, VisitPhoto, VisitRecord, led_by

MOST_SUGGESTED = 8
MOST_FOUND = 20
MOST_UNVISITED = 100


def contact_of(organization: Organization, year: int) -> Person | None:
    """The leader whose contact point (联系点) the organization is in that year; None if nobody's."""
    point = ContactPoint.objects.filter(organization=organization, year=year).select_related("leader").first()
    return point.leader if point else None


def contacts_of(organizations, year: int) -> dict[int, Person]:
    """Organization key -> the leader whose contact point it is, in one query."""
    points = ContactPoint.objects.filter(organization__in=organizations, year=year).select_related("leader")
    return {point.organization_id: point.leader for point in points}


def records_for_review(person: Person, review: Review) -> QuerySet[VisitRecord]:
    """The year's records of a review's organization that the person may see, newest first.

    The year runs on to the meeting: what was seen in January before a meeting in February still belongs to it.
    """
    campaign = review.campaign
    last = max(date(campaign.year, 12, 31), campaign.meets_on)
    of_year = Q(visited_on__gte=date(campaign.year, 1, 1), visited_on__lte=last)
    records = VisitRecord.objects.visible_to(person).standing().filter(of_year, organization=review.organization_id)
    return with_photo_counts(records.for_list())


def with_photo_counts(records: QuerySet[VisitRecord]) -> QuerySet[VisitRecord]:
    """Adds ``photo_count``; newest first."""
    grouped = VisitPhoto.objects.filter(record=OuterRef("pk")).order_by().values("record")
    count = Subquery(grouped.annotate(n=Count("pk")).values("n"))
    return records.annotate(photo_count=Coalesce(count, 0)).order_by("-visited_on", "-pk")


def writable_organizations(person: Person) -> QuerySet[Organization]:
    """Where the person may write a record: under his roles, never the organization that he leads."""
    return Organization.objects.filter(reach(person, *WRITERS), is_active=True).exclude(pk__in=led_by(person))


def readable_organizations(person: Person) -> QuerySet[Organization]:
    """Organizations whose records the person may read."""
    return Organization.objects.filter(reach(person, *READERS), is_active=True).exclude(pk__in=led_by(person))


def suggested_organizations(person: Person, year: int) -> list[Organization]:
    """What the phone offers first: one's contact points, then where one was last, then the next below."""
    own = list(ContactPoint.objects.filter(leader=person, year=year).values_list("organization", flat=True))
    recent = VisitRecord.objects.filter(by=person).order_by("-pk").values_list("organization", flat=True)
    keys = list(dict.fromkeys([*own, *recent[: 4 * MOST_SUGGESTED]]))[:MOST_SUGGESTED]
    writable = writable_organizations(person)
    found = writable.in_bulk(keys)
    suggested = [found[key] for key in keys if key in found]
    if len(suggested) < MOST_SUGGESTED:
        places = [grant.organization_id for grant in grants_of(person) if grant.role in WRITERS]
        below = writable.filter(parent__in=places).exclude(pk__in=found).order_by("parent", "sort_order", "pk")
        suggested += list(below[: MOST_SUGGESTED - len(suggested)])
    return suggested


def find_organizations(person: Person, words: str) -> list[Organization]:
    """Organizations to write about whose name or code holds the words, the exact name first."""
    named = Q(name__icontains=words) | Q(short_name__icontains=words) | Q(code__istartswith=words)
    found = list(writable_organizations(person).filter(named).order_by("path")[:MOST_FOUND])
    return sorted(found, key=lambda each: each.name != words)


def leaders_near(person: Person) -> QuerySet[Person]:
    """Leaders who may have come along: those with a leader's role where the person works, or above."""
    lines = {key for grant in grants_of(person) for key in grant.organization.lineage}
    grants = RoleGrant.objects.filter(role=Role.LEADER, organization__in=lines)
    return Person.objects.filter(pk__in=grants.values("person"), is_active=True).order_by("name", "pk")


def records_for_list(person: Person, *, year: int | None, kind="", words="", who="", waiting=False) -> QuerySet:
    """The records that a person sees, newest first, narrowed; what was withdrawn stays on the list, marked."""
    records = with_photo_counts(VisitRecord.objects.visible_to(person).for_list())
    if year:
        records = records.of_year(year)
    if kind:
        records = records.filter(kind=kind)
    if words:
        records = records.filter(organization__name__icontains=words)
    if who:
        came = VisitRecord.leaders.through.objects.filter(visitrecord=OuterRef("pk"), person__name__icontains=who)
        records = records.filter(Q(by__name__icontains=who) | Q(companions__icontains=who) | Exists(came))
    if waiting:
        records = records.filter(wants_problem=True, problem__isnull=True, withdrawn_at__isnull=True)
    return records


@dataclass(frozen=True, slots=True)
class YearFigures:
    """The year in figures: how many of each kind, how many organizations were seen, how many never."""

    kinds: list[tuple[str, int]]
    total: int
    visited: int
    unvisited: int
    unvisited_names: list[Organization]


def figures_of_year(person: Person, year: int) -> YearFigures:
    """Counted over the standing records that the person sees. Four queries, whatever their number."""
    records = VisitRecord.objects.visible_to(person).standing().of_year(year).order_by()
    counts = Counter(dict(records.values_list("kind").annotate(n=Count("pk"))))
    kinds = [(kind.label, counts[kind.value]) for kind in VisitRecord.Kind]
    places = [grant.organization_id for grant in grants_of(person) if grant.role in READERS]
    seen = VisitRecord.objects.standing().of_year(year).filter(organization=OuterRef("pk"))
    # The organization of the role itself is where the visitors come from.
    below = readable_organizations(person).exclude(pk__in=places)
    never = below.filter(~Exists(seen)).order_by("path")
    return YearFigures(
        kinds=kinds,
        total=sum(counts.values()),
        visited=below.filter(Exists(seen)).count(),
        unvisited=never.count(),
        unvisited_names=list(never[:MOST_UNVISITED]),
    )


def years_of(person: Person) -> list[int]:
    """The years in which there are records that the person sees, newest first."""
    days = VisitRecord.objects.visible_to(person).order_by().dates("visited_on", "year", order="DESC")
    return [day.year for day in days]


def contact_points(person: Person, year: int) -> QuerySet[ContactPoint]:
    """The contact points of a year under the organizations whose records the person reads."""
    reached = ContactPoint.objects.filter(reach(person, *READERS, field="organization__path"), year=year)
    return reached.select_related("leader", "organization")


def years_of_contacts(person: Person) -> list[int]:
    """The years in which there are such contact points."""
    reached = ContactPoint.objects.filter(reach(person, *READERS, field="organization__path"))
    return list(reached.order_by().values_list("year", flat=True).distinct())
