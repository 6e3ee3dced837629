"""The queue of vetting (待审核): the reports of a campaign filtered, sorted and counted; the next, the one before."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count
from django.utils import timezone

from organizations.access import holds_any
from organizations.models import Person
from reviews.plan.models import Campaign, Review, Stage
from reviews.report import permissions
from reviews.report.models import Report, ReportVersion, Section, Vetting
from reviews.report.vetting.extension import Extension, due_at

State = Report.State
MISSING = "missing"
FILTERS = {
    "": "全部",
    State.SUBMITTED.value: "待审核",
    State.RETURNED.value: "退回修改",
    State.APPROVED.value: "审核通过",
    MISSING: "未提交",
}
SORTS = {"": "述职顺序", "waiting": "等待最久", "findings": "提示最多", "unit": "单位"}


@dataclass(frozen=True, slots=True)
class Line:
    """One row: a review, its report if it has one, the version handed in last, until when it was or is due."""

    review: Review
    report: Report | None
    version: ReportVersion | None
    rounds: int
    is_extended: bool
    waits_for_me: bool
    conflict: str  # why it waits for another vetter

    @property
    def state(self) -> str:
        """A key of FILTERS."""
        is_missing = self.report is None or self.report.state == State.DRAFT
        return MISSING if is_missing else self.report.state

    @property
    def is_handed_in(self) -> bool:
        return self.state in {State.SUBMITTED, State.APPROVED}

    @property
    def due_at(self) -> datetime:
        return self.review.own_due_at

    @property
    def is_late(self) -> bool:
        """True if it was handed in late, or is not handed in although it is due."""
        if self.is_handed_in:
            return bool(self.report.submitted_at) and self.report.submitted_at > self.due_at
        return timezone.now() > self.due_at

    @property
    def days_waiting(self) -> int | None:
        """Whole days since it was handed in; None unless it waits."""
        if self.state != State.SUBMITTED or not self.report.submitted_at:
            return None
        return (timezone.localdate() - timezone.localdate(self.report.submitted_at)).days

    @property
    def blocks(self) -> int:
        return self._severities().count("block")

    @property
    def advises(self) -> int:
        return self._severities().count("advise")

    @property
    def copied(self) -> float | None:
        """The share that stands in others' reports too, as a fraction; None where it was not compared."""
        share = self.version.figures.get("copied_share_bp") if self.version else None
        return None if share is None else share / 10_000

    def _severities(self) -> list[str]:
        return [finding.get("severity") for finding in self.version.findings] if self.version else []


def queue_of(campaign: Campaign, person: Person) -> list[Line]:
    """Every review of the campaign in its order; the same number of queries whatever their number."""
    last, texts = {}, [*Section.values]
    handed_in = ReportVersion.objects.filter(
        report__review__campaign=campaign, occasion=ReportVersion.Occasion.SUBMITTED
    )
    for version in handed_in.defer(*texts, "enclosed").order_by("number"):
        last[version.report_id] = version
    reports = {report.review_id: report for report in Report.objects.filter(review__campaign=campaign).defer(*texts)}
    rounds = dict(
        Vetting.objects.filter(version__report__review__campaign=campaign)
        .order_by()
        .values_list("version__report")
        .annotate(count=Count("pk"))
    )
    extended = set(
        Extension.objects.standing().filter(review__campaign=campaign).order_by().values_list("review", flat=True)
    )
    vets_here = campaign.stage == Stage.REPORTING and holds_any(person, permissions.VETTING, campaign.organizer)
    posts = permissions.organizations_of(person)
    lines = []
    for review in Review.objects.filter(campaign=campaign).for_list().annotate(own_due_at=due_at()):
        report = reports.get(review.pk)
        key = report.pk if report else None
        conflict = conflict_in_words(review, person, posts)
        waits = vets_here and not conflict and report is not None and report.state == State.SUBMITTED
        lines.append(Line(review, report, last.get(key), rounds.get(key, 0), review.pk in extended, waits, conflict))
    return lines


def conflict_in_words(review: Review, person: Person, posts: set[int]) -> str:
    """Why the person does not vet this one, short enough for a table; "" if he may (``permissions.conflict_of``)."""
    if review.secretary_id == person.pk:
        return "本人的报告，由他人审核"
    return "您在该党组织任职，由他人审核" if review.organization_id in posts else ""


def counts_of(lines: Iterable[Line]) -> dict[str, int]:
    """How many rows each filter shows."""
    lines = list(lines)
    found = Counter(line.state for line in lines)
    return {name: found[name] if name else len(lines) for name in FILTERS}


def chosen(lines: Iterable[Line], *, state: str = "", sort: str = "") -> list[Line]:
    """The rows of one filter in one order; a word that is not known filters and sorts nothing."""
    rows = [line for line in lines if state not in FILTERS or not state or line.state == state]
    if sort == "waiting":
        rows.sort(key=lambda line: -1 if line.days_waiting is None else line.days_waiting, reverse=True)
    elif sort == "findings":
        rows.sort(key=lambda line: (line.blocks, line.advises), reverse=True)
    elif sort == "unit":
        rows.sort(key=lambda line: str(line.review.organization))
    return rows


def neighbours(person: Person, report: Report) -> tuple[Report | None, Report | None]:
    """The report that waits before this one and the one after it, in speaking order and around the end.

    One's own and those of organizations in which one holds a post are left out.
    """
    waiting = list(
        Report.objects.filter(review__campaign=report.review.campaign, state=State.SUBMITTED)
        .exclude(review__secretary=person)
        .exclude(review__organization__in=permissions.organizations_of(person))
        .exclude(pk=report.pk)
        .select_related("review__organization", "review__secretary")
        .order_by("review__order", "review_id")
    )
    if not waiting:
        return None, None
    here = (report.review.order, report.review_id)
    place = sum((each.review.order, each.review_id) < here for each in waiting)
    return waiting[place - 1], waiting[place % len(waiting)]
