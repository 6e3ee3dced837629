"""述职报告 as a Word document in the layout of official papers (GB/T 9704-2012), the same bytes for the same report.

A4 with margins 37, 35, 28 and 26 mm, 22 lines of 28 characters; title 2号小标宋, body 3号仿宋, headings 一、 in 黑体
and （一） in 楷体, lines 28.95 pt apart, page numbers outside. The fonts are named, not carried: WPS and Word use the
clerk's own. Nothing tells who made the file or when.
"""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from docx import Document
from docx.document import Document as Paper
from docx.enum.section import WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from reviews.report.checks.sections import LABELS, NUMBERS, SELF_EVALUATION

TITLE_FONT, BODY_FONT = "方正小标宋简体", "仿宋_GB2312"
FIRST_FONT, SECOND_FONT, LATIN_FONT = "黑体", "楷体_GB2312", "Times New Roman"
# Where a font is missing, Word and WPS take the first of these that they have.
INSTEAD = {
    TITLE_FONT: "方正小标宋_GBK,小标宋体,华文中宋,宋体",
    BODY_FONT: "仿宋,FangSong,华文仿宋",
    FIRST_FONT: "SimHei",
    SECOND_FONT: "楷体,KaiTi,华文楷体",
    "宋体": "SimSun",
    LATIN_FONT: "",
}
TITLE_SIZE, BODY_SIZE, TABLE_SIZE, NUMBER_SIZE = Pt(22), Pt(16), Pt(14), Pt(14)
LINE = Pt(28.95)
LINE_TWIPS = 579  # 28.95 pt
# 156 mm hold 28 characters of 15.79 pt; Word sets letters closer by twentieths of a point. A grid of characters
# would say the same, but LibreOffice gives a letter of 16 pt two cells of it.
CLOSER_TWIPS = -5
INDENT = 2 * (BODY_SIZE + Pt(CLOSER_TWIPS / 20))
RANK_FONTS = {0: FIRST_FONT, 1: FIRST_FONT, 2: SECOND_FONT}
ORDINALS = "一二三四五"
SENTENCE = re.compile(r"[。：:；;！!？?]")
LONGEST_HEADING = 40
UNWRITABLE = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
FIXED_TIME = (1980, 1, 1, 0, 0, 0)
CORE = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><cp:coreProperties'
    ' xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>'
)
APP = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Properties'
    ' xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"/>'
)


@dataclass(frozen=True, slots=True)
class Face:
    """What stands around the sections: the title, who reports for whom, and the day it was handed in, if it was."""

    title: str
    organization: str
    secretary: str
    duty: str = ""
    handed_in_on: date | None = None


def build_docx(face: Face, sections: Mapping[str, str]) -> bytes:
    """The report as docx. ``sections`` maps the kinds of ``LABELS`` to text; empty ones are left out.

    The self-evaluation is a paper of its own (DOMAIN B5) on a new page. Read again by
    ``reading.read_report`` and cut into parts it gives the same sections.
    """
    paper = Document()
    set_page(paper)
    set_styles(paper)
    write_title(paper, face.title)
    write_line(paper, f"{face.organization}　{face.duty}　{face.secretary}".replace("　　", "　"), SECOND_FONT)
    write_line(paper, "")
    main = {kind: sections[kind] for kind in LABELS if kind != SELF_EVALUATION and sections.get(kind, "").strip()}
    for ordinal, (kind, text) in zip(ORDINALS, main.items(), strict=False):
        write_text(paper, f"{ordinal}、{LABELS[kind]}")
        write_body(paper, text)
    if main:
        write_signature(paper, face)
    if text := sections.get(SELF_EVALUATION, "").strip():
        write_title(paper, LABELS[SELF_EVALUATION], on_new_page=True)
        write_line(paper, "")
        write_body(paper, text)
        write_signature(paper, face)
    return packed(paper)


