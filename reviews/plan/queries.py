"""What the pages of the plan show: lists, the tree to pick from, the shape of a campaign in figures."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from organizations.access import Role, grants_of, reach
from organizations.models import Appointment, Organization, Person
from reviews.plan.lineup import leading_posts, tree_order
from reviews.plan.models import Campaign, Review

MOST_CANDIDATES = 200
MOST_PATTERNS = 20


def campaigns_for_list(person: Person, *, year: str = "", stage: str = "", words: str = "") -> QuerySet[Campaign]:
    """The campaigns a person sees, newest first, with the number of those who debrief."""
    campaigns = (
        Campaign.objects.visible_to(person)
        .select_related("organizer")
        .annotate(people=Count("reviews"))
        .order_by("-year", "organizer__path", "-pk")
    )
    if year.isdecimal():
        campaigns = campaigns.filter(year=int(year[:4]))
    if stage:
        campaigns = campaigns.filter(stage=stage)
    if words:
        campaigns = campaigns.filter(Q(title__contains=words) | Q(organizer__name__contains=words))
    return campaigns


def years_for(person: Person) -> list[int]:
    """The years of the campaigns a person sees, newest first."""
    return list(Campaign.objects.visible_to(person).order_by("-year").values_list("year", flat=True).distinct())


def organizers_for(person: Person) -> QuerySet[Organization]:
    """Where a clerk may begin a campaign: the organizations of his grants and those right below that lead others."""
    granted = [grant.organization_id for grant in grants_of(person) if grant.role == Role.ORGANIZER]
    leads = Exists(Organization.objects.filter(parent=OuterRef("pk"), is_active=True))
    return Organization.objects.filter(Q(pk__in=granted) | Q(parent__in=granted) & leads, is_active=True).order_by(
        "path"
    )


def patterns_for(person: Person) -> QuerySet[Campaign]:
    """Earlier campaigns that a clerk may copy, newest first."""
    return Campaign.objects.filter(reach(person, Role.ORGANIZER, field="organizer__path")).select_related("organizer")[
        :MOST_PATTERNS
    ]


@dataclass(slots=True)
class Candidate:
    """One organization to pick from, with whoever leads it and how he debriefed last."""

    organization: Organization
    post: Appointment
    mode: str
    indent: int


@dataclass(slots=True)
class Candidates:
    """What the tree offers: the rows shown, how many there are, how many have nobody in office."""

    rows: list[Candidate]
    total: int
    vacant: int

    @property
    def is_cut(self) -> bool:
        return self.total > len(self.rows)


def candidates_for(campaign: Campaign, *, whole_tree: bool = False, words: str = "") -> Candidates:
    """Organizations under the organizer that are not on the list yet: direct subordinates, or the whole subtree."""
    organizer = campaign.organizer
    open_ones = (
        Organization.objects.below(organizer)
        .filter(is_active=True)
        .exclude(pk=organizer.pk)
        .exclude(pk__in=campaign.reviews.values("organization"))
    )
    if not whole_tree:
        open_ones = open_ones.filter(parent=organizer)
    if words:
        open_ones = open_ones.filter(Q(name__contains=words) | Q(code=words))
    led = Exists(Appointment.objects.current().filter(organization=OuterRef("pk"), position__in=Appointment.LEADING))
    counts = open_ones.aggregate(total=Count("pk", filter=Q(led)), vacant=Count("pk", filter=~Q(led)))
    order = ["path"] if whole_tree else ["sort_order", "pk"]
    shown = tree_order(list(open_ones.filter(led).order_by(*order)[:MOST_CANDIDATES]))
    posts = leading_posts(shown)
    habits = _last_modes(campaign, shown)
    rows = [
        Candidate(each, posts[each.pk], habits.get(each.pk, Review.Mode.ONSITE), min(each.depth - organizer.depth, 6))
        for each in shown
    ]
    return Candidates(rows, counts["total"], counts["vacant"])


def _last_modes(campaign: Campaign, organizations: list[Organization]) -> dict[int, str]:
    earlier = Review.objects.filter(
        campaign__organizer=campaign.organizer_id, campaign__year__lt=campaign.year, organization__in=organizations
    )
    return dict(earlier.order_by("campaign__year").values_list("organization_id", "mode"))


@dataclass(slots=True)
class Shape:
    """A campaign in figures: how many of each kind of organization, how many on site, how many in writing."""

    kinds: list[tuple[str, int]]
    onsite: int
    written: int

    @property
    def total(self) -> int:
        return self.onsite + self.written


def shape_of(reviews: list[Review]) -> Shape:
    """Count a campaign's reviews (their organizations loaded)."""
    kinds = Counter(review.organization.get_kind_display() for review in reviews)
    written = sum(review.mode == Review.Mode.WRITTEN for review in reviews)
    return Shape(kinds.most_common(), len(reviews) - written, written)
