"""The checks laid over the five sections: what is found stands in a section and at a place in it."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass

from organizations.models import Organization
from reviews.plan.models import Review
from reviews.report.checks.check import Context, ReportLimits, check_report
from reviews.report.checks.findings import Code, Finding, Severity
from reviews.report.checks.sections import Section as Span
from reviews.report.checks.units import possible_names
from reviews.report.models import Section
from reviews.report.prior import problems_to_answer
from reviews.report.speaking import Reading, time_to_read

# Nobody reads further; a text with more is not filled in at all. The figures say how many there are.
MOST_MARKS = 200
# A report names a dozen organizations in two thousand possible ways; a text with more is no report.
MOST_NAMES = 5_000
MOST_LAST_PROBLEMS = 60


@dataclass(frozen=True, slots=True)
class Mark:
    """One finding: ``start`` to ``end`` in the text of ``section``; of the whole section when they are equal."""

    code: str
    severity: str
    section: str
    start: int
    end: int
    text: str
    message: str
    advice: str = ""  # versions kept before advice stood apart have none

    @property
    def is_blocking(self) -> bool:
        return self.severity == Severity.BLOCK

    @property
    def kind(self) -> str:
        """The name of the kind of finding, in the words of the page."""
        return Code(self.code).label

    @property
    def place(self) -> str:
        """The name of the section, in the words of the page."""
        return Section(self.section).label

    @property
    def is_line(self) -> bool:
        """True for a border in the text, not a passage: from here on it is too long."""
        return self.code == Code.OVER_LENGTH

    def to_document(self) -> dict:
        """The mark as plain values, as kept with a version."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Inspection:
    """What the checks say of one text: the figures, and the marks in reading order."""

    figures: dict
    marks: tuple[Mark, ...]

    @property
    def blocking(self) -> list[Mark]:
        return [mark for mark in self.marks if mark.is_blocking]

    @property
    def advising(self) -> list[Mark]:
        return [mark for mark in self.marks if not mark.is_blocking]

    @property
    def left_out(self) -> int:
        """How many findings there are beside the marks."""
        return self.figures.get("findings", len(self.marks)) - len(self.marks)

    @property
    def documents(self) -> list[dict]:
        return [mark.to_document() for mark in self.marks]


def inspect(review: Review, sections: Mapping[str, str]) -> Inspection:
    """Check the sections against what the campaign asks for (DOMAIN 4.8).

    The answer to last year's problems is required only where there are any.
    """
    bodies = {name: sections.get(name, "") for name in Section.values}
    limits = ReportLimits.from_document(review.campaign.report_limits)
    around = context_of(review, "\n".join(bodies.values()))
    outcome = check_report(bodies, limits, answers_last_year=bool(around.last_problems), context=around)
    figures = outcome.figures | {
        "reading_seconds": reading_of(review, sections).seconds,
        "findings": len(outcome.findings),
    }
    return Inspection(figures, tuple(lay_over(finding, outcome.sections) for finding in weightiest(outcome.findings)))


def reading_of(review: Review, sections: Mapping[str, str]) -> Reading:
    """How long the body takes to read out; the self-evaluation is written apart."""
    spoken = (sections.get(name, "") for name in Section.values if name != Section.SELF_EVALUATION)
    return time_to_read(spoken, pace=pace_of(review), minutes=minutes_to_speak(review))


def pace_of(review: Review) -> int:
    """Beats a minute, as the campaign asks."""
    return ReportLimits.from_document(review.campaign.report_limits).chars_read_a_minute


def minutes_to_speak(review: Review) -> int:
    """The campaign's limit, 0 for a report that is not read out."""
    return review.campaign.speaking_minutes if review.mode == Review.Mode.ONSITE else 0


def context_of(review: Review, text: str) -> Context:
    """What the checks cannot know from the text, in three queries whatever the tree and the text."""
    own = review.organization
    line = {each.pk: each.name for each in Organization.objects.filter(pk__in=own.lineage).only("name")}
    return Context(
        year=review.campaign.year,
        own_units=tuple(line[key] for key in reversed(own.lineage) if key in line),
        other_units=strangers(own, text),
        place=review.campaign.place,
        last_problems=tuple(problems_to_answer(review).values_list("text", flat=True)[:MOST_LAST_PROBLEMS]),
    )


def strangers(own: Organization, text: str) -> tuple[str, ...]:
    """The organizations that the text names and that are neither above nor below the author's.

    A name that several bear, such as 机关党支部, says nothing and is left out.
    """
    named: dict[str, list[str]] = {}
    names = sorted(possible_names(text))[:MOST_NAMES]
    for name, path in Organization.objects.filter(name__in=names).order_by().values_list("name", "path"):
        named.setdefault(name, []).append(path)
    return tuple(
        name
        for name, [path, *others] in named.items()
        if not others and not path.startswith(own.path) and not own.path.startswith(path)
    )


def weightiest(findings: list[Finding]) -> list[Finding]:
    """At most MOST_MARKS findings, those that block before those that advise, in the order of the text."""
    if len(findings) <= MOST_MARKS:
        return findings
    places = sorted(range(len(findings)), key=lambda place: (findings[place].severity != Severity.BLOCK, place))
    return [findings[place] for place in sorted(places[:MOST_MARKS])]


def recall(figures: dict, documents: Iterable[dict]) -> Inspection:
    """The inspection that was kept with a version."""
    return Inspection(figures, tuple(Mark(**document) for document in documents))


def lay_over(finding: Finding, spans: list[Span]) -> Mark:
    """A finding of the joined text, placed in the section where it begins."""
    span = next(span for span in reversed(spans) if span.start <= finding.start)
    return Mark(
        code=finding.code.value,
        severity=finding.severity.value,
        section=span.kind,
        start=min(finding.start, span.end) - span.start,
        end=min(finding.end, span.end) - span.start,
        text=finding.text[:200],
        message=finding.message,
        advice=finding.advice,
    )
