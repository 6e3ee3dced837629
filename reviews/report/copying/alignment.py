"""Which stretches of one text stand in another, word for word or lightly reworded. Pure: only the standard library.

Seeds are runs of SEED letters that both have; each grows as far as the letters agree. Runs that lie close together in
both texts are one passage: between them a word was swapped, or clauses changed their order. Phrases that
everybody uses are no part of any passage.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reviews.report.copying.fingerprints import SHINGLE, Letters

SEED = 5  # letters
MOST_PLACES = 12  # of one seed: what is repeated more often says nothing about where it comes from
GAP = 12  # letters between two runs of one passage in the text that is checked
SHIFT = 60  # the same in the other text, where clauses may stand in another order
SHORTEST = 30  # characters from the first to the last letter of a passage
LEAST_AGREEING = 12  # letters of its own that a passage shares with the other
LEAST_SHARE = 0.5  # of its letters


@dataclass(frozen=True, slots=True)
class Run:
    """The same letters in both texts: ``start`` to ``end`` here, from ``there`` on in the other."""

    start: int
    end: int
    there: int

    @property
    def there_end(self) -> int:
        return self.there + self.end - self.start


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch that stands elsewhere too, in characters of both texts; ``agreeing`` letters count.

    ``same`` and ``other_same`` are the spans inside it in which both agree letter by letter.
    """

    start: int
    end: int
    other_start: int
    other_end: int
    agreeing: int
    same: tuple[tuple[int, int], ...]
    other_same: tuple[tuple[int, int], ...]


def passages(own: Letters, other: Letters, marks: Sequence[tuple[int, bool]]) -> list[Passage]:
    """The passages of ``own`` that stand in ``other``, in order.

    ``marks`` are the places of own's fingerprints in order, and whether each is rare: a run counts as far as
    its rare fingerprints reach.
    """
    worth: dict[Run, set[int]] = {}
    for run in agreeing_runs(own.text, other.text):
        for part in without_common(run, marks):
            worth[part] = counted_letters(part, marks, is_whole=part == run)
    runs = sorted(worth, key=lambda run: (run.start, run.there))
    return [passage for group in neighbours(runs) if (passage := read(group, own, other, worth))]


def marks_inside(run: Run, marks: Sequence[tuple[int, bool]]) -> Sequence[tuple[int, bool]]:
    """The fingerprints that lie in a run from their first to their last letter."""
    return marks[bisect_left(marks, (run.start,)) : bisect_right(marks, (run.end - SHINGLE, True))]


def without_common(run: Run, marks: Sequence[tuple[int, bool]]) -> list[Run]:
    """The parts of a run that are left without the phrases that everybody uses, if a seed could grow there."""
    inside = marks_inside(run, marks)
    covered: list[tuple[int, int]] = []
    for number, (at, is_rare) in enumerate(inside):
        if not is_rare:
            follows = number > 0 and not inside[number - 1][1]
            covered.append((covered.pop()[0] if follows else at, at + SHINGLE))
    kept = {at for at, is_rare in inside if is_rare for at in range(at, at + SHINGLE)} if covered else set()
    parts, begin = [], run.start
    for start, end in [*covered, (run.end, run.end)]:
        while start < end and start in kept:
            start += 1
        while end > start and end - 1 in kept:
            end -= 1
        if start - begin >= SEED:
            parts.append(Run(begin, start, run.there + begin - run.start))
        begin = max(begin, end)
    return parts


def counted_letters(run: Run, marks: Sequence[tuple[int, bool]], *, is_whole: bool) -> set[int]:
    """The letters of a run that count: those that a rare fingerprint covers, and what lies between two of them.

    A run counts whole that has rare ones only and of which nothing was cut off.
    """
    inside = marks_inside(run, marks)
    if is_whole and inside and all(is_rare for _, is_rare in inside):
        return set(range(run.start, run.end))
    counted: set[int] = set()
    for number, (at, is_rare) in enumerate(inside):
        if is_rare:
            followed = number + 1 < len(inside) and inside[number + 1][1]
            counted.update(range(at, (inside[number + 1][0] if followed else at) + SHINGLE))
    return counted


def agreeing_runs(own: str, other: str) -> list[Run]:
    """Every longest run of letters inside a sentence that both texts have, in order of ``own``."""
    places: dict[str, list[int]] = {}
    for at in range(len(own) - SEED + 1):
        seed = own[at : at + SEED]
        if "\n" not in seed:
            places.setdefault(seed, []).append(at)
    reached: dict[int, int] = {}  # on each diagonal, how far the last run went
    runs = []
    for there in range(len(other) - SEED + 1):
        seeds = places.get(other[there : there + SEED])
        if seeds is None or len(seeds) > MOST_PLACES:
            continue
        for start in seeds:
            diagonal = start - there
            if reached.get(diagonal, -1) > start:
                continue
            end, far = start + SEED, there + SEED
            while end < len(own) and far < len(other) and own[end] == other[far] != "\n":
                end, far = end + 1, far + 1
            reached[diagonal] = end
            runs.append(Run(start, end, there))
    return sorted(runs, key=lambda run: (run.start, run.there))


def neighbours(runs: list[Run]) -> list[list[Run]]:
    """The runs, given in order, in groups that lie close together in both texts."""
    groups: list[list[Run]] = []
    growing: list[list[Run]] = []  # each with the run that reaches furthest at its end
    for run in runs:
        growing = [group for group in growing if run.start - group[-1].end <= GAP]
        near = [group for group in growing if is_near(group[-1], run)]
        if not near:
            growing.append([run])
            groups.append(growing[-1])
        elif run.end > near[-1][-1].end:
            near[-1].append(run)
        else:
            near[-1].insert(-1, run)
    return groups


def is_near(one: Run, other: Run) -> bool:
    """Whether two runs stand close together in the other text, in any order."""
    return (
        min(abs(other.there - one.there_end), abs(one.there - other.there_end), abs(other.there - one.there)) <= SHIFT
    )


def read(runs: list[Run], own: Letters, other: Letters, worth: dict[Run, set[int]]) -> Passage | None:
    """The passage that a group of runs makes, if it is long enough and agrees enough.

    It begins and ends with sentences in which something counts: what agrees beside them does by chance.
    """
    counting = [run for run in runs if worth[run]]
    if not counting:
        return None
    first_letter = own.text.rfind("\n", 0, min(run.start for run in counting)) + 1
    stop = own.text.find("\n", max(run.end for run in counting))
    runs = [run for run in runs if run.start >= first_letter and (stop < 0 or run.end <= stop)]
    start, end = min(run.start for run in runs), max(run.end for run in runs)
    letters = {at for run in runs for at in range(run.start, run.end)}
    agreeing = len({at for run in runs for at in worth[run]})
    first, last = own.places[start], own.places[end - 1] + 1
    if last - first < SHORTEST or agreeing < LEAST_AGREEING or len(letters) < LEAST_SHARE * (end - start):
        return None
    there, there_end = min(run.there for run in runs), max(run.there_end for run in runs)
    return Passage(
        first,
        last,
        other.places[there],
        other.places[there_end - 1] + 1,
        agreeing,
        spans(own, ((run.start, run.end) for run in runs)),
        spans(other, ((run.there, run.there_end) for run in runs)),
    )


def spans(letters: Letters, runs: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Runs of letters as spans of characters, those that touch or overlap made one."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(runs):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return tuple((letters.places[start], letters.places[end - 1] + 1) for start, end in joined)
