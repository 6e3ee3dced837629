"""The hall screen while 200 phones vote: asking twice a second (the product) against server-sent events.

    python -m benchmarks.hall [--screens 5] [--seconds 20] [--rounds 2] [--only asking]

nginx, gunicorn, PostgreSQL and Redis from the files of deploy/ (two workers of eight threads). Each of 200 phones
opens its sheet and puts a ballot in within the seconds given; a clerk pauses and resumes a speaker. Three ways in
turn: no screen, screens that ask, screens that listen. Printed: seconds from a press to the change on a screen,
requests a second of the screens, and the casts' p50 and p99 beside those without screens.

Exit 1 unless the product's way is within a second (p95), costs the casts at most half again of their p99 (or stays
below 50 ms, where the ratio means nothing), and nobody gets an error.
"""

import argparse
import random
import statistics
import sys
import time

from benchmarks.audience import Attached, Clerk, Heard, Screen, Voting, delays
from tests.production.meeting import MeetingStack

PHONES, SPEAKERS = 200, 18
LONGEST_DELAY = 1.0  # seconds, p95: "follows within a second"
LARGEST_COST, TOO_SMALL = 1.5, 0.05  # of the casts' p99; seconds


class Listener(Attached):
    """A hall screen on server-sent events."""

    def pause(self) -> float:
        return 0.0

    def once(self) -> None:
        try:
            self.staff.connection.request("GET", f"/meetings/{self.campaign}/stream/", headers=self.staff.headers)
            answer = self.staff.connection.getresponse()
            while not self.gone.is_set():
                if answer.readline().startswith(b"data:"):
                    self.seen.append(time.monotonic())
        except OSError as broken:
            if not self.gone.is_set():
                self.heard.wrong.append(repr(broken))


WAYS = {"without": None, "asking": Screen, "listening": Listener}


def one_round(stack: MeetingStack, way: str, slips: list[str], clerk: Clerk, asked: argparse.Namespace) -> dict:
    """The phones vote once, the screens of one way attached: all that was heard."""
    kind = WAYS[way]
    screens = [kind(stack, stack.box["sessions"][n + 1]) for n in range(asked.screens)] if kind else []
    for screen in screens:
        screen.start()
    begun = time.monotonic()
    time.sleep(2)
    moments = [random.uniform(0, asked.seconds) for _ in slips]
    voting = Voting(stack, slips, moments, thinks=(2, 4))
    clerk.forget()
    voting.start()
    while time.monotonic() < voting.begun + asked.seconds:
        time.sleep(random.uniform(1.5, 2.5))
        clerk.pause_or_resume()
    voting.join()
    time.sleep(1.5)
    heard = Heard()
    for screen in screens:
        screen.leave()
        heard += screen.heard
    return {"casts": voting.casts, "arrivals": voting.arrivals, "screens": heard, "seconds": time.monotonic() - begun,
            "delays": delays(clerk, screens)}  # fmt: skip


def gather(asked: argparse.Namespace) -> dict[str, list[dict]]:
    """Every way as often as there are rounds, in turn, on the same servers."""
    ways = [way for way in WAYS if way in ("without", asked.only) or not asked.only]
    slips = PHONES * (len(ways) * asked.rounds + 1)
    more = {"DJANGO_SETTINGS_MODULE": "benchmarks.hall_settings", "WEB_THREADS": "8"}
    with MeetingStack(slips=slips, speakers=SPEAKERS, staff=asked.screens + 1, more=more) as stack:
        clerk = Clerk(stack, stack.box["sessions"][0])
        clerk.press("start")
        fresh, found = list(stack.box["slips"]), {way: [] for way in ways}
        one_round(stack, "without", fresh[:PHONES], clerk, asked)  # everything is loaded once before anything counts
        del fresh[:PHONES]
        for number in range(asked.rounds):
            for way in ways[number % len(ways) :] + ways[: number % len(ways)]:
                some, fresh = fresh[:PHONES], fresh[PHONES:]
                found[way].append(one_round(stack, way, some, clerk, asked))
        return found


def summed(rounds: list[dict], name: str) -> Heard:
    whole = Heard()
    for one in rounds:
        whole += one[name]
    return whole


def judge(way: str, rounds: list[dict], plain: float) -> list[str]:
    """Print the figures of one way; what is wrong with it, in sentences. ``plain``: p99 of casts without screens."""
    casts, screens = summed(rounds, "casts"), summed(rounds, "screens")
    asked_a_second = len(screens.seconds) / sum(one["seconds"] for one in rounds)
    waits = sorted(wait for one in rounds for wait in one["delays"]) or [0.0]
    p95, cost = waits[min(len(waits) - 1, int(len(waits) * 0.95))], casts.at(0.99) / plain
    errors = [*casts.wrong, *screens.wrong, *summed(rounds, "arrivals").wrong]
    print(f"{way:>9}: press to screen p50 {statistics.median(waits):.2f} s, p95 {p95:.2f} s; ", end="")
    print(f"{asked_a_second:.1f} requests/s; casts p50 {casts.at(0.5) * 1000:.0f} ms, ", end="")
    print(f"p99 {casts.at(0.99) * 1000:.0f} ms = {cost:.2f} of none; errors {len(errors)}")
    wrong = [f"{way}: {error}" for error in errors[:3]]
    if way == "asking":
        print(f"           delay {p95 / LONGEST_DELAY:.2f} of its limit, cost {cost / LARGEST_COST:.2f} of its limit")
        wrong += [f"{p95:.2f} s until the screen follows (limit {LONGEST_DELAY})"] if p95 > LONGEST_DELAY else []
        too_dear = casts.at(0.99) > max(TOO_SMALL, LARGEST_COST * plain)
        wrong += [f"casts p99 {cost:.2f} of none (limit {LARGEST_COST})"] if too_dear else []
    return wrong


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--screens", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--only", choices=["asking", "listening"])
    asked = parser.parse_args()
    found = gather(asked)
    plain = summed(found["without"], "casts").at(0.99)
    wrong = [sentence for way, rounds in found.items() for sentence in judge(way, rounds, plain)]
    for sentence in wrong:
        print("WRONG:", sentence)
    product = [sentence for sentence in wrong if not sentence.startswith("listening")]
    return 1 if product else 0


if __name__ == "__main__":
    sys.exit(main())
