"""The checks of a report: length, share of problems, self-evaluation, placeholders, residue, missing sections.

Pure: only the standard library. Findings are advice to the vetter; only length, missing
sections, advertisements and placeholders may stop the handing in (DOMAIN 4.8).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from reviews.report.checks.findings import Code, Finding, Place, Severity
from reviews.report.checks.limits import WHOLE_BP, ReportLimits
from reviews.report.checks.placeholders import find_placeholders
from reviews.report.checks.residue import find_residue
from reviews.report.checks.sections import (
    INK,
    LABELS,
    PRIOR,
    PROBLEMS,
    SELF_EVALUATION,
    Line,
    Section,
    body_lines,
    count_chars,
    edge_lines,
    join_sections,
    lines_of,
    split_sections,
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the checks found: ``figures`` and ``findings`` with offsets into ``text``, whose parts are ``sections``."""

    figures: dict
    findings: list[Finding]
    text: str = field(repr=False)
    sections: list[Section] = field(repr=False)

    @property
    def is_blocked(self) -> bool:
        """Whether any finding stops the handing in."""
        return any(finding.severity == Severity.BLOCK for finding in self.findings)

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


def check_report(
    report: str | Mapping[str, str], limits: ReportLimits | None = None, *, answers_last_year: bool = True
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
    figures = measure(text, sections, body)
    findings = [
        *over_length(text, body, figures, limits),
        *missing_sections(text, sections, limits, answers_last_year),
        *problem_share(text, sections, figures, limits),
        *self_evaluation(text, sections, figures, limits),
        *residue_and_placeholders(text, limits),
    ]
    findings.sort(key=lambda finding: (finding.start, finding.end, finding.code))
    return Outcome(figures, findings, text, sections)


def section_lines(text: str, sections: list[Section]) -> list[Line]:
    """The lines that count when the form keeps the sections apart: all but the self-evaluation."""
    counted = [section for section in sections if section.kind != SELF_EVALUATION]
    return [line for section in counted for line in lines_of(text, section.start, section.end)]


def measure(text: str, sections: list[Section], body: list[Line]) -> dict:
    """The figures, in non-blank characters; ``problem_share`` is a fraction of the body, to four places."""
    edges = {line.start for line in edge_lines(text, sections)}
    chars = sum(count_chars(line.text) for line in body)
    problems = sum(
        count_chars(line.text)
        for section in sections
        if section.kind == PROBLEMS
        for line in body
        if section.start <= line.start < section.end
    )
    own = sum(
        count_chars(line.text)
        for section in sections
        if section.kind == SELF_EVALUATION
        for line in lines_of(text, section.body_start, section.end)
        if line.start not in edges
    )
    return {
        "chars": chars,
        "total_chars": count_chars(text),
        "problem_chars": problems,
        "problem_share": round(problems / chars, 4) if chars else 0.0,
        "self_evaluation_chars": own,
    }


def over_length(text: str, body: list[Line], figures: dict, limits: ReportLimits) -> list[Finding]:
    """B3: at most ``max_chars`` characters. The finding reaches from the first one too many to the end."""
    if not limits.max_chars or figures["chars"] <= limits.max_chars:
        return []
    start, left = 0, limits.max_chars
    for line in body:
        written = count_chars(line.text)
        if written > left:
            letters = [match.start() for match in INK.finditer(text, line.start, line.end)]
            start = letters[left]
            break
        left -= written
    message = (
        f"正文 {figures['chars']} 字，超过上限 {limits.max_chars} 字，请删去 {figures['chars'] - limits.max_chars} 字。"
    )
    return [found(text, Code.OVER_LENGTH, Place(start, body[-1].end, message), limits)]


def missing_sections(
    text: str, sections: list[Section], limits: ReportLimits, answers_last_year: bool
) -> list[Finding]:
    """B6, B7: every required section is there and is not empty."""
    findings = []
    for kind in limits.required:
        present = [section for section in sections if section.kind == kind]
        if any(count_chars(text[section.body_start : section.end]) for section in present):
            continue
        place = Place(present[0].start, present[0].body_start, "") if present else Place(0, 0, "")
        what = "没有内容" if present else "没有找到"
        message = f"{what}“{LABELS[kind]}”部分，请补写" + ("。" if present else "，或给这一部分加上标题。")
        finding = found(text, Code.MISSING_SECTION, Place(place.start, place.end, message), limits)
        advised = kind == PRIOR and not answers_last_year
        findings.append(advise(finding) if advised else finding)
    return findings


def problem_share(text: str, sections: list[Section], figures: dict, limits: ReportLimits) -> list[Finding]:
    """B4: problems and causes are about a third of the body. Counted in whole numbers; the limits themselves pass."""
    section = next((section for section in sections if section.kind == PROBLEMS), None)
    problems, chars = figures["problem_chars"] * WHOLE_BP, figures["chars"]
    if section is None or not chars:
        return []
    if limits.problem_share_min_bp * chars <= problems <= limits.problem_share_max_bp * chars:
        return []
    wrong = "偏少" if problems < limits.problem_share_min_bp * chars else "偏多"
    message = (
        f"问题及原因部分 {figures['problem_chars']} 字，占正文 {problems / chars / 100:.1f}%，{wrong}；"
        f"要求约占 {limits.problem_share_bp / 100:.0f}%"
        f"（{limits.problem_share_min_bp / 100:.0f}%～{limits.problem_share_max_bp / 100:.0f}%）。"
    )
    return [found(text, Code.PROBLEM_SHARE, Place(section.start, section.body_start, message), limits)]


def self_evaluation(text: str, sections: list[Section], figures: dict, limits: ReportLimits) -> list[Finding]:
    """B5: a self-evaluation of about 150 characters, written apart."""
    if not limits.self_evaluation_chars:
        return []
    written, asked = figures["self_evaluation_chars"], limits.self_evaluation_chars
    allowed = asked * limits.self_evaluation_tolerance_bp
    section = next((section for section in sections if section.kind == SELF_EVALUATION), None)
    place = (section.start, section.body_start) if section else (len(text), len(text))
    if not written:
        message = f"没有自我评价，请另写一份，{asked} 字左右。"
    elif abs(written - asked) * WHOLE_BP > allowed:
        message = f"自我评价 {written} 字，{'不足' if written < asked else '超过'}，要求 {asked} 字左右。"
    else:
        return []
    return [found(text, Code.SELF_EVALUATION, Place(*place, message), limits)]


def residue_and_placeholders(text: str, limits: ReportLimits) -> list[Finding]:
    """B11, B12: advertisements, and placeholders that are not part of one."""
    residue = find_residue(text)
    findings = [found(text, Code.TEMPLATE_RESIDUE, place, limits) for place in residue]
    position = 0
    for place in find_placeholders(text):
        while position < len(residue) and residue[position].end <= place.start:
            position += 1
        if position == len(residue) or place.end <= residue[position].start:
            findings.append(found(text, Code.PLACEHOLDER, place, limits))
    return findings


def found(text: str, code: Code, place: Place, limits: ReportLimits) -> Finding:
    """A finding at a place, blocking when the limits say so."""
    severity = Severity.BLOCK if code.value in limits.blocking else Severity.ADVISE
    return Finding(code, severity, place.start, place.end, text[place.start : place.end], place.message)


def advise(finding: Finding) -> Finding:
    """The same finding as advice only."""
    return Finding(finding.code, Severity.ADVISE, finding.start, finding.end, finding.text, finding.message)
