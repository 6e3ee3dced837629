"""PURE: what differs between two policies, in words: 差票比例：10.00 % → 15.00 %."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from scoring import sentences
from scoring.exact import basis_points, plain
from scoring.policy import (
    ANY_PANEL,
    GRADES,
    PANEL,
    POOLED,
    WEIGHTED,
    Comparator,
    EmptyPanel,
    ForcedPoorMode,
    MissingComponent,
    Policy,
    QuotaEnforcement,
    QuotaGroup,
    TiePolicy,
)

NONE = "无"
MODES = {
    ForcedPoorMode.POOR_ONLY: "只计差票",
    ForcedPoorMode.AVERAGE_PLUS_POOR: "一般票与差票合计",
    ForcedPoorMode.EITHER: "一般票、差票任一项",
}
SCOPES = {POOLED: "全部票合在一起", ANY_PANEL: "任一票种", WEIGHTED: "各票种比例按权重平均"}


@dataclass(frozen=True, slots=True)
class Difference:
    """One parameter that two policies set differently: the field of ``Policy``, its title, both values in words."""

    field: str
    title: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.title}：{self.before} → {self.after}"


def differences(before: Policy, after: Policy) -> list[Difference]:
    """Every parameter in which two policies differ, in the order of the rules; empty for the same policy.

    The version is no parameter: it only counts how often the rules were saved.

    >>> from dataclasses import replace
    >>> [str(each) for each in differences(Policy(), replace(Policy(), forced_poor_threshold_bp=1500))]
    ['低等次票比例上限：10.00 % → 15.00 %']
    """
    return [
        Difference(field, title, in_words(before), in_words(after))
        for field, (title, in_words) in TITLES.items()
        if getattr(before, field) != getattr(after, field)
    ]


def _by_grade(values: Callable[[Policy], tuple]) -> Callable[[Policy], str]:
    return lambda policy: "、".join(
        f"{grade.label} {plain(value)}" for grade, value in zip(GRADES, values(policy), strict=False)
    )


def _weights(policy: Policy) -> str:
    if policy.panel_weights is None:
        return "各票种相同"
    return "、".join(f"{code}票 {plain(weight)}" for code, weight in policy.panel_weights) or NONE


def _composite(policy: Policy) -> str:
    if policy.composite is None:
        return "只用现场测评"
    return "、".join(f"{sentences.COMPONENTS[name]} {plain(weight)}" for name, weight in policy.composite)


def _scope(policy: Policy) -> str:
    scope = policy.forced_poor_scope
    return SCOPES.get(scope, f"只看{scope.removeprefix(PANEL)}票")


def _caps(policy: Policy) -> str:
    return "；".join(f"“{sentences.fact(fact)}”最高为{ceiling.label}" for fact, ceiling in policy.caps) or NONE


def _facts(policy: Policy) -> str:
    return "、".join(f"“{sentences.fact(fact)}”" for fact in policy.forcing_facts) or NONE


TITLES: dict[str, tuple[str, Callable[[Policy], str]]] = {
    "name": ("规则名称", lambda policy: f"“{policy.name}”"),
    "grade_labels": ("等次名称", lambda policy: "、".join(policy.grade_labels)),
    "grade_values": ("等次分值", _by_grade(lambda policy: policy.grade_values)),
    "panel_weights": ("票种权重", _weights),
    "empty_panel": (
        "没有有效票的票种",
        lambda policy: {EmptyPanel.RENORMALIZE: "权重由其他票种分担", EmptyPanel.BLOCK: "不计得分"}[policy.empty_panel],
    ),
    "composite": ("得分的构成", _composite),
    "missing_component": (
        "缺少一部分得分的",
        lambda policy: {MissingComponent.BLOCK: "不计得分", MissingComponent.RENORMALIZE: "权重由其他部分分担"}[
            policy.missing_component
        ],
    ),
    "score_floors": ("得分线", _by_grade(lambda policy: policy.score_floors)),
    "caps": ("限制等次的情形", _caps),
    "forcing_facts": ("确定为差的情形", _facts),
    "forced_poor_mode": ("低等次票的口径", lambda policy: MODES[policy.forced_poor_mode]),
    "forced_poor_scope": ("在哪些票里算", _scope),
    "forced_poor_denominator": (
        "计算比例的分母",
        lambda policy: sentences.DENOMINATORS[policy.forced_poor_denominator],
    ),
    "forced_poor_comparator": (
        "恰好等于上限时",
        lambda policy: {Comparator.GT: "不算（超过）", Comparator.GTE: "算（达到）"}[policy.forced_poor_comparator],
    ),
    "forced_poor_threshold_bp": ("低等次票比例上限", lambda policy: basis_points(policy.forced_poor_threshold_bp)),
    "min_valid_ballots": ("最少有效票数", lambda policy: f"{policy.min_valid_ballots} 张"),
    "quota_min_below_good_bp": ("较好及以下最低比例", lambda policy: basis_points(policy.quota_min_below_good_bp)),
    "quota_group_by": (
        "名额的分组",
        lambda policy: {QuotaGroup.CAMPAIGN: "全体一组", QuotaGroup.ORG_TYPE: "按组织类型分组"}[policy.quota_group_by],
    ),
    "quota_min_group": ("按比例调整的最少人数", lambda policy: f"{policy.quota_min_group} 人"),
    "quota_enforcement": (
        "能否超出名额",
        lambda policy: {
            QuotaEnforcement.WARN_WITH_REASON: "写明理由可以超出",
            QuotaEnforcement.BLOCK: "不得超出",
        }[policy.quota_enforcement],
    ),
    "tie_policy": (
        "名额线上并列的",
        lambda policy: {
            TiePolicy.DELIBERATE: "留待党组研究",
            TiePolicy.EXCLUDE_ALL: "均不占名额",
            TiePolicy.INCLUDE_ALL: "均保留好",
        }[policy.tie_policy],
    ),
    "consecutive_years": (
        "连续靠后的提示",
        lambda policy: f"连续 {policy.consecutive_years} 年" if policy.consecutive_years else "不提示",
    ),
}
