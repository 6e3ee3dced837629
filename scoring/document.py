"""PURE: the JSON shape of the rules (RULES.md section 5): a document of figures in, an answer out.

What the text leaves open is settled here as follows.
- Needed: ``reviews``, and in a review ``id`` and ``panels`` with all nine counts in each panel. Everything
  else may be left out or null. ``policy`` null, or left out, is all defaults.
- Every number is an integer or a string of digits (``"91.5"``); a JSON number with a point or an exponent,
  a bool, NaN are refused. A key that stands twice in one object is refused.
- ``grade_values`` and ``score_floors`` are lists (high to low) or objects by grade.
- A fact that the policy neither forces nor caps by has no effect. A weight for a panel nobody has is no error.
"""

from __future__ import annotations

import json
from decimal import Decimal

from scoring.exact import as_fraction, two_places
from scoring.policy import Grade, Policy, from_document, to_document
from scoring.rules import Group, Outcome, Reason, Suggestion, suggest_grades
from scoring.standing import Standing
from scoring.strict import Malformed, inside, number_within, one_of, parse_json, record, rows, text, whole
from scoring.tally import PanelCount

COUNTS = ("issued", "returned", "good", "fairly_good", "average", "poor", "abstain", "invalid", "recused")
NEEDED = ("id", "panels")
REVIEW = (*NEEDED, "org_type", "facts", "routine", "field", "previous_grade", "closure_rate")


def answer(written: str) -> dict[str, object]:
    """One document, as it was written, to its answer. Raises Malformed; then nobody gets a grade."""
    policy, standings = read_document(parse_json(written))
    return to_answer(suggest_grades(standings, policy))


def read_document(document: object) -> tuple[Policy, list[Standing]]:
    """The policy and the standings of a parsed document. Raises Malformed with the path of the wrong field."""
    given = record(document, "", known=("policy", "reviews"), needed=("reviews",))
    policy = from_document(given.get("policy"))
    standings = [
        read_standing(review, f"reviews[{place}]") for place, review in enumerate(rows(given["reviews"], "reviews"))
    ]
    return policy, standings


def read_standing(document: object, path: str) -> Standing:
    """One review. Raises Malformed."""
    given = record(document, path, known=REVIEW, needed=NEEDED)
    there = {name: value for name, value in given.items() if value is not None or name in NEEDED}
    readers = {
        "org_type": text,
        "facts": _facts,
        "routine": _score,
        "field": _score,
        "previous_grade": lambda value, where: one_of(value, where, Grade),
        "closure_rate": lambda value, where: number_within(value, where, 0, 1),
    }
    optional = {name: read(there[name], inside(path, name)) for name, read in readers.items() if name in there}
    panels = record(given["panels"], inside(path, "panels"))
    counts = {
        text(code, inside(path, "panels")): read_count(count, inside(f"{path}.panels", code))
        for code, count in panels.items()
    }
    return Standing(id=text(given["id"], inside(path, "id")), panels=counts, **optional)


def read_count(document: object, path: str) -> PanelCount:
    """One panel's figures; whether they balance is the rules' question. Raises Malformed."""
    given = record(document, path, known=COUNTS, needed=COUNTS)
    return PanelCount(**{name: whole(given[name], inside(path, name)) for name in COUNTS})


def _score(value: object, path: str) -> Decimal:
    return number_within(value, path, 0, 100)


def _facts(value: object, path: str) -> tuple[str, ...]:
    return tuple(text(each, f"{path}[{place}]") for place, each in enumerate(rows(value, path)))


def to_answer(outcome: Outcome) -> dict[str, object]:
    """An outcome in its JSON shape: the complete policy, the reviews in their order, the groups."""
    return {
        "policy": to_document(outcome.policy),
        "reviews": [_review(suggestion) for suggestion in outcome.suggestions],
        "groups": [_group(group) for group in outcome.groups],
    }


def _review(suggestion: Suggestion) -> dict[str, object]:
    score = suggestion.score
    return {
        "id": suggestion.id,
        "score": None if score is None else two_places(score),
        "score_exact": None if score is None else as_fraction(score),
        "expressed": suggestion.expressed,
        "grade": None if suggestion.grade is None else suggestion.grade.name,
        "open": suggestion.is_open,
        "reasons": _told(suggestion.reasons),
        "notices": _told(suggestion.notices),
        "consequences": [str(each) for each in suggestion.consequences],
    }


def _group(group: Group) -> dict[str, object]:
    return {"group": group.name, "size": group.size, "places": group.places, "notices": _told(group.notices)}


def _told(reasons: tuple[Reason, ...]) -> list[dict[str, str]]:
    return [{"code": reason.code, "text": reason.text} for reason in reasons]


def answer_in_one_line(line: bytes) -> str:
    """One line of JSON for one line read: the answer, or ``{"error": "path: what is wrong"}``."""
    try:
        shape: dict[str, object] = answer(decoded(line.rstrip(b"\r\n")))
    except Malformed as wrong:
        shape = {"error": str(wrong)}
    return json.dumps(shape, ensure_ascii=False, separators=(", ", ": "))


def decoded(written: bytes) -> str:
    """UTF-8 (with or without the mark that some editors put first) as text. Raises Malformed."""
    try:
        return written.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Malformed("$", f"不是 UTF-8 文本（第 {error.start + 1} 个字节）") from None
