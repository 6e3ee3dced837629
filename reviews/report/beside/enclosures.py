"""What is handed in beside the text: answers, content items, attachments, annex; shown live, frozen with a version."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from organizations.models import Person
from reviews.ledger.models import Problem
from reviews.plan.models import Review
from reviews.report.beside import annex
from reviews.report.beside.anchors import ItemLine, frozen_items, item_lines
from reviews.report.beside.answers import AnswerLine, answer_lines, frozen_answers, lacking
from reviews.report.checks.check import ReportLimits
from reviews.report.models import Annex, Attachment, Report, ReportVersion
from reviews.report.permissions import is_author, may_follow, may_read


def enclosed_in(
    report: Report, *, answers: Iterable[AnswerLine] | None = None, items: list[ItemLine] | None = None
) -> dict:
    """Everything beside the text as it stands now, as plain values: the shape of ``ReportVersion.enclosed``.

    ``answers`` and ``items``: the lines, if the caller has read them already, or means another text.
    """
    cells = annex_of(report)
    files = [frozen_file(file) for file in attachments_of(report)]
    names = {file["pk"]: file for file in files}
    kept = frozen_answers(answer_lines(report) if answers is None else answers)
    for answer in kept:
        answer["files"] = [names[pk] for pk in answer["files"]]
    return {
        "answers": kept,
        "content_items": frozen_items(item_lines(report, report.sections) if items is None else items),
        "attachments": [file for file in files if not file["is_of_answer"]],
        "annex": annex.rows(cells, annex_before(report.review)) if cells is not None else [],
    }


@dataclass(frozen=True, slots=True)
class Lack:
    """Something that must stand beside the text and does not: its place on the writing page, and the sentence."""

    place: str  # the id on the page
    words: str


def lacks_of(report: Report, sections: Mapping[str, str], lines: Iterable[AnswerLine]) -> list[Lack]:
    """What keeps the report from being handed in beside the checks of its text.

    Unanswered problems always do (B6); items and annex where the campaign asks for them.
    """
    limits = ReportLimits.from_document(report.review.campaign.report_limits)
    found = [
        Lack(
            f"answer-{line.problem.pk}",
            f"上年问题第 {line.number} 条“{line.problem.text[:30]}”：{line.lack}。",
        )
        for line in lacking(lines)
    ]
    if limits.items_must_be_anchored:
        found += [
            Lack(f"item-{line.item.pk}", f"考核内容第 {line.item.number} 项“{line.item.text[:30]}”：{line.lack}。")
            for line in item_lines(report, sections)
            if line.lack
        ]
    if limits.annex_must_be_filled and annex_of(report) is None:
        found.append(Lack("annex", "数据附表还没有填写。"))
    return found


def attachments_of(report: Report) -> list[Attachment]:
    """The files of the draft, in the order in which they came."""
    return list(report.attachments.filter(is_removed=False)) if report.pk else []


def frozen_file(file: Attachment) -> dict:
    return {
        "pk": file.pk,
        "name": file.name,
        "size": file.size,
        "sha256": file.sha256,
        "is_of_answer": file.answer_id is not None,
    }


def files_named(enclosed: Mapping) -> set[int]:
    """The keys of all files that a frozen version names."""
    listed = [*enclosed.get("attachments", [])]
    for answer in enclosed.get("answers", []):
        listed += answer["files"]
    return {file["pk"] for file in listed}


def is_named(file: Attachment) -> bool:
    """True if a handed-in version names the file: then it is kept for good."""
    return any(file.pk in files_named(version.enclosed) for version in handed_in_versions(file.report))


def handed_in_versions(report: Report) -> QuerySet[ReportVersion]:
    return report.versions.filter(occasion=ReportVersion.Occasion.SUBMITTED)


def may_open(person: Person, file: Attachment) -> bool:
    """The author opens all his files; others what a handed-in version names that they may read."""
    report = file.report
    if is_author(person, report):
        return True
    if may_follow(person, report):
        return is_named(file)
    last = report.handed_in
    return may_read(person, report) and last is not None and file.pk in files_named(last.enclosed)


def answers_to(problem: Problem, person: Person) -> list[tuple[Report, dict]]:
    """What later reports answered to a problem, in the version handed in last that the person may read, by year."""
    reports = (
        Report.objects.visible_to(person)
        .filter(answers__problem=problem)
        .select_related("review__campaign__organizer", "review__secretary")
        .order_by("review__campaign__year", "pk")
    )
    found = []
    for report in reports:
        last = report.handed_in if may_read(person, report) else None
        kept = last.enclosed.get("answers", []) if last else []
        found += [(report, answer) for answer in kept if answer["problem"] == problem.pk]
    return found


def annex_of(report: Report) -> dict | None:
    """The cells of the annex; None if none was filled in."""
    kept = Annex.objects.filter(report=report).first() if report.pk else None
    return kept.cells if kept else None


def annex_before(review: Review) -> dict:
    """Last year's cells of the same organization, of a report that was handed in; empty if there are none."""
    kept = (
        Annex.objects.filter(
            report__review__organization=review.organization_id,
            report__review__campaign__year=review.campaign.year - 1,
        )
        .exclude(report__state=Report.State.DRAFT)
        .order_by("-report__review__campaign_id")
        .first()
    )
    return kept.cells if kept else {}
