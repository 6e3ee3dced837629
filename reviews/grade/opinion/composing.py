"""PURE: 综合评价意见: facts in, sentences with their sources out. Nothing is invented, nothing is said twice.

The same facts and turn always give the same draft. Strengths come first, then problems, then advice (DOMAIN D3:
肯定成绩，指出问题). Out of all sentences that the facts allow, those are taken that stand first in weight and still end
between ``LEAST`` and ``MOST``; where no choice ends there, the draft says how many characters are lacking.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from reviews.grade.opinion.frames import (
    FOLLOWING,
    MANY_WEAKNESSES,
    MORE_WEAKNESSES,
    ONE_WEAKNESS,
    OPENING,
    ORDINALS,
    PRAISING,
    Kind,
    counted,
    framed,
)
from reviews.report.checks.placeholders import find_placeholders

LEAST, MOST = 150, 200  # characters without blanks, punctuation counted (issue: 150-200 字)
LONGEST_WORDS = 60  # a longer sentence of somebody's is not cut, since cutting turns meanings; it waits to be adopted
LONGEST_GROUP = 90
MOST_SENTENCES = 24  # considered at all
# What is told first when not everything fits.
WEIGHT = (Kind.STRENGTH, Kind.WEAKNESS, Kind.ADVICE, Kind.CLOSED, Kind.OVERDUE, Kind.SEEN, Kind.RECURRING)
WEIGHT += (Kind.VOTES, Kind.VISITS, Kind.VETTED, Kind.FOUND)
NUMBERED = re.compile(r"^\s*(?:[一二三四五六七八九十]+是|[（(]?[一二三四五六七八九十\d]+[)）、.．])\s*")
WISHING = re.compile(r"^(?:建议|希望)[：:，,]?")
ENDS = re.compile(r"[。；;！!？?\s]+")


@dataclass(frozen=True, slots=True)
class Known:
    """One fact. ``words`` for what somebody said, or how the best grade is called; ``total`` and ``done`` are counts.

    ``year``: which one it is of.
    """

    key: str
    kind: Kind
    words: str = ""
    total: int = 0
    done: int = 0
    year: int = 0


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence and the keys of the facts that it rests on, at least one."""

    text: str
    kind: Kind
    sources: tuple[str, ...]

    @property
    def length(self) -> int:
        return length_of(self.text)


@dataclass(frozen=True, slots=True)
class Draft:
    """``sentences`` in reading order; ``spare`` could be said as well; ``lacking`` characters up to ``LEAST``."""

    sentences: list[Sentence]
    spare: list[Sentence]

    @property
    def text(self) -> str:
        return "".join(sentence.text for sentence in self.sentences)

    @property
    def length(self) -> int:
        return length_of(self.text)

    @property
    def lacking(self) -> int:
        return max(0, LEAST - self.length)


def length_of(text: str) -> int:
    """Characters that are not blank, punctuation counted: as the length of a report is counted.

    >>> length_of("工作 扎实。")
    5
    """
    return sum(not character.isspace() for character in text)


def compose(name: str, known: Iterable[Known], turn: int) -> Draft:
    """The draft for one person. ``turn`` (his place among the others) chooses the frames."""
    usable = _usable(known)
    possible = _sentences(name, usable, turn)[:MOST_SENTENCES]
    chosen = _choose([sentence.length for sentence in possible])
    told = [sentence for sentence, is_chosen in zip(possible, chosen, strict=True) if is_chosen]
    spare = [sentence for sentence, is_chosen in zip(possible, chosen, strict=True) if not is_chosen]
    return Draft(_in_reading_order(told), spare)


def sayings_of(text: str) -> list[str]:
    """A text cut at its full stops and semicolons, without numbering: one saying a fact.

    >>> sayings_of("一是学习不深；二是检查不勤。")
    ['学习不深', '检查不勤']
    """
    return [said for part in ENDS.split(text) if (said := NUMBERED.sub("", part).strip("，,、 "))]


def _usable(known: Iterable[Known]) -> list[Known]:
    """Facts that can stand in an opinion: not empty, not too long, without a gap to fill in, each saying once."""
    found, said = [], set()
    for fact in known:
        bare = re.sub(r"\W", "", fact.words)
        is_too_long = length_of(fact.words) > LONGEST_WORDS
        if (fact.words and bare in said) or is_too_long or find_placeholders(fact.words):
            continue
        if bare or fact.total:
            said.add(bare)
            found.append(fact)
    return found


