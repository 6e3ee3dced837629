"""Whoever owns the database, or broke into it: he writes past the guards of the locked rows."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from scoring import guards


@contextmanager
def as_owner() -> Iterator[None]:
    """Inside, nothing refuses to change a locked row."""
    if connection.vendor == "sqlite":
        guards.take_out(connection)
        yield
        guards.put_in(connection)
        return
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = DEFAULT")
