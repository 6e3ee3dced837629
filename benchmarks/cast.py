"""Ballots per second of the real cast over HTTP, as a ratio to an empty POST view in the same run.

    python -m benchmarks.cast [--voters 200] [--marks 18] [--rounds 5]

Serves the product by gunicorn on the database of DATABASE_URL (PostgreSQL or the SQLite default) in a database of
its own, sends every voter's ballot over a kept-alive connection on loopback, empty posts and casts in turn.
Stops by itself. Printed: casts per second, the ratio, p50 and p99, and the same instant: all voters at once.
"""

import argparse
import http.client
import os
import secrets
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from urllib.parse import urlencode, urlsplit

import django
import psycopg
from django.core.management import call_command
from django.db import connection

LIMITS = {"postgresql": 0.30, "sqlite": 0.38}  # of the empty view
LONGEST_P99, LONGEST_WAIT = 0.9, 1.5  # seconds: all voters at the same instant
HOST = "127.0.0.1"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


@contextmanager
def server(workers: int, threads: int):
    """gunicorn with the benchmark's settings; yields its port."""
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", "config.wsgi", "-b", f"{HOST}:{port}", "-w", str(workers)]
    command += ["--threads", str(threads), "--keep-alive", "30", "--no-control-socket", "--log-level", "warning"]
    process = subprocess.Popen(command, env={**os.environ, "DJANGO_SETTINGS_MODULE": "benchmarks.settings"})
    try:
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex((HOST, port)) == 0:
                    break
            time.sleep(0.1)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=30)


