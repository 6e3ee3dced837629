"""Who may: roles reach downwards, some duties exclude each other, doors open for named duties.

Three questions, each with one answer here:
* may this person enter this kind of page at all?   ``@open_to(...)`` and ``may_enter``
* does this person hold a role over this organization?   ``holds``
* which rows does a role let this person reach?   ``reach``
"""

from collections.abc import Callable, Iterable
from itertools import combinations

from django.db.models import Q

from organizations.models import Appointment, Organization, Person, Role, RoleGrant, below

EVERYONE = "everyone"  # any account that is logged in
SECRETARY = "secretary"  # whoever holds or held a leading post; not granted, appointed

ADMINS = {Role.SYS_ADMIN, Role.SEC_ADMIN, Role.AUDIT_ADMIN}  # 三员
BUSINESS = set(Role) - ADMINS
WRITING = BUSINESS - {Role.SUPERVISOR, Role.SUPERIOR}
READING = {Role.ORGANIZER, Role.APPROVER, Role.SUPERVISOR, Role.SUPERIOR}  # see a campaign whole


def _exclusive_pairs() -> set[frozenset]:
    """SECURITY 4.1: 三员 exclude each other and every business role; who supervises does not act."""
    pairs = {frozenset(pair) for pair in combinations(ADMINS, 2)}
    pairs |= {frozenset((admin, role)) for admin in ADMINS for role in BUSINESS}
    pairs |= {frozenset((Role.SUPERVISOR, role)) for role in WRITING - {Role.CUSTODIAN}}
    pairs |= {frozenset((Role.ORGANIZER, Role.APPROVER)), frozenset((Role.TELLER, Role.SCRUTINEER))}
    return pairs


EXCLUSIVE = _exclusive_pairs()


def conflicting_role(held: Iterable[str], wanted: str) -> Role | None:
    """The role already held that forbids the wanted one, if any."""
    return next((Role(role) for role in sorted(held) if frozenset((Role(role), Role(wanted))) in EXCLUSIVE), None)


def grants_of(person: Person) -> list[RoleGrant]:
    """The person's grants, read once a request (the person object lives as long as the request)."""
    if not person.is_authenticated or not person.is_active:
        return []
    if not hasattr(person, "_grants"):
        person._grants = list(RoleGrant.objects.filter(person=person).select_related("organization"))
    return person._grants


def duties_of(person: Person) -> set[str]:
    """Roles granted anywhere, plus SECRETARY for whoever leads or led an organization."""
    if not person.is_authenticated or not person.is_active:
        return set()
    if not hasattr(person, "_duties"):
        duties = {grant.role for grant in grants_of(person)}
        if Appointment.objects.filter(person=person, position__in=Appointment.LEADING).exists():
            duties.add(SECRETARY)
        person._duties = duties
    return person._duties


def leads(person: Person, organization: int) -> bool:
    """True if the person leads the organization (its key) today: 书记 or 主持工作的副书记."""
    if not hasattr(person, "_led"):
        person._led = set(Appointment.objects.led_by(person).values_list("organization", flat=True))
    return organization in person._led


def forget_duties(person: Person) -> None:
    """Read the person's rights afresh: after a grant, and under the lock of an action."""
    for name in ("_grants", "_duties", "_led"):
        person.__dict__.pop(name, None)


def holds(person: Person, role: str, organization: Organization) -> bool:
    """True if the person was granted the role for this organization or for one above it."""
    return any(grant.role == role and organization.is_under(grant.organization) for grant in grants_of(person))


def holds_any(person: Person, roles: Iterable[str], organization: Organization) -> bool:
    """True if any of the roles reaches the organization."""
    return any(holds(person, role, organization) for role in roles)


def reach(person: Person, *roles: str, field: str = "path") -> Q:
    """Rows under every organization for which the person holds one of the roles.

    ``field`` names the path column as seen from the queryset, e.g. ``organization__path``.
    """
    found = Q(pk__in=[])
    for grant in grants_of(person):
        if grant.role in roles:
            found |= below(grant.organization.path, field)
    return found


def open_to(*duties: str) -> Callable:
    """Say for whom a view opens. A view that says nothing opens for nobody (config.middleware)."""

    def mark(view):
        view.doors = frozenset(duties)
        return view

    return mark


def doors_of(view) -> frozenset:
    """What ``open_to`` said of a view."""
    return getattr(view, "doors", frozenset())


def may_enter(person: Person, doors: frozenset) -> bool:
    """True if the person has one of the duties for which a view opens."""
    if not person.is_authenticated or not doors:
        return False
    return EVERYONE in doors or bool(doors & duties_of(person))
