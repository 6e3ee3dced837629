"""What may be shown of the votes on one review (SECURITY 3.4, S10, S11).

Counts are shown only if every panel had ten ballots. One small panel hides the counts of all: with the
others, or with all together, its own could be found again by subtracting, or through the weighted score.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from scoring import sentences
from scoring.policy import Grade, Policy
from scoring.terms import FEWEST_FOR_A_HISTOGRAM, FEWEST_FOR_ANY_NUMBER, display_of

GRADES = [("good", "好"), ("fairly_good", "较好"), ("average", "一般"), ("poor", "差")]
OTHERS = ("abstain", "invalid", "recused")
HIDDEN = f"不足 {FEWEST_FOR_ANY_NUMBER} 票，不显示"
A_PANEL_IS_SMALL = f"有票种不足 {FEWEST_FOR_A_HISTOGRAM} 票，不列票数"


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
    return {name: sum(panel[name] for panel in panels) for name in [*dict(GRADES), *OTHERS, "returned"]}


def hides_counts(standing: Mapping, by_name: Collection[str] = ()) -> bool:
    """True if a secret panel in which somebody voted is too small for its counts. ``by_name``: codes voting 实名."""
    return any(
        panel["returned"] and display_of(panel["returned"], is_secret=code not in by_name) != "histogram"
        for code, panel in standing["panels"].items()
    )


def hides_score(standing: Mapping, by_name: Collection[str] = ()) -> bool:
    """True if so few voted that no number at all may be told."""
    secret = {code: panel for code, panel in standing["panels"].items() if code not in by_name}
    voted = sum(panel["returned"] for panel in secret.values())
    return voted > 0 and display_of(voted) == "hidden"


def votes_of(standing: Mapping, by_name: Collection[str] = ()) -> list[Bar]:
    """The votes on a review as they may be shown: the counts of every panel, or how many voted in all and why no more.

    One panel alone with five to nine ballots tells its majority; beside others even that would be one hint too many.
    """
    if not hides_counts(standing, by_name):
        return [_bar(f"{code}票", panel) for code, panel in standing["panels"].items()]
    every = pooled(standing)
    if hides_score(standing, by_name):
        return [Bar("合计", every["returned"], withheld=HIDDEN)]
    voted = [panel for panel in standing["panels"].values() if panel["returned"]]
    if len(voted) > 1:
        return [Bar("合计", every["returned"], withheld=f"收回 {every['returned']} 票（{A_PANEL_IS_SMALL}）")]
    most = max(GRADES, key=lambda grade: every[grade[0]])[1]
    told = f"多数为“{most}”" if any(every[name] for name, _ in GRADES) else "没有有效票"
    return [Bar("合计", every["returned"], withheld=f"{told}（{A_PANEL_IS_SMALL}）")]


def _bar(label: str, panel: Mapping[str, int]) -> Bar:
    expressed = sum(panel[name] for name, _ in GRADES)
    shares = [(word, panel[name], panel[name] * 100 // expressed if expressed else 0) for name, word in GRADES]
    return Bar(label, panel["returned"], shares=shares)


def told(reason: Mapping[str, str], standing: Mapping, policy: Policy, by_name: Collection[str] = ()) -> dict[str, str]:
    """A reason or notice in words that give no small panel away; its code is never changed.

    Beside a small panel not even a share of all ballots is told: with the score, five 差 of five show through it.
    """
    code, text = reason["code"], reason["text"]
    if code == "BAND" and hides_score(standing, by_name):
        text = f"已按得分划入等次（{HIDDEN}得分）"
    elif code in SHORTENED and hides_counts(standing, by_name):
        text = SHORTENED[code](policy)
    return {"code": code, "text": text}


def _forced(policy: Policy) -> str:
    limit, poor = sentences.limit(policy), policy.label(Grade.POOR)
    return f"低等次票的比例{sentences.over(policy)} {limit}，等次定为{poor}（{A_PANEL_IS_SMALL}）"


SHORTENED = {
    "FORCED_BY_BALLOTS": _forced,
    "READINGS_DIFFER": lambda policy: (
        f"两种口径结论不同：只计{policy.label(Grade.POOR)}票与合计{policy.label(Grade.AVERAGE)}票，"
        f"结果不一样（{A_PANEL_IS_SMALL}）"
    ),
}
