"""雷同比对: a report against every report handed in, in the words of the page: what stands where, how much of it.

Who may read the other report sees whose it is. Everybody else sees the passage alone, without a name: he has those
words in his own hands already. What was never handed in, or was taken back, is not compared with.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from organizations.models import Person
from reviews.plan.models import Review
from reviews.report.checks.sections import Section as Span
from reviews.report.checks.sections import count_chars, join_sections
from reviews.report.copying.alignment import Passage
from reviews.report.copying.comparison import Match, find_matches, runs_of
from reviews.report.copying.index import handed_in_versions
from reviews.report.models import Report, ReportVersion, Section
from reviews.report.permissions import may_read
from reviews.report.prior import problems_to_answer

AROUND = 24  # characters shown before and after a passage to who may read the whole
WHOLE_BP = 10_000


class Kind(StrEnum):
    """How the other report stands to this one; the values are what the page says."""

    OWN = "本人以前的报告"
    SAME_UNIT = "本单位以前的报告"
    SAME_CAMPAIGN = "本次活动中的另一份报告"
    LAST_YEAR = "上年度的另一份报告"
    ELSEWHERE = "另一份报告"

    @property
    def is_others(self) -> bool:
        """Whether the words are somebody else's."""
        return self is not Kind.OWN


@dataclass(frozen=True, slots=True)
class Source:
    """雷同来源: one other report, its version handed in last, and the passages that stand in both."""

    version: ReportVersion
    kind: Kind
    match: Match
    text: str  # all of the other report, as it was compared

    @property
    def review(self) -> Review:
        return self.version.report.review


@dataclass(frozen=True, slots=True)
class Comparison:
    """What of a text stands elsewhere. ``spans`` are the sections inside ``text``."""

    text: str
    spans: list[Span]
    sources: list[Source]

    @property
    def chars(self) -> int:
        """The non-blank characters of the whole text."""
        return count_chars(self.text)

    def copied(self, sources: Iterable[Source]) -> int:
        """The non-blank characters that stand in any of these, each counted once."""
        places = {at for source in sources for each in source.match.passages for at in range(each.start, each.end)}
        return count_chars("".join(self.text[at] for at in sorted(places)))

    @property
    def others(self) -> list[Source]:
        return [source for source in self.sources if source.kind.is_others]

    @property
    def copied_chars(self) -> int:
        """Characters that stand in reports of others."""
        return self.copied(self.others)

    @property
    def own_chars(self) -> int:
        """Characters that stand in the author's own earlier reports."""
        return self.copied(source for source in self.sources if not source.kind.is_others)

    def share_bp(self, chars: int) -> int:
        """So many characters as a share of the text, in basis points, rounded down."""
        return chars * WHOLE_BP // self.chars if self.chars else 0


def compare_report(report: Report, sections: Mapping[str, str]) -> Comparison:
    """Compare the sections of a report with what was handed in, by anybody, in any year.

    As many queries for one report as for a hundred thousand.

    The plan's own wording, the content items, the names of the sections and the problems that the report answers
    do not count, nor what everybody writes.
    """
    text, spans = joined(sections)
    versions: dict[int, ReportVersion] = {}
    texts: dict[int, str] = {}

    def read(keys: list[int]) -> Mapping[int, str]:
        found = handed_in_versions().filter(report__in=keys).exclude(report__state=Report.State.DRAFT)
        for version in found.select_related(
            "report__review__campaign__organizer", "report__review__organization", "report__review__secretary"
        ):
            versions[version.report_id], texts[version.report_id] = version, joined(version.sections)[0]
        return texts

    matches = find_matches(text, read=read, besides=report.pk, exempt=wording_of(report.review))
    sources = [
        Source(
            versions[each.report_id],
            kind_of(report.review, versions[each.report_id].report.review),
            each,
            texts[each.report_id],
        )
        for each in matches
    ]
    # A stable sort: others first, each kind by what it shares.
    return Comparison(text, spans, sorted(sources, key=lambda source: not source.kind.is_others))


