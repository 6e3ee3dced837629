"""为什么是这个等次: everything with which a reader redoes the arithmetic of one review by hand."""

from dataclasses import dataclass

from reviews.grade import showing
from reviews.grade.models import Suggestion
from reviews.grade.queries import BELOW_THE_LINE
from reviews.grade.showing import Bar
from reviews.grade.suggesting import read_stored
from reviews.plan.models import Review
from scoring import document, rules
from scoring.explanation import explain, read_policy_in_words
from scoring.policy import Grade


@dataclass(frozen=True, slots=True)
class Why:
    """Why this grade: votes, arithmetic line by line, the rules in words, what follows from the grade."""

    bars: list[Bar]
    lines: list[str]
    rules: list[str]
    consequences: list[str]


def why_of(review: Review, *, with_rank: bool) -> Why:
    """Everything that the why-page of a review with a suggestion tells. ``with_rank``: its place among the 好 too.

    Small panels' figures are left out; a rank is the organizer's, except where the quota lowered the grade.
    """
    reading = read_stored(review.campaign)
    standing, policy = reading.standings[review.pk], reading.outcome.policy
    _, (read,) = document.read_document({"policy": document.to_document(policy), "reviews": [standing]})
    decision = getattr(review, "decision", None)
    is_settled = decision is not None and decision.approved_by_id is not None
    grade = decision.grade if is_settled else review.suggestion.grade
    follows = rules.consequences(read, Grade[grade] if grade else None, policy)
    if showing.hides_counts(standing, reading.by_name):
        lines = _in_short(review.suggestion)
    else:
        is_lowered = BELOW_THE_LINE & {reason["code"] for reason in review.suggestion.reasons}
        lines = explain(read, policy, reading.outcome if with_rank or is_lowered else None)
    bars = showing.votes_of(standing, reading.by_name)
    return Why(bars, lines, read_policy_in_words(policy), [each.label for each in follows])


def _in_short(suggestion: Suggestion) -> list[str]:
    """The steps without any count."""
    score = f"得分：不显示（{showing.A_PANEL_IS_SMALL}，计算过程由纪检监督人员用复核包核对）。"
    grade = suggestion.get_grade_display() or "无"
    last = f"建议等次：{grade}{'（待党组研究确定）' if suggestion.is_open else ''}。"
    return [score, *(f"{reason['text']}。" for reason in suggestion.reasons), last]
