"""People and accounts in the browser."""

import re

import pytest
from django.urls import reverse

from organizations.models import Person, Role
from tests.cast import Town, build_town
from tests.make import make_organization, make_secretary
from tests.organizations.counting import cost_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Town:
    return build_town()


def door(name: str, *args) -> str:
    return reverse(f"organizations:{name}", args=args)


@pytest.mark.parametrize(("name", "role"), [("people", Role.ORGANIZER), ("accounts", Role.SYS_ADMIN)])
def test_a_list_costs_the_same_for_one_person_or_three(client, town, name, role):
    client.force_login(town.people[role])
    asked, costs = {"q": "列表书记"}, []

    for _ in range(3):
        make_secretary(make_organization(parent=town.places["own"]), "列表书记")
        costs.append(cost_of(client, door(name), asked))

    assert costs[0] == costs[1] == costs[2]
    assert client.get(door(name), asked).content.decode().count("<tr>") == 4


def test_people_out_of_reach_are_not_shown(client, town):
    client.force_login(town.people[Role.ORGANIZER])
    outside = make_secretary(town.places["sibling"], "外面的书记")

    assert "外面的书记" not in client.get(door("people"), {"q": "书记"}).content.decode()
    assert client.get(door("person", outside.pk)).status_code == 404
    assert client.get(door("person", town.people["secretary"].pk)).status_code == 200
    assert client.get(door("person", town.people["stranger"].pk)).status_code == 404


def test_an_account_is_made_and_its_password_shown_once(client, town):
    client.force_login(town.people[Role.SYS_ADMIN])

    answer = client.post(door("create_account"), {"name": "新　人", "username": "new.one", "employee_code": ""})

    password = re.search(r'<code class="fs-4">(\w+)</code>', answer.content.decode())[1]
    person = Person.objects.get(username="new.one")
    assert (person.name, person.check_password(password)) == ("新人", True)
    assert "no-store" in answer.headers["Cache-Control"]
    assert password not in client.get(door("person", person.pk)).content.decode()


@pytest.mark.parametrize(
    "said",
    [
        {},
        {"name": "新人", "username": "有 空格"},
        {"name": "新人", "username": "cast-stranger"},
        {"name": "x" * 61, "username": "ok1"},
    ],
)
def test_a_wrong_account_form_comes_back(client, town, said):
    client.force_login(town.people[Role.SYS_ADMIN])
    before = Person.objects.count()

    assert client.post(door("create_account"), said).status_code == 422
    assert Person.objects.count() == before


def test_resetting_and_disabling_one_that_may_be_managed(client, town):
    client.force_login(town.people[Role.SYS_ADMIN])
    secretary = town.people["secretary"]

    assert "一次性密码" in client.post(door("reset_password", secretary.pk)).content.decode()
    assert client.post(door("disable_account", secretary.pk)).status_code == 302

    secretary.refresh_from_db()
    assert not secretary.is_active
    assert client.post(door("disable_account", secretary.pk)).status_code == 409


@pytest.mark.parametrize("name", ["reset_password", "disable_account"])
def test_whose_account_is_not_ones_to_manage_is_left_alone(client, town, name):
    client.force_login(town.people[Role.SYS_ADMIN])

    assert client.post(door(name, town.people[Role.SEC_ADMIN].pk)).status_code == 403
    assert client.post(door(name, town.people[Role.SYS_ADMIN].pk)).status_code == 403
    assert client.post(door(name, make_secretary(town.places["foreign"]).pk)).status_code == 404
    assert client.get(door(name, town.people["secretary"].pk)).status_code == 405


@pytest.mark.parametrize("role", [role for role in Role.values if role != Role.SYS_ADMIN] + ["secretary", "stranger"])
def test_the_account_rooms_open_for_the_system_administrator_only(client, town, role):
    client.force_login(town.people[role])

    assert client.get(door("accounts")).status_code == 403
    assert client.get(door("create_account")).status_code == 403
    assert client.post(door("reset_password", town.people["secretary"].pk)).status_code == 403
