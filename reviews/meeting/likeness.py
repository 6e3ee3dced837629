"""Pure: how much a comment repeats the other comments of the day, and which stock phrases it uses (C8)."""

from dataclasses import dataclass
from difflib import SequenceMatcher

LONGEST_READ = 600  # characters of one comment that are compared: some four times the longest measured (C7)
SAME_FROM = 10  # characters in a row: shorter runs are the trade's common words
MOST_OTHERS = 200  # comments of a day that are looked at
# Stock phrases that fit everybody and tell nobody what to do; invented near their measured kind.
CLICHES = (
    "还有差距",
    "有待加强",
    "有待提高",
    "有待进一步",
    "进一步加强",
    "不够到位",
    "还不够强",
    "不够灵活",
    "内容相对单一",
    "创新性不足",
    "创新性还不够",
    "力度还不够",
    "学习还不够",
    "不够深入",
    "有一定差距",
    "还需加强",
)
_SPACES = str.maketrans("", "", " \t\r\n\u3000，,。；;：:、！!？?“”\"'（）()")


@dataclass(frozen=True, slots=True)
class Likeness:
    """The other comment that shares the longest run of words: its place in the list, the run, how long it is."""

    place: int
    words: str

    @property
    def length(self) -> int:
        """Characters in a row, punctuation not counted."""
        return len(self.words)


def bare(text: str) -> str:
    """A text without blanks and punctuation, at most so long as is compared."""
    return text[: 2 * LONGEST_READ].translate(_SPACES)[:LONGEST_READ]


def longest_shared(one: str, other: str) -> str:
    """The longest run of characters that both texts hold; "" for none. Punctuation and blanks do not count.

    >>> longest_shared("一是理论学习抓得不够经常。", "理论学习抓得不够经常，形式单一")
    '理论学习抓得不够经常'
    """
    one, other = bare(one), bare(other)
    match = SequenceMatcher(None, one, other, autojunk=False).find_longest_match()
    return one[match.a : match.a + match.size]


def most_alike(text: str, others: list[str]) -> Likeness | None:
    """Which of the others repeats this text most; None below ``SAME_FROM`` characters in a row.

    A text is only compared with those that share a run of that length at all: cheap for a day of many comments.
    """
    said = bare(text)
    runs = {said[at : at + SAME_FROM] for at in range(len(said) - SAME_FROM + 1)}
    best: Likeness | None = None
    for place, other in enumerate(others[:MOST_OTHERS]):
        heard = bare(other)
        if any(heard[at : at + SAME_FROM] in runs for at in range(len(heard) - SAME_FROM + 1)):
            found = Likeness(place, longest_shared(text, other))
            if best is None or found.length > best.length:
                best = found
    return best


def cliches_in(text: str) -> list[str]:
    """The stock phrases of a text in the order in which they stand, each once.

    >>> cliches_in("理论学习还有差距，形式不够灵活")
    ['还有差距', '不够灵活']
    """
    found = [(text.find(phrase), phrase) for phrase in CLICHES if phrase in text]
    return [phrase for _, phrase in sorted(found)]
