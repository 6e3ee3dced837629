"""Who is in the hall while it is measured: phones that vote at a pace, screens that follow, people who read pages."""

import heapq
import http.client
import random
import re
import threading
import time
from dataclasses import dataclass, field

from tests.production.meeting import MeetingStack
from tests.production.phone import Phone
from tests.production.staff import Staff

STAMP = re.compile(r'data-hall-stamp="(\w+)"')
BROKEN = (OSError, http.client.HTTPException)


@dataclass
class Heard:
    """Answers of one kind: how long each took in seconds, and what went wrong."""

    seconds: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def __iadd__(self, other: "Heard") -> "Heard":
        self.seconds += other.seconds
        self.wrong += other.wrong
        return self

    def at(self, share: float) -> float:
        """The answer time below which this share of all lies; 0 without answers."""
        ordered = sorted(self.seconds) or [0.0]
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]

    def time(self, ask, *right: int) -> http.client.HTTPResponse | int | None:
        """Ask once; anything but one of the ``right`` statuses is written down as wrong."""
        begun = time.perf_counter()
        try:
            answer = ask()
        except BROKEN as broken:
            self.wrong.append(repr(broken))
            return None
        self.seconds.append(time.perf_counter() - begun)
        status = answer[0] if isinstance(answer, tuple) else answer.status
        if status not in right:
            self.wrong.append(f"{status} {(answer[1] if isinstance(answer, tuple) else answer.body)[:150]!r}")
        return answer


class Voting:
    """Phones: each opens its sheet at its moment and puts its ballot in when its voter has thought.

    ``moments``: seconds from the start, one for each slip; ``thinks``: from and to how long, in seconds. A few hands
    serve all phones, since hardly any two move at the same moment; ``late`` is how far behind the hands ever were.
    """

    def __init__(self, stack: MeetingStack, slips: list[str], moments: list[float], *, thinks: tuple, hands: int = 60):
        self.port, self.panel, self.lines = stack.port, stack.box["panel"], len(stack.box["turns"])
        self.casts, self.arrivals, self.late, self.thinks = Heard(), Heard(), 0.0, thinks
        self._due = [(moment, slip, False) for moment, slip in zip(moments, slips, strict=True)]
        heapq.heapify(self._due)
        self._left, self._lock = len(slips), threading.Lock()
        self._threads = [threading.Thread(target=self._hand, daemon=True) for _ in range(hands)]

    def start(self) -> None:
        self.begun = time.monotonic()
        for thread in self._threads:
            thread.start()

    def join(self) -> None:
        for thread in self._threads:
            thread.join()

    def _hand(self) -> None:
        casts, arrivals = Heard(), Heard()
        while self._left:
            with self._lock:
                entry = heapq.heappop(self._due) if self._due and self._due[0][0] <= self._now() else None
            if entry is None:
                time.sleep(0.02)
                continue
            due, slip, has_sheet = entry
            late = self._now() - due
            phone = Phone(self.port, "127.0.0.1", slip, self.panel, "4" * self.lines)
            self._cast(phone, casts) if has_sheet else self._arrive(phone, arrivals)
            phone.leave()
            with self._lock:
                self.late = max(self.late, late)
                if has_sheet:
                    self._left -= 1
                else:
                    heapq.heappush(self._due, (self._now() + random.uniform(*self.thinks), slip, True))
        with self._lock:
            self.casts += casts
            self.arrivals += arrivals

    def _now(self) -> float:
        return time.monotonic() - self.begun

    @staticmethod
    def _arrive(phone: Phone, heard: Heard) -> None:
        heard.time(lambda: phone.get("/b/"), 200)
        heard.time(lambda: phone.post("/b/sheet/", {"slip": phone.slip}), 200)

    @staticmethod
    def _cast(phone: Phone, heard: Heard) -> None:
        phone.cookie = "csrftoken=" + "a" * 32
        heard.time(phone.cast, 200)


