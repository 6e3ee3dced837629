"""PURE: which cells a set of published facts determines. A cell is determined if one whole number alone fits it.

Cells are counts: whole numbers from 0 up. A fact says that a sum of cells, each times an exact number, lies between
two bounds. The answer is exact: bounds are tightened until nothing moves, and what is left is searched through.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor, lcm

Cell = Hashable
MOST = 1_000  # ballots of a panel
Bounds = dict[Cell, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Known:
    """``low <= sum of times * cell <= high``, in whole numbers; ``high`` None = no upper bound."""

    times: tuple[tuple[Cell, int], ...]
    low: int
    high: int | None


def exactly(times: Mapping[Cell, object], value: object) -> Known:
    """The sum is this number."""
    return between(times, value, value)


def between(times: Mapping[Cell, object], low: object, high: object | None) -> Known:
    """The sum lies between two numbers, both allowed. All is made whole: nothing is lost, for cells are whole."""
    sides = {cell: Fraction(each) for cell, each in times.items()}
    scale = lcm(*(side.denominator for side in sides.values()))
    whole = tuple((cell, int(side * scale)) for cell, side in sides.items())
    return Known(whole, ceil(Fraction(low) * scale), None if high is None else floor(Fraction(high) * scale))


def determined(facts: Iterable[Known], most: int = MOST) -> dict[Cell, int]:
    """Every cell that the facts leave one value only, with that value. ``most``: no count is larger.

    Raises ValueError if nothing fits the facts: then they were read wrongly.

    >>> determined([exactly({"good": 1, "poor": 1}, 5), exactly({"good": 1}, 3)], most=5)
    {'good': 3, 'poor': 2}
    >>> determined([exactly({"good": 1, "poor": 1}, 5)], most=5)
    {}
    """
    found: dict[Cell, int] = {}
    for part in _parts(set(facts)):
        found.update(_determined(part, most))
    return found


def _parts(facts: set[Known]) -> list[frozenset[Known]]:
    """Facts that share no cell with each other are solved apart."""
    parts: list[tuple[set[Cell], set[Known]]] = []
    for fact in facts:
        cells, together = {cell for cell, _ in fact.times}, {fact}
        for part in [part for part in parts if part[0] & cells]:
            parts.remove(part)
            cells |= part[0]
            together |= part[1]
        parts.append((cells, together))
    return [frozenset(together) for _, together in parts]


@lru_cache(maxsize=100_000)
def _determined(facts: frozenset[Known], most: int) -> tuple[tuple[Cell, int], ...]:
    facts = sorted(facts, key=repr)
    cells = dict.fromkeys(cell for fact in facts for cell, _ in fact.times)
    start = _tightened(dict.fromkeys(cells, (0, most)), facts)
    first = start and _fitting(start, facts)
    if not first:
        raise ValueError("no counts fit these facts")
    open_cells = {cell for cell, (low, high) in start.items() if low < high}
    for cell in sorted(open_cells, key=repr):
        if cell in open_cells:
            open_cells -= _free(cell, first, start, facts)
    return tuple(
        (cell, value) for cell, value in first.items() if start[cell][0] == start[cell][1] or cell in open_cells
    )


def _free(cell: Cell, first: dict[Cell, int], start: Bounds, facts: list[Known]) -> set[Cell]:
    """The cells that differ between the first solution and another one in which this cell differs."""
    low, high = start[cell]
    for bounds in ((low, first[cell] - 1), (first[cell] + 1, high)):
        if bounds[0] <= bounds[1]:
            narrowed = _tightened(start | {cell: bounds}, facts)
            other = narrowed and _fitting(narrowed, facts)
            if other:
                return {each for each in other if other[each] != first[each]}
    return set()


def _fitting(bounds: Bounds, facts: list[Known]) -> dict[Cell, int] | None:
    """Some counts that fit, by halving the widest choice; None if there are none."""
    open_cells = [cell for cell, (low, high) in bounds.items() if low < high]
    if not open_cells:
        return {cell: low for cell, (low, _) in bounds.items()}
    cell = min(open_cells, key=lambda each: bounds[each][1] - bounds[each][0])
    low, high = bounds[cell]
    middle = (low + high) // 2
    for half in ((low, middle), (middle + 1, high)):
        narrowed = _tightened(bounds | {cell: half}, facts)
        found = narrowed and _fitting(narrowed, facts)
        if found:
            return found
    return None


def _tightened(bounds: Bounds, facts: list[Known]) -> Bounds | None:
    """Bounds from which no fact can take away more; None if a fact cannot hold."""
    bounds = dict(bounds)
    moved = True
    while moved:
        moved = False
        for fact in facts:
            found = _tighten(bounds, fact)
            if found is None:
                return None
            moved = moved or found
    return bounds


def _tighten(bounds: Bounds, fact: Known) -> bool | None:
    """Take away what this fact forbids. True if something moved, None if the fact cannot hold."""
    ranges = {cell: sorted((times * bounds[cell][0], times * bounds[cell][1])) for cell, times in fact.times}
    least, most = sum(low for low, _ in ranges.values()), sum(high for _, high in ranges.values())
    if most < fact.low or (fact.high is not None and least > fact.high):
        return None
    moved = False
    for cell, times in fact.times:
        low, high = ranges[cell]
        over, under = fact.low - (most - high), None if fact.high is None else fact.high - (least - low)
        if times < 0:
            over, under = under, over
        smallest = bounds[cell][0] if over is None else max(bounds[cell][0], -(-over // times))
        largest = bounds[cell][1] if under is None else min(bounds[cell][1], under // times)
        if smallest > largest:
            return None
        moved = moved or (smallest, largest) != bounds[cell]
        bounds[cell] = smallest, largest
    return moved
