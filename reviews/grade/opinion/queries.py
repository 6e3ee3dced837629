"""What is known of a review that may stand in its opinion, each fact with the page where it is found.

The opinion ends in the letter to the secretary. So it knows only what may reach him: released comments in the words
that the chair let go, visit records that were shared with him, and votes only where every count may be shown.
"""

from dataclasses import dataclass

from django.db.models import Count, Max, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from organizations.errors import Refused
from reviews.grade import showing
from reviews.grade.opinion.composing import Draft, Known, Sentence, compose, sayings_of
from reviews.grade.opinion.frames import Kind
from reviews.grade.suggesting import Reading, read_stored
from reviews.ledger.models import Problem
from reviews.meeting.models import Comment
from reviews.plan.models import Campaign, Review
from reviews.report.models import Report, Vetting
from reviews.visit.models import VisitRecord
from scoring.policy import Grade


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact for the composer, in words for the reader, with the address of its page."""

    known: Known
    label: str
    url: str

    @property
    def key(self) -> str:
        return self.known.key

    @property
    def kind(self) -> str:
        """Where it comes from, in words."""
        return self.known.kind.value


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence with the facts that it rests on, as both pages show it."""

    sentence: Sentence
    facts: list[Fact]
    is_taken: bool  # stands in the draft


def draft_of(review: Review, facts: list[Fact]) -> Draft:
    """The draft for one review; its order among the others chooses the frames."""
    return compose(review.secretary.name, [fact.known for fact in facts], review.order)


def told_by(draft: Draft, facts: list[Fact]) -> list[Told]:
    """Every sentence of a draft and every spare one, with its facts."""
    by_key = {fact.key: fact for fact in facts}
    return [
        Told(sentence, [by_key[key] for key in sentence.sources], sentences is draft.sentences)
        for sentences in (draft.sentences, draft.spare)
        for sentence in sentences
    ]


def opinion_draft(review: Review, reading: Reading | None = None) -> str:
    """The words of the draft alone. ``reading``: the campaign's stored suggestions, if they were read already."""
    return draft_of(review, facts_of(review, reading)).text


def facts_of(review: Review, reading: Reading | None = None) -> list[Fact]:
    """All facts of one review, in a fixed number of queries."""
    return [
        *_comments(review),
        *_weaknesses(review),
        *_ledger(review),
        *_visits(review),
        *_votes(review, reading or _reading(review.campaign)),
        *_vetted(review),
    ]


def _comments(review: Review) -> list[Fact]:
    """亮点 and 建议 of released comments, one fact a saying."""
    found = []
    url = f"{reverse('meeting:comments', args=[review.campaign_id])}#review-{review.pk}"
    for comment in Comment.objects.released().filter(review=review, withheld_at__isnull=True).order_by("pk"):
        for box, kind in (("strengths", Kind.STRENGTH), ("advice", Kind.ADVICE)):
            for place, said in enumerate(sayings_of(comment.told[box])):
                found.append(Fact(Known(f"comment-{comment.pk}-{box}-{place}", kind, said), said, url))
    return found


def _usable_problems(review: Review) -> QuerySet[Problem]:
    """Not withdrawn, and not out of a comment that nobody has released."""
    by_hand_or_released = Q(point__isnull=True) | Q(point__comment__released_at__isnull=False)
    return review.problems.filter(by_hand_or_released).exclude(state=Problem.State.WITHDRAWN).order_by("pk")


def _weaknesses(review: Review) -> list[Fact]:
    pointed_out = _usable_problems(review).filter(source=Problem.Source.SUPERIOR_COMMENT)
    return [
        Fact(Known(f"problem-{problem.pk}", Kind.WEAKNESS, "；".join(sayings_of(problem.text))), problem.text, url)
        for problem in pointed_out
        for url in [reverse("ledger:detail", args=[problem.pk])]
    ]


