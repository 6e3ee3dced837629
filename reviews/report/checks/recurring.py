"""上年问题重现: a problem of this year that reads like one of last year (DOMAIN E5).

Pure: only the standard library.
"""

from collections.abc import Iterable

from reviews.ledger.wording import similarity
from reviews.report.checks.findings import Place
from reviews.report.checks.sentences import Piece, points

Span = tuple[int, int]

SHORTEST, LONGEST = 8, 200
MOST_POINTS, MOST_PROBLEMS = 40, 60  # compared with each other: a report has ten, a year hardly more
FIRST = 60  # letters of a problem that the message repeats

MESSAGE = "与上年的问题“{}”相似度 {}%：今年写的是“{}”。"
ADVICE = "请说明上年为什么没有改彻底；不是同一问题的，写出区别。"


def find_recurring(text: str, problems: list[Span], last_year: Iterable[str], *, alike_bp: int) -> list[Place]:
    """Each point of the problems that is ``alike_bp`` or more like one of ``last_year``, with both texts."""
    earlier = [words.strip() for words in last_year if len(words.strip()) >= SHORTEST][:MOST_PROBLEMS]
    told = [each.ink for span in problems for each in points(text, *span)]
    told = [each for each in told if len(each.text) >= SHORTEST][:MOST_POINTS]
    found = (most_alike(each, earlier, alike_bp) for each in told)
    return [place for place in found if place]


def most_alike(point: Piece, earlier: list[str], alike_bp: int) -> Place | None:
    """The place of a point that is like an earlier problem; None if it is like none.

    A point is often told at more length than the problem in the ledger, so its first sentence is compared too.
    """
    readings = {point.text[:LONGEST], first_sentence(point.text)}
    best, which = 0.0, ""
    for words in earlier:
        for reading in readings:
            if may_be_alike(reading, words):
                alike = similarity(reading, words)
                if alike > best:
                    best, which = alike, words
    if best * 10_000 < alike_bp:
        return None
    message = MESSAGE.format(shortened(which), int(best * 100), shortened(point.text))
    return Place(point.start, point.end, message, ADVICE)


def first_sentence(text: str) -> str:
    """Up to the first full stop."""
    for place, letter in enumerate(text[:LONGEST]):
        if letter in "。；;" and place >= SHORTEST:
            return text[:place]
    return text[:LONGEST]


def may_be_alike(one: str, other: str) -> bool:
    """A quick look at the letters, before the costly comparison: half of the shorter one's are in the other."""
    ones, others = set(one), set(other)
    return 2 * len(ones & others) >= min(len(ones), len(others))


def shortened(text: str) -> str:
    """At most ``FIRST`` letters."""
    line = " ".join(text.split())
    return line if len(line) <= FIRST else line[: FIRST - 1] + "…"
