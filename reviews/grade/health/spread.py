"""PURE: how far the panels of one vote lie apart, out of counts that may be shown anyway."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

GRADES = ("good", "fairly_good", "average", "poor")


@dataclass(frozen=True, slots=True)
class Spread:
    """One panel over all secretaries: the lowest, middle and highest share of 好, in whole per cent rounded down."""

    code: str
    lowest: int
    middle: int
    highest: int
    all_good: int  # secretaries whom the whole panel rated 好

    @property
    def range(self) -> int:
        """Percentage points between the lowest and the highest."""
        return self.highest - self.lowest


def spreads_of(standings: Iterable[Mapping]) -> list[Spread]:
    """One spread a panel, in the panels' order; panels without a valid vote are left out.

    >>> spreads_of([{"panels": {"A": {"good": 9, "fairly_good": 1, "average": 0, "poor": 0}}}])
    [Spread(code='A', lowest=90, middle=90, highest=90, all_good=0)]
    """
    shares: dict[str, list[int]] = {}
    for standing in standings:
        for code, panel in standing["panels"].items():
            if (share := _share(panel)) is not None:
                shares.setdefault(code, []).append(share)
    return [_spread(code, sorted(found)) for code, found in shares.items()]


def widest_gap(standings: Iterable[Mapping]) -> int:
    """The most percentage points by which two panels differ over one and the same secretary; 0 with one panel."""
    gaps = [0]
    for standing in standings:
        shares = [share for panel in standing["panels"].values() if (share := _share(panel)) is not None]
        gaps += [max(shares) - min(shares)] if shares else []
    return max(gaps)


def _share(panel: Mapping[str, int]) -> int | None:
    expressed = sum(panel[grade] for grade in GRADES)
    return panel["good"] * 100 // expressed if expressed else None


def _spread(code: str, shares: list[int]) -> Spread:
    return Spread(code, shares[0], shares[len(shares) // 2], shares[-1], shares.count(100))
