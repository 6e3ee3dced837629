"""Who may keep the roster, the accounts, the roles; who may read the trail."""

from organizations.access import ADMINS, grants_of, holds, holds_any
from organizations.models import Appointment, Organization, Person, Role
from organizations.register import KEEPERS

# Who looks at the tree and its people.
READERS = {Role.ORGANIZER, Role.APPROVER, Role.SUPERVISOR, Role.SUPERIOR, Role.SYS_ADMIN}


def may_keep_roster(person: Person, organization: Organization) -> bool:
    """Add, rename, close, appoint: an organizer or system administrator whose role reaches the organization."""
    return holds_any(person, KEEPERS, organization)


def may_move(person: Person, organization: Organization, parent: Organization) -> bool:
    """Both ends must be reached: where it stands now and where it goes. A highest organization stays."""
    places = [organization, organization.parent, parent]
    return all(place is not None and may_keep_roster(person, place) for place in places)


def may_create_account(person: Person) -> bool:
    """A system administrator."""
    return any(grant.role == Role.SYS_ADMIN for grant in grants_of(person))


def may_manage_account(person: Person, account: Person) -> bool:
    """A system administrator, for an account whose every post and role he reaches.

    Otherwise the administrator of one branch could take over, by a new password, somebody
    who is trusted with more elsewhere. Never his own account, and never another of the 三员:
    their passwords are reset on the server, by two people.
    """
    if account.pk == person.pk or not may_create_account(person):
        return False
    grants = list(account.grants.select_related("organization"))
    if any(grant.role in ADMINS for grant in grants):
        return False
    posts = Appointment.objects.filter(person=account).select_related("organization")
    places = {place.organization for place in [*grants, *posts]}
    return all(holds(person, Role.SYS_ADMIN, place) for place in places)


def may_grant(person: Person, organization: Organization, to: Person) -> bool:
    """A security administrator within his reach, never for himself (SECURITY 4.1)."""
    return person.pk != to.pk and holds(person, Role.SEC_ADMIN, organization)
