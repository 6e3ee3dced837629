"""Copied text among very many reports: how long a look-up takes, and what it finds.

    python -m benchmarks.copied                                        # SQLite, up to 250,000 reports
    python -m benchmarks.copied --sizes 1000,5000                      # small, to try it
    DATABASE_URL=postgresql://… python -m benchmarks.copied            # in databases of its own beside that one

The reports are those of ``reports.py``. Exit 1 when a limit is missed. See README.md.
"""

import argparse
import os
import shutil
import sys
import tempfile
import time
from array import array
from collections.abc import Iterator
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path
from random import Random
from statistics import median

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.settings")
os.environ.setdefault("DEMO", "1")
django.setup()

from django.db import connections, router  # noqa: E402 -- Django is set up by then

from benchmarks.reports import Language, as_text, passage, report, with_passage  # noqa: E402
from reviews.report.copying import index  # noqa: E402
from reviews.report.copying.alignment import passages  # noqa: E402
from reviews.report.copying.comparison import find_matches  # noqa: E402
from reviews.report.copying.fingerprints import fingerprints, letters_of  # noqa: E402
from reviews.report.copying.models import CommonRun, Fingerprint  # noqa: E402

SIZES = "5000,20000,80000,250000"
QUERIES = 60
ROUNDS = 3
WORKERS = 2  # processes that make the reports
# (characters planted, share of words changed, begun anywhere) -> the least share of sources to find, None: only told.
CELLS = {
    (1250, 0.1, False): None,
    (500, 0.0, False): 0.95,
    (500, 0.1, False): 0.95,
    (250, 0.0, False): 0.95,
    (250, 0.1, False): 0.85,
    (250, 0.0, True): None,
    (250, 0.1, True): 0.70,
}
FEWEST_WITH_LIMITS = 5_000  # among fewer, sentences that seven reports have are not yet everybody's
SLOWER_AT_MOST = 2.0  # look-up among the most reports against that among the fewest
CLEAN, PLANTED_IN = 5_000_000, 6_000_000  # numbers of reports that no index holds

LANGUAGE = Language()


class OneDatabase:
    """Sends the product's queries to the database that is being measured."""

    alias = "default"

    def db_for_read(self, model, **hints) -> str:
        return self.alias

    db_for_write = db_for_read


@lru_cache(maxsize=4_000)
def text_of(number: int) -> str:
    return as_text(report(LANGUAGE, number))


def read(numbers: list[int]) -> dict[int, str]:
    """What a database gives by key in the product."""
    return {number: text_of(number) for number in numbers}


def hashes_of(number: int) -> bytes:
    """The fingerprints of a report, packed: they travel between processes."""
    return array(
        "q", {each.hash for each in fingerprints(letters_of(as_text(report(LANGUAGE, number))).text)}
    ).tobytes()


def all_hashes(most: int, kept: Path | None) -> Iterator[set[int]]:
    """The fingerprints of report 0, 1, 2 …; kept in a file they need not be made again for the other database."""
    if kept and kept.exists():
        with kept.open("rb") as file:
            for _ in range(most):
                size, hashes = array("q"), array("q")
                size.fromfile(file, 1)
                hashes.fromfile(file, size[0])
                yield set(hashes)
        return
    with (
        kept.open("wb") if kept else open(os.devnull, "wb") as file,
        get_context("spawn").Pool(WORKERS) as pool,
    ):
        for packed in pool.imap(hashes_of, range(most), chunksize=100):
            hashes = array("q", packed)
            array("q", [len(hashes)]).tofile(file)
            hashes.tofile(file)
            yield set(hashes)


