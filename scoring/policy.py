"""PURE: every number and every choice of the rules, in one frozen value (RULES.md section 2).

A campaign keeps the policy that it was opened with: store ``canonical(policy)`` as TEXT (the order of
panels in ``panel_weights`` means something, and a jsonb column would change it) and print
``fingerprint(policy)`` on whatever was graded by it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from enum import IntEnum, StrEnum
from fractions import Fraction
from itertools import pairwise

from scoring.exact import plain
from scoring.strict import Malformed, inside, number, one_of, record, rows, text, whole


class Grade(IntEnum):
    """The four grades (等次); a higher number is a better grade."""

    POOR = 1
    AVERAGE = 2
    FAIRLY_GOOD = 3
    GOOD = 4

    @property
    def label(self) -> str:
        """The usual Chinese name; a policy may call it otherwise (``Policy.label``)."""
        return GRADE_LABELS[4 - self]


GRADES = (Grade.GOOD, Grade.FAIRLY_GOOD, Grade.AVERAGE, Grade.POOR)  # high to low, the order of all lists of four
GRADE_LABELS = ("好", "较好", "一般", "差")


class EmptyPanel(StrEnum):
    """What a panel without a valid vote does to the ballot score."""

    RENORMALIZE = "RENORMALIZE"
    BLOCK = "BLOCK"


class MissingComponent(StrEnum):
    """What a missing part of the composite does to the score."""

    BLOCK = "BLOCK"
    RENORMALIZE = "RENORMALIZE"


class ForcedPoorMode(StrEnum):
    """Which votes are counted against the limit (现场测评一般差票超过10% can be read in three ways)."""

    POOR_ONLY = "POOR_ONLY"
    AVERAGE_PLUS_POOR = "AVERAGE_PLUS_POOR"
    EITHER = "EITHER"


class Comparator(StrEnum):
    """Whether exactly the limit triggers: 超过 (no) or 达到 (yes)."""

    GT = "GT"
    GTE = "GTE"


class Denominator(StrEnum):
    """Of what the counted votes are a share."""

    EXPRESSED = "EXPRESSED"
    EXPRESSED_PLUS_ABSTAIN = "EXPRESSED_PLUS_ABSTAIN"
    RETURNED = "RETURNED"
    ISSUED = "ISSUED"


class QuotaGroup(StrEnum):
    """Who shares the places of 好."""

    CAMPAIGN = "CAMPAIGN"
    ORG_TYPE = "ORG_TYPE"


class QuotaEnforcement(StrEnum):
    """Whether the group may decide on more 好 than there are places."""

    WARN_WITH_REASON = "WARN_WITH_REASON"
    BLOCK = "BLOCK"


class TiePolicy(StrEnum):
    """What becomes of those who tie across the last place of 好."""

    DELIBERATE = "DELIBERATE"
    EXCLUDE_ALL = "EXCLUDE_ALL"
    INCLUDE_ALL = "INCLUDE_ALL"


COMPONENTS = ("ballot", "routine", "field")
POOLED, ANY_PANEL, WEIGHTED, PANEL = "POOLED", "ANY_PANEL", "WEIGHTED", "PANEL:"  # the scopes; PANEL: names its panel
NUMBERS_OF_YEARS = (0, 2)  # only last year's grade is known, so no longer run can be seen
MOST_BP = 10_000


def _four(value: object, path: str, names: Iterable[str]) -> list[tuple[str, object]]:
    """As many things as there are names: a list in their order, or an object by name."""
    names = tuple(names)
    if isinstance(value, Mapping):
        named = record(value, path, known=names, needed=names)
        return [(inside(path, name), named[name]) for name in names]
    if len(rows(value, path)) != len(names):
        raise Malformed(path, f"应有 {len(names)} 项（{'、'.join(names)}），现有 {len(value)} 项")
    return [(f"{path}[{place}]", each) for place, each in enumerate(value)]


def _descending(value: object, path: str, grades: Iterable[Grade]) -> tuple[Decimal, ...]:
    numbers = tuple(number(each, where) for where, each in _four(value, path, (grade.name for grade in grades)))
    if any(before <= after for before, after in pairwise(numbers)):
        raise Malformed(path, f"应从高到低依次递减，现为 {'、'.join(map(plain, numbers))}")
    return numbers


def _labels(value: object, path: str) -> tuple[str, ...]:
    labels = tuple(text(each, where) for where, each in _four(value, path, (grade.name for grade in GRADES)))
    if len(set(labels)) != len(labels):
        raise Malformed(path, "四个等次的名称不能相同")
    return labels


def _pairs(value: object, path: str) -> list[tuple[str, object]]:
    """An object's items in its own order (or pairs, as a policy itself holds them)."""
    items = value if isinstance(value, tuple) else record(value, path).items()
    return [(text(key, path), each) for key, each in items]


