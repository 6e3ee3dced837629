"""What the letters tell, sent or still to be sent; objections; what became of a grade."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from reviews.grade.feedback.models import Letter, Objection
from reviews.grade.models import Decision
from reviews.ledger.models import Act, Problem, Step
from reviews.plan.models import Campaign, Review


def problems_fed_back(letters: Iterable[Letter]) -> dict[int, list[Problem]]:
    """Review key -> the problems that its letter told, in one query: what was added later never stood in it.

    Points of comments were fed back at their release (E14); what was taken off the books before the letter is not told.
    """
    gone = Step.objects.filter(problem=OuterRef("pk"), act=Act.WITHDRAW, at__lt=OuterRef("review__letter__sent_at"))
    told = Problem.objects.filter(~Exists(gone), steps__act=Act.FEED_BACK)
    return _by_review(told, [letter.review_id for letter in letters])


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
    released = Q(steps__act=Act.FEED_BACK) & ~Q(state=Problem.State.WITHDRAWN)
    waiting = Problem.objects.filter(Q(state=Problem.State.NOTED) | released)
    problems = _by_review(waiting, [review.pk for review in reviews]) | problems_fed_back(letters)
    return [
        LetterRow(review, getattr(review, "decision", None), getattr(review, "letter", None), problems[review.pk])
        for review in reviews
    ]


def objections_of(campaign: Campaign) -> QuerySet[Objection]:
    """The objections of a campaign, what waits first, with everything that a list tells of them."""
    return (
        Objection.objects.filter(letter__review__campaign=campaign)
        .select_related(
            "letter__review__organization",
            "letter__review__secretary",
            "letter__review__decision",
            "reviewed_by",
            "approved_by",
            "change",
        )
        .annotate(is_over=Q(state__in=[Objection.State.DECIDED, Objection.State.WITHDRAWN]))
        .order_by("is_over", "due_on", "pk")
    )


def late_letters_of(campaign: Campaign) -> QuerySet[Letter]:
    """Letters whose window is over and that nobody objected to: for whom the head may open it once more."""
    over = Letter.objects.filter(review__campaign=campaign, objection_until__lt=timezone.localdate())
    objected = Objection.objects.filter(letter=OuterRef("pk")).exclude(state=Objection.State.WITHDRAWN)
    return over.exclude(Exists(objected)).select_related("review__secretary").order_by("review__order")


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that became of a grade: when, what, in words."""

    at: datetime
    words: str


def history_of(review: Review) -> list[Happening]:
    """What became of a review's grade from the proposal to today, in order; who raised nothing has a short one.

    ``review`` with decision and letter. Two queries more for objections and changes.
    """
    told = _decided(review)
    if letter := getattr(review, "letter", None):
        told += _sent(letter)
        for objection in letter.objections.select_related("acknowledged_by", "reviewed_by", "approved_by", "change"):
            told += _objected(objection)
    return sorted(told, key=lambda each: each.at)


def _decided(review: Review) -> list[Happening]:
    """The first decision: as the letter told it, or as it stands where no letter was sent."""
    first = review.grade_changes.select_related("proposed_by_before", "approved_by_before").order_by("pk").first()
    decision = getattr(review, "decision", None)
    if first:
        words = f"{first.reference_before}研究，{first.proposed_by_before}提出、{first.approved_by_before}批准"
        day = datetime.combine(first.decided_on_before, time(), tzinfo=timezone.get_current_timezone())
        return [Happening(day, f"{words}，等次为“{first.word_before}”")]
    if decision is None or decision.approved_by_id is None:
        return []
    words = f"{decision.reference}研究，{decision.proposed_by}提出、{decision.approved_by}批准"
    day = datetime.combine(decision.decided_on, time(), tzinfo=timezone.get_current_timezone())
    return [Happening(day, f"{words}，等次为“{decision.grade_word}”")]


def _sent(letter: Letter) -> list[Happening]:
    told = [Happening(letter.sent_at, "发出反馈函")]
    if letter.signed_at:
        told.append(Happening(letter.signed_at, f"{letter.review.secretary}签收反馈函"))
    return told


def _objected(objection: Objection) -> list[Happening]:
    told = [Happening(objection.raised_at, f"提出异议，请求{objection.get_asks_display()}")]
    if objection.acknowledged_at:
        until = f"{objection.due_on:%Y年%-m月%-d日}"
        told.append(Happening(objection.acknowledged_at, f"{objection.acknowledged_by}受理异议，{until}前答复"))
    if objection.approved_at:
        words = f"{objection.reviewed_by}复核、{objection.approved_by}批准答复：{objection.get_outcome_display()}"
        if objection.outcome == Objection.Outcome.CHANGED:
            change = objection.change
            words += f"，由“{change.word_before}”变更为“{change.word_after}”"
        told.append(Happening(objection.approved_at, words))
    if objection.answer_signed_at:
        told.append(Happening(objection.answer_signed_at, "本人签收异议答复"))
    return told
