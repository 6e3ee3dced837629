"""What the desk shows: the overview of one campaign, my campaigns, who is behind."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from organizations.access import Role, reach
from organizations.models import Person
from reviews.ballot.models import Candidacy, Round
from reviews.desk.figures import deadline_in_words, figures_of
from reviews.desk.permissions import Sight
from reviews.desk.rail import Step, rail_of
from reviews.ledger.models import Problem
from reviews.meeting.models import Comment
from reviews.plan.models import Campaign, Review, Stage
from reviews.report.models import Report, ReportVersion
from reviews.report.permissions import may_read
from reviews.report.vetting.extension import due_at, review_due_at

MOST_CAMPAIGNS = 10
MOST_LAGGARDS = 10
NOT_BEGUN = "none"  # the filter's word for a report that does not exist yet


def _counted(rows: QuerySet) -> Coalesce:
    grouped = rows.filter(review=OuterRef("pk")).order_by().values("review")
    return Coalesce(Subquery(grouped.annotate(n=Count("pk")).values("n")), 0)


def reviews_for_overview(campaign: Campaign, person: Person, *, words="", state="", mode="") -> QuerySet[Review]:
    """The lines of the overview that a person sees, with everything the table needs, in one query."""
    books = Problem.objects.on_the_books()
    newest = ReportVersion.objects.filter(
        report__review=OuterRef("pk"), occasion=ReportVersion.Occasion.SUBMITTED
    ).order_by("-number")
    reviews = (
        Review.objects.visible_to(person)
        .filter(campaign=campaign)
        .for_list()
        .select_related("report", "decision", "suggestion")
        .annotate(
            findings=Subquery(newest.values("findings")[:1]),
            own_due_at=due_at(),
            comment_count=_counted(Comment.objects.all()),
            released_count=_counted(Comment.objects.released()),
            problem_count=_counted(books),
            closed_count=_counted(books.filter(state=Problem.State.CLOSED)),
        )
    )
    if words:
        reviews = reviews.filter(Q(organization__name__contains=words) | Q(secretary__name__contains=words))
    if state == NOT_BEGUN:
        reviews = reviews.filter(report__isnull=True)
    elif state:
        reviews = reviews.filter(report__state=state)
    return reviews.filter(mode=mode) if mode else reviews


@dataclass(frozen=True, slots=True)
class Line:
    """One review on the overview, cut to what the person may see."""

    review: Review
    shows_progress: bool
    report_state: str
    report_tone: str
    is_late: bool
    report: Report | None  # if the person may read it
    blocks: int
    advice: int
    box: str
    shows_grade: bool
    grade: str
    grade_is_proposed: bool


REPORT_TONES = {
    Report.State.DRAFT: "wait",
    Report.State.SUBMITTED: "warn",
    Report.State.RETURNED: "now",
    Report.State.APPROVED: "done",
}


def lines_of(campaign: Campaign, reviews: list[Review], sight: Sight, person: Person) -> list[Line]:
    """The overview's rows. Two queries for the box, whatever the number of reviews."""
    box, voted_on = _box_of(campaign)
    return [_line(review, sight, person, box if review.pk in voted_on else "") for review in reviews]


def _box_of(campaign: Campaign) -> tuple[str, set[int]]:
    valid = Round.objects.filter(campaign=campaign, void_reason="", is_rehearsal=False).select_related("box").first()
    if valid is None:
        return "", set()
    lines = Candidacy.objects.filter(entry__box=valid.box_id).values_list("review_id", flat=True)
    return valid.box.get_state_display(), set(lines)


def _line(review: Review, sight: Sight, person: Person, box: str) -> Line:
    report = getattr(review, "report", None)
    decision = getattr(review, "decision", None)
    is_approved = decision is not None and decision.approved_by_id is not None
    is_handed_in = report is not None and report.state in (Report.State.SUBMITTED, Report.State.APPROVED)
    # What the checks found in a draft is its author's affair.
    may_look = report is not None and may_read(person, report)
    severities = [finding.get("severity") for finding in review.findings or []] if may_look else []
    return Line(
        review=review,
        shows_progress=sight.shows_progress(review),
        report_state=report.get_state_display() if report else "未开始",
        report_tone=REPORT_TONES[report.state] if report else "wait",
        is_late=review_due_at(review) < timezone.now() and not is_handed_in,
        report=report if may_look else None,
        blocks=severities.count("block"),
        advice=severities.count("advise"),
        box=box,
        shows_grade=decision is not None and sight.shows_grade(is_approved=is_approved),
        grade=decision.grade_word if decision else "",
        grade_is_proposed=not is_approved,
    )


@dataclass(frozen=True, slots=True)
class Running:
    """One campaign on the workbench with its small rail."""

    campaign: Campaign
    rail: list[Step]


def running_campaigns(person: Person) -> list[Running]:
    """The campaigns that a person sees and that are not archived, with their rails. Two queries."""
    campaigns = list(
        Campaign.objects.visible_to(person).exclude(stage=Stage.CLOSED).select_related("organizer")[:MOST_CAMPAIGNS]
    )
    figures = figures_of(campaigns) if campaigns else {}
    return [Running(campaign, rail_of(campaign, figures[campaign.pk], person)) for campaign in campaigns]


@dataclass(frozen=True, slots=True)
class Laggard:
    """Somebody who is behind: with what, since when."""

    review: Review
    what: str
    day: date
    deadline: str
    is_late: bool


def laggards_for(person: Person) -> tuple[list[Laggard], int]:
    """Who has not handed in and whose problems are overdue, in campaigns that a clerk organizes.

    The first ten by their day, and how many there are. Four queries.
    """
    today = timezone.localdate()
    missing, overdue = _missing_reports(person), _overdue_problems(person, today)
    found = [_late_report(review, today) for review in missing[:MOST_LAGGARDS]]
    found += [_late_problems(review, today) for review in overdue[:MOST_LAGGARDS]]
    found.sort(key=lambda laggard: (laggard.day, laggard.review.order))
    return found[:MOST_LAGGARDS], missing.count() + overdue.count()


def _missing_reports(person: Person) -> QuerySet[Review]:
    reached = reach(person, Role.ORGANIZER, field="campaign__organizer__path")
    return (
        Review.objects.filter(reached, campaign__stage=Stage.REPORTING)
        .exclude(report__state__in=[Report.State.SUBMITTED, Report.State.APPROVED])
        .for_list()
        .select_related("report")
        .annotate(own_due_at=due_at())
        .order_by("own_due_at", "order", "pk")
    )


def _late_report(review: Review, today: date) -> Laggard:
    day = timezone.localdate(review_due_at(review))
    state = review.report.get_state_display() if hasattr(review, "report") else "未开始"
    return Laggard(review, f"述职报告未交（{state}）", day, deadline_in_words(day, today), day < today)


def _overdue_problems(person: Person, today: date) -> QuerySet[Review]:
    reached = reach(person, Role.ORGANIZER, field="campaign__organizer__path")
    overdue = Problem.objects.overdue(today).filter(review=OuterRef("pk")).order_by().values("review")
    return (
        Review.objects.filter(reached)
        .annotate(
            late=Coalesce(Subquery(overdue.annotate(n=Count("pk")).values("n")), 0),
            since=Subquery(overdue.annotate(first=Min("due_on")).values("first")),
        )
        .filter(late__gt=0)
        .for_list()
        .order_by("since", "order", "pk")
    )


def _late_problems(review: Review, today: date) -> Laggard:
    words = deadline_in_words(review.since, today)
    return Laggard(review, f"{review.late} 条问题逾期未销号", review.since, words, True)
