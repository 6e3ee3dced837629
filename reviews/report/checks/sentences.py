"""Sentences and points of a stretch of text. Pure: only the standard library."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

NUMERALS = "一二三四五六七八九十"
ENDS = re.compile(r"[^。！？!?；;\n\r]+[。！？!?；;]*")
# Where a point begins: 一是, （一）, 1. and the like, or a new line.
POINT_BEGINS = re.compile(
    rf"(?<![{NUMERALS}之唯统专单划万第其同归逐周星期])[{NUMERALS}]是(?!一|非)|[（(](?:[{NUMERALS}]{{1,2}}|\d{{1,2}})[)）]|(?<![\d.．])\d{{1,2}}[.、．](?!\d)"
)
NUMBERING = re.compile(
    rf"^[\s]*(?:[{NUMERALS}]{{1,2}}(?:是|、|，)|[（(](?:[{NUMERALS}]{{1,2}}|\d{{1,2}})[)）][、.．]?|\d{{1,2}}[.、．)）])\s*"
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text and where it stands."""

    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def ink(self) -> "Piece":
        """The same without numbering and blanks around it."""
        number = NUMBERING.match(self.text)
        skipped = number.end() if number else 0
        rest = self.text[skipped:]
        skipped += len(rest) - len(rest.lstrip())
        return Piece(rest.strip(), self.start + skipped)


def sentences(text: str, start: int, end: int) -> Iterator[Piece]:
    """The sentences between two offsets."""
    for match in ENDS.finditer(text, start, end):
        if match.group().strip():
            yield Piece(match.group(), match.start())


def points(text: str, start: int, end: int) -> Iterator[Piece]:
    """The points between two offsets: numbered ones, and what stands between them and line ends."""
    for line in re.compile(r"[^\n\r]+").finditer(text, start, end):
        begins = [match.start() for match in POINT_BEGINS.finditer(text, line.start(), line.end())]
        cuts = sorted({line.start(), *begins, line.end()})
        for begin, stop in pairwise(cuts):
            if text[begin:stop].strip():
                yield Piece(text[begin:stop], begin)
