"""The text of a Word document, read from its XML: what a reader of the page would read aloud."""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from organizations.errors import Refused
from organizations.uploads import check_office_zip, parse_part

DOCX = " docx 文档"
MAIN_PART = "word/document.xml"
NAMESPACES = (
    "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}",
    "{http://purl.oclc.org/ooxml/wordprocessingml/main}",
)
# What is no text of the page: deletions and what moved away, instructions of fields, settings, the old copy of
# a drawing that Word keeps for readers without text boxes, the reading aid over a character.
LEFT_OUT = {"del", "moveFrom", "delText", "instrText", "delInstrText", "Fallback", "rt"}
LEFT_OUT |= {"pPr", "rPr", "sectPr", "tblPr", "tblGrid", "trPr", "tcPr", "sdtPr"}
BREAKS = {"br": "\n", "cr": "\n", "tab": "\t", "noBreakHyphen": "-"}
MAX_DEPTH = 100  # tables and text boxes nested deeper than this are no report
DIGITS = "零一二三四五六七八九"
CHINESE_FORMATS = {"chineseCounting", "chineseCountingThousand", "ideographDigital", "japaneseCounting"}
CHINESE_FORMATS |= {"taiwaneseCounting", "taiwaneseCountingThousand", "chineseLegalSimplified"}


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of an automatic list is numbered: "%1、" in Chinese numerals from 1."""

    list_id: str
    form: str
    pattern: str
    first: int


@dataclass(slots=True)
class Numbering:
    """The automatic numbers of a document, counted as its paragraphs go by."""

    levels: dict[tuple[str, int], Level] = field(default_factory=dict)
    by_style: dict[str, tuple[str, int]] = field(default_factory=dict)
    counts: dict[str, dict[int, int]] = field(default_factory=dict)

    def label(self, paragraph: Element) -> str:
        """The number that Word prints before a paragraph; empty when it has none or only a bullet."""
        settings = child(paragraph, "pPr")
        named = child(settings, "numPr")
        style = attribute(child(settings, "pStyle"), "val")
        place = reference(named) if named is not None else self.by_style.get(style)
        level = self.levels.get(place) if place else None
        if place is None or level is None:
            return ""
        counted = self.counts.setdefault(level.list_id, {})
        counted[place[1]] = counted.get(place[1], level.first - 1) + 1
        for deeper in [depth for depth in counted if depth > place[1]]:
            del counted[deeper]
        return self.written(level, place[0], counted)

    def written(self, level: Level, number_id: str, counted: dict[int, int]) -> str:
        """The label of a level with its counters, and those above it, filled in."""
        if level.form in {"bullet", "none", ""}:
            return ""
        label = level.pattern
        for depth in range(9):
            above = self.levels.get((number_id, depth), level)
            label = label.replace(f"%{depth + 1}", numeral(counted.get(depth, above.first), above.form))
        return label


def read_docx(content: bytes, limit: int) -> str:
    """The text of the body of a docx: paragraphs, tables row by row, text boxes; insertions kept, deletions dropped.

    Soft returns are line breaks, the cells of a row are parted by tabs, automatic numbers are
    written out; headers, footers, notes and remarks are left out. Reading stops behind
    ``limit`` characters. Raises Refused for what is no docx, is broken, locked or hostile.
    """
    package = check_office_zip(content, must_hold=MAIN_PART, kind=DOCX)
    document = parse_part(package, MAIN_PART)
    body = child(document, "body")
    if body is None or not document.tag.startswith(NAMESPACES):
        raise Refused("文件里没有 docx 文档应有的正文，请用 Word 或 WPS 打开后另存为 docx 再上传。")
    lines, length = [], 0
    for line in block_lines(body, read_numbering(package), 0):
        lines.append(line)
        length += len(line) + 1
        if length > limit:
            break
    return "\n".join(lines)


def block_lines(block: Element, numbering: Numbering, depth: int) -> Iterator[str]:
    """The lines of a body, a cell or a text box, in order."""
    if depth > MAX_DEPTH:
        return
    for element in block:
        name = local(element)
        if name == "p":
            yield from paragraph_lines(element, numbering, depth)
        elif name == "tbl":
            for row in rows_of(element, depth):
                cells = [" ".join(block_lines(cell, numbering, depth + 1)).strip() for cell in cells_of(row, depth)]
                yield "\t".join(cells)
        elif name not in LEFT_OUT:
            yield from block_lines(element, numbering, depth + 1)


def paragraph_lines(paragraph: Element, numbering: Numbering, depth: int) -> Iterator[str]:
    """A paragraph with its automatic number, then the text boxes that hang on it."""
    text, boxes = [numbering.label(paragraph)], []
    for piece in pieces_of(paragraph, depth):
        if isinstance(piece, str):
            text.append(piece)
        else:
            boxes.append(piece)
    yield "".join(text)
    for box in boxes:
        yield from block_lines(box, numbering, depth + 1)


def pieces_of(element: Element, depth: int) -> Iterator[str | Element]:
    """The pieces of text of a paragraph in order, and the contents of its text boxes as elements."""
    if depth > MAX_DEPTH:
        return
    for part in element:
        name = local(part)
        if name == "t":
            yield part.text or ""
        elif name in BREAKS:
            yield BREAKS[name]
        elif name == "txbxContent":
            yield part
        elif name not in LEFT_OUT:
            yield from pieces_of(part, depth + 1)


def rows_of(table: Element, depth: int) -> Iterator[Element]:
    """The rows of a table that were not deleted, also inside controls and insertions."""
    for element in table:
        name = local(element)
        if name == "tr":
            if child(element, "trPr", "del") is None:
                yield element
        elif name not in LEFT_OUT and depth <= MAX_DEPTH:
            yield from rows_of(element, depth + 1)


def cells_of(row: Element, depth: int) -> Iterator[Element]:
    """The cells of a row, also inside controls."""
    for element in row:
        if local(element) == "tc":
            yield element
        elif local(element) not in LEFT_OUT and depth <= MAX_DEPTH:
            yield from cells_of(element, depth + 1)


def read_numbering(package: zipfile.ZipFile) -> Numbering:
    """The lists that the document defines, and the styles that number by themselves."""
    numbering, names = Numbering(), set(package.namelist())
    if "word/numbering.xml" not in names:
        return numbering
    root = parse_part(package, "word/numbering.xml")
    lists = {attribute(one, "abstractNumId"): one for one in root if local(one) == "abstractNum"}
    for num in (one for one in root if local(one) == "num"):
        list_id = attribute(child(num, "abstractNumId"), "val")
        for level in (one for one in lists.get(list_id, ()) if local(one) == "lvl"):
            numbering.levels[attribute(num, "numId"), whole(attribute(level, "ilvl"))] = Level(
                list_id,
                attribute(child(level, "numFmt"), "val"),
                attribute(child(level, "lvlText"), "val"),
                whole(attribute(child(level, "start"), "val"), 1),
            )
    if "word/styles.xml" in names:
        for style in (one for one in parse_part(package, "word/styles.xml") if local(one) == "style"):
            named = child(style, "pPr", "numPr")
            if named is not None:
                numbering.by_style[attribute(style, "styleId")] = reference(named)
    return numbering


def reference(named: Element) -> tuple[str, int]:
    """The list and the level that a paragraph or a style points at."""
    return attribute(child(named, "numId"), "val"), whole(attribute(child(named, "ilvl"), "val"))


def numeral(value: int, form: str) -> str:
    """A number as a list prints it.

    >>> [numeral(value, "chineseCounting") for value in (1, 10, 12, 20, 35)]
    ['一', '十', '十二', '二十', '三十五']
    >>> numeral(3, "decimalEnclosedCircleChinese"), numeral(2, "upperLetter"), numeral(7, "decimal")
    ('③', 'B', '7')
    """
    if form in CHINESE_FORMATS and 0 < value < 100:
        tens, ones = divmod(value, 10)
        return (("" if tens == 1 else DIGITS[tens]) + "十" if tens else "") + (DIGITS[ones] if ones else "")
    if form.startswith("decimalEnclosedCircle") and 0 < value <= 20:
        return chr(ord("①") + value - 1)
    if form in {"upperLetter", "lowerLetter"} and 0 < value <= 26:
        return chr(ord("A" if form == "upperLetter" else "a") + value - 1)
    return str(value)


def local(element: Element) -> str:
    """The name of an element without its namespace; empty for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def attribute(element: Element | None, name: str) -> str:
    """An attribute by its name without namespace; empty when it or the element is missing."""
    if element is None:
        return ""
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def child(element: Element | None, *names: str) -> Element | None:
    """The element reached by the first child of each name in turn; None when one is missing."""
    for name in names:
        if element is None:
            return None
        element = next((one for one in element if local(one) == name), None)
    return element


def whole(text: str, default: int = 0) -> int:
    """A small whole number of an attribute; the default for anything else."""
    return int(text) if text.isdecimal() and len(text) < 6 else default
