"""PURE: a worked example (算例) for each clause of a policy, and the boundary table; the rules themselves reckon.

The figures are invented and always the same, so that what changes in an example is what the policy changes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from scoring import sentences
from scoring.exact import in_both_forms, percent, plain
from scoring.explanation import explain, limit_lines
from scoring.policy import GRADES, PANEL, EmptyPanel, Grade, MissingComponent, Policy, TiePolicy
from scoring.rules import forced_poor, own_suggestion, quota_group, suggest_grades
from scoring.standing import Standing
from scoring.tally import PanelCount, panel_score

USUAL_VOTES = (9, 20, 29, 30, 40)  # RULES.md section 4
USUAL_PEOPLE = (18, 7, 6, 5, 4)
HUNDRED = Decimal(100)


def votes(good: int = 0, fairly_good: int = 0, average: int = 0, poor: int = 0, **more: int) -> PanelCount:
    """A panel of which everybody came and voted, unless said otherwise."""
    returned = good + fairly_good + average + poor + more.get("abstain", 0)
    issued = more.pop("issued", returned)
    return PanelCount(issued, returned, good, fairly_good, average, poor, **more)


def examples_of(policy: Policy) -> dict[str, list[str]]:
    """A worked example a clause, by the key of the clause; clauses that only name something have none."""
    return {
        "values": _values(policy),
        "panels": _panels(policy),
        "composite": _composite(policy),
        "floors": _floors(policy),
        "caps": _caps(policy),
        "facts": _facts(policy),
        "limit": _limit(policy),
        "few": _few(policy),
        "quota": _quota(policy),
        "tie": _tie(policy),
        "consequences": _consequences(policy),
    }


def _code(policy: Policy) -> str:
    """The panel that an example votes in: the one the limit looks at, else the first."""
    if policy.forced_poor_scope.startswith(PANEL):
        return policy.forced_poor_scope.removeprefix(PANEL)
    return policy.panel_weights[0][0] if policy.panel_weights else "A"


def _one(count: PanelCount, policy: Policy, **beside) -> Standing:
    return Standing("例", {_code(policy): count}, **beside)


def _grade(policy: Policy, standing: Standing) -> str:
    suggestion = own_suggestion(standing, policy)
    named = "不提出等次建议" if suggestion.grade is None else policy.label(suggestion.grade)
    return f"{named}（待党组研究确定）" if suggestion.is_open else named


def _by_score_alone(policy: Policy) -> Policy:
    """The policy as if routine alone made the score, so that an example can begin with any score."""
    return replace(policy, composite={"ballot": 0, "routine": 1, "field": 0})


def _grade_of_score(score: Decimal, policy: Policy, *facts: str) -> str:
    """The grade of somebody with that score, enough votes and none against him."""
    count = votes(max(policy.min_valid_ballots, 20))
    return _grade(_by_score_alone(policy), _one(count, policy, routine=score, facts=facts))


def _values(policy: Policy) -> list[str]:
    count = votes(7, 2, 1)
    score = panel_score(count, [Fraction(value) for value in policy.grade_values])
    marks = "、".join(f"{policy.label(grade)} {n}" for grade, n in zip(GRADES, (7, 2, 1, 0), strict=True))
    terms = "+".join(f"{plain(value)}×{n}" for value, n in zip(policy.grade_values, (7, 2, 1, 0), strict=True))
    return [f"10 张有效票中{marks}：({terms})/10 = {in_both_forms(score)} 分。"]


def _panels(policy: Policy) -> list[str]:
    codes = [code for code, _ in policy.panel_weights or ()] or ["A", "B"]
    panels = {code: votes(8, 2) if place % 2 == 0 else votes(5, 5) for place, code in enumerate(codes)}
    good, fair = policy.label(Grade.GOOD), policy.label(Grade.FAIRLY_GOOD)
    named = "、".join(
        f"{code}票 8 {good} 2 {fair}" if n % 2 == 0 else f"{code}票 5 {good} 5 {fair}" for n, code in enumerate(codes)
    )
    if len(codes) < 2:
        return [f"{named}：得分 {_ballot(panels, policy)}。"]
    if policy.empty_panel is EmptyPanel.BLOCK:
        lacks = "不计得分，不提出等次建议"
    else:
        lacks = f"得分 {_ballot(panels | {codes[-1]: votes(abstain=10)}, policy)}"
    return [f"{named}：得分 {_ballot(panels, policy)}。", f"{codes[-1]}票全部弃权：{lacks}。"]


def _ballot(panels: dict[str, PanelCount], policy: Policy) -> str:
    """The ballot score as it is reckoned; what equals itself is written once."""
    lines = explain(Standing("例", panels), replace(policy, composite=None))
    told = next(line for line in lines if line.startswith("现场测评得分")).partition("：")[2]
    reckoned, _, result = told.partition(" = ")
    return result if reckoned == result else told


def _composite(policy: Policy) -> list[str]:
    whole = _one(votes(8, 2), policy, routine=Decimal(90), field=Decimal(80))
    if policy.composite is None:
        good, fair = policy.label(Grade.GOOD), policy.label(Grade.FAIRLY_GOOD)
        return [f"测评 8 张{good}、2 张{fair}，平时 90 分、实地 80 分：得分只看测评票。"]
    named = [line for line in explain(whole, policy) if line.startswith("综合得分")]
    suggestion = own_suggestion(_one(votes(8, 2), policy, field=Decimal(80)), policy)
    stops = policy.missing_component is MissingComponent.BLOCK
    lacks = "不计得分" if suggestion.score is None else f"得分 {in_both_forms(suggestion.score)}"
    wanted = dict(policy.composite)["routine"]
    without = f"没有平时得分：{lacks}{'，等待补齐' if stops and wanted else ''}"
    return [f"{line}。" for line in [*named, without]]


def _floors(policy: Policy) -> list[str]:
    bare = replace(policy, caps={}, forcing_facts=())
    cent = Decimal("0.01")
    return [
        f"得分 {plain(floor)} 为{_grade_of_score(floor, bare)}，得分 {plain(floor - cent)} 为"
        f"{_grade_of_score(floor - cent, bare)}。"
        for floor in policy.score_floors
    ]


def _caps(policy: Policy) -> list[str]:
    return [
        f"得分 100、有“{sentences.fact(fact)}”情形：{_grade_of_score(HUNDRED, policy, fact)}。"
        for fact, _ in policy.caps
    ] or ["没有设置，任何情形都不限制等次。"]


def _facts(policy: Policy) -> list[str]:
    if not policy.forcing_facts:
        return ["没有设置，只由测评票确定。"]
    first = policy.forcing_facts[0]
    return [f"得分 100、有“{sentences.fact(first)}”情形：{_grade_of_score(HUNDRED, policy, first)}。"]


def _limit(policy: Policy) -> list[str]:
    """Two figures on which the readings and the denominators part."""
    abstained = votes(26, 0, 0, 3, abstain=1, issued=32)
    averaged = votes(30, 5, 4, 1)
    average, poor = policy.label(Grade.AVERAGE), policy.label(Grade.POOR)
    return [
        f"发出 32 张、收回 30 张，弃权 1 张、{poor}票 3 张：{''.join(limit_lines(_one(abstained, policy), policy))}",
        f"有效票 40 张，{average}票 4 张、{poor}票 1 张：{''.join(limit_lines(_one(averaged, policy), policy))}",
    ]


def _few(policy: Policy) -> list[str]:
    if policy.min_valid_ballots <= 1:
        return ["只要有有效票，就按得分提出建议。"]
    least = policy.min_valid_ballots
    own = replace(policy, composite=None)
    return [
        f"{n} 张有效票、全部为{policy.label(Grade.GOOD)}：{_grade(own, _one(votes(n), policy))}。"
        for n in (least - 1, least)
    ]


def _quota(policy: Policy) -> list[str]:
    people = USUAL_PEOPLE[0]
    if not policy.quota_min_below_good_bp:
        return [f"{people} 人可以都是{policy.label(Grade.GOOD)}。"]
    group = quota_group("例", people, policy)
    if group.notices:
        return [f"{people} 人：{group.notices[0].text}。"]
    return [
        f"{people} 人：{people}×(10000−{policy.quota_min_below_good_bp})÷10000，取整为 {group.places} 个"
        f"“{policy.label(Grade.GOOD)}”，至少 {people - group.places} 人为{policy.label(Grade.FAIRLY_GOOD)}及以下。"
    ]


def _tie(policy: Policy) -> list[str]:
    """Everybody the same, one more than there are places."""
    people, good = 18, policy.label(Grade.GOOD)
    group = quota_group("例", people, policy)
    if not policy.quota_min_below_good_bp or group.notices or group.places == people:
        return ["没有名额线，不会并列。"]
    plain_policy = replace(
        policy, composite=None, score_floors=(3, 2, 1), grade_values=(4, 3, 2, 1), min_valid_ballots=0
    )
    code = _code(policy)
    everybody = [Standing(n, {code: votes(20)}, org_type="例") for n in range(people)]
    outcome = suggest_grades(everybody, replace(plain_policy, forced_poor_threshold_bp=10_000))
    kept = sum(each.grade is Grade.GOOD for each in outcome.suggestions)
    then = "，全部留待党组研究确定" if policy.tie_policy is TiePolicy.DELIBERATE else ""
    return [f"{people} 人票数完全相同，名额 {group.places} 个：建议为{good}的 {kept} 人{then}。"]


def _consequences(policy: Policy) -> list[str]:
    average, poor = policy.label(Grade.AVERAGE), policy.label(Grade.POOR)
    if not policy.consecutive_years:
        return [f"上年、今年都是{poor}：不提示连续靠后。"]
    return [f"上年{average}、今年{poor}：提示连续两年等次靠后；上年{policy.label(Grade.GOOD)}、今年{poor}：不提示。"]


@dataclass(frozen=True, slots=True)
class Boundary:
    """With so many votes, this many low ones make the grade 差 (None: none do), and one less does not."""

    votes: int
    triggers_at: int | None

    @property
    def share(self) -> str:
        """The share that triggers."""
        return "" if self.triggers_at is None else f"{self.triggers_at}/{self.votes}={self._percent(self.triggers_at)}"

    @property
    def below(self) -> str:
        """The share of one vote less, which does not."""
        if not self.triggers_at:
            return ""
        return f"{self.triggers_at - 1}/{self.votes}={self._percent(self.triggers_at - 1)}"

    def _percent(self, count: int) -> str:
        return percent(Fraction(count, self.votes))


def boundaries(policy: Policy, *sizes: int) -> list[Boundary]:
    """The boundary table: for each number of votes the smallest number of 差 that forces the grade, by the rules."""
    bare = replace(policy, forcing_facts=())
    return [
        Boundary(
            size, next((n for n in range(size + 1) if forced_poor(_one(votes(size - n, 0, 0, n), bare), bare)), None)
        )
        for size in sorted({*USUAL_VOTES, *(size for size in sizes if size > 0)})
    ]


@dataclass(frozen=True, slots=True)
class Places:
    """Of so many people, how many may be 好; ``is_told_only``: a group too small to be adjusted."""

    people: int
    places: int
    is_told_only: bool


def places(policy: Policy, *sizes: int) -> list[Places]:
    """The table of places; empty without a quota."""
    if not policy.quota_min_below_good_bp:
        return []
    groups = [quota_group("例", size, policy) for size in sorted({*USUAL_PEOPLE, *(s for s in sizes if s > 0)})]
    return [Places(group.size, group.places, bool(group.notices)) for group in groups]
