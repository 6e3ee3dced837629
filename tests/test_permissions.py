"""Every URL x every role x {own, parent, child, sibling, foreign} x GET and POST, against tests/permission_table.py.

No unexpected success, no URL without a row, no error 500. Each request is rolled back, so that every one meets the
same world.
"""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from organizations.models import Role
from tests.cast import build_town
from tests.permission_table import EVERYONE, TABLE
from tests.world import build_world

PEOPLE = [*Role.values, "secretary", "stranger", "anonymous"]
RELATIONS = ["own", "child", "parent", "sibling", "foreign"]
REACHED = {"own", "child"}
LET_IN = {200, 204, 286, 302, 409, 422}
KEPT_OUT = {403, 404}
ENDS_THE_SESSION = {"organizations:logout", "organizations:password", "organizations:login"}


def url_patterns(resolver=None, namespace: str = ""):
    """(name, pattern) of every URL that the resolver knows."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from url_patterns(pattern, inner)
        elif isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}", pattern


def test_every_url_has_a_row_and_every_row_an_url():
    names = sorted(name for name, _ in url_patterns())

    assert names == sorted(TABLE)


def test_every_view_says_for_whom_it_opens():
    silent = [
        name
        for name, pattern in url_patterns()
        if getattr(pattern.callback, "login_required", True) and not getattr(pattern.callback, "doors", None)
    ]

    assert silent == []


def expected_in(person: str, relation: str, kind: str, allowed: frozenset) -> bool:
    """What the table says of one request."""
    if person not in allowed:
        return False
    if kind == "":
        return relation == "own"
    if kind in {"job", "upload"} or person == "secretary":
        return relation == "own"
    return relation in REACHED


def fault(person: str, status: int, location_is_login: bool, is_let_in: bool, allowed) -> str:
    """What is wrong with an answer; "" if it is as expected."""
    if status >= 500:
        return "server error"
    if allowed is None:
        return "" if status in {403, 404, 405} or location_is_login else "method is not offered, yet answered"
    if is_let_in:
        return "" if status in LET_IN and not location_is_login else "should be let in"
    return "" if status in KEPT_OUT or location_is_login else "should be kept out"


@pytest.mark.django_db
@pytest.mark.parametrize("person", PEOPLE)
def test_every_door_opens_for_those_in_the_table_and_for_nobody_else(person):
    town = build_town()
    somebody = town.people.get(person)
    worlds = {relation: build_world(town, relation, somebody) for relation in RELATIONS}
    client = Client(raise_request_exception=False)
    if somebody:
        client.force_login(somebody)
    login = reverse("organizations:login")
    faults = []

    for name, row in TABLE.items():
        for relation in RELATIONS if row.kind else ["own"]:
            url = reverse(name, kwargs=worlds[relation].keys_of(name, row.kind))
            for method, allowed in (("get", row.get), ("post", row.post)):
                with transaction.atomic():
                    response = getattr(client, method)(url)
                    if response.streaming:
                        b"".join(response.streaming_content)  # closes the file
                    transaction.set_rollback(True)
                if somebody and name in ENDS_THE_SESSION:
                    client.force_login(somebody)
                at_login = (
                    response.status_code == 302
                    and response.url.startswith(login)
                    and (name != "organizations:logout" or not somebody)
                )
                is_let_in = allowed is not None and expected_in(person, relation, row.kind, allowed)
                if wrong := fault(person, response.status_code, at_login, is_let_in, allowed):
                    faults.append(f"{method.upper()} {name} {relation}: {response.status_code}, {wrong}")

    assert faults == [], "\n".join(faults)


def test_everyone_in_the_table_is_somebody_of_the_cast():
    named = {duty for row in TABLE.values() for allowed in (row.get, row.post) if allowed for duty in allowed}

    assert named <= EVERYONE | {"anonymous"}
