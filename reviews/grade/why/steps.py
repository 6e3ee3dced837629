"""PURE: the arithmetic of one review laid beside the clauses: each step with its rule, its lines, whether it fired."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from scoring.clauses import CLAUSES, Clause
from scoring.explanation import explain, limit_lines
from scoring.policy import Policy
from scoring.rules import Outcome, own_suggestion
from scoring.standing import Standing

# Which clause a reason of ``scoring.rules`` belongs to.
CLAUSE_OF = {
    "NO_VALID_BALLOTS": "composite",
    "EMPTY_PANEL": "panels",
    "MISSING_COMPONENT": "composite",
    "BAND": "floors",
    "CAP": "caps",
    "FORCED_BY_FACT": "facts",
    "FORCED_BY_BALLOTS": "limit",
    "FEW_BALLOTS": "few",
    "QUOTA": "quota",
    "QUOTA_TIE": "tie",
}
BEGINNINGS = (("现场测评得分：", "panels"), ("综合得分（", "composite"))
NOT_A_STEP = {"name", "consequences"}  # told elsewhere on the page
FIRED, RECKONED, TESTED = "触发", "计算", "检查，未触发"


@dataclass(frozen=True, slots=True)
class Step:
    """One clause with what came of it: ``lines`` of arithmetic, ``verdict`` in a word, the rule's text and source."""

    title: str
    verdict: str
    lines: list[str]
    words: list[str]
    source: str


def steps_of(standing: Standing, policy: Policy, outcome: Outcome | None = None) -> list[Step]:
    """Every line of ``explain`` under its clause, in the order of the clauses; what was only tested says so.

    The figures must balance. The last line (建议等次) stands on the page's head and is left out here.
    """
    suggestion = own_suggestion(standing, policy) if outcome is None else outcome.of(standing.id)
    lines = explain(standing, policy, outcome)[:-1]
    by_reason = {f"{reason.text}。": CLAUSE_OF.get(reason.code, "quota") for reason in suggestion.reasons}
    limit = set(limit_lines(standing, policy))
    fired = {CLAUSE_OF.get(reason.code, "quota") for reason in suggestion.reasons} - {"floors"}
    found: dict[str, list[str]] = {}
    for line in lines:
        found.setdefault(_clause_of(line, by_reason, limit), []).append(line)
    return _laid_out(policy, _tested(standing, policy) | found, fired)


def _tested(standing: Standing, policy: Policy) -> dict[str, list[str]]:
    """What a reader needs to test for himself the clauses that have no line of their own."""
    told = {"few": [f"有效票 {standing.expressed} 张。"]}
    return told if policy.composite else told | {"composite": ["得分就是现场测评得分。"]}


def steps_in_short(reasons: Iterable[Mapping[str, str]], policy: Policy) -> list[Step]:
    """The same without a figure, out of the reasons as they may be told beside a small panel."""
    reasons = list(reasons)
    found: dict[str, list[str]] = {}
    for reason in reasons:
        found.setdefault(CLAUSE_OF.get(reason["code"], "quota"), []).append(f"{reason['text']}。")
    return _laid_out(policy, found, set(found) - {"floors"})


def _clause_of(line: str, by_reason: Mapping[str, str], limit: set[str]) -> str:
    """The key of the clause that a line of the arithmetic belongs to."""
    if line in limit:
        return "limit"
    if line in by_reason:
        return by_reason[line]
    if line.startswith("“") and "的名额（" in line:
        return "quota"
    return next((key for beginning, key in BEGINNINGS if line.startswith(beginning)), "values")


def _laid_out(policy: Policy, found: Mapping[str, list[str]], fired: set[str]) -> list[Step]:
    steps = []
    for clause in CLAUSES:
        words = clause.words(policy)
        if clause.key in NOT_A_STEP or not (words or clause.key in found):
            continue
        steps.append(
            Step(clause.title, _verdict(clause, found, fired), found.get(clause.key, []), words, clause.source)
        )
    return steps


def _verdict(clause: Clause, found: Mapping[str, list[str]], fired: set[str]) -> str:
    if clause.key in fired:
        return FIRED
    is_arithmetic = clause.key in {"values", "panels", "composite", "floors"}
    return RECKONED if is_arithmetic and clause.key in found else TESTED if not is_arithmetic else ""