class Phone(threading.Thread):
    """One voter: fetches the page for its CSRF cookie, waits for the start, posts over the open connection."""

    def __init__(self, port: int, path: str, posts: list[dict], start: threading.Barrier):
        super().__init__(daemon=True)
        self.port, self.path, self.posts, self.start_line = port, path, posts, start
        self.seconds: list[float] = []
        self.failures: list[str] = []

    def run(self):
        connection = http.client.HTTPConnection(HOST, self.port, timeout=60)
        connection.request("GET", "/b/")
        answer = connection.getresponse()
        cookie = answer.getheader("Set-Cookie", "").split(";")[0]
        answer.read()
        headers = {
            "Cookie": cookie,
            "X-CSRFToken": cookie.partition("=")[2],
            "Accept": "application/json",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        bodies = [urlencode(fields) for fields in self.posts]
        self.start_line.wait()
        for body in bodies:
            begun = time.perf_counter()
            connection.request("POST", self.path, body, headers)
            answer = connection.getresponse()
            told = answer.read()
            self.seconds.append(time.perf_counter() - begun)
            if answer.status != 200:
                self.failures.append(f"{answer.status} {told[:200]!r}")
        connection.close()


def run_phones(port: int, path: str, posts: list[dict], phones: int) -> tuple[float, list[float], list[str]]:
    """Share the posts among phones; wall seconds from the common start, every answer's seconds, failures."""
    start = threading.Barrier(phones + 1)
    threads = [Phone(port, path, posts[n::phones], start) for n in range(phones)]
    for thread in threads:
        thread.start()
    start.wait()
    begun = time.perf_counter()
    for thread in threads:
        thread.join()
    wall = time.perf_counter() - begun
    return wall, [s for t in threads for s in t.seconds], [f for t in threads for f in t.failures]


def ballots(slips: list[str], panel: int, marks: int) -> list[dict]:
    """One filled sheet a slip, as the phone sends it."""
    return [
        {
            "slip": slip,
            "code": secrets.token_hex(13),
            "panel": panel,
            **{f"mark-{n}": str(4 - (n + i) % 4) for n in range(1, marks + 1)},
        }
        for i, slip in enumerate(slips)
    ]


def prepare_box(voters: int, marks: int) -> tuple[list[str], int]:
    """An open box with a slip for every voter: the slips and the panel's key."""
    from organizations.models import Person  # noqa: PLC0415 -- Django is set up by then
    from scoring import booth  # noqa: PLC0415

    by = Person.objects.get_or_create(username="benchmark", defaults={"name": "基准"})[0]
    panels = [{"code": "A", "label": "全体", "eligible": voters}]
    entries = [{"label": f"述职人{n}"} for n in range(1, marks + 1)]
    box = booth.draft_box(title="基准测评", panels=panels, entries=entries, by=by)
    booth.freeze(box, by=by)
    booth.make_keys(box, 2, by=by)
    panel = box.panels.get()
    slips = booth.issue_slips(panel, voters, by=by)
    booth.open_box(box, by=by)
    return slips, panel.pk


def percentile(seconds: list[float], share: float) -> float:
    return sorted(seconds)[min(len(seconds) - 1, int(len(seconds) * share))]


@contextmanager
def own_database():
    """A fresh database beside the configured one, so that no real box is ever touched."""
    url = os.environ.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        with tempfile.TemporaryDirectory() as folder:
            os.environ["DATABASE_URL"] = f"sqlite://{folder}/benchmark.sqlite3"
            yield
        return
    name = f"benchmark_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute(f"CREATE DATABASE {name}")
        os.environ["DATABASE_URL"] = urlsplit(url)._replace(path=f"/{name}").geturl()
        try:
            yield
        finally:
            owner.execute(f"DROP DATABASE {name} WITH (FORCE)")


def measure(asked: argparse.Namespace) -> tuple[list[float], list[float], list[str], float, list[float]]:
    """Ratios of the rounds, every cast's seconds, failures; then wall and seconds of all voters at once."""
    ratios, all_seconds, failures = [], [], []
    with server(asked.workers, asked.threads) as port:
        for number in range(1, asked.rounds + 1):
            posts = ballots(*prepare_box(asked.ballots, asked.marks), asked.marks)
            empty_wall, _, wrong = run_phones(port, "/empty/", posts, asked.voters)
            cast_wall, seconds, refused = run_phones(port, "/b/cast/", posts, asked.voters)
            ratios.append(empty_wall / cast_wall)
            all_seconds += seconds
            failures += wrong + refused
            print(
                f"round {number}: empty {asked.ballots / empty_wall:6.0f}/s  cast {asked.ballots / cast_wall:6.0f}/s  "
                f"ratio {ratios[-1]:.2f}  p50 {statistics.median(seconds) * 1000:.0f} ms  "
                f"p99 {percentile(seconds, 0.99) * 1000:.0f} ms",
                flush=True,
            )
        posts = ballots(*prepare_box(asked.voters, asked.marks), asked.marks)
        wall, at_once, refused = run_phones(port, "/b/cast/", posts, asked.voters)
    return ratios, all_seconds, failures + refused, wall, at_once


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--voters", type=int, default=200)
    parser.add_argument("--marks", type=int, default=18)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--ballots", type=int, default=1000, help="casts a round")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--threads", type=int, default=4)
    asked = parser.parse_args()
    os.environ.update(DEMO="1", DJANGO_SETTINGS_MODULE="benchmarks.settings")
    with own_database():
        django.setup()
        call_command("migrate", verbosity=0)
        ratios, seconds, failures, wall, at_once = measure(asked)
        vendor = connection.vendor
        connection.close()
    ratio = statistics.median(ratios)
    limit = LIMITS[vendor]
    print(
        f"{vendor}, {asked.voters} voters, {asked.marks} marks: ratio {ratio:.2f} (limit {limit:.2f}), "
        f"p99 {percentile(seconds, 0.99) * 1000:.0f} ms, failures {len(failures)}"
    )
    print(
        f"all {asked.voters} at the same instant: answered in {wall:.2f} s (limit {LONGEST_WAIT}), "
        f"p99 {percentile(at_once, 0.99):.2f} s (limit {LONGEST_P99})"
    )
    for failure in failures[:5]:
        print("  ", failure)
    in_time = wall <= LONGEST_WAIT and percentile(at_once, 0.99) <= LONGEST_P99
    return 0 if ratio >= limit and in_time and not failures else 1


if __name__ == "__main__":
    sys.exit(main())