def _panel_weights(value: object, path: str) -> tuple[tuple[str, Decimal], ...] | None:
    if value is None:
        return None
    weights = tuple((code, number(each, inside(path, code))) for code, each in _pairs(value, path))
    for code, weight in weights:
        if weight <= 0:
            raise Malformed(inside(path, code), f"权重应大于 0，现为 {plain(weight)}")
    if len(dict(weights)) != len(weights):
        raise Malformed(path, "同一个票种出现了两次")
    return weights


def _composite(value: object, path: str) -> tuple[tuple[str, Decimal], ...] | None:
    if value is None:
        return None
    named = record(dict(value) if isinstance(value, tuple) else value, path, known=COMPONENTS, needed=COMPONENTS)
    weights = tuple((name, number(named[name], inside(path, name))) for name in COMPONENTS)
    for name, weight in weights:
        if weight < 0:
            raise Malformed(inside(path, name), f"权重不能为负，现为 {plain(weight)}")
    if not any(weight for _, weight in weights):
        raise Malformed(path, "三项权重不能全为 0")
    return weights


def _scope(value: object, path: str) -> str:
    scope = text(value, path)
    named = scope.startswith(PANEL) and scope.removeprefix(PANEL).strip()
    if scope not in (POOLED, ANY_PANEL, WEIGHTED) and not named:
        raise Malformed(path, f"应为 POOLED、ANY_PANEL、WEIGHTED 或 PANEL:票种，现为 “{scope}”")
    return scope


def _facts(value: object, path: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text(each, f"{path}[{place}]") for place, each in enumerate(rows(value, path))))


def _caps(value: object, path: str) -> tuple[tuple[str, Grade], ...]:
    if value is None:
        return ()
    return tuple(sorted((fact, one_of(each, inside(path, fact), Grade)) for fact, each in _pairs(value, path)))


def _bp(value: object, path: str) -> int:
    return whole(value, path, high=MOST_BP)


def _years(value: object, path: str) -> int:
    years = whole(value, path)
    if years not in NUMBERS_OF_YEARS:
        raise Malformed(path, f"应为 0（不用）或 2（连续两年），现为 {years}")
    return years


def _choice(choices: type[StrEnum]):
    return lambda value, path: one_of(value, path, choices)


READERS = {
    "name": text,
    "version": lambda value, path: whole(value, path, low=1),
    "grade_labels": _labels,
    "grade_values": lambda value, path: _descending(value, path, GRADES),
    "panel_weights": _panel_weights,
    "empty_panel": _choice(EmptyPanel),
    "composite": _composite,
    "missing_component": _choice(MissingComponent),
    "score_floors": lambda value, path: _descending(value, path, GRADES[:3]),
    "forced_poor_mode": _choice(ForcedPoorMode),
    "forced_poor_threshold_bp": _bp,
    "forced_poor_comparator": _choice(Comparator),
    "forced_poor_denominator": _choice(Denominator),
    "forced_poor_scope": _scope,
    "forcing_facts": _facts,
    "caps": _caps,
    "min_valid_ballots": whole,
    "quota_min_below_good_bp": _bp,
    "quota_group_by": _choice(QuotaGroup),
    "quota_min_group": whole,
    "quota_enforcement": _choice(QuotaEnforcement),
    "tie_policy": _choice(TiePolicy),
    "consecutive_years": _years,
}


