"""PURE: how much the comments of one day repeat each other, and which stock phrases they lean on."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from reviews.meeting.likeness import SAME_FROM, bare, cliches_in

MOST_PHRASES = 5


@dataclass(frozen=True, slots=True)
class Variety:
    """Counts of comments. ``phrases``: stock phrase -> comments that use it, the most used first."""

    comments: int
    repeating: int  # share a run of ``SAME_FROM`` characters with another comment
    with_phrases: int
    phrases: list[tuple[str, int]]
    usual_length: int  # characters without punctuation, the median


def variety_of(texts: Sequence[str]) -> Variety:
    """Read all comments at once; time grows with their length, not with their pairs. Empty ones do not count.

    >>> variety_of(["一是理论学习抓得不够经常。", "理论学习抓得不够经常，形式单一", "队伍带得好"]).repeating
    2
    """
    said = [text for text in map(bare, texts) if text]
    used = Counter(phrase for text in said for phrase in cliches_in(text))
    lengths = sorted(map(len, said))
    return Variety(
        comments=len(said),
        repeating=_repeating(said),
        with_phrases=sum(bool(cliches_in(text)) for text in said),
        phrases=sorted(used.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_PHRASES],
        usual_length=lengths[len(lengths) // 2] if lengths else 0,
    )


def _repeating(said: Sequence[str]) -> int:
    """How many texts share a run with another one: every run is looked up once."""
    runs = [{text[at : at + SAME_FROM] for at in range(len(text) - SAME_FROM + 1)} for text in said]
    times = Counter(run for own in runs for run in own)
    return sum(any(times[run] > 1 for run in own) for own in runs)
