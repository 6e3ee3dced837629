"""The margin of a text: findings and remarks that lie over each other, cut into runs that a page can show. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol


class Passage(Protocol):
    """Anything that begins and ends somewhere in a text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text under the same finding and the same remarks.

    ``finding`` and ``remarks`` are numbers, counted from 1; 0 and () say none. ``opens`` are the numbers of the
    findings and ``begins`` those of the remarks that begin here: they carry the places that links lead to.
    ``borders`` are findings without letters (from here on it is too long), shown before the text.
    """

    text: str
    finding: int = 0
    remarks: tuple[int, ...] = ()
    opens: int = 0
    begins: tuple[int, ...] = ()
    borders: tuple[int, ...] = ()


def runs(
    text: str,
    findings: Sequence[tuple[int, Passage]],
    remarks: Sequence[tuple[int, Passage]],
    borders: Sequence[tuple[int, int]] = (),
) -> Iterator[Run]:
    """The text cut wherever a finding or a remark begins or ends. Joined the runs are the text.

    ``findings`` and ``remarks`` come with their numbers; ``borders`` as number and place. Where findings
    overlap, the one that begins first keeps the letters, and the other begins after it.
    """
    clear = apart(findings, len(text))
    noted = [
        (number, max(0, passage.start), min(passage.end, len(text)))
        for number, passage in remarks
        if passage.start < min(passage.end, len(text))
    ]
    lines = sorted((min(max(0, place), len(text)), number) for number, place in borders)
    edges = {0, len(text)}
    for _, start, end in [*clear, *noted]:
        edges |= {start, end}
    edges = sorted(edges | {place for place, _ in lines})
    for start, end in zip(edges, [*edges[1:], len(text)], strict=True):
        here = tuple(number for place, number in lines if place == start)
        if start == end and not here:
            continue
        finding = next(((n, s) for n, s, e in clear if s <= start < e), (0, -1))
        over = [(n, s) for n, s, e in noted if s <= start < e]
        yield Run(
            text=text[start:end],
            finding=finding[0],
            remarks=tuple(number for number, _ in over),
            opens=finding[0] if finding[1] == start else 0,
            begins=tuple(number for number, place in over if place == start),
            borders=here,
        )


def apart(passages: Sequence[tuple[int, Passage]], length: int) -> list[tuple[int, int, int]]:
    """Number, start and end of each passage, cut so that none lies over another; what is left of none is dropped."""
    kept, position = [], 0
    for number, passage in sorted(passages, key=lambda one: (one[1].start, one[1].end)):
        start, end = max(position, passage.start), min(passage.end, length)
        if start < end:
            kept.append((number, start, end))
            position = end
    return kept
