"""PURE: marks into counts, counts into exact scores. Whole numbers and fractions, never a float.

A ballot is a string, one character an entry of the box, in the box's own order (``MARKS``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from fractions import Fraction

# One character a mark: how a ballot is written, and which count of a panel it adds to.
MARKS: dict[str, str] = {
    "4": "good",  # 好
    "3": "fairly_good",  # 较好
    "2": "average",  # 一般
    "1": "poor",  # 差
    "0": "abstain",  # 弃权
    "x": "invalid",  # 无效
    "-": "recused",  # 回避: a voter does not rate himself
}


class UnreadableBallots(ValueError):  # noqa: N818 -- the name is the sentence
    """Ballots that are not one known mark an entry: nothing is counted rather than something wrong."""


@dataclass(frozen=True, slots=True)
class PanelCount:
    """What one panel of voters (票种) said about one secretary. Sheets and marks, whole numbers >= 0."""

    issued: int = 0
    returned: int = 0
    good: int = 0
    fairly_good: int = 0
    average: int = 0
    poor: int = 0
    abstain: int = 0
    invalid: int = 0
    recused: int = 0

    @property
    def expressed(self) -> int:
        """E, the valid expressed votes (有效票): those that name one of the four grades."""
        return self.good + self.fairly_good + self.average + self.poor

    @property
    def marked(self) -> int:
        """All marks, whatever they say."""
        return self.expressed + self.abstain + self.invalid + self.recused

    def breach(self) -> str:
        """What is impossible about these figures, in words; empty when they balance (RULES.md section 1).

        More sheets collected than issued makes the whole vote void: it must be repeated.
        """
        negative = [field.name for field in fields(self) if getattr(self, field.name) < 0]
        if negative:
            return f"{negative[0]} 为 {getattr(self, negative[0])}，票数不能为负"
        if self.returned > self.issued:
            return f"收回 {self.returned} 张，多于发出 {self.issued} 张，整个测评无效，应重新测评"
        if self.marked != self.returned:
            return (
                f"好 {self.good}+较好 {self.fairly_good}+一般 {self.average}+差 {self.poor}"
                f"+弃权 {self.abstain}+无效 {self.invalid}+回避 {self.recused}={self.marked}，"
                f"与收回 {self.returned} 张不符"
            )
        return ""


def count_marks(ballots: Iterable[str], entries: int | None = None) -> list[Counter[str]]:
    """How often each mark stands at each entry, over all ballots.

    ``entries`` is how many marks a ballot has (default: as many as the first one), so that an
    empty box still gives one (empty) count an entry. The order of ballots changes nothing.
    Raises UnreadableBallots when a ballot has too few, too many or unknown marks.

    All ballots are laid end to end, so an entry is every n-th character and counting is one pass
    in C a mark: 500,000 ballots x 20 marks in 0.13 s, a quarter of ``Counter`` over ``zip(*ballots)``.

    >>> [dict(count) for count in count_marks(["44-", "41x", "43x"])]
    [{'4': 3}, {'4': 1, '3': 1, '1': 1}, {'x': 2, '-': 1}]
    """
    ballots = list(ballots)
    wide = entries if entries is not None else len(ballots[0]) if ballots else 0
    if any(length != wide for length in set(map(len, ballots))):
        wrong = next(ballot for ballot in ballots if len(ballot) != wide)
        raise UnreadableBallots(f"每张票应有 {wide} 项，发现一张有 {len(wrong)} 项，未计票。")
    laid_out = "".join(ballots)
    counts = []
    for entry in range(wide):
        column = laid_out[entry::wide]
        counted = Counter({mark: times for mark in MARKS if (times := column.count(mark))})
        if counted.total() != len(ballots):
            unknown = sorted(set(column) - set(MARKS))[0]
            raise UnreadableBallots(f"第 {entry + 1} 项出现不认识的标记“{unknown}”，未计票。")
        counts.append(counted)
    return counts


def panel_count(marks: Mapping[str, int], *, issued: int, returned: int | None = None) -> PanelCount:
    """One entry's marks as the count of one panel.

    ``issued`` and ``returned`` count sheets (or slips); ``returned`` is as many as there are marks
    unless said otherwise. The identities are not checked here but by the rules, for all at once.

    >>> panel_count({"4": 7, "3": 2, "2": 1}, issued=12).returned
    10
    """
    unknown = sorted(set(marks) - set(MARKS))
    if unknown:
        raise UnreadableBallots(f"出现不认识的标记“{unknown[0]}”，未计票。")
    named = {MARKS[mark]: times for mark, times in marks.items()}
    return PanelCount(issued=issued, returned=sum(named.values()) if returned is None else returned, **named)


def panel_score(count: PanelCount, values: Iterable[Fraction]) -> Fraction | None:
    """S_p, the exact mean value of one panel's expressed votes; None when there are none (E_p = 0).

    ``values`` are what 好, 较好, 一般 and 差 are worth, in this order.
    """
    if not count.expressed:
        return None
    votes = (count.good, count.fairly_good, count.average, count.poor)
    return sum((value * times for value, times in zip(values, votes, strict=True)), Fraction()) / count.expressed


def weighted_mean(parts: Iterable[tuple[Fraction, Fraction]]) -> Fraction | None:
    """Σ w·s / Σ w over (weight, value) pairs, exact; None when the weights add up to nothing."""
    parts = tuple(parts)
    total = sum((weight for weight, _ in parts), Fraction())
    return sum((weight * value for weight, value in parts), Fraction()) / total if total else None
