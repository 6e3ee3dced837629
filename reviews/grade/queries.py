"""What the grading pages show: ranked lines with the quota line."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from reviews.grade import showing
from reviews.grade.models import Decision, GradeName, Suggestion, grade_choices
from reviews.grade.showing import Bar
from reviews.grade.suggesting import Reading, counted_round, read_stored
from reviews.plan.models import Campaign, Review
from scoring import document, rules, sentences
from scoring.exact import plain, two_places
from scoring.policy import Grade
from scoring.standing import ballot_score

BELOW_THE_LINE = {"QUOTA", "QUOTA_TIE"}


@dataclass(slots=True)
class Line:
    """One review in the table of decision."""

    review: Review
    suggestion: Suggestion
    decision: Decision | None
    bars: list[Bar]
    rank: int | None
    parts: list[tuple[str, str]]  # what the score is made of or stands beside it: 现场测评, 平时考核, 实地考核
    group: str = ""  # the heading of its quota group, on the first line of each, if there are several
    is_below_quota_line: bool = False  # the first one under the line

    @property
    def readings_differ(self) -> bool:
        return any(notice["code"] == "READINGS_DIFFER" for notice in self.suggestion.notices)


@dataclass(frozen=True, slots=True)
class Table:
    """The table of decision: its lines in order, and how many places of 好 there are, in words."""

    lines: list[Line]
    places: list[str]
    over: list[str]  # where the decision goes beyond them

    @property
    def differing(self) -> list[Line]:
        """Those whom the readings of the 差 limit grade differently (RULES step 10)."""
        return [line for line in self.lines if line.readings_differ]


def table_of(campaign: Campaign) -> Table:
    """The table of decision: by quota group, 好 by rank, then by score; those without a score last.

    Beside a small panel there is neither rank nor score: then by grade, in the order of the debriefs.

    Raises Refused before the box is open; without lines before suggestions were made.
    """
    reading = read_stored(campaign)
    if reading is None:
        counted_round(campaign)
        return Table([], [], [])
    reviews = campaign.reviews.for_list().filter(suggestion__isnull=False)
    reviews = reviews.select_related(
        "campaign__organizer", "organization", "secretary", "suggestion", "decision", "kept_opinion"
    ).prefetch_related("facts")
    suggested = reading.suggestions
    lines = {name: [] for name in [group.name for group in reading.outcome.groups]}
    for review in sorted(reviews, key=lambda review: _place(suggested[review.pk], review, reading)):
        lines[suggested[review.pk].group].append(_line(review, suggested[review.pk], reading))
    for group in reading.outcome.groups:
        _mark(group, lines[group.name], is_one_of_many=len(lines) > 1)
    in_order = [line for group in lines.values() for line in group]
    return Table(in_order, _places_in_words(reading), _over_quota(reading, lines))


def _place(suggestion: rules.Suggestion, review: Review, reading: Reading) -> tuple:
    """By rank, then by score; beside a small panel by grade alone, since the order tells the scores."""
    if reading.hides(review):
        is_lowered = bool(BELOW_THE_LINE & {reason.code for reason in suggestion.reasons})
        return -(suggestion.grade or 0), not is_lowered, review.order
    has_no_rank, has_no_score = suggestion.rank is None, suggestion.score is None
    return has_no_rank, suggestion.rank or 0, has_no_score, -(suggestion.score or 0), review.order


def _line(review: Review, suggestion: rules.Suggestion, reading: Reading) -> Line:
    words = reading.outcome.policy.grade_labels
    return Line(
        review=review,
        suggestion=review.suggestion,
        decision=getattr(review, "decision", None),
        bars=showing.votes_of(reading.standings[review.pk], reading.by_name, words=words),
        rank=None if reading.hides(review) else suggestion.rank,
        parts=_parts(review, reading),
    )


def _parts(review: Review, reading: Reading) -> list[tuple[str, str]]:
    """The parts of a composite score with their weights; without a composite what was scored beside the ballot."""
    policy, given = reading.outcome.policy, reading.standings[review.pk]
    standing = document.read_standing(given, "review")
    weights = dict(policy.composite or ())
    ballot = None if reading.hides(review) or not policy.composite else ballot_score(standing, policy)
    values = {"ballot": ballot, "routine": standing.routine, "field": standing.field}
    return [
        (sentences.COMPONENTS[name], _part(value, weights.get(name)))
        for name, value in values.items()
        if value is not None
    ]


def _part(value: Fraction | Decimal, weight: Decimal | None) -> str:
    return f"{two_places(Fraction(value))}（{f'权重 {plain(weight)}' if weight else '参考'}）"


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


def _over_quota(reading: Reading, lines: dict[str, list[Line]]) -> list[str]:
    """A sentence a group in which more 好 were proposed than there are places; empty where the quota is kept."""
    policy, told = reading.outcome.policy, []
    for group in reading.outcome.groups:
        decisions = [line.decision for line in lines[group.name] if line.decision]
        good = sum(decision.grade == GradeName.GOOD for decision in decisions)
        if policy.quota_min_below_good_bp and group.size >= policy.quota_min_group and good > group.places:
            name = f"{sentences.group(group.name)} {group.size} 人"
            label = policy.label(Grade.GOOD)
            told.append(f"{name}，“{label}”的名额 {group.places} 个，提出 {good} 个，超出 {good - group.places} 个")
    return told


def counts_of_grades(lines: Iterable[Line], campaign: Campaign) -> list[tuple[str, int]]:
    """How many of each grade are suggested."""
    grades = [line.suggestion.grade for line in lines]
    return [(label, grades.count(value)) for value, label in grade_choices(campaign)]
