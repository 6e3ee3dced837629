"""Jobs for real: the threads of this process, or a Celery worker of the test's own on its own queue and database."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection

from config.celery import app
from organizations import jobs
from organizations.models import Job

PATIENCE = 90  # seconds: a busy machine starts a worker slowly
NOBODY_LISTENS = "redis://127.0.0.1:1/0"


def wait_for(job: Job, *statuses: str) -> Job:
    """The job once it has one of the statuses, or is over if none is named."""
    wanted = set(statuses) or Job.OVER
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        job.refresh_from_db()
        if job.status in wanted:
            return job
        time.sleep(0.05)
    raise AssertionError(f"the job is still {job.status}, not {wanted}")


@contextmanager
def threads() -> Iterator[None]:
    """The two threads of this process; at the end nothing runs any more."""
    yield
    if hasattr(jobs._pool, "made"):
        jobs._pool.made.shutdown(wait=True)
        del jobs._pool.made


@contextmanager
def worker(log) -> Iterator[None]:
    """``celery -A config worker`` on the test's database, files and a queue that nobody else hears."""
    queue = f"test-{os.getpid()}-{time.monotonic_ns()}"
    env = os.environ | {
        "CELERY_QUEUE": queue,
        "DATABASE_URL": _url(),
        "DJANGO_SETTINGS_MODULE": "tests.worker_settings",
        "TEST_MEDIA_ROOT": str(settings.MEDIA_ROOT),
    }
    command = [sys.executable, "-m", "celery", "-A", "config", "worker", "-Q", queue, "-c", "1", "-n", f"{queue}@%h"]
    command += ["-l", "info", "--without-gossip", "--without-mingle"]
    with log.open("wb") as told, broker(task_default_queue=queue):
        process = subprocess.Popen(command, env=env, cwd=settings.BASE_DIR, stdout=told, stderr=subprocess.STDOUT)
        try:
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@contextmanager
def broker(**conf) -> Iterator[None]:
    """The app with another broker or queue than the settings name."""
    before = {name: getattr(app.conf, name) for name in conf}
    app.conf.update(conf)
    app.__dict__.pop("amqp", None)  # it keeps its queues and its connections
    try:
        yield
    finally:
        app.conf.update(before)
        app.__dict__.pop("amqp", None)


def _url() -> str:
    """The database of this test as ``DATABASE_URL`` says it."""
    this = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite://{this['NAME']}"
    secret = f":{this['PASSWORD']}" if this["PASSWORD"] else ""
    return f"postgresql://{this['USER']}{secret}@{this['HOST']}:{this['PORT'] or 5432}/{this['NAME']}"