@dataclass(frozen=True, slots=True)
class Policy:
    """The rule set (评定规则) of one campaign. Whatever is given is checked and brought into one form.

    Numbers may be given as int, Decimal or string; lists of pairs as mappings; choices by name. Of two
    policies that mean the same, the canonical form and the fingerprint are the same, except that the
    order of ``panel_weights`` counts: the first panel named there breaks ties. ``panel_weights`` None
    means that every panel weighs the same (one panel: 100 %). ``name`` and ``version`` are for people.

    Raises Malformed, with the field's path, for a value that the table of RULES.md does not allow.

    >>> Policy(panel_weights={"A": 60, "B": "40.0"}).panel_weights
    (('A', Decimal('60')), ('B', Decimal('40')))
    """

    name: str = "未命名规则"
    version: int = 1
    grade_labels: tuple[str, ...] = GRADE_LABELS
    grade_values: tuple[Decimal, ...] = (100, 80, 60, 40)
    panel_weights: tuple[tuple[str, Decimal], ...] | None = None
    empty_panel: EmptyPanel = EmptyPanel.RENORMALIZE
    composite: tuple[tuple[str, Decimal], ...] | None = None
    missing_component: MissingComponent = MissingComponent.BLOCK
    score_floors: tuple[Decimal, ...] = (90, 70, 50)
    forced_poor_mode: ForcedPoorMode = ForcedPoorMode.POOR_ONLY
    forced_poor_threshold_bp: int = 1000
    forced_poor_comparator: Comparator = Comparator.GT
    forced_poor_denominator: Denominator = Denominator.EXPRESSED
    forced_poor_scope: str = POOLED
    forcing_facts: tuple[str, ...] = ("MAJOR_FAILURE", "ACCOUNTABILITY")
    caps: tuple[tuple[str, Grade], ...] = ()
    min_valid_ballots: int = 5
    quota_min_below_good_bp: int = 1500
    quota_group_by: QuotaGroup = QuotaGroup.CAMPAIGN
    quota_min_group: int = 5
    quota_enforcement: QuotaEnforcement = QuotaEnforcement.WARN_WITH_REASON
    tie_policy: TiePolicy = TiePolicy.DELIBERATE
    consecutive_years: int = 2

    def __post_init__(self) -> None:
        for name, read in READERS.items():
            object.__setattr__(self, name, read(getattr(self, name), name))

    def label(self, grade: Grade) -> str:
        """What this policy calls a grade."""
        return self.grade_labels[4 - grade]

    def floor(self, grade: Grade) -> Decimal:
        """The lowest score of a grade above POOR; a score equal to it reaches it."""
        return self.score_floors[4 - grade]

    def reaches_limit(self, share: Fraction) -> bool:
        """Whether a share of the votes is too much: over the limit (超过), with GTE also exactly at it (达到)."""
        limit = Fraction(self.forced_poor_threshold_bp, MOST_BP)
        return share >= limit if self.forced_poor_comparator is Comparator.GTE else share > limit


def from_document(document: object, path: str = "policy") -> Policy:
    """A policy out of its JSON shape (parsed). What is left out has its default; None is all defaults.

    Raises Malformed, with the path of the wrong field, for an unknown key or a value not allowed.
    """
    known = [field.name for field in fields(Policy)]
    given = record({} if document is None else document, path, known=known)
    try:
        return Policy(**given)
    except Malformed as wrong:
        raise wrong.under(path) from None


def labels_in(document: Mapping) -> tuple[str, ...]:
    """What a policy's JSON shape calls the four grades, high to low; the usual names where it says nothing.

    >>> labels_in({"grade_labels": ["优秀", "良好", "合格", "不合格"]}), labels_in({})
    (('优秀', '良好', '合格', '不合格'), ('好', '较好', '一般', '差'))
    """
    return _labels(document.get("grade_labels") or GRADE_LABELS, "grade_labels")


def to_document(policy: Policy) -> dict[str, object]:
    """The complete policy in its JSON shape; ``from_document`` gives back the same policy."""
    shape: dict[str, object] = {field.name: getattr(policy, field.name) for field in fields(policy)}
    shape["grade_labels"] = dict(zip([grade.name for grade in GRADES], policy.grade_labels, strict=True))
    shape["grade_values"] = [plain(value) for value in policy.grade_values]
    shape["score_floors"] = {grade.name: plain(policy.floor(grade)) for grade in GRADES[:3]}
    for field in ("panel_weights", "composite"):
        if shape[field] is not None:
            shape[field] = {name: plain(weight) for name, weight in shape[field]}
    shape["forcing_facts"] = list(policy.forcing_facts)
    shape["caps"] = {fact: grade.name for fact, grade in policy.caps}
    return {name: str(value) if isinstance(value, StrEnum) else value for name, value in shape.items()}


def canonical(policy: Policy) -> str:
    """The complete policy as one line of JSON, always the same for the same policy."""
    return json.dumps(to_document(policy), ensure_ascii=False, separators=(",", ":"))


def fingerprint(policy: Policy) -> str:
    """SHA-256 of the canonical form, in hex: names the policy on whatever was graded by it."""
    return hashlib.sha256(canonical(policy).encode()).hexdigest()


PRESETS: dict[str, Policy] = {
    "default": Policy(name="默认规则"),
    "source": Policy(name="源方案原文", forced_poor_mode=ForcedPoorMode.AVERAGE_PLUS_POOR),
    "panels_50_30_20": Policy(name="三类票 50/30/20", panel_weights={"A": 50, "B": 30, "C": 20}),
    "panels_60_40": Policy(name="两类票 60/40", panel_weights={"A": 60, "B": 40}),
    "composite_40_30_30": Policy(name="综合 40/30/30", composite={"ballot": 40, "routine": 30, "field": 30}),
    "composite_70_30": Policy(name="三七开（测评 70、平时 30）", composite={"ballot": 70, "routine": 30, "field": 0}),
}
"""Rule sets to begin with, by name; ``dataclasses.replace`` changes one into a campaign's own."""