def set_page(paper: Paper) -> None:
    """版心: the margins, the grid of 22 lines, page numbers outside on both sides."""
    section = paper.sections[0]
    section.start_type = WD_SECTION.NEW_PAGE
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(15), Mm(25)
    for old in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(old)
    grid = OxmlElement("w:docGrid")
    for name, value in (("type", "lines"), ("linePitch", LINE_TWIPS)):
        grid.set(qn(f"w:{name}"), str(value))
    section._sectPr.append(grid)
    paper.settings.odd_and_even_pages_header_footer = True
    write_page_number(section.footer.paragraphs[0], WD_ALIGN_PARAGRAPH.RIGHT)
    write_page_number(section.even_page_footer.paragraphs[0], WD_ALIGN_PARAGRAPH.LEFT)


def set_styles(paper: Paper) -> None:
    """正文: 3号仿宋, lines exactly 28.95 pt apart, no space between paragraphs."""
    normal = paper.styles["Normal"]
    normal.font.size = BODY_SIZE
    settings = normal.element.get_or_add_rPr()
    set_fonts(settings, BODY_FONT)
    closer = OxmlElement("w:spacing")
    closer.set(qn("w:val"), str(CLOSER_TWIPS))
    settings.insert_element_before(closer, "w:w", "w:kern", "w:position", "w:sz", "w:szCs", "w:lang")
    shape = normal.paragraph_format
    shape.space_before = shape.space_after = Pt(0)
    shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
    shape.widow_control = False


def set_fonts(settings, font: str) -> None:
    """One font for Chinese and its marks, Times New Roman for letters and figures."""
    fonts = settings.get_or_add_rFonts()
    for name, value in (("ascii", LATIN_FONT), ("hAnsi", LATIN_FONT), ("eastAsia", font), ("hint", "eastAsia")):
        fonts.set(qn(f"w:{name}"), value)
    for name in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)
    language = OxmlElement("w:lang")
    for name, value in (("val", "en-US"), ("eastAsia", "zh-CN")):
        language.set(qn(f"w:{name}"), value)
    for old in settings.findall(qn("w:lang")):
        settings.remove(old)
    settings.append(language)


def write_title(paper: Paper, title: str, *, on_new_page: bool = False) -> None:
    """标题: 2号小标宋, centred."""
    paragraph = paper.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.page_break_before = on_new_page
    write_run(paragraph, title, TITLE_FONT, TITLE_SIZE)


def write_line(paper: Paper, text: str, font: str = BODY_FONT) -> None:
    """One centred line below the title; an empty text leaves a line free."""
    paragraph = paper.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if text:
        write_run(paragraph, text, font)


def write_body(paper: Paper, text: str) -> None:
    """The text of a section: paragraphs, and tables where lines are parted by tabs into the same number of cells."""
    lines = [line.strip(" \t　") for line in text.split("\n")]
    lines = [line for line in lines if line]
    for width, rows in groupby(lines, key=lambda line: line.count("\t") + 1):
        rows = list(rows)
        if width > 1 and len(rows) > 1:
            write_table(paper, [row.split("\t") for row in rows])
        else:
            for row in rows:
                write_text(paper, row)


def write_text(paper: Paper, line: str) -> None:
    """A paragraph indented by two characters; a heading at its beginning in the font of its rank."""
    paragraph = paper.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    shape = paragraph.paragraph_format
    shape.first_line_indent = INDENT
    end, font = heading_of(line)
    if end == len(line):
        shape.keep_with_next = True
    write_run(paragraph, line[:end], font)
    write_run(paragraph, line[end:], BODY_FONT)


def heading_of(line: str) -> tuple[int, str]:
    """How far the heading at the beginning of a line goes, its mark included, and its font; (0, …) for none.

    >>> heading_of("（一）抓学习。每月一次。"), heading_of("一、上年整改情况")[0], heading_of("学习了。")[0]
    ((7, '楷体_GB2312'), 8, 0)
    """
    for rank, number in NUMBERS:
        if (match := number.match(line)) and rank in RANK_FONTS:
            mark = SENTENCE.search(line, match.end())
            end = mark.end() if mark else len(line)
            return (end, RANK_FONTS[rank]) if end <= LONGEST_HEADING else (0, BODY_FONT)
    return 0, BODY_FONT


