"""What may be shown of the votes on one review (SECURITY 3.4, S10, S11).

Figures are shown only if every secret panel had ten ballots. One small panel hides the counts of all, the score
and the rank: with the others' counts its own is found by subtracting, and a score of 100.00 or 96.00 of five ballots
has one histogram only. What is left is the grade and which rule made it. Whether figures are hidden depends on how
many came back alone, never on how they voted, so that hiding tells nothing either.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from scoring import sentences
from scoring.policy import GRADE_LABELS, Grade, Policy
from scoring.terms import FEWEST_FOR_A_HISTOGRAM, FEWEST_FOR_ANY_NUMBER, display_of

GRADES = ("good", "fairly_good", "average", "poor")  # high to low
OTHERS = ("abstain", "invalid", "recused")
HIDDEN = f"不足 {FEWEST_FOR_ANY_NUMBER} 票，不显示"
A_PANEL_IS_SMALL = f"有票种不足 {FEWEST_FOR_A_HISTOGRAM} 票，不列票数和得分"


@dataclass(frozen=True, slots=True)
class Bar:
    """One panel's votes, or why they are withheld. ``shares``: word, votes, per cent of the expressed."""

    label: str
    returned: int
    shares: list[tuple[str, int, int]] = field(default_factory=list)
    withheld: str = ""

    @property
    def in_words(self) -> str:
        """The votes in a sentence, for those who do not see the bar."""
        return self.withheld or "，".join(f"{word} {votes}" for word, votes, _ in self.shares)


def pooled(standing: Mapping) -> dict[str, int]:
    """All panels together, one vote one vote."""
    panels = standing["panels"].values()
    return {name: sum(panel[name] for panel in panels) for name in [*GRADES, *OTHERS, "returned"]}


def hides_counts(standing: Mapping, by_name: Collection[str] = ()) -> bool:
    """True if a secret panel in which somebody voted is too small for its counts. ``by_name``: codes voting 实名."""
    return any(
        panel["returned"] and display_of(panel["returned"], is_secret=code not in by_name) != "histogram"
        for code, panel in standing["panels"].items()
    )


def _is_tiny(standing: Mapping, by_name: Collection[str]) -> bool:
    """True if so few voted in secret that not even their majority may be told."""
    secret = {code: panel for code, panel in standing["panels"].items() if code not in by_name}
    voted = sum(panel["returned"] for panel in secret.values())
    return voted > 0 and display_of(voted) == "hidden"


def votes_of(standing: Mapping, by_name: Collection[str] = (), *, words: Sequence[str] = GRADE_LABELS) -> list[Bar]:
    """The votes on a review as they may be shown: the counts of every panel, or how many voted in all and why no more.

    ``words``: what the campaign calls the grades, high to low.

    One panel alone with five to nine ballots tells its majority; beside others even that would be one hint too many.
    """
    if not hides_counts(standing, by_name):
        return [_bar(f"{code}票", panel, words) for code, panel in standing["panels"].items()]
    every = pooled(standing)
    if _is_tiny(standing, by_name):
        return [Bar("合计", every["returned"], withheld=HIDDEN)]
    voted = [panel for panel in standing["panels"].values() if panel["returned"]]
    if len(voted) > 1:
        return [Bar("合计", every["returned"], withheld=f"收回 {every['returned']} 票（{A_PANEL_IS_SMALL}）")]
    votes = [every[name] for name in GRADES]
    told = f"多数为“{words[votes.index(max(votes))]}”" if any(votes) else "没有有效票"
    return [Bar("合计", every["returned"], withheld=f"{told}（{A_PANEL_IS_SMALL}）")]


def _bar(label: str, panel: Mapping[str, int], words: Sequence[str]) -> Bar:
    votes = [panel[name] for name in GRADES]
    expressed = sum(votes)
    shares = [(word, n, n * 100 // expressed if expressed else 0) for word, n in zip(words, votes, strict=True)]
    return Bar(label, panel["returned"], shares=shares)


def told(
    reasons: Iterable[Mapping[str, str]], standing: Mapping, policy: Policy, by_name: Collection[str] = ()
) -> list[dict[str, str]]:
    """Reasons or notices in words that give no small panel away; their codes are never changed.

    Beside a small panel no number that comes from votes is told. Of fewer than ten ballots in all, that the readings
    of the 差 limit differ is left out too: of five, together with 好, it has one histogram only.
    """
    if not hides_counts(standing, by_name):
        return [{"code": reason["code"], "text": reason["text"]} for reason in reasons]
    is_few = pooled(standing)["returned"] < FEWEST_FOR_A_HISTOGRAM
    return [
        {"code": reason["code"], "text": _in_short(reason, policy)}
        for reason in reasons
        if not (is_few and reason["code"] == "READINGS_DIFFER")
    ]


def _in_short(reason: Mapping[str, str], policy: Policy) -> str:
    short = SHORTENED.get(reason["code"])
    return f"{short(policy)}（{A_PANEL_IS_SMALL}）" if short else reason["text"]


def _forced(policy: Policy) -> str:
    return f"低等次票的比例{sentences.over(policy)} {sentences.limit(policy)}，等次定为{policy.label(Grade.POOR)}"


def _readings_differ(policy: Policy) -> str:
    poor, average = policy.label(Grade.POOR), policy.label(Grade.AVERAGE)
    return f"两种口径结论不同：只计{poor}票与合计{average}票，结果不一样"


def _below_the_line(policy: Policy) -> str:
    good, lower = policy.label(Grade.GOOD), policy.label(Grade.FAIRLY_GOOD)
    return f"“{good}”的名额不够，依规则比较后在名额之外，定为{lower}"


def _across_the_line(policy: Policy) -> str:
    good, lower = policy.label(Grade.GOOD), policy.label(Grade.FAIRLY_GOOD)
    return f"“{good}”的名额不够，各项指标与他人均相同，定为{lower}"


# What a reason says beside a small panel: which rule it was, without a number that comes from votes.
SHORTENED = {
    "BAND": lambda policy: "已按得分划入等次",
    "EMPTY_PANEL": lambda policy: "有票种没有有效票，按规则不计得分，不提出等次建议",
    "FEW_BALLOTS": lambda policy: f"有效票少于 {policy.min_valid_ballots} 张，等次由党组研究确定",
    "FORCED_BY_BALLOTS": _forced,
    "QUOTA": _below_the_line,
    "QUOTA_TIE": _across_the_line,
    "READINGS_DIFFER": _readings_differ,
}
