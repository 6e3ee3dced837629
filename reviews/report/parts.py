"""An uploaded report cut into parts, each with a proposal which section it is. Pure: only the standard library."""

from dataclasses import dataclass

from reviews.report.sections import OTHER, Section, edge_lines, split_sections

UNUSED = ""  # title, salutation, signature: not proposed for any section
MAX_PARTS = 40
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
    first = sections[0].start if sections else len(text)
    parts = [Part(UNUSED, text[:first])]
    for section in sections:
        alone = sum(each.kind == section.kind for each in sections) == 1
        parts += cut_signature(text, section, sections, keeps_heading=not alone or section.kind == OTHER)
    parts = [Part(part.kind, part.text.strip()) for part in parts if part.text.strip()]
    rest = "\n".join(part.text for part in parts[MAX_PARTS:])
    return parts[:MAX_PARTS] + ([Part(UNUSED, rest)] if rest else [])


def cut_signature(text: str, section: Section, sections: list[Section], *, keeps_heading: bool) -> list[Part]:
    """One section without the signature at its end, and the signature as a part of its own."""
    kind = UNUSED if section.kind == OTHER else section.kind
    signed = [line.start for line in edge_lines(text, sections) if section.body_start < line.start < section.end]
    end = min(signed, default=section.end)
    body = text[section.start : end] if keeps_heading else text[section.body_start : end].lstrip(HEADING_ENDS)
    return [Part(kind, body), Part(UNUSED, text[end : section.end])]
