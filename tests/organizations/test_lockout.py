"""The count of wrong passwords cannot be outrun."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from organizations.lockout import attempts_left, forgive, locked_minutes, take_attempt


def _attempt(_) -> bool:
    try:
        return take_attempt("Clerk") is not None
    finally:
        connections.close_all()


@pytest.mark.django_db(transaction=True)
def test_of_many_tries_at_once_no_more_than_five_are_looked_at():
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(_attempt, range(24)))

    assert 1 <= sum(taken) <= 5


@pytest.mark.django_db
def test_the_account_name_counts_however_it_is_written():
    for username in ("clerk", "CLERK", " Clerk ", "clerK", "cLerk"):
        take_attempt(username)

    assert locked_minutes("clerk") == 15
    assert attempts_left("clerk") == 0
    assert locked_minutes("other") == 0

    forgive("Clerk")

    assert attempts_left("clerk") == 5
