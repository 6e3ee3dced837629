"""Roles reach downwards, some exclude each other, doors open for named duties; a closed account has none of it."""

from itertools import combinations

import pytest
from django.contrib.auth.models import AnonymousUser

from organizations import access
from organizations.models import Organization, Role
from organizations.permissions import may_create_account, may_grant, may_keep_roster, may_manage_account, may_move
from tests.cast import Town, build_town
from tests.make import make_officer

ADMINS = {Role.SYS_ADMIN, Role.SEC_ADMIN, Role.AUDIT_ADMIN}
WATCHING_ALONE = {Role.SUPERIOR, Role.CUSTODIAN}  # what a supervisor may be beside


@pytest.fixture
def town(db) -> Town:
    return build_town()


def excludes(one: Role, other: Role) -> bool:
    """SECURITY 4.1, written down a second time."""
    if {one, other} in ({Role.ORGANIZER, Role.APPROVER}, {Role.TELLER, Role.SCRUTINEER}):
        return True
    if ADMINS & {one, other}:
        return True
    return Role.SUPERVISOR in {one, other} and not WATCHING_ALONE & {one, other}


def test_the_roles_that_exclude_each_other_are_those_of_the_rules():
    expected = {frozenset(pair) for pair in combinations(Role, 2) if excludes(*pair)}

    assert expected == access.EXCLUSIVE


def test_the_role_that_stands_in_the_way_is_named():
    assert access.conflicting_role([Role.ORGANIZER], Role.APPROVER) is Role.ORGANIZER
    assert access.conflicting_role([Role.LEADER, Role.TELLER], Role.SCRUTINEER) is Role.TELLER
    assert access.conflicting_role([Role.LEADER], Role.ORGANIZER) is None
    assert access.conflicting_role([], Role.ORGANIZER) is None


@pytest.mark.parametrize("somebody", ["organizer", "secretary"])
def test_a_closed_account_has_neither_duties_nor_roles(town, somebody):
    person = town.people[somebody]
    person.is_active = False

    assert access.duties_of(person) == set()
    assert access.grants_of(person) == []


def test_nobody_who_is_not_logged_in_has_duties_or_enters():
    assert access.duties_of(AnonymousUser()) == set()
    assert access.grants_of(AnonymousUser()) == []
    assert not access.may_enter(AnonymousUser(), frozenset({access.EVERYONE}))


def test_duties_are_the_granted_roles_and_the_leading_post(town):
    assert access.duties_of(town.people["organizer"]) == {Role.ORGANIZER}
    assert access.duties_of(town.people["secretary"]) == {access.SECRETARY}
    assert access.duties_of(town.people["stranger"]) == set()


def test_a_role_reaches_downwards_and_never_up_or_aside(town):
    organizer = town.people["organizer"]

    reached = {name for name, place in town.places.items() if access.holds(organizer, Role.ORGANIZER, place)}
    rows = Organization.objects.filter(access.reach(organizer, Role.ORGANIZER))

    assert reached == {"own", "child"}
    assert set(rows) == {town.places["own"], town.places["child"]}
    assert not access.holds(organizer, Role.APPROVER, town.places["own"])
    assert not Organization.objects.filter(access.reach(organizer, Role.APPROVER)).exists()


def test_several_roles_reach_the_places_of_each(town):
    person = make_officer(Role.LEADER, town.places["own"])
    person.grants.create(role=Role.VETTER, organization=town.places["foreign"])

    both = Organization.objects.filter(access.reach(person, Role.LEADER, Role.VETTER))

    assert set(both) == {town.places["own"], town.places["child"], town.places["foreign"]}
    assert access.holds_any(person, {Role.VETTER, Role.LEADER}, town.places["foreign"])
    assert not access.holds_any(person, {Role.VETTER, Role.LEADER}, town.places["sibling"])


def test_rights_are_read_once_and_afresh_when_forgotten(town):
    secretary, place = town.people["secretary"], town.places["child"]
    assert access.duties_of(secretary) == {access.SECRETARY}
    assert access.leads(secretary, place.pk)
    secretary.grants.create(role=Role.LEADER, organization=place)
    secretary.appointments.all().delete()
    remembered = (access.duties_of(secretary), access.leads(secretary, place.pk), access.grants_of(secretary))

    access.forget_duties(secretary)

    assert remembered == ({access.SECRETARY}, True, [])
    assert access.duties_of(secretary) == {Role.LEADER}
    assert not access.leads(secretary, place.pk)


def test_a_door_opens_for_one_of_its_duties(town):
    organizer, stranger = town.people["organizer"], town.people["stranger"]

    @access.open_to(Role.ORGANIZER, Role.APPROVER)
    def view(request): ...

    assert access.doors_of(view) == {Role.ORGANIZER, Role.APPROVER}
    assert access.may_enter(organizer, access.doors_of(view))
    assert not access.may_enter(stranger, access.doors_of(view))
    assert access.may_enter(stranger, frozenset({access.EVERYONE}))
    assert not access.may_enter(organizer, access.doors_of(len))


def test_both_ends_of_a_move_are_reached_and_a_highest_organization_stays(town):
    keeper = make_officer(Role.SYS_ADMIN, town.places["parent"])
    own, child, sibling, parent = (town.places[name] for name in ("own", "child", "sibling", "parent"))

    assert may_move(keeper, child, sibling)
    assert not may_move(keeper, parent, sibling)
    assert not may_move(keeper, child, town.places["foreign"])
    assert not may_move(town.people["organizer"], own, child)
    assert not may_move(town.people["organizer"], child, sibling)


@pytest.mark.parametrize("role", Role.values)
def test_who_keeps_the_roster_and_who_makes_accounts(town, role):
    person = town.people[role]

    assert may_keep_roster(person, town.places["child"]) is (role in {Role.ORGANIZER, Role.SYS_ADMIN})
    assert may_create_account(person) is (role == Role.SYS_ADMIN)
    assert may_manage_account(person, town.people["secretary"]) is (role == Role.SYS_ADMIN)
    assert may_grant(person, town.places["child"], town.people["stranger"]) is (role == Role.SEC_ADMIN)


def test_nobody_grants_to_himself_or_beyond_his_reach(town):
    guard, stranger = town.people["sec_admin"], town.people["stranger"]

    assert not may_grant(guard, town.places["own"], guard)
    assert not may_grant(guard, town.places["sibling"], stranger)


def test_an_account_with_a_post_out_of_reach_is_not_managed(town):
    secretary = town.people["secretary"]
    secretary.appointments.create(organization=town.places["foreign"], position="member")

    assert not may_manage_account(town.people["sys_admin"], secretary)
    assert not may_manage_account(town.people["sys_admin"], town.people["sys_admin"])
    assert not may_manage_account(town.people["sys_admin"], town.people["audit_admin"])
