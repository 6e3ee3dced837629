"""PURE: the arithmetic line by line ("why this grade"), and a policy in plain sentences."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from scoring import sentences
from scoring.exact import basis_points, in_both_forms, plain, two_places
from scoring.policy import (
    ANY_PANEL,
    GRADES,
    PANEL,
    POOLED,
    EmptyPanel,
    ForcedPoorMode,
    Grade,
    MissingComponent,
    Policy,
    QuotaEnforcement,
    QuotaGroup,
    TiePolicy,
)
from scoring.rules import Outcome, Suggestion, own_suggestion, too_high
from scoring.standing import (
    AVERAGE,
    AVERAGE_AND_POOR,
    POOR,
    Standing,
    ballot_score,
    ballot_shares,
    panel_scores,
)

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
        *_limit_lines(standing, policy),
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


def _limit_lines(standing: Standing, policy: Policy) -> list[str]:
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


def read_policy_in_words(policy: Policy) -> list[str]:
    """Each rule of the policy as one plain sentence with its numbers, in the order of the steps."""
    return [
        *_score_in_words(policy),
        *_forced_in_words(policy),
        f"有效票少于 {policy.min_valid_ballots} 张的，等次由党组研究确定。"
        if policy.min_valid_ballots > 1
        else "不设最少有效票数。",
        *_quota_in_words(policy),
        *_consequences_in_words(policy),
    ]


def _score_in_words(policy: Policy) -> list[str]:
    good, fairly, average, poor = (policy.label(grade) for grade in GRADES)
    values = "、".join(
        f"{policy.label(grade)} {plain(value)} 分" for grade, value in zip(GRADES, policy.grade_values, strict=True)
    )
    lines = [f"每张有效票按等次计分：{values}，按有效票平均。"]
    if policy.panel_weights is None:
        lines.append("各票种权重相同。")
    else:
        weights = "、".join(f"{code}票 {plain(weight)}" for code, weight in policy.panel_weights)
        lines.append(f"各票种按权重平均：{weights}。")
    blocks = policy.empty_panel is EmptyPanel.BLOCK
    lines.append(f"某一票种没有有效票的，{'不计得分，不提出等次建议' if blocks else '其权重由其他票种分担'}。")
    if policy.composite is None:
        lines.append("得分即现场测评得分，平时考核和实地考核只作参考。")
    else:
        parts = "、".join(
            f"{sentences.COMPONENTS[name]} {plain(weight)}" for name, weight in policy.composite if weight
        )
        lines.append(f"得分由各部分按权重平均：{parts}。")
        stops = policy.missing_component is MissingComponent.BLOCK
        lines.append(f"缺少其中一部分的，{'不计得分，不提出等次建议' if stops else '其权重由其他部分分担'}。")
    lines.append("完全没有有效票的，不提出等次建议，但仍计入名额的总人数。")
    floors = [plain(floor) for floor in policy.score_floors]
    lines.append(
        f"得分 {floors[0]} 及以上为{good}，{floors[1]} 及以上为{fairly}，{floors[2]} 及以上为{average}，其余为{poor}。"
    )
    lines += [f"有“{sentences.fact(fact)}”情形的，等次最高为{policy.label(ceiling)}。" for fact, ceiling in policy.caps]
    return lines


def _forced_in_words(policy: Policy) -> list[str]:
    poor = policy.label(Grade.POOR)
    lines = []
    if policy.forcing_facts:
        facts = "”“".join(sentences.fact(fact) for fact in policy.forcing_facts)
        lines.append(f"有“{facts}”情形之一的，等次确定为{poor}。")
    counted = {
        ForcedPoorMode.POOR_ONLY: sentences.votes(POOR, policy),
        ForcedPoorMode.AVERAGE_PLUS_POOR: sentences.votes(AVERAGE_AND_POOR, policy),
        ForcedPoorMode.EITHER: f"{sentences.votes(AVERAGE, policy)}或{sentences.votes(POOR, policy)}任一项",
    }[policy.forced_poor_mode]
    where = {POOLED: "", ANY_PANEL: "任一票种中，", "WEIGHTED": "各票种的比例按权重平均后，"}.get(
        policy.forced_poor_scope, f"{policy.forced_poor_scope.removeprefix(PANEL)}票中，"
    )
    of = sentences.DENOMINATORS[policy.forced_poor_denominator]
    lines.append(f"{where}{counted}{sentences.over(policy)}{of}的 {sentences.limit(policy)} 的，等次确定为{poor}。")
    return lines


def _quota_in_words(policy: Policy) -> list[str]:
    good, fairly = policy.label(Grade.GOOD), policy.label(Grade.FAIRLY_GOOD)
    if not policy.quota_min_below_good_bp:
        return [f"不限制“{good}”的比例。"]
    least = basis_points(policy.quota_min_below_good_bp)
    within = "按组织类型分组，每组" if policy.quota_group_by is QuotaGroup.ORG_TYPE else "全体"
    tie = {
        TiePolicy.DELIBERATE: f"暂定为{fairly}，由党组研究确定",
        TiePolicy.EXCLUDE_ALL: f"均定为{fairly}",
        TiePolicy.INCLUDE_ALL: f"均保留{good}",
    }[policy.tie_policy]
    beyond = {
        QuotaEnforcement.WARN_WITH_REASON: "党组可以超出名额，但须写明理由。",
        QuotaEnforcement.BLOCK: "党组不得超出名额。",
    }[policy.quota_enforcement]
    return [
        f"{within}中{fairly}及以下等次不低于 {least}，“{good}”的名额取整；"
        f"不足 {policy.quota_min_group} 人的只提示，不调整。",
        f"名额之内依次比较得分、{good}票比例、{policy.label(Grade.POOR)}票比例（低者在前）、第一票种得分、上年问题销号率，"
        "不看姓名、编号和录入顺序。",
        f"各项均相同而名额不够的，{tie}。",
        beyond,
    ]


def _consequences_in_words(policy: Policy) -> list[str]:
    good, _, average, poor = (policy.label(grade) for grade in GRADES)
    lines = [
        f"等次不是{good}的，年度考核不得评为优秀。",
        f"等次为{average}或{poor}的，约谈提醒并限期整改。",
    ]
    if "MAJOR_FAILURE" in policy.forcing_facts:
        lines.append(f"有“{sentences.fact('MAJOR_FAILURE')}”情形的，提请研究问责。")
    if policy.consecutive_years:
        lines.append(f"连续 {policy.consecutive_years} 年为{average}或{poor}的，予以提示。")
    return [*lines, "以上均为建议和提示，最终等次由党组研究确定。"]
