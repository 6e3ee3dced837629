"""The shelf of documents: which there are, who builds each, and what each still lacks."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from organizations.jobs import Progress
from reviews.documents.consequence_sheet import build_consequence_sheet
from reviews.documents.grade_sheet import build_grade_sheet
from reviews.documents.ledger_sheet import build_ledger_sheet
from reviews.documents.letters import build_letters
from reviews.models import Campaign, Consequence, Letter, Problem, Suggestion


@dataclass(frozen=True, slots=True)
class Document:
    """One kind of document: its name, its file's ending, its builder, and what it waits for."""

    kind: str
    label: str
    ending: str
    about: str
    build: Callable[[Campaign, Progress], bytes]
    lacks: Callable[[Campaign], str]  # "" = can be built

    @property
    def format(self) -> str:
        """What the file opens in."""
        return {"xlsx": "Excel", "pdf": "PDF"}[self.ending]


def _lacks_suggestions(campaign: Campaign) -> str:
    return "" if Suggestion.objects.filter(review__campaign=campaign).exists() else "尚未生成建议等次"


def _lacks_letters(campaign: Campaign) -> str:
    return "" if Letter.objects.filter(review__campaign=campaign).exists() else "尚未发出反馈"


def _lacks_problems(campaign: Campaign) -> str:
    return (
        "" if Problem.objects.filter(review__campaign=campaign).on_the_books().exists() else "台账中还没有已反馈的问题"
    )


def _lacks_consequences(campaign: Campaign) -> str:
    there = Consequence.objects.filter(review__campaign=campaign).exists()
    return "" if there else "还没有结果运用事项，发出反馈函时列入"


SHELF = {
    document.kind: document
    for document in [
        Document(
            "grade_sheet",
            "综合评价等次表",
            "xlsx",
            "每名述职人一行：票数、得分、建议等次及依据、研究决定的等次。",
            build_grade_sheet,
            _lacks_suggestions,
        ),
        Document(
            "letters",
            "反馈函（全部）",
            "pdf",
            "每名述职人一份公文格式反馈函，含等次、综合评价意见、问题和整改期限，附签收回执。",
            build_letters,
            _lacks_letters,
        ),
        Document(
            "consequence_sheet",
            "结果运用清单",
            "xlsx",
            "每个事项一行：年度考核、约谈、限期整改、评先评优等，期限、承办人、办理情况和确认意见。",
            build_consequence_sheet,
            _lacks_consequences,
        ),
        Document(
            "ledger_sheet",
            "整改台账",
            "xlsx",
            "每个问题一行：来源、措施、责任人、时限、进展、销号。",
            build_ledger_sheet,
            _lacks_problems,
        ),
    ]
}
OWN_LETTER = "own_letter"
VISIT_SHEET = "visit_sheet"  # of a person and a year, not of a campaign
# Asked for on the page of a round, not from the shelf.
PAPER_BALLOTS, TALLY_SHEET = "paper_ballots", "tally_sheet"
MINUTES = "minutes"  # asked for on their own page, as pdf or docx


def filename_of(document: Document, campaign: Campaign) -> str:
    """The name of a document's file."""
    return named(campaign, document.label, document.ending)


def named(campaign: Campaign, words: str, ending: str) -> str:
    """年度-单位-文种, as the field names its files; without what a file system would stumble over."""
    unit = re.sub(r'[\\/:*?"<>|\s]', "", str(campaign.organizer))[:60]
    return f"{campaign.year}-{unit}-{words}.{ending}"
