"""What the pages of a report tell: what to begin with, who waits to be vetted, what changed between versions."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from organizations.models import Person
from reviews.ledger.models import Problem
from reviews.plan.models import Campaign, ContentItem, Review
from reviews.report.compare import Piece, compare
from reviews.report.models import Report, ReportVersion, Section, Sections, Vetting
from reviews.report.permissions import is_author
from reviews.report.prior import first_words

# What separates the parts of a content item: "理论学习、制度治党和党内法规" names three.
ITEM_PARTS = re.compile(r"[、，,；;。：:（）()“”\s]|以及|情况|和|与|及|等")


def report_of(review: Review) -> Report:
    """The report of a review, or the empty one that its first save will make."""
    return Report.objects.filter(review=review).first() or Report(review=review)


def beginning(report: Report, problems: Iterable[Problem]) -> dict[str, str]:
    """What the form opens with: the working text; at the very first, the problems to answer."""
    if report.edition == 0 and not any(report.sections.values()):
        return report.sections | {Section.PRIOR.value: first_words(problems)}
    return report.sections


def touched(items: Iterable[ContentItem], text: str) -> list[tuple[ContentItem, bool]]:
    """Each content item (考核内容), and whether the text uses any of its words. A hint, no judgement."""
    return [(item, any(part in text for part in ITEM_PARTS.split(item.text) if len(part) > 1)) for item in items]


def versions_for(person: Person, report: Report) -> QuerySet[ReportVersion]:
    """The author sees all that he kept; others what was handed in, so that drafts stay his own."""
    versions = report.versions.select_related("by", "vetting__by")
    return versions if is_author(person, report) else versions.filter(occasion=ReportVersion.Occasion.SUBMITTED)


def text_for(person: Person, report: Report) -> Sections | None:
    """What a reader reads: the version handed in last; the author, while he writes, his working text."""
    if is_author(person, report) and report.state in Report.WRITABLE:
        return report
    return report.handed_in


def rounds_of(report: Report) -> QuerySet[Vetting]:
    """The rounds of vetting so far, in order."""
    return Vetting.objects.filter(version__report=report).select_related("version", "by")


@dataclass(frozen=True, slots=True)
class Change:
    """What happened to one section between two texts."""

    name: str
    label: str
    pieces: list[Piece]

    @property
    def is_changed(self) -> bool:
        return any(piece.kind != "same" for piece in self.pieces)


def changes(before: Mapping[str, str], after: Mapping[str, str]) -> list[Change]:
    """All five sections, with what was put in and taken out on the way from one text to the other."""
    return [
        Change(name, Section(name).label, compare(before.get(name, ""), after.get(name, ""))) for name in Section.values
    ]


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the vetting list: a review, its report if it has one, the version handed in last."""

    review: Review
    report: Report | None
    version: ReportVersion | None
    rounds: int

    @property
    def is_handed_in(self) -> bool:
        return self.report is not None and self.report.state in {Report.State.SUBMITTED, Report.State.APPROVED}


def vetting_list(campaign: Campaign) -> list[Line]:
    """Every review of the campaign in its order, in four queries whatever their number."""
    texts = [*Section.values]
    last = {}
    for version in (
        ReportVersion.objects.filter(report__review__campaign=campaign, occasion=ReportVersion.Occasion.SUBMITTED)
        .defer(*texts)
        .order_by("number")
    ):
        last[version.report_id] = version
    reports = {
        report.review_id: report
        for report in Report.objects.filter(review__campaign=campaign).defer(*texts).select_related("review__campaign")
    }
    rounds = dict(
        Vetting.objects.filter(version__report__review__campaign=campaign)
        .order_by()
        .values_list("version__report")
        .annotate(count=Count("pk"))
    )
    lines = []
    for review in Review.objects.filter(campaign=campaign).for_list():
        report = reports.get(review.pk)
        key = report.pk if report else None
        lines.append(Line(review, report, last.get(key), rounds.get(key, 0)))
    return lines


def next_to_vet(person: Person, report: Report) -> Report | None:
    """The next report of the campaign that waits, in speaking order, and from the top again; never one's own."""
    waiting = list(
        Report.objects.filter(review__campaign=report.review.campaign, state=Report.State.SUBMITTED)
        .exclude(review__secretary=person)
        .exclude(pk=report.pk)
        .select_related("review__organization", "review__secretary")
        .order_by("review__order", "review_id")
    )
    here = (report.review.order, report.review_id)
    after = (each for each in waiting if (each.review.order, each.review_id) > here)
    return next(after, waiting[0] if waiting else None)
