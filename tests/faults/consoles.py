"""Two consoles fight over "next": whatever their timing, the floor moves once and the other is told in words.

Three ways, in turn: both press at the same moment; the second presses what an old page still shows; the second has
just got the new page and presses the button that changed under the finger. Afterwards nobody was skipped, nobody
was called twice, and the trail has one beginning and one end for everybody who spoke.
"""

import argparse
import re
import threading

import psycopg

from tests.production.meeting import MeetingStack
from tests.production.staff import Staff

SENTENCE = "本次点击没有生效"
SPEAKING = re.compile(r'id="turn-(\d+)"[^>]*aria-current')
UPCOMING = re.compile(r'name="upcoming" value="(\d+)"')


class Console(Staff):
    """What one console shows, and its button "next"."""

    def __init__(self, stack: MeetingStack, session: str):
        super().__init__(stack.port, session)
        self.campaign, self.shown = stack.box["campaign"], ("", "")

    def look(self) -> None:
        page = self.get(f"/meetings/{self.campaign}/").body
        self.shown = SPEAKING.search(page).group(1), UPCOMING.search(page).group(1)

    def next(self) -> tuple[int, bool]:
        """The status, and whether the sentence was there."""
        speaking, upcoming = self.shown
        answer = self.press(f"/meetings/turns/{speaking}/", act="next", upcoming=upcoming)
        return answer.status, SENTENCE in answer.body


def at_once(one: Console, other: Console) -> list[tuple[int, bool]]:
    line, answers = threading.Barrier(2), []

    def press(console: Console) -> None:
        line.wait()
        answers.append(console.next())

    threads = [threading.Thread(target=press, args=(console,)) for console in (one, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def from_an_old_page(one: Console, other: Console) -> list[tuple[int, bool]]:
    return [one.next(), other.next()]


def under_the_finger(one: Console, other: Console) -> list[tuple[int, bool]]:
    first = one.next()
    other.look()
    return [first, other.next()]


WAYS = [at_once, from_an_old_page, under_the_finger]


def consoles(asked: argparse.Namespace) -> list[str]:
    """Rounds of two consoles that press; what is wrong, in sentences."""
    rounds = asked.rounds
    with (
        MeetingStack(slips=10, speakers=rounds + 2, staff=2) as stack,
        psycopg.connect(stack.postgres.url, autocommit=True) as database,
    ):
        one, other = (Console(stack, session) for session in stack.box["sessions"])
        one.press(f"/meetings/turns/{stack.box['turns'][0]}/", act="start")
        wrong, told = [], []
        for number in range(rounds):
            _some_time_later(database)
            one.look()
            other.look()
            answers = WAYS[number % len(WAYS)](one, other)
            told += answers
            if sorted(answers) != [(200, False), (409, True)]:
                wrong.append(f"consoles, round {number + 1} ({WAYS[number % len(WAYS)].__name__}): {answers}")
        print(
            f"two consoles, {rounds} rounds: moved {told.count((200, False))}, told {told.count((409, True))}",
            flush=True,
        )
        return wrong + _floor_is_whole(database, stack.box["turns"], rounds)


def _some_time_later(database: psycopg.Connection) -> None:
    """Every speech so far began and ended a minute earlier."""
    minute = "interval '1 minute'"
    database.execute(f"UPDATE reviews_turn SET started_at = started_at - {minute}, ended_at = ended_at - {minute}")


def _floor_is_whole(database: psycopg.Connection, turns: list[int], rounds: int) -> list[str]:
    """As many spoke as the floor moved, in order; one beginning for each, one end for all but the last."""
    states = dict(database.execute("SELECT id, state FROM reviews_turn").fetchall())
    expected = ["spoken"] * rounds + ["speaking"] + ["waiting"] * (len(turns) - rounds - 1)
    found = [states[pk] for pk in turns]
    begun, ended = (
        database.execute("SELECT count(*) FROM organizations_trace WHERE act = %s", (act,)).fetchone()[0]
        for act in ("开始述职", "结束述职")
    )
    wrong = [] if found == expected else [f"consoles: the floor stands at {found}"]
    if (begun, ended) != (rounds + 1, rounds):
        wrong.append(f"consoles: {begun} beginnings and {ended} ends on the trail for {rounds + 1} speakers")
    return wrong
