"""Makers of ballot boxes, and many voters at once."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from random import Random
from threading import Barrier, BoundedSemaphore, Thread

from django.db import connection, connections

from organizations.models import Person
from scoring import booth, paper
from scoring.models import Box

NUMBER = count(1)
# The full figures of SECURITY.md: RACE_ROUNDS=50 for I1, 100 for I5. Each round is a whole race by itself.
ROUNDS = int(os.environ.get("RACE_ROUNDS", "3"))
# 200 threads start at one barrier; so many of them hold a connection at a time (PostgreSQL allows 100 in all).
CONNECTIONS = int(os.environ.get("RACE_CONNECTIONS", "40"))


@dataclass
class Filled:
    """A box and what only people have: the slips by panel, and the custodians' codes."""

    box: Box
    slips: dict[str, list[str]]
    codes: list[str]
    by: Person

    def panel(self, code: str = "A"):
        return self.box.panels.get(code=code)

    def fresh(self) -> Box:
        return Box.objects.get(pk=self.box.pk)


def make_clerk() -> Person:
    return Person.objects.create_user(username=f"clerk{next(NUMBER)}", name="经办甲")


def make_draft(panels: dict[str, int] | None = None, entries: int = 3, *, by: Person | None = None, **fields) -> Box:
    """A box in DRAFT; ``panels``: code -> how many are eligible."""
    each = fields.pop("each_panel", {})
    rows = [
        {"code": code, "label": f"{code}票", "eligible": eligible} | each
        for code, eligible in (panels or {"A": 10}).items()
    ]
    lines = [{"label": f"第{number}支部书记"} for number in range(1, entries + 1)]
    fields.setdefault("title", f"测评{next(NUMBER)}")
    return booth.draft_box(panels=rows, entries=lines, by=by or make_clerk(), **fields)


def make_frozen(panels: dict[str, int] | None = None, entries: int = 3, *, custodians: int = 2, **fields) -> Filled:
    """A box with keys and a slip for everybody, one step before it opens.

    ``sheets``: panel code -> paper ballots; so many slips fewer are made where the roll and its spare need it.
    """
    by, sheets = fields.pop("by", None) or make_clerk(), fields.pop("sheets", {})
    box = booth.freeze(make_draft(panels, entries, by=by, **fields), by=by)
    codes = booth.make_keys(box, custodians, by=by)
    slips = {}
    for panel in box.panels.all():
        if on_paper := sheets.get(panel.code, 0):
            booth.issue_paper(panel, on_paper, by=by)
        many = min(panel.eligible, panel.slip_limit - on_paper)
        slips[panel.code] = booth.issue_slips(panel, many, by=by) if many else []
    return Filled(Box.objects.get(pk=box.pk), slips, codes, by)


def make_open(panels: dict[str, int] | None = None, entries: int = 3, **fields) -> Filled:
    """A box in which everybody has a slip and nobody has voted."""
    filled = make_frozen(panels, entries, **fields)
    filled.box = booth.open_box(filled.box, by=filled.by)
    return filled


def make_opened(panels: dict[str, int] | None = None, entries: int = 3, *, ballots=None, **fields) -> Filled:
    """A box voted in by everybody, closed and opened. ``ballots``: panel code -> ballots; else all 好."""
    filled = make_open(panels, entries, **fields)
    for code, slips in filled.slips.items():
        for slip, ballot in zip(slips, (ballots or {}).get(code, ["4" * entries] * len(slips)), strict=False):
            vote(slip, ballot)
    booth.close(filled.box, by=filled.by)
    filled.box = booth.unseal(filled.box, filled.codes[:2], by=filled.by)
    return filled


def key_in(filled: Filled, first: list[str], second: list[str] | None = None, code: str = "A", exchanged: int = 0):
    """A batch keyed by two tellers, before the scrutineer. ``second``: what the other one read, if it differs."""
    tellers = make_clerk(), make_clerk()
    batch = paper.begin_batch(filled.panel(code), sheets=len(first), exchanged=exchanged, by=tellers[0])
    for teller, reading in zip(tellers, (first, second or first), strict=True):
        for position, ballot in enumerate(reading, start=1):
            paper.key_sheet(batch, position, ballot, by=teller)
        batch = paper.finish_reading(batch, by=teller)
    return batch


def put_in(filled: Filled, ballots: list[str], code: str = "A", exchanged: int = 0) -> Box:
    """Paper keyed by two tellers without a slip and accepted by a scrutineer."""
    return paper.accept_batch(key_in(filled, ballots, code=code, exchanged=exchanged), by=make_clerk())


def marks_of(ballot: str) -> dict[int, str]:
    return dict(enumerate(ballot, start=1))


def new_receipt() -> bytes:
    return booth.receipt_of(f"phone-{next(NUMBER)}-{os.urandom(4).hex()}")


def vote(slip: str, ballot: str = "444", receipt: bytes | None = None, panel: int | None = None) -> str:
    return booth.cast(slip, marks_of(ballot), receipt or new_receipt(), panel=panel)


def panel_named(filled: Filled, way: str) -> int | None:
    """What the sheet names: the panel, once a sheet was shown ("short" way), or nothing ("long" way)."""
    if way == "long":
        return None
    booth.sheet_for(filled.slips["A"][0])
    return filled.panel().pk


def random_ballots(chance: Random, many: int, entries: int, choices: str = "43210") -> list[str]:
    return ["".join(chance.choices(choices, k=entries)) for _ in range(many)]


def at_once(acts: list[Callable]) -> list:
    """Run every act in a thread of its own, all let go at the same moment. Gives results; a raised error is one."""
    barrier, turn = Barrier(len(acts)), BoundedSemaphore(CONNECTIONS)
    results: list = [None] * len(acts)

    def run(place: int, act: Callable) -> None:
        barrier.wait()
        with turn:
            try:
                results[place] = act()
            except Exception as error:
                results[place] = error
            finally:
                connections.close_all()

    threads = [Thread(target=run, args=each) for each in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def rows_of(sql: str, *params) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()
