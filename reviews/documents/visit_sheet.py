"""调研与平时记录: the year's records that a person may see, as an Excel file."""

from organizations.jobs import Progress
from organizations.models import Person
from reviews.documents.excel import add_row, as_bytes, new_sheet
from reviews.models import VisitRecord
from reviews.visit.queries import records_for_list

HEADINGS = [
    "序号",
    "日期",
    "单位",
    "方式",
    "参加的领导",
    "其他人员",
    "地点",
    "情况",
    "亮点",
    "问题",
    "建议",
    "台账",
    "照片",
    "记录人",
    "备注",
]
WIDTHS = [6, 12, 24, 10, 16, 16, 16, 44, 24, 24, 24, 12, 6, 10, 20]


def build_visit_sheet(person: Person, year: int, progress: Progress) -> bytes:
    """One row a record, newest first; what was withdrawn is marked and keeps its row."""
    book, sheet = new_sheet(f"{year}年调研与平时记录", HEADINGS, WIDTHS)
    records = list(records_for_list(person, year=year))
    for number, record in enumerate(records, start=1):
        add_row(sheet, [number, *_line(record)])
        progress(number, len(records))
    return as_bytes(book)


def _line(record: VisitRecord) -> list:
    waiting = "待列入" if record.wants_problem else ""
    return [
        record.visited_on.isoformat(),
        record.organization.name,
        record.get_kind_display(),
        "、".join(leader.name for leader in record.leaders.all()),
        record.companions,
        record.place,
        record.seen,
        record.strengths,
        record.problems,
        record.suggestions,
        record.problem.get_state_display() if record.problem else waiting,
        record.photo_count,
        record.by.name,
        f"已撤回：{record.withdrawn_reason}" if record.is_withdrawn else "",
    ]