def write_table(paper: Paper, rows: list[list[str]]) -> None:
    """A table with lines, 4号仿宋; its first row again on every page, no row torn apart."""
    table = paper.add_table(len(rows), len(rows[0]), style="Table Grid")
    for number, (row, texts) in enumerate(zip(table.rows, rows, strict=True)):
        settings = row._tr.get_or_add_trPr()
        settings.append(OxmlElement("w:cantSplit"))
        if number == 0:
            settings.append(OxmlElement("w:tblHeader"))
        for cell, text in zip(row.cells, texts, strict=True):
            write_run(cell.paragraphs[0], text.strip(), BODY_FONT, TABLE_SIZE)


def write_signature(paper: Paper, face: Face) -> None:
    """署名 and, once handed in, 成文日期 in Arabic figures, on the right, four characters from the edge."""
    lines = [f"述职人：{face.secretary}"]
    if day := face.handed_in_on:
        lines.append(f"{day.year}年{day.month}月{day.day}日")
    write_line(paper, "")
    for line in lines:
        paragraph = paper.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        paragraph.paragraph_format.right_indent = 2 * INDENT
        write_run(paragraph, line, BODY_FONT)


def write_run(paragraph: Paragraph, text: str, font: str, size: Pt | None = None) -> Run | None:
    """A stretch of text in one font; nothing for an empty one."""
    if not text:
        return None
    run = paragraph.add_run(UNWRITABLE.sub("", text))
    if size:
        run.font.size = size
    set_fonts(run._element.get_or_add_rPr(), font)
    return run


def write_page_number(paragraph: Paragraph, side: WD_ALIGN_PARAGRAPH) -> None:
    """页码: "— 1 —", 4号半角宋体, one character in from the outer edge."""
    paragraph.alignment = side
    shape = paragraph.paragraph_format
    shape.left_indent = shape.right_indent = NUMBER_SIZE
    for text in ("— ", "PAGE", " —"):
        run = write_run(paragraph, "" if text == "PAGE" else text, "宋体", NUMBER_SIZE) or paragraph.add_run()
        run.font.size = NUMBER_SIZE
        set_fonts(run._element.get_or_add_rPr(), "宋体")
        for name in ("ascii", "hAnsi"):
            run._element.rPr.rFonts.set(qn(f"w:{name}"), "宋体")
        if text == "PAGE":
            for element in page_field():
                run._element.append(element)


def page_field() -> Iterator:
    """The field that Word replaces by the number of the page."""
    for kind in ("begin", "instruction", "separate", "text", "end"):
        if kind == "instruction":
            element = OxmlElement("w:instrText")
            element.text = " PAGE "
        elif kind == "text":
            element = OxmlElement("w:t")
            element.text = "1"
        else:
            element = OxmlElement("w:fldChar")
            element.set(qn("w:fldCharType"), kind)
        yield element


def packed(paper: Paper) -> bytes:
    """The document as bytes that depend on its text alone: no author, no time, no picture of the first page."""
    saved, again = io.BytesIO(), io.BytesIO()
    for name, relation in list(paper.part.package.rels.items()):
        if relation.reltype.endswith("/thumbnail"):
            paper.part.package.rels.pop(name)
    paper.save(saved)
    instead = {"docProps/core.xml": CORE, "docProps/app.xml": APP, "word/fontTable.xml": font_table()}
    with zipfile.ZipFile(saved) as package, zipfile.ZipFile(again, "w", zipfile.ZIP_DEFLATED) as written:
        for name in package.namelist():
            member = zipfile.ZipInfo(name, FIXED_TIME)
            member.compress_type = zipfile.ZIP_DEFLATED
            written.writestr(member, instead.get(name) or package.read(name))
    return again.getvalue()


def font_table() -> str:
    """The fonts by name, each with those to take instead."""
    fonts = "".join(
        f'<w:font w:name="{name}">' + (f'<w:altName w:val="{others}"/>' if others else "") + "</w:font>"
        for name, others in INSTEAD.items()
    )
    names = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    return f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:fonts {names}>{fonts}</w:fonts>'