def _sentences(name: str, known: Sequence[Known], turn: int) -> list[Sentence]:
    """Every sentence that the facts allow: first the opening, which names the person, the others by weight."""
    made = []
    for place, fact in enumerate(fact for fact in known if fact.kind is not Kind.WEAKNESS):
        text = _sentence_of(fact, turn + place)
        made += [Sentence(text, fact.kind, (fact.key,))] if text else []
    made += _weaknesses([fact for fact in known if fact.kind is Kind.WEAKNESS], turn)
    if not made:
        return []
    weighed = _by_weight(made)
    first = _in_reading_order(weighed)[0]
    others = [sentence for sentence in weighed if sentence is not first]
    return [_opening(f"{name}同志", first, known, turn), *others]


def _sentence_of(fact: Known, turn: int) -> str:
    words = fact.words
    if fact.kind is Kind.ADVICE:
        words = WISHING.sub("", words)
    if fact.kind not in FOLLOWING:
        named = {"good": fact.words} if fact.words else {}
        return counted(fact.kind, fact.total, fact.done, fact.year, turn, **named)
    return framed(FOLLOWING[fact.kind], turn, words=words) if words else ""


def _opening(who: str, first: Sentence, known: Sequence[Known], turn: int) -> Sentence:
    if first.kind is Kind.STRENGTH:
        words = next(fact.words for fact in known if fact.key == first.sources[0])
        return Sentence(framed(OPENING, turn, who=who, words=words), first.kind, first.sources)
    return Sentence(f"{who}，{first.text}", first.kind, first.sources)


def _weaknesses(facts: Sequence[Known], turn: int) -> list[Sentence]:
    """Groups of what fits in one sentence: 不足是：A / 主要不足：一是A；二是B; what is left follows in the same way."""
    made, left = [], list(facts)
    while left:
        group = [left.pop(0)]
        while left and len(group) < len(ORDINALS) and _length(group) + length_of(left[0].words) <= LONGEST_GROUP:
            group.append(left.pop(0))
        made.append(Sentence(_group(group, turn, is_first=not made), Kind.WEAKNESS, tuple(f.key for f in group)))
    return made


def _length(group: Sequence[Known]) -> int:
    return sum(length_of(fact.words) + len("一是；") for fact in group)


def _group(group: Sequence[Known], turn: int, *, is_first: bool) -> str:
    if len(group) == 1:
        return framed(ONE_WEAKNESS if is_first else MORE_WEAKNESSES, turn, words=group[0].words)
    words = "；".join(f"{ordinal}是{fact.words}" for ordinal, fact in zip(ORDINALS, group, strict=False))
    return framed(MANY_WEAKNESSES if is_first else MORE_WEAKNESSES, turn, words=words)


def _by_weight(sentences: Sequence[Sentence]) -> list[Sentence]:
    """One of each kind by weight, then the second of each kind, and so on."""
    seen: dict[Kind, int] = {}
    ranked = []
    for sentence in sentences:
        round_ = seen.setdefault(sentence.kind, 0)
        seen[sentence.kind] += 1
        ranked.append((round_, WEIGHT.index(sentence.kind), len(ranked), sentence))
    return [sentence for *_, sentence in sorted(ranked, key=lambda rank: rank[:3])]


def _in_reading_order(sentences: Sequence[Sentence]) -> list[Sentence]:
    """Praise, problems, advice; within a side as weighed."""
    sides = {**dict.fromkeys(PRAISING, 0), Kind.ADVICE: 2}
    return sorted(sentences, key=lambda sentence: (sides.get(sentence.kind, 1), WEIGHT.index(sentence.kind)))


def _choose(lengths: Sequence[int]) -> list[bool]:
    """Which sentences to take: the opening, and as many of the first as let the sum end between ``LEAST`` and ``MOST``.

    If no choice ends there, everything that fits below ``MOST`` in order. ``ends[n]`` holds, as bits, every sum that
    the sentences from the n-th on can make.

    >>> _choose([60, 100, 30, 70])
    [True, True, True, False]
    """
    ends = [1]
    for length in reversed(lengths):
        ends.insert(0, ends[0] | ends[0] << length)
    window = sum(1 << total for total in range(LEAST, MOST + 1))
    if lengths and not ends[1] << lengths[0] & window:
        window = (1 << MOST + 1) - 1
    chosen, total = [], 0
    for place, length in enumerate(lengths):
        takes = not place or bool(ends[place + 1] << total + length & window)
        total += length if takes else 0
        chosen.append(takes)
    return chosen
