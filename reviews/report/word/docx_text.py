"""The text of a Word document, read from its XML: what a reader of the page would read aloud."""

import posixpath
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from xml.etree.ElementTree import Element

from organizations.errors import Refused
from organizations.uploads import MEGABYTE, check_office_zip, parse_part
from reviews.report.word.docx_numbering import MOST_STYLES, Numbering, read_numbering
from reviews.report.word.ooxml import attribute, child, children, is_on, local

DOCX = " docx 文档"
MAIN_PART = "word/document.xml"
NAMESPACES = (
    "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}",
    "{http://purl.oclc.org/ooxml/wordprocessingml/main}",
)
# What a package is that is no text: told by the part that makes it so.
OTHER_KINDS = {"xl/workbook.xml": "Excel 工作簿", "ppt/presentation.xml": "演示文稿"}
# What is no text of the page: deletions and what moved away, instructions of fields, settings, the reading aid
# over a character.
LEFT_OUT = {"del", "moveFrom", "delText", "instrText", "delInstrText", "rt"}
LEFT_OUT |= {"pPr", "rPr", "sectPr", "tblPr", "tblGrid", "trPr", "tcPr", "sdtPr"}
BREAKS = {"br": "\n", "cr": "\n", "tab": "\t", "ptab": "\t", "noBreakHyphen": "-"}
# What is seen but not read, under the name by which it is told.
COUNTED = {"blip": "图片", "imagedata": "图片", "commentReference": "批注", "footnoteReference": "注释"}
COUNTED |= {"endnoteReference": "注释", "OLEObject": "对象", "chart": "对象", "relIds": "对象", "altChunk": "对象"}
CHANGES = {"ins": "插入", "moveTo": "移动", "del": "删除"}
# Signs of the fonts Wingdings and Symbol that stand in reports; Word keeps them in the private area.
SYMBOLS = {0x6C: "●", 0x6E: "■", 0x6F: "□", 0x71: "□", 0x75: "◆", 0xA1: "○", 0xA3: "□", 0xA7: "▪", 0xA8: "□"}
SYMBOLS |= {0xB7: "·", 0xD8: "➢", 0xE0: "→", 0xE8: "→", 0xFB: "×", 0xFC: "√", 0xFD: "☒", 0xFE: "☑", 0x52: "☑"}
UNKNOWN_SYMBOL = "□"
MAX_PART_BYTES = 20 * MEGABYTE  # a report of 2,500 characters has less than one
MAX_LINES = 20_000  # blank ones counted
MAX_DEPTH = 120  # tables and text boxes nested deeper than this are no report
LONGEST_STRONG = 60  # letters: a bold line longer than this is no heading
LABEL_CELL_CHARS = 100  # a row of cells longer than this, of several lines each, is a form and no table
PAGE_NUMBER = re.compile(r"[\s\d\-–—－·.／/第页共ivxIVX]*")


@dataclass(slots=True)
class Document:
    """What a docx holds: its lines, which of them look like headings, what stands over and under every page."""

    lines: list[str] = field(default_factory=list)
    strong: list[str] = field(default_factory=list)  # bold or 黑体 or of a heading's style
    margins: list[str] = field(default_factory=list)  # header, footer, watermark
    counts: Counter[str] = field(default_factory=Counter)  # what was seen and not read, by its Chinese name
    is_cut: bool = False  # reading stopped behind the limit


def read_docx(content: bytes, limit: int) -> Document:
    """The body of a docx: paragraphs, tables row by row, text boxes; insertions kept, deletions dropped.

    Soft returns are line breaks, the cells of a row are parted by tabs, automatic numbers are
    written out; header and footer stand apart; notes, remarks, pictures, a table of contents and
    hidden text are counted and left out. Reading stops behind ``limit`` characters
    or 20,000 lines, and says so.
    Raises Refused for what is no docx, is broken, locked or hostile.
    """
    package = Package(check_office_zip(content, kind=DOCX))
    document = package.parsed(package.main_part)
    body = child(document, "body")
    if body is None or not document.tag.startswith(NAMESPACES):
        raise Refused("文件里没有 docx 文档应有的正文，请用 Word 或 WPS 打开后另存为 docx 再上传。")
    reader = Reader(package.styles, read_numbering(package.part("numbering"), package.styles))
    found = Document(counts=reader.counts)
    length = 0
    for line in reader.block_lines(body, 0):
        found.lines.append(line)
        length += len(line) + 1
        if length > limit or len(found.lines) > MAX_LINES:
            found.is_cut = True
            break
    found.strong = reader.strong
    for margin in package.margins():
        lines = Reader(None, Numbering()).block_lines(margin, 0)
        found.margins += [line.strip() for line in lines if not PAGE_NUMBER.fullmatch(line)]
    found.margins = list(dict.fromkeys(found.margins))
    return found


