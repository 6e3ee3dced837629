"""整改台账: every problem on the books of a campaign, as an Excel file (DOMAIN F13)."""

from django.utils import timezone

from organizations.jobs import Progress
from reviews.documents.excel import add_row, as_bytes, new_sheet
from reviews.models import Campaign, Problem

HEADINGS = [
    "序号",
    "单位",
    "述职人",
    "问题",
    "来源",
    "共性/个性",
    "责任人",
    "整改措施",
    "整改目标",
    "整改时限",
    "进展",
    "状态",
    "销号日期",
    "验收人",
    "是否重复问题",
]
WIDTHS = [6, 24, 10, 40, 12, 10, 10, 40, 24, 12, 40, 10, 12, 10, 14]


def build_ledger_sheet(campaign: Campaign, progress: Progress) -> bytes:
    """The rectification ledger of a campaign, grouped by secretary in the order of the debriefs."""
    book, sheet = new_sheet(f"{campaign.title}整改台账", HEADINGS, WIDTHS)
    problems = list(
        Problem.objects.filter(review__campaign=campaign)
        .on_the_books()
        .for_list()
        .select_related("closed_by", "carried_from__review__campaign")
        .prefetch_related("progress")
    )
    for number, problem in enumerate(problems, start=1):
        add_row(sheet, [number, *_line(problem)])
        progress(number, len(problems))
    return as_bytes(book)


def _line(problem: Problem) -> list:
    return [
        problem.review.organization.name,
        problem.review.secretary.name,
        problem.text,
        problem.get_source_display(),
        "共性" if problem.is_common else "个性",
        problem.responsible,
        "\n".join(f"{measure.number}. {measure.text}" for measure in problem.measures.all()),
        problem.goal,
        problem.due_on.isoformat() if problem.due_on else "",
        "\n".join(f"{timezone.localtime(step.at):%Y-%m-%d} {step.text}" for step in problem.progress.all()),
        problem.get_state_display() + ("（逾期）" if problem.is_overdue else ""),
        problem.closed_on.isoformat() if problem.closed_on else "",
        problem.closed_by.name if problem.closed_by else "",
        f"{problem.carried_from.review.campaign.year}年同类问题" if problem.carried_from else "",
    ]
