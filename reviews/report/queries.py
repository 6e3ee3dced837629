"""What the pages of a report tell: what to begin with, who waits to be vetted, what changed between versions."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from organizations.models import Person
from reviews.plan.models import Review
from reviews.report.beside.anchors import ItemLine
from reviews.report.beside.answers import AnswerLine, with_answers
from reviews.report.compare import Piece, compare, count_changes, fold
from reviews.report.models import Report, ReportVersion, Section, Sections, Vetting
from reviews.report.permissions import is_author

# What separates the parts of a content item: "理论学习、制度治党和党内法规" names three.
ITEM_PARTS = re.compile(r"[、，,；;。：:（）()“”\s]|以及|情况|和|与|及|等")


def report_of(review: Review) -> Report:
    """The report of a review, or the empty one that its first save will make."""
    return Report.objects.filter(review=review).first() or Report(review=review)


def beginning(report: Report, lines: Iterable[AnswerLine]) -> dict[str, str]:
    """What the form opens with: the working text; an empty 上年整改情况 begins with the answers."""
    return with_answers(report.sections, lines)


def touched(lines: Iterable[ItemLine], text: str) -> list[tuple[ItemLine, bool]]:
    """Each content item (考核内容), and whether the text uses any of its words. A hint, no judgement."""
    return [(line, any(part in text for part in ITEM_PARTS.split(line.item.text) if len(part) > 1)) for line in lines]


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
    """What happened to one section between two texts. Figures in non-blank characters."""

    name: str
    label: str
    pieces: list[Piece]
    put_in: int
    taken_out: int

    @property
    def is_changed(self) -> bool:
        return any(piece.kind != "same" for piece in self.pieces)

    @property
    def shown(self) -> list[Piece]:
        """The pieces, long unchanged stretches folded."""
        return fold(self.pieces)

    @property
    def summary(self) -> str:
        """What changed, in a few words."""
        return in_words(self.put_in, self.taken_out) if self.is_changed else "没有改动"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two texts of a report, section by section."""

    changes: list[Change]

    @property
    def changed(self) -> list[Change]:
        """The sections in which anything changed."""
        return [change for change in self.changes if change.is_changed]

    @property
    def put_in(self) -> int:
        return sum(change.put_in for change in self.changes)

    @property
    def taken_out(self) -> int:
        return sum(change.taken_out for change in self.changes)

    @property
    def summary(self) -> str:
        """增 120 字，删 45 字."""
        return in_words(self.put_in, self.taken_out) if self.changed else "没有改动"


def in_words(put_in: int, taken_out: int) -> str:
    """Two figures as a reader says them; nothing but blanks changed is said too."""
    if not put_in and not taken_out:
        return "只改了空格或换行"
    return "，".join(
        words for words, chars in ((f"增 {put_in:,} 字", put_in), (f"删 {taken_out:,} 字", taken_out)) if chars
    )


def compare_versions(older: Sections, newer: Sections) -> Comparison:
    """What changed on the way from one kept version, or working text, to another."""
    return compare_texts(older.sections, newer.sections)


def compare_texts(before: Mapping[str, str], after: Mapping[str, str]) -> Comparison:
    """What was put in and taken out on the way from one text to the other; a section left out is empty."""
    return Comparison(changes(before, after))


def changes(before: Mapping[str, str], after: Mapping[str, str]) -> list[Change]:
    """All five sections, with what was put in and taken out on the way from one text to the other."""
    found = []
    for name in Section.values:
        pieces = compare(before.get(name, ""), after.get(name, ""))
        found.append(Change(name, Section(name).label, pieces, *count_changes(pieces)))
    return found
