"""综合评价等次表: one row a secretary, as an Excel file."""

from collections.abc import Collection, Mapping

from organizations.jobs import Progress
from reviews.documents.excel import add_row, as_bytes, new_sheet
from reviews.grade import showing
from reviews.grade.suggesting import Reading, read_stored
from reviews.models import Campaign, Decision, Review, Suggestion
from scoring.policy import GRADE_LABELS

HEADINGS = [
    "序号",
    "单位",
    "述职人",
    "职务",
    "方式",
    "有效票",
    *GRADE_LABELS,
    "弃权",
    "得分",
    "建议等次",
    "依据",
    "综合评价等次",
    "不同于建议的理由",
    "研究会议",
]
WIDTHS = [6, 26, 10, 18, 10, 8, 6, 6, 6, 6, 6, 9, 10, 46, 12, 28, 24]
COUNTED = ("good", "fairly_good", "average", "poor", "abstain")


def build_grade_sheet(campaign: Campaign, progress: Progress) -> bytes:
    """The grade sheet (综合评价等次表) of a campaign, in the order of the debriefs."""
    reading = read_stored(campaign)
    note = f"组织实施单位：{campaign.organizer}　评定规则校验值：{_policy_hash(campaign) or '尚未评定'}"
    book, sheet = new_sheet(f"{campaign.title}综合评价等次表", headings_of(campaign), WIDTHS, note=note)
    reviews = list(Review.objects.filter(campaign=campaign).for_list().select_related("suggestion", "decision"))
    for number, review in enumerate(reviews, start=1):
        add_row(sheet, [number, *_who(review), *_votes(review, reading), *_result(review)])
        progress(number, len(reviews))
    return as_bytes(book)


def headings_of(campaign: Campaign) -> list[str]:
    """The columns, the grades by the names that the campaign gives them."""
    words = dict(zip(GRADE_LABELS, campaign.grade_words, strict=True))
    return [words.get(heading, heading) for heading in HEADINGS]


def _policy_hash(campaign: Campaign) -> str:
    suggestion = Suggestion.objects.filter(review__campaign=campaign).first()
    return suggestion.policy_hash[:16] if suggestion else ""


def _who(review: Review) -> list:
    return [review.organization.name, review.secretary.name, review.duty, review.get_mode_display()]


def _votes(review: Review, reading: Reading | None) -> list:
    standing = reading.standings.get(review.pk) if reading else None
    return [""] * 6 if standing is None else columns_of(standing, reading.by_name)


def columns_of(standing: Mapping, by_name: Collection[str] = ()) -> list:
    """有效票 and the counts of all panels together; withheld like everywhere if one panel is small (S10, S11)."""
    if showing.hides_counts(standing, by_name):
        return [showing.A_PANEL_IS_SMALL, *["—"] * 5]
    every = showing.pooled(standing)
    return [sum(every[name] for name in COUNTED[:4]), *(every[name] for name in COUNTED)]


def _result(review: Review) -> list:
    return [*_suggested(getattr(review, "suggestion", None)), *_decided(getattr(review, "decision", None))]


def _suggested(suggestion: Suggestion | None) -> list:
    if suggestion is None:
        return [""] * 3
    grade = suggestion.grade_word or "无"
    if suggestion.is_open:
        grade += "（留待研究）"
    return [suggestion.score, grade, "；".join(reason["text"] for reason in suggestion.reasons)]


def _decided(decision: Decision | None) -> list:
    """Nothing before the approval: a proposal is no grade."""
    if decision is None or decision.approved_by_id is None:
        return [""] * 3
    return [decision.grade_word, decision.reason, f"{decision.reference}（{decision.decided_on}）"]
