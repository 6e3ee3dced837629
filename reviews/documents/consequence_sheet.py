"""结果运用清单 as Excel (DOMAIN F20), for the department that keeps the yearly assessment."""

from organizations.jobs import Progress
from reviews.documents.excel import add_row, as_bytes, new_sheet
from reviews.grade.consequences.queries import lines_of
from reviews.models import Campaign, Consequence

HEADINGS = [
    "序号",
    "单位",
    "述职人",
    "职务",
    "综合评价等次",
    "事项",
    "承办人",
    "办理期限",
    "状态",
    "办理情况",
    "确认意见或原因",
    "确认人",
]
WIDTHS = [6, 26, 10, 18, 12, 22, 10, 12, 10, 40, 30, 10]
NOTE = "以上均为给人办理的提示和任务，不自动产生任何处理。"


def build_consequence_sheet(campaign: Campaign, progress: Progress) -> bytes:
    """One row a line, in the order of the debriefs; what was cancelled stays on the sheet and says so."""
    book, sheet = new_sheet(f"{campaign.title}结果运用清单", HEADINGS, WIDTHS, note=NOTE)
    lines = list(lines_of(campaign))
    for number, line in enumerate(lines, start=1):
        add_row(sheet, [number, *_who(line), *_what(line)])
        progress(number, len(lines))
    return as_bytes(book)


def _who(line: Consequence) -> list:
    review = line.review
    return [review.organization.name, review.secretary.name, review.duty, line.grade_word]


def _what(line: Consequence) -> list:
    proof = line.proof
    if line.kind == Consequence.Kind.RECTIFICATION:
        proof = f"问题销号 {line.solved}/{line.problems}。{proof}"
    state = "逾期未办" if line.is_overdue else line.get_state_display()
    settled = line.settled_by.name if line.settled_by else ""
    return [line.get_kind_display(), line.owner.name, str(line.due_on), state, proof, line.words, settled]
