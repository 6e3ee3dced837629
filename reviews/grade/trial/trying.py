"""PURE: two policies on the same figures: who changes, from what to what, why, and where the line of 好 falls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from scoring import sentences
from scoring.exact import two_places
from scoring.policy import PANEL, POOLED, Grade, Policy
from scoring.rules import Group, Suggestion, suggest_grades
from scoring.standing import Standing

BELOW_THE_LINE = {"QUOTA", "QUOTA_TIE"}
NO_GRADE = "无"


@dataclass(frozen=True, slots=True)
class Line:
    """One review under both policies. ``why``: what the tried policy says that the present one does not."""

    id: str | int
    before: str
    after: str
    score_before: str
    score_after: str
    is_changed: bool
    why: tuple[str, ...]
    is_below_quota_line: bool = False  # the first one under the line


@dataclass(frozen=True, slots=True)
class Trial:
    """What came out: the lines in the order of the tried policy, and the places of 好 in words."""

    lines: tuple[Line, ...]
    places: tuple[str, ...]
    counts: tuple[tuple[str, int, int], ...]  # grade, how many before, how many after

    @property
    def changed(self) -> int:
        """How many change."""
        return sum(line.is_changed for line in self.lines)


def fitted(policy: Policy, codes: Sequence[str], own: Policy) -> tuple[Policy, list[str]]:
    """A policy over panels that it may not know, and what had to be done for it, in words.

    A merged panel (``A+C``) weighs what its parts weigh. Where the policy does not know a panel, the weights are
    those of ``own``, the policy that the figures were counted by; where that does not either, all the same.
    """
    notes = []
    weights = _weights(policy, codes)
    if weights is None:
        weights = _weights(own, codes) or dict.fromkeys(codes, 1)
        notes.append("票数的票种与规则的票种不同，按票数原来的权重（没有的按相同权重）计算。")
    scope = policy.forced_poor_scope
    if scope.startswith(PANEL):
        code = scope.removeprefix(PANEL)
        holder = next((each for each in codes if code in each.split("+")), None)
        scope = POOLED if holder is None else f"{PANEL}{holder}"
        if holder is None:
            notes.append(f"票数中没有{code}票，低等次票按全部票合在一起计算。")
    return replace(policy, panel_weights=weights, forced_poor_scope=scope), notes


def _weights(policy: Policy, codes: Sequence[str]) -> dict | None:
    known = dict(policy.panel_weights or ())
    if any(part not in known for code in codes for part in code.split("+")):
        merged = {code: known[code] for code in codes if code in known}
        return merged if len(merged) == len(codes) else None
    return {code: sum(known[part] for part in code.split("+")) for code in codes}


def try_policy(standings: Sequence[Standing], before: Policy, after: Policy) -> Trial:
    """The same figures under both policies. Raises Malformed for figures that cannot be true."""
    old, new = suggest_grades(standings, before), suggest_grades(standings, after)
    lines = [_line(old.of(each.id), each, before, after) for each in new.suggestions]
    place = {each.id: _place(each) for each in new.suggestions}
    group_of = {each.id: each.group for each in new.suggestions}
    below = {each.id for each in new.suggestions if BELOW_THE_LINE & {reason.code for reason in each.reasons}}
    ordered: list[Line] = []
    for group in new.groups:
        members = sorted((line for line in lines if group_of[line.id] == group.name), key=lambda line: place[line.id])
        first = next((line.id for line in members if line.id in below), None)
        ordered += [replace(line, is_below_quota_line=line.id == first) for line in members]
    grades = [*Grade.__members__.values()][::-1]
    counts = tuple(
        (
            after.label(grade),
            sum(each.grade is grade for each in old.suggestions),
            sum(each.grade is grade for each in new.suggestions),
        )
        for grade in grades
    )
    return Trial(tuple(ordered), _places(new.groups, new.suggestions, after), counts)


def _place(suggestion: Suggestion) -> tuple:
    has_no_rank, has_no_score = suggestion.rank is None, suggestion.score is None
    return has_no_rank, suggestion.rank or 0, has_no_score, -(suggestion.score or 0)


def _line(old: Suggestion, new: Suggestion, before: Policy, after: Policy) -> Line:
    known = {reason.text for reason in (*old.reasons, *old.notices)}
    return Line(
        id=new.id,
        before=_named(old, before),
        after=_named(new, after),
        score_before="" if old.score is None else two_places(old.score),
        score_after="" if new.score is None else two_places(new.score),
        is_changed=(old.grade, old.is_open) != (new.grade, new.is_open),
        why=tuple(reason.text for reason in (*new.reasons, *new.notices) if reason.text not in known),
    )


def _named(suggestion: Suggestion, policy: Policy) -> str:
    grade = NO_GRADE if suggestion.grade is None else policy.label(suggestion.grade)
    return f"{grade}（待研究）" if suggestion.is_open else grade


def _places(groups: Sequence[Group], suggestions: Sequence[Suggestion], policy: Policy) -> tuple[str, ...]:
    if not policy.quota_min_below_good_bp:
        return ()
    good = policy.label(Grade.GOOD)
    told = []
    for group in groups:
        has = sum(each.grade is Grade.GOOD and each.group == group.name for each in suggestions)
        line = f"{sentences.group(group.name)} {group.size} 人，“{good}”的名额 {group.places} 个，试算 {has} 个"
        told.append("；".join(notice.text for notice in group.notices) or line)
    return tuple(told)
