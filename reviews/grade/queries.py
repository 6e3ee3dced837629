"""What the grading pages show: ranked lines with the quota line, and figures only where panels are large enough."""

from dataclasses import dataclass, field
from fractions import Fraction

from reviews.grade.models import Decision, GradeName, Suggestion
from reviews.grade.suggesting import Reading, read_rules
from reviews.ledger.models import Problem
from reviews.plan.models import Campaign, Review
from scoring import booth, document
from scoring.explanation import explain
from scoring.policy import Policy

GRADES = [("good", "好"), ("fairly_good", "较好"), ("average", "一般"), ("poor", "差")]


@dataclass(frozen=True, slots=True)
class Bar:
    """One panel's votes on one review; ``shares`` only where they may be shown (SECURITY S11)."""

    label: str
    returned: int
    shares: list[tuple[str, int, int]] = field(default_factory=list)  # word, votes, per cent of the expressed
    withheld: str = ""


@dataclass(slots=True)
class Line:
    """One review in the table of decision."""

    review: Review
    suggestion: Suggestion
    decision: Decision | None
    bars: list[Bar]
    rank: int | None
    is_below_quota_line: bool = False  # the first one under the line


def votes_of(standing: dict) -> list[Bar]:
    """Votes of a review to be shown: by panel if every panel is large enough, else all panels together.

    One panel left out could be found again by subtracting the others from the sum (SECURITY S10).
    """
    panels = standing["panels"]
    if all(booth.display_of(panel["returned"]) == "histogram" for panel in panels.values()):
        return [_bar(f"{code}票", panel) for code, panel in panels.items()]
    names = [*dict(GRADES), "abstain", "invalid", "recused", "returned"]
    pooled = {name: sum(panel[name] for panel in panels.values()) for name in names}
    return [_bar("各票种合计", pooled)]


def _bar(label: str, panel: dict) -> Bar:
    returned = panel["returned"]
    shown = booth.display_of(returned)
    if shown == "hidden":
        return Bar(label, returned, withheld="不足 5 票，不显示")
    expressed = sum(panel[name] for name, _ in GRADES)
    if shown == "band":
        most = max(GRADES, key=lambda grade: panel[grade[0]])
        return Bar(label, returned, withheld=f"不足 10 票，只显示多数：{most[1]}" if expressed else "没有有效票")
    shares = [(word, panel[name], panel[name] * 100 // expressed if expressed else 0) for name, word in GRADES]
    return Bar(label, returned, shares=shares)


def table_of(campaign: Campaign) -> list[Line]:
    """The lines of the decision table, best score first; those without a score last."""
    reading = read_rules(campaign)
    ranks = {reading.reviews[str(s.id)].pk: s.rank for s in reading.outcome.suggestions}
    reviews = campaign.reviews.for_list().select_related("suggestion", "decision").prefetch_related("facts")
    lines = [
        Line(
            review,
            review.suggestion,
            getattr(review, "decision", None),
            votes_of(review.suggestion.standing),
            ranks.get(review.pk),
        )
        for review in reviews
        if hasattr(review, "suggestion")
    ]
    lines.sort(key=lambda line: (-Fraction(line.suggestion.score_exact or "-1"), line.review.order))
    _draw_quota_line(lines, reading)
    return lines


def _draw_quota_line(lines: list[Line], reading: Reading) -> None:
    """Mark the first line under the places of 好, for one quota group over the whole campaign."""
    if len(reading.outcome.groups) != 1:
        return
    group = reading.outcome.groups[0]
    if group.size < reading.outcome.policy.quota_min_group or not reading.outcome.policy.quota_min_below_good_bp:
        return
    if group.places < len(lines):
        lines[group.places].is_below_quota_line = True


def arithmetic_of(review: Review) -> tuple[list[str], Policy]:
    """The arithmetic of one review line by line, with the policy used. Small panels' own figures are left out."""
    reading = read_rules(review.campaign)
    _, standings = document.read_document(
        {"policy": document.to_document(reading.outcome.policy), "reviews": [reading.standings[review.pk]]}
    )
    lines = explain(standings[0], reading.outcome.policy, reading.outcome)
    panels = reading.standings[review.pk]["panels"]
    if any(booth.display_of(panel["returned"]) != "histogram" for panel in panels.values()):
        lines = [line for line in lines if not any(line.startswith(f"{code}票") for code in panels)]
        lines = [
            line
            if not line.startswith("现场测评得分")
            else f"现场测评得分：{review.suggestion.score}（{review.suggestion.score_exact}）"
            for line in lines
        ]
    return lines, reading.outcome.policy


def opinion_draft(review: Review) -> str:
    """综合评价意见, put together from comments and the ledger for a person to edit: nothing is invented."""
    comments = list(review.comments.all())
    strengths = "".join(comment.strengths.strip() for comment in comments if comment.strengths.strip())
    weaknesses = [
        p.text.rstrip("。；;")
        for p in review.problems.all()
        if p.source == Problem.Source.SUPERIOR_COMMENT and p.state != "withdrawn"
    ]
    advice = "".join(comment.advice.strip() for comment in comments if comment.advice.strip())
    parts = []
    if strengths:
        parts.append(f"一年来，该同志履行抓基层党建第一责任人职责，{strengths}")
    if weaknesses:
        parts.append("主要不足：" + "；".join(weaknesses[:5]) + "。")
    if advice:
        parts.append(advice)
    return "\n".join(parts)


def counts_of_grades(lines: list[Line]) -> list[tuple[str, int]]:
    """How many of each grade are suggested."""
    return [(label, sum(line.suggestion.grade == value for line in lines)) for value, label in GradeName.choices]
