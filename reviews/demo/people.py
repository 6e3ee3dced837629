"""The bureau's organizations, secretaries, officers and accounts."""

from organizations.demo_accounts import DEMO_PASSWORD, demo_accounts
from organizations.models import Appointment, Organization, Person, RoleGrant
from reviews.demo import bureau


def load_bureau() -> Organization:
    """The invented city committee, its bureau and everybody in it. Returns the bureau."""
    name, kind = bureau.ROOT
    root = Organization.objects.plant(name=name, kind=kind, code="YL")
    name, kind = bureau.BUREAU
    own = Organization.objects.plant(parent=root, name=name, kind=kind, code="YL-00")
    for order, place in enumerate(bureau.PLACES, start=1):
        organization = Organization.objects.plant(
            parent=own, name=place.name, kind=place.kind, code=place.code, sort_order=order
        )
        _lead(organization, place.secretary, place.code, duty=place.duty)
        if place.kind == "general_branch":
            for sub_order, (sub_name, code, secretary) in enumerate(bureau.SUB_BRANCHES, start=1):
                branch = Organization.objects.plant(
                    parent=organization, name=sub_name, kind="branch", code=code, sort_order=sub_order
                )
                _lead(branch, secretary, code, duty="党支部书记")
    _appoint_officers(root, own)
    return own


def _lead(organization: Organization, name: str, code: str, *, duty: str) -> None:
    account, shown = bureau.SECRETARY_ACCOUNT
    username = account if code == shown else f"s-{code.lower()}"
    person = _person(username, name)
    Appointment.objects.create(person=person, organization=organization, position="secretary", duty=duty)


def _person(username: str, name: str) -> Person:
    """Only the accounts listed on the login page can log in."""
    shown = {username for _, username, _ in demo_accounts()}
    return Person.objects.create_user(username, name, DEMO_PASSWORD if username in shown else None)


def _appoint_officers(root: Organization, own: Organization) -> None:
    for role, officers in bureau.OFFICERS.items():
        for username, name in officers:
            RoleGrant.objects.create(person=_person(username, name), role=role, organization=own)
    RoleGrant.objects.create(person=_person(*bureau.SUPERIOR), role="superior", organization=root)
    for role, (username, name) in bureau.ADMINS.items():
        RoleGrant.objects.create(person=_person(username, name), role=role, organization=root)


def officer(role: str, place: int = 0) -> Person:
    """The bureau's officer for a role."""
    return Person.objects.get(username=bureau.OFFICERS[role][place][0])
