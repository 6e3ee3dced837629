"""The rounds of vetting as pages tell them: verdict, opinion, remarks with what became of them, what was taken back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from organizations.models import Person
from reviews.report.models import Report, ReportVersion, Vetting
from reviews.report.queries import Comparison, compare_versions, rounds_of
from reviews.report.vetting.models import Remark, TakingBack


@dataclass(frozen=True, slots=True)
class RemarkLine:
    """A remark and what became of it in the text that counts now."""

    remark: Remark
    still_stands: bool  # the quoted words still stand in that section

    @property
    def status(self) -> str:
        """In a word: settled by a vetter, answered, changed without a word, or untouched."""
        if self.remark.settled_at:
            return "审核人已认可"
        if self.remark.reply:
            return "已回应"
        return "未回应" if self.still_stands else "原文已改"

    @property
    def tone(self) -> str:
        return {"审核人已认可": "done", "已回应": "now", "原文已改": "now", "未回应": "warn"}[self.status]


@dataclass(frozen=True, slots=True)
class Round:
    """One round: the verdict on a version, its remarks, and what the author had changed since the round before."""

    vetting: Vetting
    remarks: list[RemarkLine]
    before: ReportVersion | None
    comparison: Comparison | None
    taken_back: list[TakingBack]  # after this verdict and before the next

    @property
    def number(self) -> int:
        return self.vetting.number

    @property
    def version(self) -> ReportVersion:
        return self.vetting.version

    @property
    def verdict(self) -> str:
        return self.vetting.verdict

    @property
    def label(self) -> str:
        return self.vetting.get_verdict_display()

    @property
    def opinion(self) -> str:
        return self.vetting.opinion

    @property
    def by(self) -> Person:
        return self.vetting.by

    @property
    def at(self) -> datetime:
        return self.vetting.at

    @property
    def answered(self) -> int:
        return sum(line.status != "未回应" for line in self.remarks)


def rounds_with_remarks(report: Report, *, text=None) -> list[Round]:
    """All rounds in order. Remarks are judged against ``text`` (a version, or the working text), else the last version.

    The same number of queries however many rounds there are.
    """
    text = text or report.handed_in or report
    remarks: dict[int, list[RemarkLine]] = {}
    for remark in Remark.objects.filter(vetting__version__report=report).select_related("by", "settled_by"):
        remarks.setdefault(remark.vetting_id, []).append(RemarkLine(remark, stands_in(remark, text)))
    taken = list(report.takings_back.select_related("by", "version"))
    rounds, before = [], None
    vettings = list(rounds_of(report))
    ends = [*(vetting.at for vetting in vettings[1:]), None][: len(vettings)]
    for vetting, end in zip(vettings, ends, strict=True):
        comparison = compare_versions(before, vetting.version) if before else None
        between = [each for each in taken if each.at > vetting.at and (end is None or each.at <= end)]
        rounds.append(Round(vetting, remarks.get(vetting.pk, []), before, comparison, between))
        before = vetting.version
    return rounds


def taken_back_before(report: Report, rounds: Iterable[Round]) -> list[TakingBack]:
    """What was taken back before anybody decided."""
    first = next(iter(rounds), None)
    taken = report.takings_back.select_related("by", "version")
    return list(taken.filter(at__lte=first.at) if first else taken)


def pending_remarks(report: Report) -> list[Remark]:
    """Remarks that go with the next verdict, in the order of the text; those of an older version stand last."""
    remarks = Remark.objects.filter(version__report=report, vetting__isnull=True).select_related("by", "version")
    order = list(report.sections)
    return sorted(remarks, key=lambda one: (-one.version.number, order.index(one.section), one.start, one.pk))


def open_remarks(report: Report, version: ReportVersion) -> list[RemarkLine]:
    """Remarks of earlier rounds and what became of them, those not yet settled first."""
    sent = Remark.objects.filter(vetting__version__report=report).select_related("by", "vetting", "settled_by")
    lines = [RemarkLine(remark, stands_in(remark, version)) for remark in sent]
    return sorted(lines, key=lambda line: line.remark.settled_at is not None)


def stands_in(remark: Remark, text) -> bool:
    return remark.quote in text.sections.get(remark.section, "")
