"""Sessions end in time; public pages leave no mark in them."""

import time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.make import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(client):
    person = make_person("经办")
    client.force_login(person)
    return person


def set_session(client, **values) -> None:
    session = client.session
    session.update(values)
    session.save()


def test_a_request_moves_the_half_hour_on(client, clerk):
    client.get("/jobs/")
    first = client.session["last_seen"]
    set_session(client, last_seen=first - 120)

    client.get("/jobs/")

    assert client.session["last_seen"] >= first
    assert 1790 < client.session.get_expiry_age() <= 1800


def test_requests_within_a_minute_write_nothing(client, clerk):
    client.get("/jobs/")

    with CaptureQueriesContext(connection) as captured:
        client.get("/jobs/")

    assert [query["sql"] for query in captured if not query["sql"].startswith("SELECT")] == []


def test_half_a_day_after_the_login_everyone_logs_in_again(client, clerk):
    set_session(client, began=int(time.time()) - 12 * 3600 - 1)

    answer = client.get("/jobs/")

    assert answer.url == "/login/?next=/jobs/"
    assert "_auth_user_id" not in client.session


def test_half_an_hour_after_the_last_request_the_session_is_gone(client, clerk):
    client.get("/jobs/")
    session = client.session
    session.set_expiry(-1)
    session.save()

    assert client.get("/jobs/").status_code == 302


def test_the_login_page_leaves_no_mark_in_a_session(client, clerk):
    client.get("/login/")

    assert "last_seen" not in client.session


LOGIN = "/login/?next="


@pytest.mark.parametrize(
    ("referer", "back"),
    [
        ("http://testserver/reports/of/1/write/?version=2", "/reports/of/1/write/%3Fversion%3D2"),
        ("http://testserver/reports/of/1/write/", "/reports/of/1/write/"),
        ("https://elsewhere.example/trap/", "/"),
        ("", "/"),
        ("http://[broken", "/"),
    ],
)
def test_a_form_sent_after_the_session_ended_leads_back_to_its_page(client, referer, back):
    answer = client.post("/reports/of/1/submit/", headers={"Referer": referer} if referer else {})

    assert (answer.status_code, answer.url) == (302, LOGIN + back)


def test_a_part_of_a_page_asked_for_after_half_a_day_sends_the_whole_page_to_the_login(client, clerk):
    set_session(client, began=int(time.time()) - 12 * 3600 - 1)

    answer = client.get(
        "/jobs/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/campaigns/1/overview/"}
    )

    assert answer.headers["HX-Redirect"] == LOGIN + "/campaigns/1/overview/"


def test_a_page_asked_for_after_the_session_ended_is_shown_after_the_login(client):
    assert client.get("/jobs/?page=2").url == LOGIN + "/jobs/%3Fpage%3D2"


def test_the_address_of_a_form_opened_by_itself_says_so_and_leads_back(client, clerk):
    answer = client.get("/logout/")

    assert answer.status_code == 405
    assert answer.headers["Allow"] == "POST"
    assert "只接收提交的表单" in answer.text
    assert 'href="/"' in answer.text


def test_a_nul_in_what_is_sent_is_left_out_and_the_rest_is_kept(client, clerk):
    visit = {"kind": "visit", "where": "a\x00b"}

    asked = client.get("/jobs/", {"q\x00": "甲\x00乙"}).wsgi_request
    sent = client.post("/jobs/", visit | {"more": ["1", "\x00"]}).wsgi_request

    assert dict(asked.GET.lists()) == {"q": ["甲乙"]}
    assert dict(sent.POST.lists()) == {"kind": ["visit"], "where": ["ab"], "more": ["1", ""]}
