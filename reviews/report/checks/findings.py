"""What a check says about one place of a report. Pure: only the standard library."""

from dataclasses import asdict, dataclass
from enum import StrEnum


class Code(StrEnum):
    """The kinds of findings, as the command line and the screens name them."""

    OVER_LENGTH = "OVER_LENGTH"
    PROBLEM_SHARE = "PROBLEM_SHARE"
    SELF_EVALUATION = "SELF_EVALUATION"
    PLACEHOLDER = "PLACEHOLDER"
    TEMPLATE_RESIDUE = "TEMPLATE_RESIDUE"
    MISSING_SECTION = "MISSING_SECTION"
    CLASSIFIED = "CLASSIFIED"
    WRONG_YEAR = "WRONG_YEAR"
    OTHER_UNIT = "OTHER_UNIT"
    SPUN_TEXT = "SPUN_TEXT"
    PRAISE_HEAVY = "PRAISE_HEAVY"
    SUBJECTLESS = "SUBJECTLESS"
    VAGUE_PLAN = "VAGUE_PLAN"
    RECURRING = "RECURRING"
    COPIED = "COPIED"
    TYPO = "TYPO"

    @property
    def label(self) -> str:
        """The name of the kind, in the words of the page."""
        return NAMES[self]


NAMES = {
    Code.OVER_LENGTH: "超出字数",
    Code.PROBLEM_SHARE: "问题占比",
    Code.SELF_EVALUATION: "自我评价",
    Code.PLACEHOLDER: "没有填写的占位符",
    Code.TEMPLATE_RESIDUE: "网文残留",
    Code.MISSING_SECTION: "缺少部分",
    Code.CLASSIFIED: "密级标志",
    Code.WRONG_YEAR: "年份或时事不符",
    Code.OTHER_UNIT: "别的单位的名称",
    Code.SPUN_TEXT: "换词网文",
    Code.PRAISE_HEAVY: "成绩重、问题轻",
    Code.SUBJECTLESS: "问题没有主语",
    Code.VAGUE_PLAN: "打算空泛",
    Code.RECURRING: "上年问题重现",
    Code.COPIED: "与其他报告雷同",
    Code.TYPO: "错别字和语病",
}


class Severity(StrEnum):
    """Whether a finding stops the handing in (block) or only advises the vetter (advise)."""

    BLOCK = "block"
    ADVISE = "advise"


@dataclass(frozen=True, slots=True)
class Finding:
    """One occurrence: ``text`` is what stands at ``start`` to ``end`` (in characters) of the checked text.

    ``message`` says why it was found, ``advice`` what to do; one Chinese sentence each.
    """

    code: Code
    severity: Severity
    start: int
    end: int
    text: str
    message: str
    advice: str = ""

    def to_document(self) -> dict:
        """The finding as plain JSON values, in the shape of ``check_report --json``."""
        return asdict(self) | {"code": self.code.value, "severity": self.severity.value}


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was found, in characters, why, and what the author should do about it."""

    start: int
    end: int
    message: str
    advice: str = ""


def merge_places(places: list[Place]) -> list[Place]:
    """The same places in order, those that overlap made one; the words of the earliest are kept."""
    merged: list[Place] = []
    for place in sorted(places, key=lambda place: (place.start, -place.end)):
        if merged and place.start < merged[-1].end:
            last = merged.pop()
            place = Place(last.start, max(last.end, place.end), last.message, last.advice)
        merged.append(place)
    return merged
