"""综合评价等次表: one row a secretary, as an Excel file."""

from organizations.jobs import Progress
from reviews.documents.excel import add_row, as_bytes, new_sheet
from reviews.models import Campaign, Review, Suggestion

HEADINGS = [
    "序号",
    "单位",
    "述职人",
    "职务",
    "方式",
    "有效票",
    "好",
    "较好",
    "一般",
    "差",
    "弃权",
    "得分",
    "建议等次",
    "依据",
    "综合评价等次",
    "不同于建议的理由",
    "研究会议",
]
WIDTHS = [6, 26, 10, 18, 10, 8, 6, 6, 6, 6, 6, 9, 10, 46, 12, 28, 24]
WITHHELD = "不足10票不列"  # SECURITY S11: below ten ballots no distribution is shown
SHOWN_FROM = 10
CHOICES = ("good", "fairly_good", "average", "poor")


def build_grade_sheet(campaign: Campaign, progress: Progress) -> bytes:
    """The grade sheet (综合评价等次表) of a campaign, in the order of the debriefs."""
    note = f"组织实施单位：{campaign.organizer}　评定规则校验值：{_policy_hash(campaign)[:16] or '尚未评定'}"
    book, sheet = new_sheet(f"{campaign.title}综合评价等次表", HEADINGS, WIDTHS, note=note)
    reviews = list(Review.objects.filter(campaign=campaign).for_list().select_related("suggestion", "decision"))
    for number, review in enumerate(reviews, start=1):
        add_row(sheet, [number, *_who(review), *_votes(review), *_result(review)])
        progress(number, len(reviews))
    return as_bytes(book)


def _policy_hash(campaign: Campaign) -> str:
    suggestion = Suggestion.objects.filter(review__campaign=campaign).first()
    return suggestion.policy_hash if suggestion else ""


def _who(review: Review) -> list:
    return [review.organization.name, review.secretary.name, review.duty, review.get_mode_display()]


def _votes(review: Review) -> list:
    """有效票 and the counts of all panels together; the counts are withheld for fewer than ten ballots."""
    suggestion = getattr(review, "suggestion", None)
    if suggestion is None:
        return [""] * 6
    panels = suggestion.standing.get("panels", {}).values()
    counts = [sum(panel[choice] for panel in panels) for choice in (*CHOICES, "abstain")]
    expressed = sum(counts[:4])
    return [expressed, *counts] if expressed >= SHOWN_FROM else [expressed, *[WITHHELD] * 5]


def _result(review: Review) -> list:
    suggestion, decision = getattr(review, "suggestion", None), getattr(review, "decision", None)
    suggested = (
        [suggestion.score, suggestion.get_grade_display() or "待研究", "；".join(r["text"] for r in suggestion.reasons)]
        if suggestion
        else [""] * 3
    )
    if decision is None or decision.approved_by_id is None:
        return [*suggested, "", "", ""]
    return [*suggested, decision.get_grade_display(), decision.reason, f"{decision.reference}（{decision.decided_on}）"]
