"""2,000 phones over ten minutes, with consoles, hall screens and 50 people of the staff at work (R7).

    python -m benchmarks.crowd [--minutes 10] [--phones 2000] [--casts-a-minute 300]

nginx, gunicorn, PostgreSQL and Redis from the files of deploy/ (two workers of eight threads). Phones arrive evenly
over the time, open their sheet, and cast some seconds later, 300 ballots a minute: where that is more than there are
phones, some serve a second voter. Two consoles, two hall screens; a clerk pauses, resumes and calls the next; 50 of
the staff open a page every 15 seconds. With fewer minutes there are as many fewer phones.

Printed: p50, p95 and p99 of every kind of answer, as ratios to the limits over all; exit 1 beyond a limit, on any
error, when ballots stored differ from ballots acknowledged, or when a screen follows its console later than a second
(p95).
"""

import argparse
import random
import sys
import threading
import time

from benchmarks.audience import Clerk, Console, Heard, Reader, Screen, Voting, delays
from tests.faults.load import stored
from tests.production.meeting import MeetingStack
from tests.production.phone import Phone

P95, P99 = 1.0, 2.5  # seconds, of all answers
LONGEST_DELAY = 1.0  # seconds, p95: from the console to the screen
SPEAKERS, CONSOLES, SCREENS, READERS = 40, 2, 2, 50


class Chair(threading.Thread):
    """The clerk at the console: pauses and resumes, and calls the next speaker, every ten seconds."""

    def __init__(self, clerk: Clerk):
        super().__init__(daemon=True)
        self.clerk, self.gone = clerk, threading.Event()

    def run(self) -> None:
        acts = [self.clerk.pause_or_resume, self.clerk.pause_or_resume, self.clerk.next]
        turn = 0
        while not self.gone.wait(10):
            acts[turn % len(acts)]()
            turn += 1

    def leave(self) -> None:
        self.gone.set()
        self.join()


def wake(stack: MeetingStack) -> None:
    """Every process has shown every page once: what a server loads after its start is not what is measured."""
    reader = Reader(stack, stack.box["sessions"][-1])
    for _ in range(4):
        for page in (*Reader.PAGES, "/meetings/{}/hall/state/", "/meetings/{}/floor/"):
            reader.staff.get(page.format(reader.campaign))
    phone = Phone(stack.port, "127.0.0.1", stack.box["slips"][0], stack.box["panel"], "")
    for _ in range(8):
        phone.arrive()
    phone.leave()
    reader.staff.leave()


def crowd(stack: MeetingStack, seconds: float) -> dict[str, Heard]:
    """Everybody at once: what each kind heard, and how long the screens took."""
    wake(stack)
    sessions = iter(stack.box["sessions"])
    clerk = Clerk(stack, next(sessions))
    clerk.press("start")
    clerk.forget()
    kinds = [(Console, CONSOLES), (Screen, SCREENS), (Reader, READERS)]
    attached = {kind.__name__: [kind(stack, next(sessions)) for _ in range(many)] for kind, many in kinds}
    everybody = [Chair(clerk), *(one for group in attached.values() for one in group)]
    slips = stack.box["slips"]
    moments = [seconds * (number + random.random()) / len(slips) for number in range(len(slips))]
    voting = Voting(stack, slips, moments, thinks=(5, 25), hands=80)
    for one in everybody:
        one.start()
    voting.start()
    voting.join()
    for one in everybody:
        one.leave()
    heard = {"cast": voting.casts, "sheet": voting.arrivals, "press": clerk.heard}
    for name, group in attached.items():
        heard[name.lower()] = Heard()
        for one in group:
            heard[name.lower()] += one.heard
    heard["press to screen"] = Heard(delays(clerk, attached["Screen"]))
    heard["console to screen"] = Heard(delays(clerk, attached["Screen"], from_answer=True))
    print(f"the phones' hands were {voting.late:.2f} s late at most")
    return heard


def judge(heard: dict[str, Heard], cast: int, in_box: int) -> list[str]:
    """Print the figures; what is wrong, in sentences."""
    from_press, delay = heard.pop("press to screen"), heard.pop("console to screen")
    whole = Heard()
    for name, kind in heard.items():
        whole += kind
        _print(name, kind)
    _print("all", whole)
    _print("press to screen", from_press)
    _print("console to screen", delay)
    print(
        f"p95 {whole.at(0.95) / P95:.2f} of its limit, p99 {whole.at(0.99) / P99:.2f} of its limit, "
        f"screens {delay.at(0.95) / LONGEST_DELAY:.2f} of theirs; {cast} ballots acknowledged, {in_box} stored"
    )
    wrong = whole.wrong[:5]
    wrong += [f"{len(whole.wrong)} errors"] if whole.wrong else []
    wrong += ["p95 beyond its limit"] if whole.at(0.95) > P95 else []
    wrong += ["p99 beyond its limit"] if whole.at(0.99) > P99 else []
    wrong += ["the screens follow too late"] if delay.at(0.95) > LONGEST_DELAY else []
    wrong += ["acknowledged and stored differ"] if cast != in_box else []
    return wrong


def _print(name: str, heard: Heard) -> None:
    figures = "  ".join(f"p{share * 100:.0f} {heard.at(share):6.3f} s" for share in (0.5, 0.95, 0.99))
    print(f"{name:>17}: {len(heard.seconds):6}  {figures}  errors {len(heard.wrong)}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--phones", type=int, default=2000, help="in ten minutes")
    parser.add_argument("--casts-a-minute", type=int, default=300)
    asked = parser.parse_args()
    ballots = int(max(asked.phones / 10, asked.casts_a_minute) * asked.minutes)
    staff = 1 + CONSOLES + SCREENS + READERS
    with MeetingStack(slips=ballots, speakers=SPEAKERS, staff=staff, more={"WEB_THREADS": "8"}) as stack:
        begun = time.monotonic()
        heard = crowd(stack, asked.minutes * 60)
        print(f"{ballots} ballots in {(time.monotonic() - begun) / 60:.1f} minutes")
        cast = len(heard["cast"].seconds) - len(heard["cast"].wrong)
        wrong = judge(heard, cast, len(stored(stack.postgres.url)[0]))
    for sentence in wrong:
        print("WRONG:", sentence)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