class Package:
    """The parts of a checked docx, found by the relations that name them."""

    def __init__(self, package: zipfile.ZipFile):
        self.zip = package
        self.names = set(package.namelist())

    def parsed(self, name: str) -> Element:
        """The root of one part. Raises Refused when it is broken, or larger than any report."""
        if self.zip.getinfo(name).file_size > MAX_PART_BYTES:
            raise Refused("文件的正文或样式异常庞大，不像是一份述职报告；请新建一个空白文档，把文字粘贴进去再上传。")
        return parse_part(self.zip, name)

    @cached_property
    def main_part(self) -> str:
        """The part that holds the body. Raises Refused when there is none."""
        for kind, target in self.relations("_rels/.rels", ""):
            if kind == "officeDocument" and target in self.names and target.startswith("word/"):
                return target
        if MAIN_PART in self.names:
            return MAIN_PART
        other = next((name for part, name in OTHER_KINDS.items() if part in self.names), "")
        told = f"这是{other}，不是 docx 文档" if other else f"文件里没有{DOCX}应有的内容，可能是改了扩展名的其他文件"
        raise Refused(f"{told}，请用 Word 或 WPS 把述职报告另存为 docx 后重新上传。")

    def relations(self, part: str, base: str) -> list[tuple[str, str]]:
        """Kind and target of every relation that a .rels part names."""
        if part not in self.names:
            return []
        found = []
        for one in children(self.parsed(part), "Relationship"):
            target = attribute(one, "Target")
            path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(base, target))
            found.append((attribute(one, "Type").rpartition("/")[2], path))
        return found

    @cached_property
    def related(self) -> list[tuple[str, str]]:
        """The relations of the main part."""
        folder, _, name = self.main_part.rpartition("/")
        return self.relations(f"{folder}/_rels/{name}.rels", folder)

    def part(self, kind: str) -> Element | None:
        """The root of the part of one kind; None when there is none."""
        names = [target for found, target in self.related if found == kind] + [f"word/{kind}.xml"]
        return next((self.parsed(name) for name in names if name in self.names), None)

    @cached_property
    def styles(self) -> Element | None:
        return self.part("styles")

    def margins(self) -> Iterator[Element]:
        """Every header and footer."""
        for kind, target in self.related:
            if kind in {"header", "footer"} and target in self.names:
                yield self.parsed(target)


