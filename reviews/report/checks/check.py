"""述职报告检查: every check of a report, one room a family. Start here.

Pure: only the standard library. Findings are advice to author and vetter; only length, missing sections,
advertisements, placeholders and marks of secrecy may stop the handing in (DOMAIN 4.8). What a check
cannot know from the text (the year, the organizations around the author, last year's problems) the caller says.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from reviews.report.checks.classified import find_marks_of_secrecy
from reviews.report.checks.figures import (
    measure,
    missing_sections,
    over_length,
    problem_share,
    section_lines,
    self_evaluation,
)
from reviews.report.checks.findings import Code, Finding, Place, Severity
from reviews.report.checks.limits import ReportLimits
from reviews.report.checks.placeholders import find_placeholders
from reviews.report.checks.praise import find_heavy_praise
from reviews.report.checks.recurring import find_recurring
from reviews.report.checks.residue import find_residue
from reviews.report.checks.sections import (
    DUTY,
    PLANS,
    PRIOR,
    PROBLEMS,
    Line,
    Section,
    body_lines,
    join_sections,
    split_sections,
)
from reviews.report.checks.spun import find_spun_words
from reviews.report.checks.subjectless import find_subjectless
from reviews.report.checks.typos import find_typos
from reviews.report.checks.units import find_other_units
from reviews.report.checks.vague import find_vague_plans
from reviews.report.checks.years import find_wrong_years


@dataclass(frozen=True, slots=True)
class Context:
    """What is known around a report, for the checks that compare. Left empty, they say nothing.

    ``own_units``: names of the author's organization and of those above it, nearest first;
    ``other_units``: organizations that the text may wrongly name; ``last_problems``: last year's in words.
    """

    year: int | None = None
    own_units: tuple[str, ...] = ()
    other_units: tuple[str, ...] = ()
    place: str = ""
    last_problems: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the checks found: ``figures`` and ``findings`` with offsets into ``text``, whose parts are ``sections``."""

    figures: dict
    findings: list[Finding]
    text: str = field(repr=False)
    sections: list[Section] = field(repr=False)

    def within(self, kind: str) -> list[tuple[int, int, Finding]]:
        """The findings inside one kind of section, with start and end counted from that section's own text."""
        return [
            (finding.start - section.body_start, finding.end - section.body_start, finding)
            for section in self.sections
            if section.kind == kind
            for finding in self.findings
            if finding.start < finding.end and section.body_start <= finding.start and finding.end <= section.end
        ]

    def to_document(self) -> dict:
        """Figures and findings as plain JSON values: the shape of ``check_report --json``."""
        return {"figures": self.figures, "findings": [finding.to_document() for finding in self.findings]}


@dataclass(frozen=True, slots=True)
class Sight:
    """One report as every family sees it: its text, its parts, what is asked of it and known around it."""

    text: str
    sections: list[Section]
    body: list[Line]
    figures: dict
    limits: ReportLimits
    context: Context

    def spans(self, *kinds: str) -> list[tuple[int, int]]:
        """Where the sections of these kinds have their own text."""
        return [(section.body_start, section.end) for section in self.sections if section.kind in kinds]


def check_report(
    report: str | Mapping[str, str],
    limits: ReportLimits | None = None,
    *,
    answers_last_year: bool = True,
    context: Context | None = None,
) -> Outcome:
    """Check a report, given as one text or as its sections by kind (``sections.LABELS``).

    Length counts the non-blank characters of the body: title, salutation, signature and the
    self-evaluation, which is written apart, are left out. ``answers_last_year`` says whether
    there is anything of last year to answer for; without it the section on it is only advised.
    Never raises for any text. Findings come in the order of the text.
    """
    limits = limits or ReportLimits()
    if isinstance(report, str):
        text, sections = report, split_sections(report)
    else:
        text, sections = join_sections(report)
    body = list(body_lines(text, sections)) if isinstance(report, str) else section_lines(text, sections)
    sight = Sight(text, sections, body, measure(text, sections, body), limits, context or Context())
    findings = [
        Finding(code, severity, place.start, place.end, text[place.start : place.end], place.message, place.advice)
        for code, severity, place in judged(sight, answers_last_year)
    ]
    findings.sort(key=lambda finding: (finding.start, finding.end, finding.code))
    return Outcome(sight.figures, findings, text, sections)


