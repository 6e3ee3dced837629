"""What the letters tell, sent or still to be sent."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from reviews.grade.feedback.models import Letter
from reviews.grade.models import Decision
from reviews.ledger.models import Act, Problem
from reviews.plan.models import Campaign, Review


def problems_fed_back(letters: Iterable[Letter]) -> dict[int, list[Problem]]:
    """Review key -> the problems that its letter told, in one query: what was added later never stood in it."""
    return _by_review(Problem.objects.filter(steps__act=Act.FEED_BACK), [letter.review_id for letter in letters])


def _by_review(problems: QuerySet[Problem], reviews: Iterable[int]) -> dict[int, list[Problem]]:
    found: dict[int, list[Problem]] = {review: [] for review in reviews}
    for problem in problems.filter(review__in=found).order_by("source", "pk").distinct():
        found[problem.review_id].append(problem)
    return found


@dataclass(frozen=True, slots=True)
class LetterRow:
    """One letter of a campaign, sent or still to be sent."""

    review: Review
    decision: Decision | None
    letter: Letter | None
    problems: list[Problem]

    @property
    def is_approved(self) -> bool:
        return self.decision is not None and self.decision.approved_by_id is not None


def letter_rows(campaign: Campaign) -> list[LetterRow]:
    """What each letter tells: before they are sent with the problems that wait for them, afterwards as sent."""
    reviews = list(campaign.reviews.for_list().select_related("decision", "letter"))
    letters = [review.letter for review in reviews if hasattr(review, "letter")]
    noted = Problem.objects.filter(state=Problem.State.NOTED)
    problems = _by_review(noted, [review.pk for review in reviews]) | problems_fed_back(letters)
    return [
        LetterRow(review, getattr(review, "decision", None), getattr(review, "letter", None), problems[review.pk])
        for review in reviews
    ]