def joined(sections: Mapping[str, str]) -> tuple[str, list[Span]]:
    """The sections as the one text that is compared, and where each of them lies in it."""
    return join_sections({name: sections.get(name, "") for name in Section.values})


def wording_of(review: Review) -> frozenset[str]:
    """The runs of letters that the campaign itself gives to every author, or asks this one to answer."""
    campaign = review.campaign
    items = [item.text for item in campaign.content_items.all()]
    problems = [problem.text for problem in problems_to_answer(review)]
    # A stop makes them sentences: a line without one is a heading, which never counts.
    return runs_of([f"{each}。" for each in (campaign.title, campaign.basis, *Section.labels, *items, *problems)])


def kind_of(review: Review, other: Review) -> Kind:
    """How another review stands to this one."""
    if other.secretary_id == review.secretary_id:
        return Kind.OWN
    if other.organization_id == review.organization_id:
        return Kind.SAME_UNIT
    if other.campaign_id == review.campaign_id:
        return Kind.SAME_CAMPAIGN
    return Kind.LAST_YEAR if other.campaign.year == review.campaign.year - 1 else Kind.ELSEWHERE


@dataclass(frozen=True, slots=True)
class Piece:
    """A bit of a passage; ``is_same``: both texts have it letter by letter; ``is_around``: beside the passage."""

    text: str
    is_same: bool = False
    is_around: bool = False


@dataclass(frozen=True, slots=True)
class Pair:
    """A passage in both texts, side by side. ``section`` is the name of the section it stands in here."""

    section: str
    chars: int
    here: list[Piece]
    there: list[Piece]

    @property
    def label(self) -> str:
        return Section(self.section).label


@dataclass(frozen=True, slots=True)
class Shown:
    """A source as one person may see it: ``report`` is None for who may not read it."""

    kind: Kind
    year: int
    chars: int
    report: Report | None
    pairs: list[Pair]


def shown_to(person: Person, comparison: Comparison) -> list[Shown]:
    """The sources as this person may see them, in one more query."""
    keys = [source.version.report_id for source in comparison.sources]
    seen = set(Report.objects.visible_to(person).filter(pk__in=keys).order_by().values_list("pk", flat=True))
    shown = []
    for source in comparison.sources:
        report = source.version.report
        may = report.pk in seen and may_read(person, report)
        pairs = [side_by_side(comparison, source, each, around=AROUND if may else 0) for each in source.match.passages]
        chars = comparison.copied([source])
        shown.append(Shown(source.kind, source.review.campaign.year, chars, report if may else None, pairs))
    return shown


def side_by_side(comparison: Comparison, source: Source, passage: Passage, *, around: int) -> Pair:
    """One passage in both texts, with what agrees told apart, and some text around the other's."""
    return Pair(
        section=section_at(comparison.spans, passage.start),
        chars=count_chars(comparison.text[passage.start : passage.end]),
        here=cut(comparison.text, passage.start, passage.end, passage.same, around=AROUND),
        there=cut(source.text, passage.other_start, passage.other_end, passage.other_same, around=around),
    )


def section_at(spans: list[Span], place: int) -> str:
    """The section in which a place of the joined text lies."""
    return next(span.kind for span in reversed(spans) if span.start <= place)


def cut(text: str, start: int, end: int, same: Iterable[tuple[int, int]], *, around: int) -> list[Piece]:
    """A passage as pieces in order, those that agree told apart."""
    pieces, done = [Piece(text[max(0, start - around) : start], is_around=True)], start
    for begin, stop in same:
        pieces += [Piece(text[done:begin]), Piece(text[max(begin, done) : stop], is_same=True)]
        done = max(done, stop)
    pieces += [Piece(text[done:end]), Piece(text[end : end + around], is_around=True)]
    return [piece for piece in pieces if piece.text]
