"""Break things for real while people vote, and count afterwards (SECURITY I3, I5, R1, R3, R4).

    python -m tests.faults [web postgres redis disk clock] [--rounds 20] [--ballots 60]

Every fault runs on servers of its own (tests/production/stack.py); the machine's own are never touched. After each
round: every acknowledged ballot is stored, everything stored was sent, spent slips == ballots, and no answer was
without a sentence. Then whoever got no answer sends again with the same slip and code, and must end on a receipt.
Exit 0 only if all of it held. ``disk`` mounts a small tmpfs and so needs root.
"""

import argparse
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from tests.faults.consoles import consoles
from tests.faults.load import Outcome, Voters, judge, stored
from tests.production.stack import Stack, children_of, environment, gunicorn, nginx, open_box, own_folder, redis, stop

LINES = 10
DISK_MEGABYTES = 48


def report(what: str, url: str, outcome: Outcome) -> list[str]:
    """Print one round's figures; gives what is wrong."""
    wrong = judge(url, outcome)
    in_box = len(stored(url)[0])
    unknown = len(outcome.codes) - len(outcome.acked)
    print(
        f"{what}: acknowledged {len(outcome.acked)}, stored {in_box}, without an answer that counts {unknown} "
        f"(of these stored {in_box - len(outcome.acked)}), broken connections {outcome.unanswered}, "
        f"answers {dict(sorted(outcome.told.items()))}  {'OK' if not wrong else '; '.join(wrong)}",
        flush=True,
    )
    return wrong


def leaks(stack: Stack) -> list[str]:
    """The logs of what broke hold no slip, whole or hashed (S4)."""
    logs = [stack.folder / "gunicorn.log", stack.postgres.log, *(stack.folder / "logs").iterdir()]
    text = b"".join(path.read_bytes().lower() for path in logs)
    words = [slip.lower() for slip in stack.box["slips"]] + stack.box["macs"]
    found = sum(word.encode() in text for word in words)
    print(f"logs: {len(text)} bytes in {len(logs)} files, {found} of {len(words)} slips and hashes found")
    return [f"{found} slips or hashes of slips stand in the logs"] if found else []


def rounds_of(
    what: str, port: int, url: str, box: dict, asked: argparse.Namespace, fault: Callable[[], None]
) -> list[str]:
    """Rounds of votes, each with the fault at a random moment; afterwards everybody has a receipt."""
    voters, wrong = Voters(port, box["panel"], LINES), []
    slips = box["slips"]
    for number in range(asked.rounds):
        some = slips[number * asked.ballots : (number + 1) * asked.ballots]

        def strike():
            time.sleep(random.uniform(0, 0.25))
            fault()

        outcome = voters.vote(some, during=strike)
        wrong += report(f"{what} {number + 1}", url, outcome)
        again = [slip for slip in some if slip not in outcome.acked]
        voters.vote(again, until_acked=True)
    wrong += report(f"{what}, all sent again", url, voters.outcome)
    used = asked.rounds * asked.ballots
    if len(voters.outcome.acked) != used or len(stored(url)[0]) != used:
        wrong.append(f"{what}: {used} slips, {len(voters.outcome.acked)} receipts, {len(stored(url)[0])} ballots")
    return wrong


def web(asked: argparse.Namespace) -> list[str]:
    """kill -9 of a gunicorn worker while people vote."""
    with Stack(slips=asked.rounds * asked.ballots, lines=LINES) as stack:

        def kill_one():
            os.kill(random.choice(children_of(stack.web.pid)), signal.SIGKILL)

        return rounds_of("kill -9 web", stack.port, stack.postgres.url, stack.box, asked, kill_one) + leaks(stack)


def postgres(asked: argparse.Namespace) -> list[str]:
    """kill -9 of the postmaster while people vote, and its start again."""
    with Stack(slips=asked.rounds * asked.ballots, lines=LINES) as stack:
        down = []

        def kill_and_start():
            begun = time.monotonic()
            stack.postgres.kill()
            stack.postgres.start()
            down.append(time.monotonic() - begun)

        wrong = rounds_of("kill -9 PostgreSQL", stack.port, stack.postgres.url, stack.box, asked, kill_and_start)
        print(f"PostgreSQL answered again after {max(down):.1f} s at most")
        return wrong + leaks(stack)


