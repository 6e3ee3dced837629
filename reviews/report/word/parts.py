"""An uploaded report cut into parts, each with a proposal which section it is, and the cuts shifted by hand. Pure."""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from reviews.report.checks.sections import (
    OTHER,
    Section,
    count_chars,
    edge_lines,
    lines_of,
    split_sections,
    title_lines,
)

UNPLACED = ""  # its author has to say where it belongs
DROPPED = "drop"  # title, salutation, signature: proposed for no section, and said so
MAX_PARTS = 40
MOST_PARTS = 60  # after cutting by hand
MOST_SECTIONS = 200  # more headings than any report has: a list, not a report
HEADING_ENDS = re.compile(r"\A[ \t　]*[：:。.、；;]?\s*")  # what may stand between a heading and its text
# What leads from the salutation to the report: "现将……报告如下：".
LEADS_IN = re.compile(r".{0,80}如下\s*[：:。.]?")
# A line of this alone says, without a script, where a part is to be cut.
CUT_MARK = re.compile(r"[ \t　]*[=＝]{3,}[ \t　]*")
CUT_HINT = "请在要拆开的地方另起一行，输入 ==== （四个等号），再按“拆成两块”。"


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the uploaded text; ``kind`` is a kind of ``sections.LABELS``, UNPLACED or DROPPED.

    ``heading`` is the title that stood over it and only named its section, so that it need not be taken.
    """

    kind: str
    text: str
    heading: str = ""

    @property
    def whole(self) -> str:
        """The text with its heading, as it stood in the file."""
        return "\n".join(piece for piece in (self.heading, self.text) if piece)

    @property
    def chars(self) -> int:
        """The length in non-blank characters, as reports are counted."""
        return count_chars(self.text)


def cut_into_parts(text: str, strong: Collection[str] = ()) -> list[Part]:
    """The whole text as parts in order; nothing of it is lost. ``strong`` are its lines that look like headings.

    A heading that only names its section stands apart, one that stands beside others of its kind
    says something of its own and stays in the text. Title, salutation and signature are proposed to be dropped;
    what cannot be placed is left to the author.
    """
    sections = split_sections(text, strong)
    if not sections or len(sections) > MOST_SECTIONS:
        return [Part(UNPLACED, text.strip())] if text.strip() else []
    kinds = Counter(section.kind for section in sections)
    signed = sorted(line.start for line in edge_lines(text, sections))
    parts = cut_beginning(text, sections[0].start)
    for section in sections:
        keeps_heading = kinds[section.kind] > 1 or section.kind == OTHER
        parts += cut_signature(text, section, signed, keeps_heading=keeps_heading)
    parts = [replace(part, text=part.text.strip()) for part in parts if part.whole.strip()]
    rest = "\n".join(part.whole for part in parts[MAX_PARTS:])
    return parts[:MAX_PARTS] + ([Part(UNPLACED, rest)] if rest else [])


def cut_beginning(text: str, end: int) -> list[Part]:
    """What stands before the first heading: title and salutation, then what the report itself begins with."""
    titles = title_lines(text)
    cut = max((line.end for line in titles if line.end <= end), default=0)
    following = lines_of(text, cut, end)
    if following and LEADS_IN.fullmatch(following[0].text):
        cut = following[0].end
    return [Part(DROPPED, text[:cut]), Part(UNPLACED, text[cut:end])]


def cut_signature(text: str, section: Section, signed: list[int], *, keeps_heading: bool) -> list[Part]:
    """One section without the signature at its end, and the signature as a part of its own.

    ``signed`` are the places of title and signature lines, in order.
    """
    kind = UNPLACED if section.kind == OTHER else section.kind
    next_signed = bisect_right(signed, section.body_start)
    end = min([section.end, *signed[next_signed : next_signed + 1]])
    if keeps_heading:
        part = Part(kind, text[section.start : end])
    else:
        heading = text[section.start : section.body_start].strip()
        part = Part(kind, HEADING_ENDS.sub("", text[section.body_start : end], count=1), heading)
    return [part, Part(DROPPED, text[end : section.end])]


def merge_up(parts: Sequence[Part], at: int) -> list[Part]:
    """The part at ``at`` joined to the one before it, whose section it takes. Its heading becomes text again."""
    before, this = parts[at - 1], parts[at]
    return [*parts[: at - 1], replace(before, text=joined(before.text, this.whole)), *parts[at + 1 :]]


def move_first_line_up(parts: Sequence[Part], at: int) -> list[Part]:
    """The first line of a part, its heading if it has one, put at the end of the part before."""
    before, this = parts[at - 1], parts[at]
    first, _, rest = this.whole.partition("\n")
    moved = [replace(before, text=joined(before.text, first)), replace(this, text=rest.strip("\n"), heading="")]
    return [*parts[: at - 1], *(part for part in moved if part.whole), *parts[at + 1 :]]


def move_last_line_down(parts: Sequence[Part], at: int) -> list[Part]:
    """The last line of a part put at the beginning of the next one, above its heading."""
    this, after = parts[at], parts[at + 1]
    rest, _, last = this.text.rpartition("\n")
    moved = [replace(this, text=rest.rstrip("\n")), replace(after, text=joined(last, after.whole), heading="")]
    return [*parts[:at], *(part for part in moved if part.whole), *parts[at + 2 :]]


def split_part(parts: Sequence[Part], at: int, row: int | None) -> list[Part] | None:
    """A part cut in two: where the mark of equals signs stands, else before line ``row``, counted from 0.

    The second half waits to be placed. None when neither says where, or nothing would stand before or behind the cut.
    """
    this = parts[at]
    lines = this.text.split("\n")
    marked = [number for number, line in enumerate(lines) if CUT_MARK.fullmatch(line)]
    if marked:
        upper, lower = lines[: marked[0]], lines[marked[0] + 1 :]
    elif row:
        upper, lower = lines[:row], lines[row:]
    else:
        return None
    halves = ["\n".join(half).strip("\n") for half in (upper, lower)]
    if not all(half.strip() for half in halves):
        return None
    return [*parts[:at], replace(this, text=halves[0]), Part(UNPLACED, halves[1]), *parts[at + 1 :]]


def joined(first: str, second: str) -> str:
    """Two texts one below the other; either may be empty."""
    return "\n".join(text for text in (first, second) if text)
