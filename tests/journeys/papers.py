"""What people bring along: a roster workbook, a report as a Word file, a leader's script, a photograph."""

import io

from docx import Document
from openpyxl import Workbook

from reviews.demo import texts
from reviews.demo.bureau import BUREAU, PLACES, SUB_BRANCHES, Place

YEAR = 2026
KINDS = {"leading_party_group": "党组", "general_branch": "党总支", "branch": "党支部"}
HEADER = [
    "序号",
    "党组织名称",
    "组织编码",
    "类型",
    "上级党组织",
    "书记姓名",
    "人员编码",
    "职务",
    "行政职务",
    "任职日期",
]
HEADINGS = ["一、上年整改情况", "二、履职尽责情况", "三、存在问题及原因", "四、下一步打算", "五、自我评价"]
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


def roster(places: list[Place] = PLACES, *, spoilt: bool = False) -> bytes:
    """The clerk's workbook: a merged title row, blanks of both widths, codes as numbers, an empty line.

    ``spoilt``: the last row names a superior that nobody knows.
    """
    book = Workbook()
    sheet = book.active
    sheet.append(["党组织及书记花名册（内部使用）"])
    sheet.merge_cells("A1:J1")
    sheet.append(HEADER)
    for number, place in enumerate(places, start=1):
        name = place.name if number % 3 else f"　{place.name} "
        whose = [f" {spaced(place.secretary)}", 1000 + number, "书记", place.duty, "2022.5"]
        sheet.append([number, name, place.code, KINDS[place.kind], f"{BUREAU[0]}　", *whose])
    sheet.append([])
    for name, code, secretary in SUB_BRANCHES if len(places) == len(PLACES) else []:
        sheet.append([None, name, code, "党支部", "水文监测中心党总支", secretary, code, "书记", None, "2023-06-01"])
    if spoilt:
        sheet.append([99, "待核实党支部", "YL-99", "党支部", "没有这个党委", None, None, None, None, None])
    return saved(book)


def spaced(name: str) -> str:
    """A name of two characters as typists write it, with a full-width blank between them."""
    return "　".join(name) if len(name) == 2 else name


def saved(book: Workbook) -> bytes:
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def report_docx(place: Place) -> bytes:
    """A whole report with title, headings and signature."""
    paper = Document()
    paper.add_paragraph(f"{YEAR}年度抓基层党建工作述职报告")
    for heading, body in zip(HEADINGS, texts.report_of(place, YEAR).values(), strict=True):
        paper.add_paragraph(heading)
        for line in body.splitlines():
            paper.add_paragraph(line)
    packed = io.BytesIO()
    paper.save(packed)
    return packed.getvalue()


def script(places: list[Place]) -> str:
    """What a leader reads out over several secretaries, one after another, with an opening and a close."""
    entries = [
        f"{number}、{place.name}书记{place.secretary}同志\n主要不足：{texts.comment_of(place, YEAR)['weaknesses']}\n"
        for number, place in enumerate(places, start=1)
    ]
    return "下面我对书面述职和会前调研的情况逐一点评。\n" + "".join(entries) + "请各位书记会后认真整改。\n"
