"""A text against everything that was handed in: few candidates by the index, those letter by letter."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from reviews.report.copying.alignment import Passage, passages
from reviews.report.copying.fingerprints import SHINGLE, Fingerprint, fingerprints, letters_of, shingles
from reviews.report.copying.index import MOST_HASHES, candidates, common_among
from reviews.report.copying.wording import SET_PHRASES

MOST_LETTERS = 20_000  # of which every run is looked up


@dataclass(frozen=True, slots=True)
class Match:
    """One report that has passages of the text, in the order of the text."""

    report_id: int
    passages: tuple[Passage, ...]

    @property
    def agreeing(self) -> int:
        """The letters that count, over all passages: by this the matches are ordered."""
        return sum(passage.agreeing for passage in self.passages)


def runs_of(texts: Collection[str]) -> frozenset[str]:
    """Every run of letters as long as a fingerprint in some texts."""
    letters = [letters_of(text).text for text in texts]
    return frozenset(each[at : at + SHINGLE] for each in letters for at in range(len(each) - SHINGLE + 1))


EVERYBODYS = runs_of([phrase + "。" for phrase in SET_PHRASES.split()])


def find_matches(
    text: str,
    *,
    read: Callable[[list[int]], Mapping[int, str]],
    besides: int | None = None,
    exempt: frozenset[str] = frozenset(),
) -> list[Match]:
    """The reports that have passages of ``text``, the one that shares most first.

    ``read`` gives the texts of reports by their keys; ``besides`` is the report that the text itself belongs to;
    runs that stand in ``exempt`` (``runs_of`` the plan) count for nothing, nor do set phrases and what is common.
    """
    letters = letters_of(text)
    sampled = fingerprints(letters.text)
    hashes = {each.hash for each in sampled if not is_exempt(letters.text, each.at, exempt)}
    rare = set(sorted(hashes - common_among(hashes))[:MOST_HASHES])
    marks = marks_of(letters.text, sampled, rare, exempt)
    keys = [key for key in candidates(rare) if key != besides]
    texts = read(keys)
    found = [Match(key, tuple(passages(letters, letters_of(texts[key]), marks))) for key in keys if key in texts]
    return sorted((match for match in found if match.passages), key=lambda match: (-match.agreeing, match.report_id))


def marks_of(
    letters: str, sampled: list[Fingerprint], rare: set[int], exempt: frozenset[str]
) -> list[tuple[int, bool]]:
    """The places that say whether the letters there count: sampled runs that are rare, and all that do not count.

    Which runs of a common phrase are sampled hangs on the words around it; so every run is asked for, except in a
    text beyond all measure.
    """
    every = shingles(letters) if len(letters) <= MOST_LETTERS else sampled
    common = common_among({each.hash for each in every})
    uncounted = {each.at for each in every if each.hash in common or is_exempt(letters, each.at, exempt)}
    counted = {each.at for each in sampled if each.hash in rare and each.at not in uncounted}
    return sorted([*((at, False) for at in uncounted), *((at, True) for at in counted)])


def is_exempt(letters: str, at: int, exempt: frozenset[str]) -> bool:
    """Whether the run at this place is the plan's or everybody's."""
    run = letters[at : at + SHINGLE]
    return run in exempt or run in EVERYBODYS