class Shelves:
    """One database a size, each with the product's two tables."""

    def __init__(self, sizes: list[int], folder: Path):
        self.sizes, self.folder = sizes, folder
        self.is_postgres = connections["default"].vendor == "postgresql"
        if not self.is_postgres:
            connections["default"].settings_dict["NAME"] = ":memory:"  # nobody's own data is touched
        router.routers = [OneDatabase()]
        for size in sizes:
            entry = connections["default"].settings_dict | {"NAME": self.name(size), "CONN_MAX_AGE": None}
            connections.settings[f"n{size}"] = entry

    def name(self, size: int) -> str:
        return f"copied_{size}" if self.is_postgres else str(self.folder / f"copied_{size}.sqlite3")

    def use(self, size: int) -> None:
        """From here on the product's queries go to the database of this size."""
        OneDatabase.alias = f"n{size}"

    def statement(self, sql: str) -> None:
        with connections["default"].cursor() as cursor:
            cursor.execute(sql)

    def drop(self) -> None:
        for size in self.sizes:
            connections[f"n{size}"].close()
            if self.is_postgres:
                self.statement(f"DROP DATABASE IF EXISTS {self.name(size)}")
            else:
                for ending in ("", "-wal", "-shm"):
                    Path(self.name(size) + ending).unlink(missing_ok=True)

    def begin(self, size: int, smaller: int | None) -> None:
        """The database of a size, begun with what the next smaller one holds."""
        if smaller is not None:
            connections[f"n{smaller}"].close()
        if self.is_postgres:
            self.statement(
                f"CREATE DATABASE {self.name(size)} TEMPLATE {self.name(smaller) if smaller else 'template1'}"
            )
        elif smaller:
            shutil.copy(self.name(smaller), self.name(size))
        self.use(size)
        if smaller is None:
            with connections[f"n{size}"].schema_editor() as editor:
                editor.create_model(CommonRun)
                editor.create_model(Fingerprint)

    def put(self, size: int, rows: Iterator[tuple[int, int]]) -> None:
        """Add rows of (hash, report), sorted on the way so that the trees grow in order."""
        with connections[f"n{size}"].cursor() as cursor:
            if self.is_postgres:
                cursor.execute("SET work_mem = '256MB'")
            cursor.execute("CREATE TEMPORARY TABLE coming (hash bigint, report_id bigint)")
            if self.is_postgres:
                with cursor.copy("COPY coming FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
            else:
                cursor.connection.executemany("INSERT INTO coming VALUES (?, ?)", rows)
            cursor.execute(
                f"INSERT INTO {Fingerprint._meta.db_table} (hash, report_id) SELECT hash, report_id FROM coming "
                "ORDER BY hash, report_id"
            )
            cursor.execute("DROP TABLE coming")

    def finish(self, size: int) -> None:
        index.tidy_up(reports=size)
        with connections[f"n{size}"].cursor() as cursor:
            cursor.execute("VACUUM ANALYZE" if self.is_postgres else "ANALYZE")
            if not self.is_postgres:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def megabytes(self, size: int) -> float:
        if not self.is_postgres:
            return Path(self.name(size)).stat().st_size / 1e6
        with connections[f"n{size}"].cursor() as cursor:
            cursor.execute(f"SELECT pg_total_relation_size('{Fingerprint._meta.db_table}')")
            return cursor.fetchone()[0] / 1e6


def load(shelves: Shelves, kept: Path | None) -> None:
    """Fill every size, each from the next smaller one, as an index grows over the years."""
    shelves.drop()
    coming = enumerate(all_hashes(shelves.sizes[-1], kept))
    smaller = None
    for size in shelves.sizes:
        begun = time.perf_counter()
        shelves.begin(size, smaller)
        common = set(CommonRun.objects.values_list("hash", flat=True))
        wanted = (next(coming) for _ in range(size - (smaller or 0)))
        shelves.put(size, ((each, number) for number, hashes in wanted for each in hashes - common))
        shelves.finish(size)
        print(f"  {size:>7,} reports loaded in {time.perf_counter() - begun:,.0f} s", flush=True)
        smaller = size


def planted(query: int, cell: tuple[int, float, bool], most: int) -> tuple[int, str]:
    """A report with a passage of another one, and the number of that other."""
    length, changed, anywhere = cell
    random = Random(f"{query} {cell} {most}")
    source = random.randrange(most)
    taken = passage(LANGUAGE, source, length, changed, random, anywhere=anywhere)
    return source, as_text(with_passage(report(LANGUAGE, PLANTED_IN + query), taken, random))


def recall(size: int, queries: int) -> tuple[dict, int]:
    """For every cell, how often the source comes first and above every clean report; and that height."""
    highest = 0
    for query in range(queries):
        matches = find_matches(text_of(CLEAN + query), read=read)
        highest = max(highest, matches[0].agreeing if matches else 0)
    found = {}
    for cell in CELLS:
        hits = 0
        for query in range(queries):
            source, text = planted(query, cell, size)
            matches = find_matches(text, read=read)
            hits += bool(matches) and matches[0].report_id == source and matches[0].agreeing > highest
        found[cell] = hits / queries
    return found, highest


def look_up(text: str) -> list[int]:
    """From the text to the keys of its candidates: what must not grow with the number of reports."""
    hashes = index.hashes_of(text)
    return index.candidates(hashes - index.common_among(hashes))


def times(shelves: Shelves, queries: int) -> dict[int, tuple[float, float]]:
    """Median milliseconds of the look-up alone and with the comparing, sizes in turn query by query."""
    looking: dict[int, list[float]] = {size: [] for size in shelves.sizes}
    whole: dict[int, list[float]] = {size: [] for size in shelves.sizes}
    for turn in range(ROUNDS + 1):  # the first round only warms up
        for query in range(queries):
            text = text_of(CLEAN + query)
            for size in shelves.sizes:
                shelves.use(size)
                read(look_up(text))
                begun = time.perf_counter()
                look_up(text)
                looked = time.perf_counter()
                find_matches(text, read=read)
                if turn:
                    looking[size].append((looked - begun) * 1e3)
                    whole[size].append((time.perf_counter() - looked) * 1e3)
    return {size: (median(looking[size]), median(whole[size])) for size in shelves.sizes}


def scan(sample: int) -> float:
    """Milliseconds to compare one text letter by letter with one other, made ready beforehand."""
    own = letters_of(text_of(CLEAN))
    marks = [(each.at, True) for each in fingerprints(own.text)]
    others = [letters_of(text_of(number)) for number in range(sample)]
    begun = time.perf_counter()
    for other in others:
        passages(own, other, marks)
    return (time.perf_counter() - begun) * 1e3 / sample


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--sizes", default=SIZES, help="numbers of reports, rising")
    options.add_argument("--queries", type=int, default=QUERIES, help="reports looked up in every cell")
    options.add_argument("--fingerprints", type=Path, help="file that keeps the fingerprints for the other database")
    options.add_argument("--folder", type=Path, help="where the SQLite files lie")
    options.add_argument("--loaded", action="store_true", help="measure what an earlier run with --keep has loaded")
    options.add_argument("--keep", action="store_true", help="leave the databases there")
    chosen = options.parse_args()
    sizes = [int(size) for size in chosen.sizes.split(",")]
    with tempfile.TemporaryDirectory() as scratch:
        shelves = Shelves(sizes, chosen.folder or Path(scratch))
        print(connections["default"].vendor, flush=True)
        try:
            if not chosen.loaded:
                load(shelves, chosen.fingerprints)
            return tell(shelves, chosen.queries)
        finally:
            if not chosen.keep:
                shelves.drop()
            connections.close_all()


def in_words(cell: tuple[int, float, bool]) -> str:
    length, changed, anywhere = cell
    return f"{length} ch, {changed:.0%}{' anywhere' if anywhere else ''}"


def tell(shelves: Shelves, queries: int) -> int:
    """Measure, print the tables and say what misses its limit."""
    missed = []
    cells = " | ".join(map(in_words, CELLS))
    print(f"| reports | rows a report | MB | clean at most | {cells} |")
    for size in shelves.sizes:
        shelves.use(size)
        found, highest = recall(size, queries)
        rows = Fingerprint.objects.count() / size
        shares = " | ".join(f"{share:.2f}" for share in found.values())
        print(f"| {size:,} | {rows:.0f} | {shelves.megabytes(size):,.0f} | {highest} | {shares} |", flush=True)
        missed += [
            f"{in_words(cell)} among {size:,}: {found[cell]:.2f} < {least}"
            for cell, least in CELLS.items()
            if least is not None and found[cell] < least and size >= FEWEST_WITH_LIMITS
        ]
    took = times(shelves, queries)
    one = scan(300)
    first = took[shelves.sizes[0]][0]
    print("| reports | look-up ms | of the fewest | with comparing ms | full scan s (extrapolated) | scan / look-up |")
    for size, (looking, whole) in took.items():
        seconds = one * size / 1e3
        print(
            f"| {size:,} | {looking:.1f} | {looking / first:.2f} | {whole:.1f} | {seconds:,.1f} "
            f"| {seconds * 1e3 / looking:,.0f} |"
        )
    slower = took[shelves.sizes[-1]][0] / first
    if slower > SLOWER_AT_MOST:
        missed.append(f"look-up among {shelves.sizes[-1]:,}: {slower:.2f} x that among {shelves.sizes[0]:,}")
    print("every limit is kept" if not missed else "MISSED: " + "; ".join(missed))
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
