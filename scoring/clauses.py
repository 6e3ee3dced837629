"""PURE: a policy read in words, clause by clause, each with the parameters it speaks of and where it comes from.

Every field of ``Policy`` belongs to exactly one clause; a test fails for one that belongs to none.
"""

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
    EmptyPanel,
    ForcedPoorMode,
    Grade,
    MissingComponent,
    Policy,
    QuotaEnforcement,
    QuotaGroup,
    TiePolicy,
)
from scoring.standing import AVERAGE, AVERAGE_AND_POOR, POOR


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause (条款) of the rules: its title, the fields of ``Policy`` it reads, its source, its words.

    ``source`` (条款依据) tells in our own words what the documents ask and what is this place's own choice.
    """

    key: str
    title: str
    fields: tuple[str, ...]
    source: str
    words: Callable[[Policy], list[str]]


def _name_in_words(policy: Policy) -> list[str]:
    return [f"规则名称：{policy.name}，第 {policy.version} 版。"]


def _values_in_words(policy: Policy) -> list[str]:
    values = "、".join(
        f"{policy.label(grade)} {plain(value)} 分" for grade, value in zip(GRADES, policy.grade_values, strict=True)
    )
    return [f"每张有效票按等次计分：{values}，按有效票平均。"]


def _panels_in_words(policy: Policy) -> list[str]:
    if policy.panel_weights is None:
        weights = "各票种权重相同。"
    else:
        named = "、".join(f"{code}票 {plain(weight)}" for code, weight in policy.panel_weights)
        weights = f"各票种按权重平均：{named}。"
    blocks = policy.empty_panel is EmptyPanel.BLOCK
    return [
        weights,
        f"某一票种没有有效票的，{'不计得分，不提出等次建议' if blocks else '其权重由其他票种分担'}。",
    ]


def _composite_in_words(policy: Policy) -> list[str]:
    none = "完全没有有效票的，不提出等次建议，但仍计入名额的总人数。"
    if policy.composite is None:
        return ["得分即现场测评得分，平时考核和实地考核只作参考。", none]
    parts = "、".join(f"{sentences.COMPONENTS[name]} {plain(weight)}" for name, weight in policy.composite if weight)
    stops = policy.missing_component is MissingComponent.BLOCK
    missing = f"缺少其中一部分的，{'不计得分，不提出等次建议' if stops else '其权重由其他部分分担'}。"
    return [f"得分由各部分按权重平均：{parts}。", missing, none]


def _floors_in_words(policy: Policy) -> list[str]:
    good, fairly, average, poor = (policy.label(grade) for grade in GRADES)
    floors = [plain(floor) for floor in policy.score_floors]
    return [
        f"得分 {floors[0]} 及以上为{good}，{floors[1]} 及以上为{fairly}，{floors[2]} 及以上为{average}，其余为{poor}。"
    ]


def _caps_in_words(policy: Policy) -> list[str]:
    return [f"有“{sentences.fact(fact)}”情形的，等次最高为{policy.label(ceiling)}。" for fact, ceiling in policy.caps]


def _facts_in_words(policy: Policy) -> list[str]:
    if not policy.forcing_facts:
        return []
    facts = "”“".join(sentences.fact(fact) for fact in policy.forcing_facts)
    return [f"有“{facts}”情形之一的，等次确定为{policy.label(Grade.POOR)}。"]


def _limit_in_words(policy: Policy) -> list[str]:
    counted = {
        ForcedPoorMode.POOR_ONLY: sentences.votes(POOR, policy),
        ForcedPoorMode.AVERAGE_PLUS_POOR: sentences.votes(AVERAGE_AND_POOR, policy),
        ForcedPoorMode.EITHER: f"{sentences.votes(AVERAGE, policy)}或{sentences.votes(POOR, policy)}任一项",
    }[policy.forced_poor_mode]
    where = {POOLED: "", ANY_PANEL: "任一票种中，", WEIGHTED: "各票种的比例按权重平均后，"}.get(
        policy.forced_poor_scope, f"{policy.forced_poor_scope.removeprefix(PANEL)}票中，"
    )
    of = sentences.DENOMINATORS[policy.forced_poor_denominator]
    poor = policy.label(Grade.POOR)
    return [f"{where}{counted}{sentences.over(policy)}{of}的 {sentences.limit(policy)} 的，等次确定为{poor}。"]


def _few_in_words(policy: Policy) -> list[str]:
    if policy.min_valid_ballots <= 1:
        return ["不设最少有效票数。"]
    return [f"有效票少于 {policy.min_valid_ballots} 张的，等次由党组研究确定。"]


def _quota_in_words(policy: Policy) -> list[str]:
    good, fairly = policy.label(Grade.GOOD), policy.label(Grade.FAIRLY_GOOD)
    if not policy.quota_min_below_good_bp:
        return [f"不限制“{good}”的比例。"]
    least = basis_points(policy.quota_min_below_good_bp)
    within = "按组织类型分组，每组" if policy.quota_group_by is QuotaGroup.ORG_TYPE else "全体"
    beyond = {
        QuotaEnforcement.WARN_WITH_REASON: "党组可以超出名额，但须写明理由。",
        QuotaEnforcement.BLOCK: "党组不得超出名额。",
    }[policy.quota_enforcement]
    return [
        f"{within}中{fairly}及以下等次不低于 {least}，“{good}”的名额取整；"
        f"不足 {policy.quota_min_group} 人的只提示，不调整。",
        beyond,
    ]


def _tie_in_words(policy: Policy) -> list[str]:
    if not policy.quota_min_below_good_bp:
        return []
    good, fairly = policy.label(Grade.GOOD), policy.label(Grade.FAIRLY_GOOD)
    tie = {
        TiePolicy.DELIBERATE: f"暂定为{fairly}，由党组研究确定",
        TiePolicy.EXCLUDE_ALL: f"均定为{fairly}",
        TiePolicy.INCLUDE_ALL: f"均保留{good}",
    }[policy.tie_policy]
    return [
        f"名额之内依次比较得分、{good}票比例、{policy.label(Grade.POOR)}票比例（低者在前）、第一票种得分、上年问题销号率，"
        "不看姓名、编号和录入顺序。",
        f"各项均相同而名额不够的，{tie}。",
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


CLAUSES: tuple[Clause, ...] = (
    Clause("name", "规则", ("name", "version"), "规则由组织实施单位在测评前定好，随票箱一并锁定。", _name_in_words),
    Clause(
        "values",
        "等次与分值",
        ("grade_labels", "grade_values"),
        "工作方案“综合评价”部分要求分四个等次；每个等次折合多少分，方案没有写，由本单位确定。",
        _values_in_words,
    ),
    Clause(
        "panels",
        "票种权重",
        ("panel_weights", "empty_panel"),
        "由哪几类人员参加测评，工作方案作了安排；各类票占多大比重，由本单位在测评前确定。",
        _panels_in_words,
    ),
    Clause(
        "composite",
        "得分的构成",
        ("composite", "missing_component"),
        "工作方案要求把会上评议、实地调研、平时了解和年度督导放在一起看，没有给出算法；是否折成分数由本单位确定。",
        _composite_in_words,
    ),
    Clause(
        "floors",
        "得分线",
        ("score_floors",),
        "方案没有规定分数线。默认取相邻两个等次分值的中点，得分只用来提出建议。",
        _floors_in_words,
    ),
    Clause(
        "caps",
        "限制等次的情形",
        ("caps",),
        "本单位可以约定：有某种情形的，等次不能高于某一档。默认都不设。",
        _caps_in_words,
    ),
    Clause(
        "facts",
        "确定为差的情形",
        ("forcing_facts",),
        "工作方案“综合评价”部分：出现重大失误并造成严重影响的，或者书记被问责追责的，等次定为差。"
        "须有依据，并由另一人确认。",
        _facts_in_words,
    ),
    Clause(
        "limit",
        "低等次票过多",
        (
            "forced_poor_mode",
            "forced_poor_scope",
            "forced_poor_denominator",
            "forced_poor_comparator",
            "forced_poor_threshold_bp",
        ),
        "工作方案“综合评价”部分：会上测评的低等次票超过一成的，等次定为差。原句既可以读作一般票与差票合计，"
        "也可以读作只看差票，所以口径要在测评前写明；口径不同而结论不同的，逐人提示。",
        _limit_in_words,
    ),
    Clause(
        "few",
        "最少有效票数",
        ("min_valid_ballots",),
        "票太少时一票就能改变结论。方案没有规定，由本单位确定。",
        _few_in_words,
    ),
    Clause(
        "quota",
        "“好”的名额",
        ("quota_min_below_good_bp", "quota_group_by", "quota_min_group", "quota_enforcement"),
        "工作方案“综合评价”部分要求较好及以下等次占一定比例，没有写明多少；各地通常不低于 15 %。",
        _quota_in_words,
    ),
    Clause(
        "tie",
        "名额线上的排序与并列",
        ("tie_policy",),
        "方案没有规定。并列的不用姓名、编号和录入顺序来分先后。",
        _tie_in_words,
    ),
    Clause(
        "consequences",
        "结果运用",
        ("consecutive_years",),
        "工作方案“结果运用”部分：不是好的，年度考核不能评优秀；一般和差的要约谈、限期整改，严重的问责；"
        "连续两年靠后的要问责，系统只作提示。",
        _consequences_in_words,
    ),
)
BY_KEY = {clause.key: clause for clause in CLAUSES}


def read_policy_in_words(policy: Policy) -> list[str]:
    """Each rule of the policy as one plain sentence with its numbers, in the order of the steps."""
    return [line for clause in CLAUSES if clause.key != "name" for line in clause.words(policy)]
