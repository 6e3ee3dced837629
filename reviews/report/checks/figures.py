"""Length, parts, share of problems, self-evaluation: what is counted in a report (DOMAIN B3 to B7).

Pure: only the standard library.
"""

from reviews.report.checks.findings import Place
from reviews.report.checks.limits import WHOLE_BP, ReportLimits
from reviews.report.checks.sections import (
    INK,
    LABELS,
    PROBLEMS,
    SELF_EVALUATION,
    Line,
    Section,
    count_chars,
    edge_lines,
    lines_of,
)


def section_lines(text: str, sections: list[Section]) -> list[Line]:
    """The lines that count when the form keeps the sections apart: all but the self-evaluation."""
    counted = [section for section in sections if section.kind != SELF_EVALUATION]
    return [line for section in counted for line in lines_of(text, section.start, section.end)]


def measure(text: str, sections: list[Section], body: list[Line]) -> dict:
    """The figures, in non-blank characters; ``problem_share`` is a fraction of the body, to four places."""
    edges = {line.start for line in edge_lines(text, sections)}
    counted = {line.start: count_chars(line.text) for line in body}
    chars = sum(counted.values())
    problems = sum(
        counted.get(line.start, 0)
        for section in sections
        if section.kind == PROBLEMS
        for line in lines_of(text, section.start, section.end)
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


def over_length(text: str, body: list[Line], figures: dict, limits: ReportLimits) -> list[Place]:
    """B3: at most ``max_chars`` characters. The place reaches from the first one too many to the end."""
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
    message = f"正文 {figures['chars']} 字，超过上限 {limits.max_chars} 字。"
    return [Place(start, body[-1].end, message, f"请删去 {figures['chars'] - limits.max_chars} 字。")]


def missing_sections(text: str, sections: list[Section], required: tuple[str, ...]) -> list[tuple[str, Place]]:
    """B6, B7: the required sections that are not there or are empty, by kind."""
    missing = []
    for kind in required:
        present = [section for section in sections if section.kind == kind]
        if any(count_chars(text[section.body_start : section.end]) for section in present):
            continue
        start, end = (present[0].start, present[0].body_start) if present else (0, 0)
        message = f"{'没有内容' if present else '没有找到'}“{LABELS[kind]}”部分。"
        advice = "请补写。" if present else "请补写，或给这一部分加上标题。"
        missing.append((kind, Place(start, end, message, advice)))
    return missing


def problem_share(sections: list[Section], figures: dict, limits: ReportLimits) -> list[Place]:
    """B4: problems and causes are about a third of the body. Counted in whole numbers; the limits themselves pass."""
    section = next((section for section in sections if section.kind == PROBLEMS), None)
    problems, chars = figures["problem_chars"] * WHOLE_BP, figures["chars"]
    if section is None or not chars:
        return []
    least, most = limits.problem_share_min_bp, limits.problem_share_max_bp
    if least * chars <= problems <= most * chars:
        return []
    is_short = problems < least * chars
    wrong = "偏少" if is_short else "偏多"
    message = (
        f"问题及原因部分 {figures['problem_chars']} 字，占正文 {problems / chars / 100:.1f}%，{wrong}；"
        f"要求约占 {limits.problem_share_bp / 100:.0f}%（{least / 100:.0f}%～{most / 100:.0f}%）。"
    )
    advice = "请把问题和原因写具体。" if is_short else "请精简问题部分，或补写做了哪些工作。"
    return [Place(section.start, section.body_start, message, advice)]


def self_evaluation(text: str, sections: list[Section], figures: dict, limits: ReportLimits) -> list[Place]:
    """B5: a self-evaluation of about 150 characters, written apart."""
    if not limits.self_evaluation_chars:
        return []
    written, asked = figures["self_evaluation_chars"], limits.self_evaluation_chars
    allowed = asked * limits.self_evaluation_tolerance_bp
    section = next((section for section in sections if section.kind == SELF_EVALUATION), None)
    place = (section.start, section.body_start) if section else (len(text), len(text))
    if not written:
        return [Place(*place, "没有自我评价。", f"请另写一份，{asked} 字左右。")]
    if abs(written - asked) * WHOLE_BP <= allowed:
        return []
    is_short = written < asked
    message = f"自我评价 {written} 字，{'不足' if is_short else '超过'}，要求 {asked} 字左右。"
    return [Place(*place, message, "请补充。" if is_short else "请压缩。")]
