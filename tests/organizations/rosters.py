"""Roster workbooks written by code: tidy ones, and ones as untidy as clerks make them. All names are invented."""

import io

from openpyxl import Workbook

HEADER = [
    "党组织名称",
    "组织编码",
    "类型",
    "上级党组织",
    "书记姓名",
    "人员编码",
    "职务",
    "行政职务",
    "任职日期",
    "届满日期",
]
TIDY = [
    ["云岭市测绘局党组", "A0", "党组", None, "谷一鸣", "P01", "书记", "局长", "2021-03-01", "2026-03-01"],
    [
        "云岭市测绘局机关党委",
        "A1",
        "机关党委",
        "云岭市测绘局党组",
        "谷一鸣",
        "P01",
        "书记",
        "局长",
        "2021-03-01",
        "2026-03-01",
    ],
    ["第一党支部", "A11", "党支部", "云岭市测绘局机关党委", "白溪", "P02", "书记", "科长", "2022-05-01", "2025-05-01"],
    ["第二党支部", "A12", "党支部", "云岭市测绘局机关党委", "章禾", "P03", "书记", "主任", "2022-06-01", "2025-06-01"],
]


def workbook(
    rows: list[list], *, title: str = "花名册", merges: tuple[str, ...] = (), others: dict | None = None
) -> bytes:
    """An xlsx file of one sheet of ``rows``, with merged ranges and further sheets."""
    book = Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    for merged in merges:
        book.active.merge_cells(merged)
    for name, lines in (others or {}).items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(line)
    return saved(book)


def saved(book: Workbook) -> bytes:
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def tidy(*more: list) -> bytes:
    """The small bureau above, with further rows."""
    return workbook([HEADER, *TIDY, *more])


def large(branches: int) -> bytes:
    """A bureau of committees with a hundred branches each, ``branches`` in all, a secretary each."""
    rows = [HEADER, ["云岭市委", "R", "党委", None, None, None, None, None, None, None]]
    for number in range(branches):
        if number % 100 == 0:
            rows.append([f"第{number // 100}机关党委", f"C{number // 100}", "机关党委", "云岭市委"] + [None] * 6)
        rows.append(
            [
                f"第{number}党支部",
                f"B{number:05d}",
                "党支部",
                f"第{number // 100}机关党委",
                f"书记{number}",
                f"E{number:05d}",
                "书记",
                "科长",
                "2022.5",
                "2025年5月",
            ]
        )
    return workbook(rows)
