"""数据附表 (B18): which figures a report may carry, and which of them must add up. Pure: only the standard library."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

LARGEST = 1_000_000  # no Party organization that debriefs has more members


@dataclass(frozen=True, slots=True)
class Group:
    """One way to divide a total: the parts must add up to the cell ``total``."""

    name: str
    label: str
    total: str
    parts: tuple[tuple[str, str], ...]  # cell name, label


TOTALS = (("branches", "党支部总数（个）"), ("members", "党员总数（名）"))
GROUPS = (
    Group(
        "by_class",
        "党支部分类定级",
        "branches",
        (
            ("red_flag", "红旗"),
            ("excellent", "优秀"),
            ("qualified", "合格"),
            ("barely", "基本合格"),
            ("backward", "后进"),
        ),
    ),
    Group("by_standing", "党员身份", "members", (("formal", "正式党员"), ("probationary", "预备党员"))),
    Group(
        "by_employment",
        "在职情况",
        "members",
        (("in_service", "在职"), ("retired", "离退休"), ("floating", "流动及其他")),
    ),
    Group(
        "by_age",
        "年龄",
        "members",
        (
            ("to_35", "35 岁及以下"),
            ("to_45", "36—45 岁"),
            ("to_55", "46—55 岁"),
            ("to_60", "56—60 岁"),
            ("over_60", "61 岁及以上"),
        ),
    ),
    Group(
        "by_education",
        "学历",
        "members",
        (
            ("postgraduate", "研究生"),
            ("bachelor", "大学本科"),
            ("college", "大学专科"),
            ("secondary", "中专、高中"),
            ("lower", "初中及以下"),
        ),
    ),
)
TOTAL_LABELS = dict(TOTALS)
LABELS = TOTAL_LABELS | {name: label for group in GROUPS for name, label in group.parts}


def faults(cells: Mapping[str, int]) -> Iterator[tuple[str, str]]:
    """(group name, sentence) for every group whose parts do not add up to its total. A cell left out counts 0.

    >>> [said for _, said in faults({"branches": 3, "excellent": 2})]
    ['党支部分类定级各项合计 2，与党支部总数 3 不符，少 1。请核对各项。']
    """
    for group in GROUPS:
        total, added = cells.get(group.total, 0), sum(cells.get(name, 0) for name, _ in group.parts)
        if added != total:
            whole = TOTAL_LABELS[group.total].split("（")[0]
            off = f"少 {total - added}" if added < total else f"多 {added - total}"
            yield group.name, f"{group.label}各项合计 {added}，与{whole} {total} 不符，{off}。请核对各项。"


def rows(cells: Mapping[str, int], before: Mapping[str, int] | None = None) -> list[dict]:
    """The annex as plain values for a page or a frozen version: group by group, with last year's figures beside."""
    before = before or {}
    return [
        {
            "label": group.label,
            "total_label": TOTAL_LABELS[group.total],
            "total": cells.get(group.total, 0),
            "total_before": before.get(group.total),
            "parts": [
                {"label": label, "count": cells.get(name, 0), "before": before.get(name)} for name, label in group.parts
            ],
        }
        for group in GROUPS
    ]