class Reader:
    """Goes through a body once, in order, and notes on the way what it does not read."""

    def __init__(self, styles: Element | None, numbering: Numbering):
        self.numbering = numbering
        self.counts: Counter[str] = Counter()
        self.strong: list[str] = []
        self.names = {attribute(one, "styleId"): one for one in children(styles, "style")}
        self.strong_styles = {name for name in self.names if self.is_strong_style(name)}
        self.contents_styles = {
            name
            for name, one in self.names.items()
            if attribute(child(one, "name"), "val").lower().startswith(("toc ", "目录"))
        }

    def is_strong_style(self, name: str) -> bool:
        """Whether paragraphs of a style look like headings: an outline level, bold, or 黑体."""
        for _ in range(MOST_STYLES):
            style = self.names.get(name)
            if style is None:
                return False
            level = attribute(child(style, "pPr", "outlineLvl"), "val")
            if (level and level != "9") or looks_bold(child(style, "rPr")):
                return True
            name = attribute(child(style, "basedOn"), "val")
        return False

    def block_lines(self, block: Element, depth: int) -> Iterator[str]:
        """The lines of a body, a cell or a text box, in order."""
        if depth > MAX_DEPTH:
            self.counts["过深"] += 1
            return
        carried = ""
        for element in block:
            name = local(element)
            if name == "p":
                if self.is_contents(element):
                    continue
                if is_on(child(element, "pPr", "rPr", "del")):
                    # A deleted paragraph mark: its text goes on in the next paragraph.
                    carried += "".join(piece for piece in self.pieces_of(element, depth) if isinstance(piece, str))
                    continue
                yield from self.paragraph_lines(element, depth, carried)
                carried = ""
            elif name == "tbl":
                for row in self.rows_of(element, depth):
                    yield from self.row_lines(row, depth)
            elif name == "sdt":
                yield from self.block_lines(self.control(element), depth + 1)
            elif name == "AlternateContent":
                yield from self.block_lines(chosen(element), depth + 1)
            elif name in COUNTED:
                self.counts[COUNTED[name]] += 1
            elif name not in LEFT_OUT:
                yield from self.block_lines(element, depth + 1)
        if carried:
            yield carried

    def row_lines(self, row: Element, depth: int) -> Iterator[str]:
        """A row as one line, its cells parted by tabs; long cells of several lines, as in a form, line by line."""
        cells = [[line for line in self.block_lines(cell, depth + 1) if line.strip()] for cell in self.cells_of(row, 0)]
        size = sum(len(line) for cell in cells for line in cell)
        if sum(map(bool, cells)) == 1 or (size > LABEL_CELL_CHARS and any(len(cell) > 1 for cell in cells)):
            for cell in cells:
                yield from cell
        else:
            yield "\t".join(re.sub(r"[\t\n]+", " ", " ".join(cell)).strip() for cell in cells)

    def paragraph_lines(self, paragraph: Element, depth: int, carried: str) -> Iterator[str]:
        """A paragraph with its automatic number, then the text boxes that hang on it."""
        text, boxes = [carried] if carried else [], []
        for piece in self.pieces_of(paragraph, depth):
            if isinstance(piece, str):
                text.append(piece)
            else:
                boxes.append(piece)
        line = self.numbering.label(paragraph) + "".join(text)
        self.note_strong(paragraph, line)
        yield line
        for box in boxes:
            yield from self.block_lines(box, depth + 1)

    def pieces_of(self, element: Element, depth: int) -> Iterator[str | Element]:
        """The pieces of text of a paragraph in order, and the contents of its text boxes as elements."""
        if depth > MAX_DEPTH:
            self.counts["过深"] += 1
            return
        before = ""
        for part in element:
            name = local(part)
            if name in CHANGES and name != before:
                self.counts[CHANGES[name]] += 1
            before = name
            if name == "t":
                yield part.text or ""
            elif name == "r" and child(part, "rPr", "vanish") is not None and is_on(child(part, "rPr", "vanish")):
                self.counts["隐藏"] += 1
            elif name in BREAKS:
                yield BREAKS[name]
            elif name == "txbxContent":
                yield part
            elif name == "sym":
                yield self.symbol(part)
            elif name == "textpath":
                yield attribute(part, "string")
            elif name in COUNTED:
                self.counts[COUNTED[name]] += 1
            elif name == "sdt":
                yield from self.pieces_of(self.control(part), depth + 1)
            elif name == "AlternateContent":
                yield from self.pieces_of(chosen(part), depth + 1)
            elif name not in LEFT_OUT:
                yield from self.pieces_of(part, depth + 1)

    def rows_of(self, table: Element, depth: int) -> Iterator[Element]:
        """The rows of a table that were not deleted, also inside controls and insertions."""
        for element in table:
            name = local(element)
            if name == "tr":
                if child(element, "trPr", "del") is None:
                    self.counts["插入"] += child(element, "trPr", "ins") is not None
                    yield element
                else:
                    self.counts["删除"] += 1
            elif name not in LEFT_OUT and depth <= MAX_DEPTH:
                yield from self.rows_of(element, depth + 1)

    def cells_of(self, row: Element, depth: int) -> Iterator[Element]:
        """The cells of a row, also inside controls."""
        for element in row:
            if local(element) == "tc":
                yield element
            elif local(element) not in LEFT_OUT and depth <= MAX_DEPTH:
                yield from self.cells_of(element, depth + 1)

    def control(self, element: Element) -> Element:
        """What a content control holds: nothing where it still asks for words, nothing of a table of contents."""
        settings, content = child(element, "sdtPr"), child(element, "sdtContent")
        gallery = attribute(child(settings, "docPartObj", "docPartGallery"), "val")
        if gallery == "Table of Contents":
            self.counts["目录"] += 1
        elif content is not None and not is_on(child(settings, "showingPlcHdr")):
            return content
        return Element("nothing")

    def is_contents(self, paragraph: Element) -> bool:
        """Whether a paragraph is a line of a table of contents, which repeats the headings."""
        if attribute(child(paragraph, "pPr", "pStyle"), "val") not in self.contents_styles:
            return False
        self.counts["目录"] += 1
        return True

    def symbol(self, element: Element) -> str:
        """A sign of a symbol font as a letter that every font has."""
        code = attribute(element, "char")
        number = int(code, 16) if re.fullmatch(r"[0-9A-Fa-f]{1,5}", code) else 0
        if not 0xF000 <= number <= 0xF0FF:
            return chr(number) if number and not 0xD800 <= number <= 0xDFFF else ""
        if number - 0xF000 not in SYMBOLS:
            self.counts["符号"] += 1
        return SYMBOLS.get(number - 0xF000, UNKNOWN_SYMBOL)

    def note_strong(self, paragraph: Element, line: str) -> None:
        """Keep a short line that its looks make a heading."""
        text = line.strip()
        if not 2 <= len(text) <= LONGEST_STRONG:
            return
        runs = [run for run in paragraph.iter() if local(run) == "r" and child(run, "t") is not None]
        is_bold = bool(runs) and all(looks_bold(child(run, "rPr")) for run in runs)
        if is_bold or attribute(child(paragraph, "pPr", "pStyle"), "val") in self.strong_styles:
            self.strong.append(text)


def looks_bold(settings: Element | None) -> bool:
    """Whether letters are bold or in 黑体, as official papers set their headings."""
    return is_on(child(settings, "b")) or "黑体" in attribute(child(settings, "rFonts"), "eastAsia")


def chosen(alternatives: Element) -> Element:
    """The one way of several to show the same drawing; Word keeps another for old readers."""
    for name in ("Choice", "Fallback"):
        one = child(alternatives, name)
        if one is not None:
            return one
    return alternatives
