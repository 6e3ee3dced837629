"""The invented bureau before its first campaign: the root, the clerks' accounts, a browser for everybody."""

import re
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils import timezone

from organizations.models import Organization, Person, RoleGrant
from reviews.demo.bureau import BUREAU, PLACES, ROOT, Place
from reviews.plan.models import Campaign, Review
from tests.journeys.visitor import Page, Visitor

PASSWORD = "Quiet-River-42"
OWN_PASSWORD = "Steady-Hill-17"
# Account -> role, at the bureau itself.
OFFICERS = {
    "clerk": "organizer",
    "head": "approver",
    "vetter": "vetter",
    "leader": "leader",
    "deputy": "leader",
    "supervisor": "supervisor",
    "custodian": "custodian",
}
ADMINS = {"keeper": "sys_admin", "auditor": "audit_admin"}
# The smallest campaign that may vote in secret: one on site, one in writing, one panel of five.
TWO_PLACES = [PLACES[6], PLACES[16]]
FIRST, SECOND = TWO_PLACES[0].code, TWO_PLACES[1].code
ONE_PANEL = [("A", "与会人员", 100, 5, 0)]
THREE_PANELS = [("A", "领导班子", 50, 10, 0), ("B", "同级书记", 30, 10, 10), ("C", "党员群众代表", 20, 10, 0)]


@dataclass
class Bureau:
    """Who takes part, each with his own browser, and what they have made so far."""

    organization: Organization
    places: list[Place]
    panels: list[tuple]
    meets_on: date
    officers: dict[str, Visitor] = field(default_factory=dict)
    secretaries: dict[str, Visitor] = field(default_factory=dict)  # by the code of their place
    campaign: int = 0
    round: int = 0
    codes: list[str] = field(default_factory=list)
    slips: list[str] = field(default_factory=list)
    receipts: list[str] = field(default_factory=list)

    def __getattr__(self, name: str) -> Visitor:
        """``bureau.clerk`` is the clerk's browser."""
        try:
            return self.__dict__["officers"][name]
        except KeyError:
            raise AttributeError(name) from None

    @property
    def stage(self) -> str:
        return Campaign.objects.values_list("stage", flat=True).get(pk=self.campaign)

    def review(self, code: str) -> Review:
        """The review of a place, by its code."""
        return Review.objects.select_related("secretary").get(campaign=self.campaign, organization__code=code)

    def reviews(self) -> list[Review]:
        """All of them in speaking order."""
        return list(Review.objects.filter(campaign=self.campaign).for_list())

    def place(self, review: Review) -> Place:
        return next(place for place in self.places if place.code == review.organization.code)


def build_bureau(places: list[Place] = PLACES, panels: list[tuple] = THREE_PANELS) -> Bureau:
    """The city committee with the bureau and a neighbour below it; the officers are logged in, the places missing."""
    root = Organization.objects.plant(name=ROOT[0], kind=ROOT[1], code="YL")
    own = Organization.objects.plant(parent=root, name=BUREAU[0], kind=BUREAU[1], code="YL-00")
    beside = Organization.objects.plant(parent=root, name="云岭市林草局党组", kind=BUREAU[1], code="YL-90")
    bureau = Bureau(own, list(places), list(panels), timezone.localdate() + timedelta(days=10))
    for name, role in OFFICERS.items():
        bureau.officers[name] = logged_in(name, role, own)
    for name, role in ADMINS.items():
        bureau.officers[name] = logged_in(name, role, root)
    bureau.officers["superior"] = logged_in("superior", "superior", root)
    bureau.officers["neighbour"] = logged_in("neighbour", "organizer", beside)
    bureau.officers["stranger"] = logged_in("stranger")
    return bureau


def build_small_bureau() -> Bureau:
    """The same with the smallest campaign."""
    return build_bureau(TWO_PLACES, ONE_PANEL)


def logged_in(username: str, role: str = "", organization: Organization | None = None) -> Visitor:
    """An account with at most one role, come in through the login page."""
    person = Person.objects.create_user(username, f"人员{username}", PASSWORD)
    if role:
        RoleGrant.objects.create(person=person, role=role, organization=organization)
    return Visitor().log_in(username, PASSWORD)


def number_in(page: Page) -> int:
    """The key in the address that a page ended on."""
    return int(re.search(r"/(\d+)/", page.url)[1])
