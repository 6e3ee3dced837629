"""What the database already knows of the organizations and people that a roster names, in a few queries a chunk."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.db.models import Q
from django.utils import timezone

from organizations.access import ADMINS, grants_of
from organizations.models import Appointment, Organization, Person, Role, RoleGrant
from organizations.roster import Row

CHUNK = 400
# Who keeps the roster of an organization and of those below it.
KEEPERS = {Role.ORGANIZER, Role.SYS_ADMIN}


@dataclass(slots=True)
class Register:
    """Existing rows by every name under which a roster may mean them."""

    reached: list[str] | None  # paths that the importer may write below; None: all
    organizations: dict[int, Organization] = field(default_factory=dict)
    by_code: dict[str, Organization] = field(default_factory=dict)
    by_name: dict[str, list[Organization]] = field(default_factory=dict)  # only what the importer reaches
    all_by_name: dict[str, list[Organization]] = field(default_factory=dict)
    posts: dict[int, list[Appointment]] = field(default_factory=dict)
    people_by_code: dict[str, Person] = field(default_factory=dict)
    known_names: set[str] = field(default_factory=set)
    usernames: set[str] = field(default_factory=set)
    admins: set[int] = field(default_factory=set)

    def reaches(self, organization: Organization | None) -> bool:
        """True if the importer may write at this organization."""
        if self.reached is None:
            return True
        return organization is not None and any(organization.path.startswith(path) for path in self.reached)

    def parent_of(self, organization: Organization) -> Organization | None:
        return self.organizations.get(organization.parent_id)


def load_register(rows: list[Row], by: Person | None) -> Register:
    """Load everything that the rows may refer to. ``by`` None (the command line) reaches everything."""
    reached = None if by is None else [grant.organization.path for grant in grants_of(by) if grant.role in KEEPERS]
    register = Register(reached)
    _load_organizations(register, rows)
    _load_people(register, rows)
    return register


def _load_organizations(register: Register, rows: list[Row]) -> None:
    words = {word for row in rows for word in (row.name, row.parent, row.code, row.parent_code) if word}
    for some in chunks(words):
        for organization in Organization.objects.filter(Q(code__in=some) | Q(name__in=some)):
            register.organizations[organization.pk] = organization
    above = {key for found in register.organizations.values() for key in found.lineage} - register.organizations.keys()
    named = list(register.organizations.values())
    for some in chunks(above):
        register.organizations.update(Organization.objects.in_bulk(some))
    for organization in named:
        if organization.code:
            register.by_code[organization.code] = organization
        register.all_by_name.setdefault(organization.name, []).append(organization)
        if register.reaches(organization):
            register.by_name.setdefault(organization.name, []).append(organization)
    for some in chunks(organization.pk for organization in named):
        still_held = Q(ends_on__isnull=True) | Q(ends_on__gte=timezone.localdate())
        for post in Appointment.objects.filter(still_held, organization__in=some).select_related("person"):
            register.posts.setdefault(post.organization_id, []).append(post)


def _load_people(register: Register, rows: list[Row]) -> None:
    codes = {row.employee_code for row in rows if row.employee_code}
    for some in chunks(codes):
        for person in Person.objects.filter(Q(employee_code__in=some) | Q(username__in=some)):
            register.usernames.add(person.username)
            if person.employee_code:
                register.people_by_code[person.employee_code] = person
    for some in chunks({row.secretary for row in rows if row.secretary}):
        register.known_names.update(Person.objects.filter(name__in=some).values_list("name", flat=True))
    admins = RoleGrant.objects.filter(role__in=ADMINS).values_list("person_id", flat=True)
    register.admins.update(admins)


def chunks(values: Iterable, size: int = CHUNK) -> Iterator[list]:
    """The values in lists of at most ``size``: databases limit the parameters of one query."""
    rest = list(values)
    for start in range(0, len(rest), size):
        yield rest[start : start + size]
