"""PURE: what the rules say about a review, in the words that the result sheet prints."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from scoring.exact import basis_points, percent, plain, two_places
from scoring.policy import Comparator, Denominator, ForcedPoorMode, Grade, Policy, QuotaGroup
from scoring.standing import AVERAGE, AVERAGE_AND_POOR, POOR, Share

FACTS = {
    "MAJOR_FAILURE": "重大失误造成严重影响",
    "ACCOUNTABILITY": "被问责追责",
    "ABSENT_WITHOUT_LEAVE": "无故缺席述职评议",
    "LATE_REPORT": "迟交述职报告",
    "UNCLOSED_PROBLEMS": "上年问题未销号",
    "OVERDUE_ELECTION": "未按期换届",
}
COMPONENTS = {"ballot": "现场测评", "routine": "平时考核", "field": "实地考核"}
DENOMINATORS = {
    Denominator.EXPRESSED: "有效票",
    Denominator.EXPRESSED_PLUS_ABSTAIN: "有效票与弃权票之和",
    Denominator.RETURNED: "收回票",
    Denominator.ISSUED: "发出票",
}


def fact(code: str) -> str:
    """A fact in words; one that a place has named itself is its own word."""
    return FACTS.get(code, code)


def votes(what: str, policy: Policy) -> str:
    """Which votes are counted, by the policy's own names of the grades."""
    average, poor = policy.label(Grade.AVERAGE), policy.label(Grade.POOR)
    return {POOR: f"{poor}票", AVERAGE: f"{average}票", AVERAGE_AND_POOR: f"{average}票和{poor}票合计"}[what]


def over(policy: Policy) -> str:
    """超过 (more than the limit) or 达到 (the limit is enough)."""
    return "达到" if policy.forced_poor_comparator is Comparator.GTE else "超过"


def limit(policy: Policy) -> str:
    """The limit of step 6 in per cent."""
    return basis_points(policy.forced_poor_threshold_bp)


def share(this: Share, policy: Policy) -> str:
    """A share with its fraction beside it: 差票 3/29=10.34 %."""
    where = "" if this.panel is None else f"{this.panel}票中"
    how = "按票种权重加权，" if this.weighted else ""
    below = policy.forced_poor_denominator
    of = "" if below is Denominator.EXPRESSED else f"（占{DENOMINATORS[below]}）"
    return f"{how}{where}{votes(this.votes, policy)}{of} {this.count}/{this.denominator}={percent(this.value)}"


def band(score: Fraction, grade: Grade, policy: Policy) -> str:
    """The grade that a score falls into."""
    if grade is Grade.POOR:
        lowest = f"{policy.label(Grade.AVERAGE)}（≥{plain(policy.floor(Grade.AVERAGE))}）"
        return f"得分 {two_places(score)}，未达到{lowest}，为{policy.label(grade)}"
    return f"得分 {two_places(score)}，达到{policy.label(grade)}（≥{plain(policy.floor(grade))}）"


def cap(code: str, ceiling: Grade, policy: Policy) -> str:
    """A fact that bars the grades above its ceiling."""
    return f"有“{fact(code)}”情形，等次最高为{policy.label(ceiling)}"


def forced_by_fact(codes: Iterable[str], policy: Policy) -> str:
    """Facts that leave no grade but the lowest."""
    return f"有“{'”“'.join(fact(code) for code in codes)}”情形，等次定为{policy.label(Grade.POOR)}"


def forced_by_ballots(shares: Iterable[Share], policy: Policy) -> str:
    """Too many low votes, with both numbers."""
    figures = "；".join(share(each, policy) for each in shares)
    return f"{figures}，{over(policy)} {limit(policy)}，等次定为{policy.label(Grade.POOR)}"


def no_valid_ballots() -> str:
    """Nobody expressed anything."""
    return "没有有效票，不提出等次建议"


def empty_panels(codes: Iterable[str]) -> str:
    """Panels without a valid vote, where the policy then wants no score."""
    return f"{'、'.join(f'{code}票' for code in codes)}没有有效票，按规则不计得分，不提出等次建议"


def missing_components(names: Iterable[str]) -> str:
    """Parts of the composite that are not there."""
    return f"缺少{'、'.join(COMPONENTS[name] for name in names)}得分，按规则不计综合得分，不提出等次建议"


def few_ballots(expressed: int, policy: Policy) -> str:
    """Too few votes to settle anything."""
    return f"有效票 {expressed} 张，少于 {policy.min_valid_ballots} 张，等次由党组研究确定"


def quota(places: int, size: int, rank: int, policy: Policy) -> str:
    """Below the line: there are fewer places of 好 than reviews in that band."""
    good, lower = policy.label(Grade.GOOD), policy.label(Grade.FAIRLY_GOOD)
    return f"同组 {size} 人中“{good}”的名额为 {places} 个，排在第 {rank} 位，名额之外，定为{lower}"


def quota_tie(places: int, size: int, rank: int, tied: int, is_open: bool, policy: Policy) -> str:
    """Across the line: no figure tells those who tie apart."""
    good, lower = policy.label(Grade.GOOD), policy.label(Grade.FAIRLY_GOOD)
    outcome = f"暂定为{lower}，由党组研究确定" if is_open else f"均定为{lower}"
    return (
        f"同组 {size} 人中“{good}”的名额为 {places} 个，并列第 {rank} 位的有 {tied} 人，"
        f"各项指标均相同，名额不够，{outcome}"
    )


def quota_group_too_small(size: int, places: int, policy: Policy) -> str:
    """A group in which the quota only warns."""
    lower, good = policy.label(Grade.FAIRLY_GOOD), policy.label(Grade.GOOD)
    return (
        f"同组仅 {size} 人，少于 {policy.quota_min_group} 人，不按比例调整；"
        f"按{lower}及以下不低于 {basis_points(policy.quota_min_below_good_bp)} 计算，“{good}”的名额为 {places} 个"
    )


def readings_differ(readings: dict[ForcedPoorMode, tuple[tuple[Share, ...], bool]], policy: Policy) -> str:
    """The same ballots, read in the three ways that the source text allows, with different results."""
    names = {
        ForcedPoorMode.POOR_ONLY: f"只计{votes(POOR, policy)}",
        ForcedPoorMode.AVERAGE_PLUS_POOR: f"{votes(AVERAGE_AND_POOR, policy)}",
        ForcedPoorMode.EITHER: f"{votes(AVERAGE, policy)}、{votes(POOR, policy)}分别计",
    }
    told = "；".join(
        f"{names[mode]}{'触发' if triggered else '不触发'}（{'，'.join(share(each, policy) for each in shares)}）"
        for mode, (shares, triggered) in readings.items()
    )
    return f"两种口径结论不同：{told}；界限为{over(policy)} {limit(policy)}"


def group(name: str) -> str:
    """A quota group in words."""
    return "全体" if name == QuotaGroup.CAMPAIGN else name
