"""A text against everything that was handed in: few candidates by the index, those letter by letter."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from reviews.report.copying.alignment import Passage, passages
from reviews.report.copying.fingerprints import SHINGLE, fingerprints, letters_of
from reviews.report.copying.index import MOST_HASHES, candidates, common_among
from reviews.report.copying.wording import SET_PHRASES


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
    own = [each for each in fingerprints(letters.text) if not is_exempt(letters.text, each.at, exempt)]
    hashes = sorted({each.hash for each in own})[:MOST_HASHES]
    common = common_among(hashes)
    rare = set(hashes) - common
    marks = [(each.at, each.hash in rare) for each in fingerprints(letters.text)]
    keys = [key for key in candidates(rare) if key != besides]
    texts = read(keys)
    found = [Match(key, tuple(passages(letters, letters_of(texts[key]), marks))) for key in keys if key in texts]
    return sorted((match for match in found if match.passages), key=lambda match: (-match.agreeing, match.report_id))


def is_exempt(letters: str, at: int, exempt: frozenset[str]) -> bool:
    """Whether the run at this place is the plan's or everybody's."""
    run = letters[at : at + SHINGLE]
    return run in exempt or run in EVERYBODYS
