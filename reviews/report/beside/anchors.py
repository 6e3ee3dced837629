"""考核内容对照: which content items the author ticked as written, and whether their passages still stand."""

from collections.abc import Mapping
from dataclasses import dataclass

from reviews.plan.models import ContentItem
from reviews.report.models import Anchor, Report, Section

SHORTEST_QUOTE = 6  # letters: fewer stand in many places
LONGEST_QUOTE = 300


def place_of(quote: str, text: str) -> tuple[int, int] | None:
    """Start and end of the quoted words in a text; blanks and line ends make no difference.

    >>> place_of("主题 党日", "一、主题党\\n日十二次")
    (2, 7)
    """
    start = text.find(quote)
    if quote and start >= 0:
        return start, start + len(quote)
    sought = "".join(quote.split())
    places = [place for place, letter in enumerate(text) if not letter.isspace()]
    found = "".join(text[place] for place in places).find(sought) if sought else -1
    return (places[found], places[found + len(sought) - 1] + 1) if found >= 0 else None


@dataclass(frozen=True, slots=True)
class ItemLine:
    """One content item of the campaign beside what the author says of it."""

    item: ContentItem
    is_written: bool
    section: str
    quote: str
    is_standing: bool  # the quoted words are in the text now

    @property
    def section_label(self) -> str:
        return Section(self.section).label if self.section else ""

    @property
    def is_lost(self) -> bool:
        """Anchored once, but the words no longer stand in the text (失效)."""
        return bool(self.quote) and not self.is_standing

    @property
    def lack(self) -> str:
        """What is missing, in words; "" if the item is ticked and its passage stands."""
        if not self.is_written:
            return "没有标注“已写”"
        if not self.quote:
            return "没有关联到正文"
        return "" if self.is_standing else "关联的文字已不在正文中"


def item_lines(report: Report, sections: Mapping[str, str]) -> list[ItemLine]:
    """Every content item of the campaign in its order, against this text. Two queries."""
    anchors = {anchor.item_id: anchor for anchor in report.anchors.all()} if report.pk else {}
    return [item_line(item, anchors.get(item.pk), sections) for item in report.review.campaign.content_items.all()]


def item_line(item: ContentItem, anchor: Anchor | None, sections: Mapping[str, str]) -> ItemLine:
    if anchor is None:
        return ItemLine(item, False, "", "", False)
    stands = bool(anchor.quote) and place_of(anchor.quote, sections.get(anchor.section, "")) is not None
    return ItemLine(item, True, anchor.section, anchor.quote, stands)


def frozen_items(lines: list[ItemLine]) -> list[dict]:
    """The items as plain values, as a version keeps them and as every page shows them."""
    return [
        {
            "number": line.item.number,
            "text": line.item.text,
            "is_written": line.is_written,
            "section": line.section,
            "section_label": line.section_label,
            "quote": line.quote,
            "is_standing": line.is_standing,
        }
        for line in lines
    ]
