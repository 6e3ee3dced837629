"""A big box from the first cast to the recount: 10,000 ballots of 40 marks.

    python -m benchmarks.opening [--ballots 10000] [--marks 40]

On the database of DATABASE_URL, in a database of its own. Printed: how much the last thousand casts cost against the
first thousand (a box must not grow slower; both are taken against a write of one row right after each cast, so that
a machine that others use meanwhile does not count), and the seconds of closing, opening (every envelope unsealed and
counted twice) and recounting the exported package by ``recount.py``. Exits 1 beyond a limit.
"""

import argparse
import os
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from contextlib import contextmanager
from pathlib import Path
from random import Random

import django
from django.core.management import call_command
from django.db import connection

from benchmarks.cast import own_database

LIMITS = {"last thousand / first thousand": 1.25, "open": 2.0, "recount": 5.0}
BLOCK = 1000


def cast_all(slips: list[str], panel, marks: int) -> list[tuple[float, float]]:
    """Every slip's ballot, one after another: the seconds of each, and of a write of one row right after it."""
    from scoring import booth  # noqa: PLC0415 -- Django is set up by then
    from scoring.models import Lid  # noqa: PLC0415

    chance, seconds, lid = Random(1), [], Lid.objects.filter(pk=panel.box_id)
    for slip in slips:
        ballot = {number: chance.choice("44432210") for number in range(1, marks + 1)}
        begun = time.perf_counter()
        booth.cast(slip, ballot, secrets.token_bytes(32), panel=panel.pk)
        done = time.perf_counter()
        lid.update(wrong_slips=0)
        seconds.append((done - begun, time.perf_counter() - done))
    return seconds


def cost_of(part: list[tuple[float, float]]) -> float:
    """What a cast costs in writes of one row, by their medians."""
    casts, writes = (statistics.median(column) for column in zip(*part, strict=True))
    return casts / writes


@contextmanager
def timed(figures: dict, name: str):
    begun = time.perf_counter()
    yield
    figures[name] = time.perf_counter() - begun


def recount(package: bytes) -> None:
    """Run the package's own program on it, as a stranger would."""
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder, "package.zip")
        archive.write_bytes(package)
        with zipfile.ZipFile(archive) as opened:
            opened.extractall(folder)
        program = next(Path(folder).rglob("recount.py"))
        subprocess.run([sys.executable, str(program), str(program.parent)], check=True, stdout=subprocess.DEVNULL)


def measure(ballots: int, marks: int) -> dict[str, float]:
    """Figures of one box, by name."""
    from organizations.models import Person  # noqa: PLC0415
    from scoring import booth  # noqa: PLC0415
    from scoring.count import export_package  # noqa: PLC0415

    by = Person.objects.create(username="benchmark", name="基准")
    panels = [{"code": "A", "label": "全体", "eligible": ballots}]
    box = booth.draft_box(
        title="基准测评", panels=panels, entries=[{"label": f"述职人{n}"} for n in range(1, marks + 1)], by=by
    )
    booth.freeze(box, by=by)
    codes = booth.make_keys(box, 2, by=by)
    panel = box.panels.get()
    slips = booth.issue_slips(panel, ballots, by=by)
    booth.open_box(box, by=by)
    booth.sheet_for(slips[0])
    figures: dict[str, float] = {}
    with timed(figures, "cast and write"):
        seconds = cast_all(slips, panel, marks)
    first, last = (cost_of(part) for part in (seconds[:BLOCK], seconds[-BLOCK:]))
    figures["last thousand / first thousand"] = last / first
    with timed(figures, "close"):
        box = booth.close(box, by=by)
    with timed(figures, "open"):
        box = booth.unseal(box, codes, by=by)
    package = export_package(box)
    with timed(figures, "recount"):
        recount(package)
    return figures


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ballots", type=int, default=10_000)
    parser.add_argument("--marks", type=int, default=40)
    asked = parser.parse_args()
    os.environ.update(DEMO="1", DJANGO_SETTINGS_MODULE="benchmarks.settings")
    with own_database():
        django.setup()
        call_command("migrate", verbosity=0)
        figures = measure(asked.ballots, asked.marks)
        vendor = connection.vendor
        connection.close()
    print(f"{vendor}, {asked.ballots} ballots of {asked.marks} marks")
    for name, figure in figures.items():
        limit = LIMITS.get(name)
        print(f"  {name}: {figure:.2f}" + (f" (limit {limit})" if limit else ""))
    return int(any(figures[name] > limit for name, limit in LIMITS.items()))


if __name__ == "__main__":
    sys.exit(main())
