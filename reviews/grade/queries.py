"""What the grading pages show: ranked lines with the quota line, drafts."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from reviews.grade import showing
from reviews.grade.models import Decision, GradeName, Suggestion
from reviews.grade.showing import Bar
from reviews.grade.suggesting import Reading, counted_round, read_stored
from reviews.ledger.models import Problem
from reviews.plan.models import Campaign, Review
from scoring import rules, sentences
from scoring.policy import Grade

LONGEST_OPINION = 2_000
MOST_WEAKNESSES = 5
BELOW_THE_LINE = {"QUOTA", "QUOTA_TIE"}


@dataclass(slots=True)
class Line:
    """One review in the table of decision."""

    review: Review
    suggestion: Suggestion
    decision: Decision | None
    bars: list[Bar]
    rank: int | None
    group: str = ""  # the heading of its quota group, on the first line of each, if there are several
    is_below_quota_line: bool = False  # the first one under the line


@dataclass(frozen=True, slots=True)
class Table:
    """The table of decision: its lines in order, and how many places of 好 there are, in words."""

    lines: list[Line]
    places: list[str]


def table_of(campaign: Campaign) -> Table:
    """The table of decision: by quota group, 好 by rank, then by score; those without a score last.

    Raises Refused before the box is open; without lines before suggestions were made.
    """
    reading = read_stored(campaign)
    if reading is None:
        counted_round(campaign)
        return Table([], [])
    reviews = campaign.reviews.for_list().filter(suggestion__isnull=False)
    reviews = reviews.select_related(
        "campaign__organizer", "organization", "secretary", "suggestion", "decision"
    ).prefetch_related("facts")
    suggested = reading.suggestions
    lines = {name: [] for name in [group.name for group in reading.outcome.groups]}
    for review in sorted(reviews, key=lambda review: _place(suggested[review.pk], review)):
        lines[suggested[review.pk].group].append(_line(review, suggested[review.pk], reading))
    for group in reading.outcome.groups:
        _mark(group, lines[group.name], is_one_of_many=len(lines) > 1)
    return Table([line for group in lines.values() for line in group], _places_in_words(reading))


def _place(suggestion: rules.Suggestion, review: Review) -> tuple:
    has_no_rank, has_no_score = suggestion.rank is None, suggestion.score is None
    return has_no_rank, suggestion.rank or 0, has_no_score, -(suggestion.score or 0), review.order


def _line(review: Review, suggestion: rules.Suggestion, reading: Reading) -> Line:
    return Line(
        review=review,
        suggestion=review.suggestion,
        decision=getattr(review, "decision", None),
        bars=showing.votes_of(reading.standings[review.pk], reading.by_name),
        rank=suggestion.rank,
    )


def _mark(group: rules.Group, lines: list[Line], *, is_one_of_many: bool) -> None:
    """Head the group, and draw the line of its quota above the first whom the quota lowers."""
    if is_one_of_many:
        lines[0].group = f"{sentences.group(group.name)}（{group.size} 人）"
    for line in lines:
        if BELOW_THE_LINE & {reason["code"] for reason in line.suggestion.reasons}:
            line.is_below_quota_line = True
            return


def _places_in_words(reading: Reading) -> list[str]:
    """How many may be 好 and how many are suggested to be, a sentence a group; nothing without a quota."""
    policy = reading.outcome.policy
    if not policy.quota_min_below_good_bp:
        return []
    good = policy.label(Grade.GOOD)
    told = []
    for group in reading.outcome.groups:
        name = f"{sentences.group(group.name)} {group.size} 人"
        places = f"{name}，“{good}”的名额 {group.places} 个，建议 {_good(reading, group)} 个"
        told.append("；".join(notice.text for notice in group.notices) or places)
    return told


def _good(reading: Reading, group: rules.Group) -> int:
    return sum(s.grade is Grade.GOOD and s.group == group.name for s in reading.outcome.suggestions)


def counts_of_grades(lines: Iterable[Line]) -> list[tuple[str, int]]:
    """How many of each grade are suggested."""
    grades = [line.suggestion.grade for line in lines]
    return [(label, grades.count(value)) for value, label in GradeName.choices]


def opinion_draft(review: Review) -> str:
    """综合评价意见, put together from comments and the ledger for a person to edit: nothing is invented.

    It ends in the letter, so it knows released comments alone, in the words that the chair let go.
    """
    comments = [comment.told for comment in review.comments.filter(released_at__isnull=False)]
    strengths = "".join(comment["strengths"].strip() for comment in comments)
    advice = "".join(comment["advice"].strip() for comment in comments)
    by_hand_or_released = Q(point__isnull=True) | Q(point__comment__released_at__isnull=False)
    noted = review.problems.filter(by_hand_or_released, source=Problem.Source.SUPERIOR_COMMENT)
    weaknesses = [
        problem.text.rstrip("。；;") for problem in noted.exclude(state=Problem.State.WITHDRAWN).order_by("pk")
    ]
    parts = []
    if strengths:
        parts.append(f"一年来，该同志履行抓基层党建第一责任人职责，{strengths}")
    if weaknesses:
        parts.append("主要不足：" + "；".join(weaknesses[:MOST_WEAKNESSES]) + "。")
    if advice:
        parts.append(advice)
    return "\n".join(parts)[:LONGEST_OPINION]
