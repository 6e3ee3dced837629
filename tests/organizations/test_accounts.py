"""Accounts: made and reset by the system administrator, out at once when disabled."""

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.test import Client

from organizations.accounts import close_sessions, create_account, disable_account, reset_password
from organizations.errors import Refused
from organizations.lockout import attempts_left, take_attempt
from organizations.models import Person, Role, RoleGrant, Trace
from organizations.passwords import make_one_time_password
from organizations.permissions import may_manage_account
from tests.cast import Town, build_town
from tests.make import make_officer, make_organization, make_secretary

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Town:
    return build_town()


@pytest.fixture
def admin(town) -> Person:
    return town.people[Role.SYS_ADMIN]


def test_a_new_account_opens_with_its_one_time_password_only(admin):
    person, password = create_account(username="new.one", name="新人", employee_code="E1", by=admin)

    assert person.check_password(password)
    assert person.must_change_password
    assert password not in str(Trace.objects.get(act="新建账号").facts)


def test_one_time_passwords_meet_the_rules_and_differ():
    made = {make_one_time_password() for _ in range(200)}

    assert len(made) == 200
    for password in made:
        validate_password(password)


def test_a_password_of_two_kinds_is_refused():
    with pytest.raises(ValidationError):
        validate_password("onlysmall123")


def test_account_names_and_codes_are_not_taken_twice(admin):
    create_account(username="new.one", name="新人", employee_code="E1", by=admin)

    with pytest.raises(Refused, match=r"账号“.*”已被使用"):
        create_account(username="New.One", name="又一", employee_code=None, by=admin)
    with pytest.raises(Refused, match="人员编码“E1”已被使用"):
        create_account(username="other", name="又一", employee_code="E1", by=admin)


@pytest.mark.parametrize("role", [role for role in Role.values if role != Role.SYS_ADMIN])
def test_nobody_but_the_system_administrator_makes_or_manages_accounts(town, role):
    with pytest.raises(Refused):
        create_account(username="new.one", name="新人", employee_code=None, by=town.people[role])
    with pytest.raises(Refused):
        disable_account(town.people["secretary"], by=town.people[role])

    assert Person.objects.get(pk=town.people["secretary"].pk).is_active


@pytest.mark.parametrize(
    ("who", "may"),
    [
        ("secretary", True),
        ("stranger", True),
        (Role.ORGANIZER, True),
        (Role.SYS_ADMIN, False),
        (Role.SEC_ADMIN, False),
        (Role.AUDIT_ADMIN, False),
    ],
)
def test_whose_account_the_system_administrator_manages(town, admin, who, may):
    assert may_manage_account(admin, town.people[who]) is may


def test_an_account_trusted_with_more_elsewhere_is_out_of_reach(town, admin):
    secretary = town.people["secretary"]
    RoleGrant.objects.create(person=secretary, role=Role.LEADER, organization=town.places["parent"])
    elsewhere = make_secretary(make_organization(parent=town.places["sibling"]))

    assert not may_manage_account(admin, secretary)
    assert not may_manage_account(admin, elsewhere)


def test_a_disabled_account_has_no_live_session(town, admin):
    secretary = town.people["secretary"]
    inside, other = Client(), Client()
    inside.force_login(secretary)
    other.force_login(town.people["stranger"])
    assert inside.get("/jobs/").status_code == 200

    ended = disable_account(secretary, by=admin)

    assert ended == 1
    assert inside.get("/jobs/").status_code == 302
    assert other.get("/jobs/").status_code == 200
    assert [s.get_decoded()[SESSION_KEY] for s in Session.objects.all()] == [str(town.people["stranger"].pk)]


def test_disabling_twice_is_refused(town, admin):
    disable_account(town.people["secretary"], by=admin)

    with pytest.raises(Refused, match="已经停用"):
        disable_account(town.people["secretary"], by=admin)


def test_a_reset_opens_the_lock_enables_the_account_and_ends_its_sessions(town, admin):
    secretary = town.people["secretary"]
    for _ in range(5):
        take_attempt(secretary.username)
    inside = Client()
    inside.force_login(secretary)

    password = reset_password(secretary, by=admin)

    secretary.refresh_from_db()
    assert secretary.check_password(password)
    assert secretary.must_change_password
    assert attempts_left(secretary.username) == 5
    assert inside.get("/jobs/").status_code == 302


def test_closing_sessions_of_nobody_inside_is_nothing(town):
    assert close_sessions(make_officer(Role.VETTER, town.places["own"])) == 0
