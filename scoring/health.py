"""PURE: 测评质量: how alike the ballots of one vote are, told so that no ballot can be found again.

Whole ballots exist in memory while a box is opened and never afterwards (``scoring.opening``). What is kept of
them here are two rounded shares, and each is made inexact first: a whole ballot is a fingerprint (SECURITY S12), and
an exact share, even a rounded one, beside the published counts tells in some votes that one person gave both of two
marks. The number added or taken away has no limit, though large ones are rare. So *every* set of ballots that fits
the published counts could have led to *every* pair of shares: they rule nothing out, whatever else somebody knows.
And whether one voter marked this way or that makes a share at most twice (all 好) or four times (alike) as likely.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Sequence

FEWEST_BALLOTS = 30  # in all: below, the inexactness would drown the share
FEWEST_IN_A_PANEL = 10  # a panel whose counts are withheld takes part in no figure (SECURITY 3.4)
STEP = 10  # per cent: shares are kept in whole tens
GRADED = "4321"
ALL_GOOD = {"4", "-"}  # 好 on every line but one's own

Coin = Callable[[], int]


def fair_coin() -> int:
    """0 or 1, from the system's source of chance."""
    return secrets.randbits(1)


def shares_of(piles: Iterable[Sequence[str]], coin: Coin = fair_coin) -> dict[str, int]:
    """What may be kept of the whole ballots of one vote, one pile a secret panel, each ballot one mark an entry.

    ``ballots``: how many there were; ``alike``: per cent of them that say the same on every line as another one;
    ``all_good``: per cent that say 好 on every line. Whole tens, inexact on purpose. Empty if fewer than
    ``FEWEST_BALLOTS`` came back in all, or fewer than ``FEWEST_IN_A_PANEL`` in any panel from which one came.
    """
    piles = [pile for pile in piles if pile]
    total = sum(map(len, piles))
    if total < FEWEST_BALLOTS or min(map(len, piles)) < FEWEST_IN_A_PANEL:
        return {}
    ballots = [ballot for pile in piles for ballot in pile]
    return {
        "ballots": total,
        "alike": rounded(alike(ballots) + noise(coin), total),
        "all_good": rounded(all_good(ballots) + noise(coin), total),
    }


def alike(ballots: Iterable[str]) -> int:
    """How many ballots with a grade on them have a twin that says the same on every line. One voter moves it by 2."""
    times = Counter(ballot for ballot in ballots if any(mark in GRADED for mark in ballot))
    return sum(number for number in times.values() if number > 1)


def all_good(ballots: Iterable[str]) -> int:
    """How many ballots say 好 on every line (and pass over only their voter's own). One voter moves it by 1.

    >>> all_good(["444", "4-4", "443", "40-", "---"])
    2
    """
    return sum("4" in ballot and set(ballot) <= ALL_GOOD for ballot in ballots)


def noise(coin: Coin) -> int:
    """A whole number around 0 without limit: k comes with the chance of 1/3 · 2^-|k|; 1.3 ballots off on average."""
    return _heads(coin) - _heads(coin)


def _heads(coin: Coin) -> int:
    """How often a coin shows heads before the first tails."""
    heads = 0
    while coin():
        heads += 1
    return heads


def rounded(count: int, total: int) -> int:
    """A count as per cent of the total in whole tens, half up, kept between 0 and 100.

    >>> [rounded(count, 30) for count in (-4, 0, 1, 2, 17, 29, 40)]
    [0, 0, 0, 10, 60, 100, 100]
    """
    return min(100, max(0, (200 * count + STEP * total) // (2 * STEP * total) * STEP))
