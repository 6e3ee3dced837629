"""Count 500,000 ballots of 20 marks (2,500 boxes of 200), as a ratio to the database counting them by itself.

    DEMO=1 .venv/bin/python benchmarks/tally.py [--boxes 2500] [--rounds 3]

Ours: read the ballots' strings and ``scoring.tally.count_marks`` them box by box. The bare SQL: one statement with
a filtered count for each entry and choice, grouped by box. Interleaved rounds in one run, medians; both
must give the same 350,000 numbers. Exits 1 if the ratio is over the limit or the numbers differ.
"""

import argparse
import os
import sys
import time
from itertools import groupby
from pathlib import Path
from random import Random
from statistics import median

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

import django
from django.db import connection, transaction

django.setup()

from scoring.tally import MARKS, count_marks  # noqa: E402 -- the settings come first

VOTERS, ENTRIES = 200, 20
LIMIT = 0.5  # ours takes at most half as long as the database alone (measured: 0.04 to 0.16)


def fill(boxes: int) -> None:
    """A temporary table of random ballots; it is gone when the program ends."""
    chance = Random(1)
    letters = "".join(MARKS)
    rows = (
        (box, "".join(chance.choices(letters, weights=(50, 30, 10, 4, 3, 2, 1), k=ENTRIES)))
        for box in range(boxes)
        for _ in range(VOTERS)
    )
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE bench_ballot (box integer, marks varchar({ENTRIES}))")
        if connection.vendor == "postgresql":
            with cursor.copy("COPY bench_ballot FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            cursor.execute("ANALYZE bench_ballot")
        else:
            cursor.executemany("INSERT INTO bench_ballot VALUES (%s, %s)", rows)


def count_ours() -> dict:
    """Read the strings, count them box by box."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT box, marks FROM bench_ballot ORDER BY box")
        rows = cursor.fetchall()
    return {
        box: [tuple(column[mark] for mark in MARKS) for column in count_marks([marks for _, marks in ballots], ENTRIES)]
        for box, ballots in groupby(rows, key=lambda row: row[0])
    }


def count_by_sql() -> dict:
    """The database alone: one filtered count for each entry and choice."""
    counts = ", ".join(
        f"count(*) FILTER (WHERE substr(marks, {entry + 1}, 1) = '{mark}')"
        for entry in range(ENTRIES)
        for mark in MARKS
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT box, {counts} FROM bench_ballot GROUP BY box")
        rows = cursor.fetchall()
    wide = len(MARKS)
    return {
        row[0]: [tuple(row[1 + place : 1 + place + wide]) for place in range(0, ENTRIES * wide, wide)] for row in rows
    }


def timed(act) -> tuple[float, dict]:
    begun = time.perf_counter()
    result = act()
    return time.perf_counter() - begun, result


def main() -> int:
    """Fill, count both ways in turn, print medians, ratio and limit."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--boxes", type=int, default=2500)
    arguments.add_argument("--rounds", type=int, default=3)
    asked = arguments.parse_args()
    with transaction.atomic():
        fill(asked.boxes)
    ours, sql, same = [], [], True
    for _ in range(asked.rounds):
        seconds, counted = timed(count_ours)
        ours.append(seconds)
        seconds, expected = timed(count_by_sql)
        sql.append(seconds)
        same = same and counted == expected
    ratio = median(ours) / median(sql)
    print(f"{connection.vendor}: {asked.boxes * VOTERS:,} ballots x {ENTRIES} marks, {asked.rounds} rounds, medians")
    print(f"ours {median(ours):.2f} s   bare SQL {median(sql):.2f} s   same numbers: {'yes' if same else 'NO'}")
    print(f"ratio {ratio:.2f}   limit {LIMIT:.2f}   {'ok' if same and ratio <= LIMIT else 'TOO SLOW OR WRONG'}")
    return 0 if same and ratio <= LIMIT else 1


if __name__ == "__main__":
    sys.exit(main())
