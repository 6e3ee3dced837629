"""Where nobody did wrong the answer says so: what will pass is told with 503, a fault of ours with 500."""

import errno

import pytest
from django.db import InterfaceError, OperationalError, ProgrammingError, connections
from django.db.backends.sqlite3.base import DatabaseWrapper
from django.test import Client, RequestFactory

from config.failures import broken


def unreachable(*_):
    """Ask a database whose file cannot be opened."""
    there = {**connections.settings["default"], "NAME": "/no/such/folder/db.sqlite3", "OPTIONS": {}}
    DatabaseWrapper(there, alias="unreachable").ensure_connection()


def answer_to(fault: Exception):
    try:
        raise fault
    except type(fault):
        return broken(RequestFactory().get("/"))


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/", "/campaigns/", "/ledger/"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_database_out_of_reach_is_told_in_words_with_503(monkeypatch, method, address):
    monkeypatch.setattr("django.contrib.sessions.backends.db.SessionStore.load", unreachable)
    client = Client(raise_request_exception=False)
    client.cookies["sessionid"] = "a" * 32

    answer = getattr(client, method)(address)

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert "没有生效就再做一次" in answer.text


@pytest.mark.parametrize(
    "passing", [OperationalError("database or disk is full"), InterfaceError("closed"), OSError(errno.ENOSPC, "full")]
)
def test_what_will_pass_is_told_as_that(passing):
    assert answer_to(passing).status_code == 503


@pytest.mark.parametrize("ours", [ProgrammingError("no such column"), OSError(errno.EACCES, "no"), KeyError("x")])
def test_a_fault_of_ours_is_told_as_ours(ours):
    answer = answer_to(ours)

    assert answer.status_code == 500
    assert "这是系统的问题" in answer.text
