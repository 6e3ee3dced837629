"""为什么是这个等次: all that the page and its print tell of one review, gathered once."""

from dataclasses import dataclass

from reviews.grade.consequences.models import Consequence
from reviews.grade.feedback.queries import Happening, history_of
from reviews.grade.models import Fact
from reviews.grade.queries import BELOW_THE_LINE
from reviews.grade.showing import A_PANEL_IS_SMALL, Bar, hides_counts, votes_of
from reviews.grade.suggesting import read_stored
from reviews.grade.why.steps import Step, steps_in_short, steps_of
from reviews.plan.models import Campaign, Review
from scoring import document, rules
from scoring.clauses import BY_KEY
from scoring.policy import Grade, Policy


@dataclass(frozen=True, slots=True)
class Page:
    """Inputs, steps beside their clauses, facts, what became of the grade, what follows from it."""

    bars: list[Bar]
    inputs: list[tuple[str, str]]
    small: str  # why no figure is shown; "" if all are
    steps: list[Step]
    rules: str  # name and version
    facts: list[Fact]
    history: list[Happening]
    follows: list[str]
    consequences: list[Consequence]


def page_of(review: Review, *, with_rank: bool) -> Page:
    """The page of a review with a suggestion. ``with_rank``: its place among the 好 too (the organizer's).

    Figures of small panels are left out everywhere (SECURITY 3.4); a rank is told besides where the quota lowered.
    """
    reading = read_stored(review.campaign)
    standing, policy = reading.standings[review.pk], reading.outcome.policy
    _, (read,) = document.read_document({"policy": document.to_document(policy), "reviews": [standing]})
    is_small = hides_counts(standing, reading.by_name)
    if is_small:
        steps = steps_in_short(review.suggestion.reasons, policy)
    else:
        is_lowered = BELOW_THE_LINE & {reason["code"] for reason in review.suggestion.reasons}
        steps = steps_of(read, policy, reading.outcome if with_rank or is_lowered else None)
    return Page(
        bars=votes_of(standing, reading.by_name, words=policy.grade_labels),
        inputs=_inputs(standing, review.campaign),
        small=A_PANEL_IS_SMALL if is_small else "",
        steps=steps,
        rules="".join(BY_KEY["name"].words(policy)),
        facts=list(
            review.facts.filter(confirmed_by__isnull=False).select_related("entered_by", "confirmed_by", "withdrawn_by")
        ),
        history=history_of(review),
        follows=_follows(review, read, policy),
        consequences=list(review.consequences.order_by("pk")),
    )


def _inputs(standing: dict, campaign: Campaign) -> list[tuple[str, str]]:
    """What stands beside the votes and went into the rules, in words; what was not given says so."""
    last = standing.get("previous_grade")
    return [
        ("平时得分", standing.get("routine") or "没有录入"),
        ("实地得分", standing.get("field") or "没有录入"),
        ("上年等次", campaign.grade_word(last) or "没有"),
        ("上年问题销号率", standing.get("closure_rate") or "没有"),
    ]


def _follows(review: Review, standing: rules.Standing, policy: Policy) -> list[str]:
    """What follows from the grade that stands, or from the suggested one before the decision."""
    decision = getattr(review, "decision", None)
    is_settled = decision is not None and decision.approved_by_id is not None
    grade = decision.grade if is_settled else review.suggestion.grade
    return [each.label for each in rules.consequences(standing, Grade[grade] if grade else None, policy)]
