"""An uploaded report cut into parts, each with a proposal which section it is. Pure: only the standard library."""

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass

from reviews.report.checks.sections import OTHER, Section, edge_lines, split_sections

UNUSED = ""  # title, salutation, signature: not proposed for any section
MAX_PARTS = 40
MOST_SECTIONS = 200  # more headings than any report has: a list, not a report
HEADING_ENDS = "：:。.、 \t\n\r　"


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the uploaded text; ``kind`` is a kind of ``sections.LABELS`` or UNUSED."""

    kind: str
    text: str


def cut_into_parts(text: str) -> list[Part]:
    """The whole text as parts in order; nothing of it is lost.

    A heading that only names its section is dropped, one that stands beside others of its kind
    says something of its own and stays. What cannot be placed is proposed for no section.
    """
    sections = split_sections(text)
    if len(sections) > MOST_SECTIONS:
        return [Part(UNUSED, text.strip())]
    first = sections[0].start if sections else len(text)
    kinds = Counter(section.kind for section in sections)
    signed = sorted(line.start for line in edge_lines(text, sections))
    parts = [Part(UNUSED, text[:first])]
    for section in sections:
        keeps_heading = kinds[section.kind] > 1 or section.kind == OTHER
        parts += cut_signature(text, section, signed, keeps_heading=keeps_heading)
    parts = [Part(part.kind, part.text.strip()) for part in parts if part.text.strip()]
    rest = "\n".join(part.text for part in parts[MAX_PARTS:])
    return parts[:MAX_PARTS] + ([Part(UNUSED, rest)] if rest else [])


def cut_signature(text: str, section: Section, signed: list[int], *, keeps_heading: bool) -> list[Part]:
    """One section without the signature at its end, and the signature as a part of its own.

    ``signed`` are the places of title and signature lines, in order.
    """
    kind = UNUSED if section.kind == OTHER else section.kind
    next_signed = bisect_right(signed, section.body_start)
    end = min([section.end, *signed[next_signed : next_signed + 1]])
    body = text[section.start : end] if keeps_heading else text[section.body_start : end].lstrip(HEADING_ENDS)
    return [Part(kind, body), Part(UNUSED, text[end : section.end])]