def judged(sight: Sight, answers_last_year: bool) -> Iterator[tuple[Code, Severity, Place]]:
    """Every place that any family finds, with its kind and its weight."""
    limits = sight.limits
    if limits.looks_for(Code.MISSING_SECTION):
        for kind, place in missing_sections(sight.text, sight.sections, limits.required):
            is_advised = kind == PRIOR and not answers_last_year
            yield (
                Code.MISSING_SECTION,
                Severity.ADVISE if is_advised else weight(Code.MISSING_SECTION, limits),
                place,
            )
    for code, find in FAMILIES.items():
        if limits.looks_for(code):
            for place in find(sight):
                yield code, weight(code, limits), place


def weight(code: Code, limits: ReportLimits) -> Severity:
    """Whether the limits make this kind stop the handing in."""
    return Severity.BLOCK if code.value in limits.blocking else Severity.ADVISE


def placeholders_outside_residue(sight: Sight) -> Iterator[Place]:
    """B11: placeholders that are not part of an advertisement."""
    residue = find_residue(sight.text)
    position = 0
    for place in find_placeholders(sight.text):
        while position < len(residue) and residue[position].end <= place.start:
            position += 1
        if position == len(residue) or place.end <= residue[position].start:
            yield place


def spun_text(sight: Sight) -> list[Place]:
    """B14: words that a machine swapped."""
    limits = sight.limits
    return find_spun_words(
        sight.text,
        at_least=limits.spun_words_min,
        per_10000=limits.spun_words_per_10000,
        chars=sight.figures["total_chars"],
    )


def wrong_years(sight: Sight) -> list[Place]:
    """B13, B17: years and events of other campaigns; nothing without a year to compare with."""
    year = sight.context.year
    return find_wrong_years(sight.text, year, sight.spans(PLANS)) if year else []


def other_units(sight: Sight) -> list[Place]:
    """B13: names, places and rooms of other organizations."""
    known = sight.context
    return find_other_units(
        sight.text, known.other_units, known.own_units, shortest=sight.limits.unit_name_chars, place=known.place
    )


def heavy_praise(sight: Sight) -> list[Place]:
    """B16: praise heavy, problems light."""
    limits, told = sight.limits, sight.spans(PRIOR, DUTY)
    return find_heavy_praise(
        sight.text,
        told,
        sight.spans(PROBLEMS),
        times=limits.praise_times,
        light_share_bp=limits.light_share_bp,
    )


def subjectless(sight: Sight) -> list[Place]:
    """PEERS 1.7: problems of nobody, duties without the author."""
    limits = sight.limits
    return find_subjectless(
        sight.text,
        sight.spans(PROBLEMS),
        sight.spans(DUTY),
        allowed=limits.subjectless_allowed,
        own_words_min=limits.own_words_min,
    )


def recurring(sight: Sight) -> list[Place]:
    """E5: problems of last year again."""
    return find_recurring(
        sight.text, sight.spans(PROBLEMS), sight.context.last_problems, alike_bp=sight.limits.alike_bp
    )


# One row a family; the missing sections stand apart, since last year's may be only advised.
FAMILIES = {
    Code.OVER_LENGTH: lambda sight: over_length(sight.text, sight.body, sight.figures, sight.limits),
    Code.PROBLEM_SHARE: lambda sight: problem_share(sight.sections, sight.figures, sight.limits),
    Code.SELF_EVALUATION: lambda sight: self_evaluation(sight.text, sight.sections, sight.figures, sight.limits),
    Code.PLACEHOLDER: placeholders_outside_residue,
    Code.TEMPLATE_RESIDUE: lambda sight: find_residue(sight.text),
    Code.CLASSIFIED: lambda sight: find_marks_of_secrecy(sight.text),
    Code.WRONG_YEAR: wrong_years,
    Code.OTHER_UNIT: other_units,
    Code.SPUN_TEXT: spun_text,
    Code.PRAISE_HEAVY: heavy_praise,
    Code.SUBJECTLESS: subjectless,
    Code.VAGUE_PLAN: lambda sight: find_vague_plans(
        sight.text, sight.spans(PLANS), allowed=sight.limits.vague_plans_allowed
    ),
    Code.RECURRING: recurring,
    Code.TYPO: lambda sight: find_typos(sight.text),
}