def _ledger(review: Review) -> list[Fact]:
    """What became of the problems of the year before, what is overdue, what came again, what he found himself."""
    found = []
    campaign, url = review.campaign, reverse("ledger:of_review", args=[review.pk])
    own = _usable_problems(review).aggregate(
        recurring=Count("pk", filter=Q(carried_from__isnull=False)),
        found=Count("pk", filter=Q(source=Problem.Source.SELF)),
    )
    before = Problem.objects.on_the_books().filter(
        review__organization=review.organization_id,
        review__campaign__organizer=campaign.organizer_id,
        review__campaign__year__lt=campaign.year,
    )
    closed = Q(state=Problem.State.CLOSED)
    late = Q(due_on__lt=timezone.localdate()) & ~closed
    by_year = before.order_by().values("review__campaign__year", "review")
    years = by_year.annotate(total=Count("pk"), done=Count("pk", filter=closed), late=Count("pk", filter=late))
    years = list(years.order_by("-review__campaign__year", "-review"))
    if years:
        last, old = years[0], reverse("ledger:of_review", args=[years[0]["review"]])
        year, total, done = last["review__campaign__year"], last["total"], last["done"]
        label = f"{year} 年度 {total} 个问题，已销号 {done} 个"
        found.append(Fact(Known("closed", Kind.CLOSED, total=total, done=done, year=year), label, old))
    if overdue := sum(row["late"] for row in years):
        found.append(Fact(Known("overdue", Kind.OVERDUE, total=overdue), f"逾期未销号 {overdue} 个", old))
    if recurring := own["recurring"]:
        label = f"与往年同类 {recurring} 个"
        found.append(Fact(Known("recurring", Kind.RECURRING, total=recurring), label, url))
    if own["found"]:
        label = f"自己查摆 {own['found']} 个"
        found.append(Fact(Known("found", Kind.FOUND, total=own["found"]), label, url))
    return found


def _visits(review: Review) -> list[Fact]:
    """How often somebody came this year; what was seen only where the record was shared with the organization."""
    found = []
    records = VisitRecord.objects.standing().of_year(review.campaign.year).filter(organization=review.organization_id)
    records = list(records.order_by("visited_on", "pk"))
    for record in records:
        if record.shared_at is None:
            continue
        url = reverse("visit:detail", args=[record.pk])
        said = [(record.strengths, Kind.SEEN), (record.problems if not record.problem_id else "", Kind.WEAKNESS)]
        for text, kind in said:
            for place, words in enumerate(sayings_of(text)):
                key = f"visit-{record.pk}-{kind.name}-{place}"
                found.append(Fact(Known(key, kind, words), f"{record.visited_on:%m-%d} {words}", url))
    if records:
        known = Known("visits", Kind.VISITS, total=len(records))
        url = reverse("visit:of_review", args=[review.pk])
        found.append(Fact(known, f"{review.campaign.year} 年走访、督查等 {len(records)} 次", url))
    return found


def _reading(campaign: Campaign) -> Reading | None:
    try:
        return read_stored(campaign)
    except Refused:
        return None


def _votes(review: Review, reading: Reading | None) -> list[Fact]:
    """Valid votes and 好 of all panels together; nothing beside a small panel (SECURITY 3.4)."""
    if reading is None or review.pk not in reading.standings or reading.hides(review):
        return []
    every = showing.pooled(reading.standings[review.pk])
    total = sum(every[name] for name in showing.GRADES)
    good = reading.outcome.policy.label(Grade.GOOD)
    known = Known("votes", Kind.VOTES, words=good, total=total, done=every["good"])
    label = f"有效票 {total} 张，“{good}” {every['good']} 张"
    return [Fact(known, label, reverse("grade:why", args=[review.pk]))] if total else []


def _vetted(review: Review) -> list[Fact]:
    """In which round the report was approved."""
    approved = Vetting.objects.filter(
        version__report__review=review,
        version__report__state=Report.State.APPROVED,
        verdict=Vetting.Verdict.APPROVED,
    ).aggregate(number=Max("number"), report=Max("version__report"))
    if approved["number"] is None:
        return []
    known = Known("vetted", Kind.VETTED, total=approved["number"])
    return [Fact(known, f"第 {approved['number']} 轮通过审核", reverse("report:read", args=[approved["report"]]))]
