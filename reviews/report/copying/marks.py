"""Copied passages as findings of a report: kept with the version that is handed in, told or stopping it.

They name nobody: the author reads them too.
"""

from collections.abc import Mapping
from dataclasses import replace

from reviews.report.checks.findings import Code, Severity
from reviews.report.checks.limits import ReportLimits
from reviews.report.checks.sections import count_chars
from reviews.report.copying.alignment import SHORTEST
from reviews.report.copying.sources import Comparison, Source, compare_report
from reviews.report.marking import MOST_MARKS, Inspection, Mark
from reviews.report.models import Report

ADVICE = "请改写成本单位自己的做法和事例；确需引用的加引号、写明出处。两份文字的对照见“雷同比对”。"
OWN_ADVICE = "请写本年度的新情况；往年的工作没有变化的，写明今年的进展。两份文字的对照见“雷同比对”。"


def with_copied(inspection: Inspection, report: Report, sections: Mapping[str, str]) -> Inspection:
    """The inspection with what stands in other reports; compares with everything that was handed in."""
    limits = ReportLimits.from_document(report.review.campaign.report_limits)
    if not limits.looks_for(Code.COPIED):
        return inspection
    comparison = compare_report(report, sections)
    found = copied_marks(comparison, limits)
    room = MOST_MARKS - len(inspection.marks)
    figures = inspection.figures | {
        "findings": inspection.figures["findings"] + len(found),
        "copied_chars": comparison.copied_chars,
        "copied_share_bp": comparison.share_bp(comparison.copied_chars),
    }
    return Inspection(figures, (*inspection.marks, *found[: max(room, 0)]))


def copied_marks(comparison: Comparison, limits: ReportLimits) -> list[Mark]:
    """One mark a passage of the sources that share enough, in the order of the text, each place told once."""
    share = comparison.share_bp(comparison.copied_chars)
    is_too_much = 0 < limits.copied_max_share_bp < share
    marks: list[Mark] = []
    taken: set[int] = set()
    for source in comparison.sources:
        chars = comparison.copied([source])
        if chars < limits.copied_min_chars:
            continue
        for mark in marks_of(comparison, source, blocking=is_too_much and source.kind.is_others):
            start = next(span.start for span in comparison.spans if span.kind == mark.section)
            places = set(range(start + mark.start, start + mark.end))
            if not places & taken:
                marks.append(mark)
                taken |= places
    order = [span.kind for span in comparison.spans]
    marks.sort(key=lambda mark: (order.index(mark.section), mark.start))
    if is_too_much:
        told = f"与他人报告雷同的文字占全文 {share / 100:.1f}%，超过 {limits.copied_max_share_bp / 100:g}% 的上限。"
        marks = [replace(mark, message=mark.message + told) if mark.is_blocking else mark for mark in marks]
    return marks


def marks_of(comparison: Comparison, source: Source, *, blocking: bool) -> list[Mark]:
    """The passages of one source as marks; one that runs over several sections is a mark in each.

    A few characters beyond the border of a section are no mark of their own.
    """
    severity = Severity.BLOCK if blocking else Severity.ADVISE
    named = source.kind.value if source.kind.is_others else f"本人{source.review.campaign.year}年度的报告"
    advice = ADVICE if source.kind.is_others else OWN_ADVICE
    marks = []
    for passage in source.match.passages:
        for span in comparison.spans:
            start, end = max(passage.start, span.start), min(passage.end, span.end)
            text = comparison.text[start:end]
            if count_chars(text) >= SHORTEST or (start, end) == (passage.start, passage.end):
                message = f"这一段 {count_chars(text)} 字与{named}雷同。"
                place = start - span.start, end - span.start
                marks.append(Mark(Code.COPIED.value, severity.value, span.kind, *place, text[:200], message, advice))
    return marks
