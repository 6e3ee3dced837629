"""PURE: the arithmetic line by line ("why this grade")."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from scoring import sentences
from scoring.clauses import read_policy_in_words
from scoring.exact import basis_points, in_both_forms, plain, two_places
from scoring.policy import Grade, Policy
from scoring.rules import Outcome, Suggestion, own_suggestion, too_high
from scoring.standing import Standing, ballot_score, ballot_shares, panel_scores

__all__ = ["explain", "limit_lines", "read_policy_in_words"]

LAST = ("NO_VALID_BALLOTS", "EMPTY_PANEL", "MISSING_COMPONENT")


def explain(standing: Standing, policy: Policy, outcome: Outcome | None = None) -> list[str]:
    """How the suggestion comes about, step by step, with every number: the text of the why-page.

    With the ``outcome`` of the whole campaign the place among those who are 好 is told too; without it
    the review is looked at alone, as if there were no quota. The figures must balance.
    """
    suggestion = own_suggestion(standing, policy) if outcome is None else outcome.of(standing.id)
    return [
        *_panel_lines(standing, policy),
        *_ballot_line(standing, policy),
        *_composite_line(standing, suggestion, policy),
        *_reasons(suggestion, *LAST, "BAND", "CAP"),
        *limit_lines(standing, policy),
        *_reasons(suggestion, "FORCED_BY_FACT", "FEW_BALLOTS"),
        *(_quota_lines(suggestion, outcome) if outcome else ()),
        _conclusion(suggestion, policy),
    ]


def _panel_lines(standing: Standing, policy: Policy) -> list[str]:
    lines = []
    for code, score in panel_scores(standing, policy).items():
        count = standing.panels[code]
        sheets = f"{code}票：发出 {count.issued} 张，收回 {count.returned} 张，有效票 {count.expressed}"
        others = f"，弃权 {count.abstain}，无效 {count.invalid}，回避 {count.recused}"
        lines.append(f"{sheets}{others}。")
        if score is None:
            lines.append(f"{code}票：没有有效票，不计得分。")
            continue
        votes = (count.good, count.fairly_good, count.average, count.poor)
        terms = "+".join(f"{_factor(value)}×{times}" for value, times in zip(policy.grade_values, votes, strict=True))
        lines.append(f"{code}票：({terms})/{count.expressed} = {in_both_forms(score)}")
    return lines


def _factor(value) -> str:
    return plain(value) if value >= 0 else f"({plain(value)})"


def _ballot_line(standing: Standing, policy: Policy) -> list[str]:
    scores = {code: score for code, score in panel_scores(standing, policy).items() if score is not None}
    if not scores:
        return []
    weights = dict(policy.panel_weights or dict.fromkeys(scores, 1))
    mean = _mean([(plain(weights[code]), score) for code, score in scores.items()])
    return [f"现场测评得分：{mean} = {in_both_forms(ballot_score(standing, policy))}"]


def _mean(parts: list[tuple[str, Fraction | Decimal]]) -> str:
    """A weighted mean as it is written down; one part alone is itself."""
    if len(parts) == 1:
        return two_places(parts[0][1])
    above = "+".join(f"{weight}×{two_places(value)}" for weight, value in parts)
    return f"({above})/({'+'.join(weight for weight, _ in parts)})"


def _composite_line(standing: Standing, suggestion: Suggestion, policy: Policy) -> list[str]:
    if not policy.composite or suggestion.score is None:
        return []
    values = {"ballot": ballot_score(standing, policy), "routine": standing.routine, "field": standing.field}
    there = [(name, weight) for name, weight in policy.composite if weight and values[name] is not None]
    named = "、".join(f"{sentences.COMPONENTS[name]} {two_places(values[name])}" for name, _ in there)
    mean = _mean([(plain(weight), values[name]) for name, weight in there])
    return [f"综合得分（{named}）：{mean} = {in_both_forms(suggestion.score)}"]


def _reasons(suggestion: Suggestion, *codes: str) -> list[str]:
    return [f"{reason.text}。" for reason in suggestion.reasons if reason.code in codes]


def limit_lines(standing: Standing, policy: Policy) -> list[str]:
    """Every share held against the limit, also those that do not trigger."""
    shares = ballot_shares(standing, policy)
    if not shares:
        return ["低等次票：没有可计算比例的票，不触发。"]
    over, limit = sentences.over(policy), sentences.limit(policy)
    poor = policy.label(Grade.POOR)
    return [
        f"{sentences.share(share, policy)}，"
        + (f"{over} {limit}，等次定为{poor}。" if too_high([share], policy) else f"未{over} {limit}，不触发。")
        for share in shares
    ]


def _quota_lines(suggestion: Suggestion, outcome: Outcome) -> list[str]:
    policy = outcome.policy
    if not policy.quota_min_below_good_bp or suggestion.rank is None:
        return []
    group = next(group for group in outcome.groups if group.name == suggestion.group)
    good, least = policy.label(Grade.GOOD), basis_points(policy.quota_min_below_good_bp)
    line = (
        f"“{good}”的名额（{sentences.group(group.name)} {group.size} 人）："
        f"{group.size}×(100 %−{least}) 取整 = {group.places} 个，本人排在第 {suggestion.rank} 位。"
    )
    return [line, *(f"{notice.text}。" for notice in group.notices), *_reasons(suggestion, "QUOTA", "QUOTA_TIE")]


def _conclusion(suggestion: Suggestion, policy: Policy) -> str:
    grade = "无" if suggestion.grade is None else policy.label(suggestion.grade)
    return f"建议等次：{grade}{'（待党组研究确定）' if suggestion.is_open else ''}。"
