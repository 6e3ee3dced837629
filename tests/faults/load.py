"""Voters who vote all at once while something breaks, and the judgement of what became of their ballots."""

import http.client
import json
import re
import sqlite3
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from urllib.parse import urlsplit

import psycopg

from scoring.sealing import receipt_of
from tests.production.phone import Phone

CHINESE = re.compile(r"[\u4e00-\u9fff]{4}")
PATIENCE = 60  # seconds until a phone gives up


@dataclass
class Outcome:
    """What the voters know: by slip, the code under which it was sent, and whether it was acknowledged."""

    codes: dict[str, str] = field(default_factory=dict)
    acked: set[str] = field(default_factory=set)
    unanswered: int = 0  # connections that broke
    told: dict[int, int] = field(default_factory=dict)  # HTTP status -> how often
    speechless: list[str] = field(default_factory=list)  # answers without a sentence a voter can read


def sentence_in(body: bytes) -> bool:
    text = body.decode(errors="replace")
    with suppress(ValueError):
        text = str(json.loads(text))
    return bool(CHINESE.search(text))


class Voters:
    """``phones`` threads that take slips and cast each of them once, or ``until_acked``."""

    def __init__(self, port: int, panel: int, lines: int, *, phones: int = 12):
        self.port, self.panel, self.lines, self.phones = port, panel, lines, phones
        self.outcome, self.lock = Outcome(), threading.Lock()

    def vote(self, slips: list[str], *, until_acked: bool = False, during=lambda: None) -> Outcome:
        """Let all slips be cast; ``during`` runs beside it in the caller's thread."""
        waiting: SimpleQueue[str] = SimpleQueue()
        for slip in slips:
            waiting.put(slip)
        threads = [threading.Thread(target=self._run, args=(waiting, until_acked)) for _ in range(self.phones)]
        for thread in threads:
            thread.start()
        during()
        for thread in threads:
            thread.join()
        return self.outcome

    def _run(self, waiting: SimpleQueue, until_acked: bool) -> None:
        while True:
            try:
                slip = waiting.get_nowait()
            except Empty:
                return
            end = time.monotonic() + PATIENCE
            while not self._try(slip) and until_acked and time.monotonic() < end:
                time.sleep(0.1)

    def _try(self, slip: str) -> bool:
        """One attempt; True if it was acknowledged. The code is made before anything is sent (I4)."""
        phone = Phone(self.port, "127.0.0.1", slip, self.panel, "4" * self.lines)
        with self.lock:
            phone.code = self.outcome.codes.setdefault(slip, phone.code)
        phone.cookie = "csrftoken=" + "a" * 32
        try:
            status, body = phone.cast()
        except (OSError, http.client.HTTPException):
            with self.lock:
                self.outcome.unanswered += 1
            time.sleep(0.05)
            return False
        finally:
            phone.leave()
        with self.lock:
            self.outcome.told[status] = self.outcome.told.get(status, 0) + 1
            if status == 200:
                self.outcome.acked.add(slip)
            elif not sentence_in(body):
                self.outcome.speechless.append(f"{status} {body[:200]!r}")
        if status != 200:
            time.sleep(0.05)
        return status == 200


def stored(url: str) -> tuple[set[bytes], int]:
    """What lies in the database: the receipts of all envelopes, and how many slips are spent."""
    questions = "SELECT receipt FROM scoring_envelope", "SELECT count(*) FROM scoring_token WHERE state = 'spent'"
    if url.startswith("sqlite"):
        with sqlite3.connect(urlsplit(url).path) as database:
            receipts, spent = (database.execute(question).fetchall() for question in questions)
    else:
        with psycopg.connect(url) as database:
            receipts, spent = (database.execute(question).fetchall() for question in questions)
    return {bytes(receipt) for (receipt,) in receipts}, spent[0][0]


def judge(url: str, outcome: Outcome) -> list[str]:
    """What is wrong, in sentences; an empty list if nothing is.

    acknowledged <= stored, stored - acknowledged <= sent without an answer, spent slips == envelopes, and nobody is
    told of a fault of ours (500) where a server was out of reach (502, 503).
    """
    in_box, spent = stored(url)
    acked = {receipt_of(outcome.codes[slip]) for slip in outcome.acked}
    sent = {receipt_of(code) for code in outcome.codes.values()}
    wrong = []
    if lost := acked - in_box:
        wrong.append(f"{len(lost)} acknowledged ballots are not in the box")
    if foreign := in_box - sent:
        wrong.append(f"{len(foreign)} ballots in the box were never sent")
    if spent != len(in_box):
        wrong.append(f"{spent} slips are spent but {len(in_box)} ballots lie in the box")
    if faults := outcome.told.get(500):
        wrong.append(f"{faults} were told of a fault of ours")
    if outcome.speechless:
        wrong.append(f"{len(outcome.speechless)} answers without a sentence, such as {outcome.speechless[0]}")
    return wrong