class Attached(threading.Thread):
    """Somebody who stays until told to go; ``heard`` holds his answers, ``seen`` when his picture changed."""

    comes_within = 1.0  # seconds

    def __init__(self, stack: MeetingStack, session: str):
        super().__init__(daemon=True)
        self.staff, self.campaign = Staff(stack.port, session), stack.box["campaign"]
        self.heard, self.seen, self.gone = Heard(), [], threading.Event()

    def leave(self) -> None:
        self.gone.set()
        self.join(timeout=30)
        self.staff.leave()

    def run(self) -> None:
        self.gone.wait(random.uniform(0, self.comes_within))
        while not self.gone.is_set():
            begun = time.monotonic()
            self.once()
            self.gone.wait(max(0.0, self.pause() - (time.monotonic() - begun)))


class Screen(Attached):
    """A hall screen: asks twice a second, as static/js/hall.js does."""

    stamp = ""

    def pause(self) -> float:
        return 0.5

    def once(self) -> None:
        path = f"/meetings/{self.campaign}/hall/state/?stamp={self.stamp}"
        answer = self.heard.time(lambda: self.staff.get(path), 200, 204)
        if answer is not None and answer.status == 200:
            self.stamp = STAMP.search(answer.body).group(1)
            self.seen.append(time.monotonic())


class Console(Attached):
    """A console that asks every two seconds whether anything has changed."""

    stamp = ""

    def pause(self) -> float:
        return 2.0

    def once(self) -> None:
        path = f"/meetings/{self.campaign}/floor/?stamp={self.stamp}"
        answer = self.heard.time(lambda: self.staff.get(path), 200, 204)
        if answer is not None and answer.status == 200:
            self.stamp = re.search(r"\?stamp=(\w+)", answer.body).group(1)


class Reader(Attached):
    """A member of the staff who opens one page after another."""

    comes_within = 15.0

    PAGES = (
        "/",
        "/campaigns/{}/overview/",
        "/meetings/{}/",
        "/ballots/{}/",
        "/meetings/{}/minutes/",
        "/ledger/",
    )

    def pause(self) -> float:
        return random.uniform(10, 20)

    def once(self) -> None:
        page = random.choice(self.PAGES).format(self.campaign)
        self.heard.time(lambda: self.staff.get(page), 200, 302)


class Clerk:
    """Presses pause and resume, or calls the next one; remembers when."""

    def __init__(self, stack: MeetingStack, session: str):
        self.staff, self.turns = Staff(stack.port, session), list(stack.box["turns"])
        self.heard, self.pressed, self.answered, self.is_paused = Heard(), [], [], False

    def press(self, act: str, **fields) -> None:
        self.pressed.append(time.monotonic())
        self.heard.time(lambda: self.staff.press(f"/meetings/turns/{self.turns[0]}/", act=act, **fields), 200)
        self.answered.append(time.monotonic())

    def forget(self) -> None:
        """What was pressed so far, no screen was there to follow."""
        self.pressed.clear()
        self.answered.clear()

    def pause_or_resume(self) -> None:
        self.press("resume" if self.is_paused else "pause")
        self.is_paused = not self.is_paused

    def next(self) -> None:
        if len(self.turns) > 1:
            self.press("next", upcoming=self.turns[1])
            del self.turns[0]
            self.is_paused = False


def delays(clerk: Clerk, screens: list[Attached], *, from_answer: bool = False) -> list[float]:
    """Seconds from every press to the change on every screen that followed it.

    ``from_answer``: from the moment the console itself showed it; 0 where the screen was quicker.
    """
    found = []
    for screen in screens:
        for pressed, answered in zip(clerk.pressed, clerk.answered, strict=True):
            seen = next((moment for moment in screen.seen if moment >= pressed), float("inf"))
            found.append(max(0.0, seen - (answered if from_answer else pressed)))
    return found
