"""What every test shares: tests run without Redis, with jobs in the caller's thread, on plain static files."""

import os

import pytest
from django.db import connection
from django.db.backends.sqlite3.base import DatabaseOperations as SqliteOperations

from scoring import guards
from tests import jobs

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # the browser's event loop and the ORM share a thread


def pytest_configure(config):
    """WeasyPrint forgets to close its colour profile; every other warning is an error."""
    config.addinivalue_line("filterwarnings", r"ignore:unclosed file .*sRGB2014\.icc:ResourceWarning")


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """The test database, let go by everybody at the end: a request nobody waits for any more may still hold it."""
    yield
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("""SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid()""")


@pytest.fixture(autouse=True)
def _plain_settings(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.CELERY_TASK_ALWAYS_EAGER = True


@pytest.fixture(autouse=True, scope="session")
def _flush_past_the_guards():
    """SQLite empties a table row by row, which the guards of locked rows refuse; after it they are put in again."""
    empty = SqliteOperations.sql_flush

    def sql_flush(self, *args, **kwargs):
        drops = [f"DROP TRIGGER {name}" for name in sorted(guards.in_place(self.connection))]
        return [*drops, *empty(self, *args, **kwargs)]

    SqliteOperations.sql_flush = sql_flush
    yield
    SqliteOperations.sql_flush = empty


@pytest.fixture
def real_jobs(transactional_db, settings, tmp_path):
    """Jobs run in the background: by a Celery worker where REDIS_URL is set, else by threads of this process."""
    settings.CELERY_TASK_ALWAYS_EAGER = False
    with jobs.worker(tmp_path / "worker.log") if settings.REDIS_URL else jobs.threads():
        yield
