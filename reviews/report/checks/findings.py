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


class Severity(StrEnum):
    """Whether a finding stops the handing in (block) or only advises the vetter (advise)."""

    BLOCK = "block"
    ADVISE = "advise"


@dataclass(frozen=True, slots=True)
class Finding:
    """One occurrence: ``text`` is what stands at ``start`` to ``end`` (in characters) of the checked text."""

    code: Code
    severity: Severity
    start: int
    end: int
    text: str
    message: str

    def to_document(self) -> dict:
        """The finding as plain JSON values, in the shape of ``check_report --json``."""
        return asdict(self) | {"code": self.code.value, "severity": self.severity.value}


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was found, in characters, and what to tell the author about it."""

    start: int
    end: int
    message: str


def merge_places(places: list[Place]) -> list[Place]:
    """The same places in order, those that overlap or touch made one; the earliest message is kept."""
    merged: list[Place] = []
    for place in sorted(places, key=lambda place: (place.start, -place.end)):
        if merged and place.start < merged[-1].end:
            last = merged.pop()
            place = Place(last.start, max(last.end, place.end), last.message)
        merged.append(place)
    return merged