def redis_stopped(asked: argparse.Namespace) -> list[str]:
    """Redis is gone: voting does not notice."""
    with Stack(slips=asked.ballots, lines=LINES) as stack:
        stop(stack.redis, signal.SIGKILL)
        voters = Voters(stack.port, stack.box["panel"], LINES)
        outcome = voters.vote(stack.box["slips"])
        wrong = report("Redis stopped", stack.postgres.url, outcome)
        if len(outcome.acked) != asked.ballots:
            wrong.append(f"Redis stopped: only {len(outcome.acked)} of {asked.ballots} were accepted")
        return wrong


@contextmanager
def small_disk(folder: Path):
    """A disk of DISK_MEGABYTES. Raises CalledProcessError without the right to mount."""
    disk = folder / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_MEGABYTES}m", "tmpfs", str(disk)], check=True)
    try:
        yield disk
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def disk_full(asked: argparse.Namespace) -> list[str]:
    """The disk under the SQLite file is full and later has room again; nothing is repaired by hand."""
    with own_folder() as folder, small_disk(folder) as disk, redis(folder) as (redis_url, _, _):
        env = environment(f"sqlite://{disk}/votes.sqlite3", redis_url)
        box = open_box(env, asked.ballots * 3, LINES)
        with gunicorn(folder, env), nginx(folder) as port:
            return _votes_on(port, env["DATABASE_URL"], box, asked.ballots, disk / "filler")


def fill(url: str, filler: Path) -> None:
    """Leave no byte free, and nothing of the write-ahead log to be written over."""
    with closing(sqlite3.connect(urlsplit(url).path, timeout=10)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with suppress(OSError), filler.open("wb", buffering=0) as file:
        while file.write(b"\0" * 4096):
            pass


def _votes_on(port: int, url: str, box: dict, each: int, filler: Path) -> list[str]:
    slips, voters = box["slips"], Voters(port, box["panel"], LINES, phones=4)
    wrong = report("room on the disk", url, voters.vote(slips[:each]))
    fill(url, filler)
    before = len(voters.outcome.acked)
    voters.vote(slips[each : 2 * each])
    refused = each - (len(voters.outcome.acked) - before)
    filler.unlink(missing_ok=True)
    wrong += report(f"disk full, {refused} of {each} refused", url, voters.outcome)
    if not refused:
        wrong.append("the disk never got full: nothing was shown")
    outcome = voters.vote(slips[each:], until_acked=True)
    wrong += report("room again, all sent again", url, outcome)
    if len(outcome.acked) != len(slips):
        wrong.append(f"room again: {len(outcome.acked)} of {len(slips)} have a receipt")
    return wrong


def clock_moved(asked: argparse.Namespace) -> list[str]:
    """The clock a day ahead, then a day back: the state of the box decides, never the time."""
    wrong, each = [], asked.ballots
    with Stack(slips=each * 3, lines=LINES) as stack:
        url, voters = stack.postgres.url, Voters(stack.port, stack.box["panel"], LINES)
        for number, hours in enumerate((24, -24)):
            stop(stack.web)
            (stack.folder / "gunicorn.sock").unlink(missing_ok=True)
            shifted = {
                **stack.env, "DJANGO_SETTINGS_MODULE": "tests.faults.clock", "CLOCK_SHIFT_HOURS": str(hours)
            }  # fmt: skip
            with gunicorn(stack.folder, shifted):
                slips = stack.box["slips"][number * each : (number + 1) * each]
                wrong += report(f"clock {hours:+} h, box open", url, voters.vote(slips))
                if hours < 0:
                    subprocess.run([sys.executable, "-m", "tests.production.box", "close"], env=shifted, check=True)
                    voters.vote(stack.box["slips"][2 * each :])
        wrong += report("clock -24 h, box closed", url, voters.outcome)
        if len(voters.outcome.acked) != 2 * each:
            wrong.append(f"clock: {len(voters.outcome.acked)} accepted where {2 * each} came while the box was open")
    return wrong


FAULTS = {"web": web, "postgres": postgres, "redis": redis_stopped, "disk": disk_full, "clock": clock_moved}
FAULTS["consoles"] = consoles


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("faults", nargs="*", metavar="fault", help=" ".join(FAULTS))
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--ballots", type=int, default=100, help="a round")
    asked = parser.parse_args()
    if unknown := set(asked.faults) - set(FAULTS):
        parser.error(f"no such fault: {', '.join(sorted(unknown))}")
    wrong = []
    for name in asked.faults or FAULTS:
        wrong += FAULTS[name](asked)
    for sentence in wrong:
        print("WRONG:", sentence)
    print("all held" if not wrong else f"{len(wrong)} did not hold")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
