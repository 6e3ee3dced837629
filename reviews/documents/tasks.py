"""Documents in the background: the job names the document, the shelf knows its builder."""

from celery import shared_task

from organizations import jobs
from organizations.jobs import Progress
from organizations.models import Person
from reviews.documents.feedback_sheets import build_answer, build_talk_notice, build_talk_record, build_why
from reviews.documents.letters import build_own_letter
from reviews.documents.minutes_sheet import build_minutes_docx, build_minutes_pdf
from reviews.documents.paper_ballot import build_paper_ballots
from reviews.documents.shelf import (
    MINUTES,
    OWN_LETTER,
    PAPER_BALLOTS,
    SHELF,
    TALLY_SHEET,
    VISIT_SHEET,
    filename_of,
    named,
)
from reviews.documents.tally_sheet import build_tally_sheet
from reviews.documents.visit_sheet import build_visit_sheet
from reviews.models import Campaign, Consequence, Letter, Minutes, Objection, Review, Round, SlipBatch


@shared_task
def build_document(job_id: int) -> None:
    """Build the document that a job asks for, and keep its progress on the job itself."""
    jobs.run(job_id, _build)


def _build(asked_for: dict, progress: Progress) -> tuple[str, bytes]:
    if asked_for["kind"] == OWN_LETTER:
        letter = Letter.objects.select_related("review__campaign", "review__secretary").get(pk=asked_for["letter"])
        name = f"{letter.review.campaign.year}-{letter.review.secretary}-反馈函.pdf"
        return name, build_own_letter(letter, progress)
    if asked_for["kind"] in OF_THE_FEEDBACK:
        return _feedback_sheet(asked_for, progress)
    if asked_for["kind"] in OF_THE_VOTE:
        return OF_THE_VOTE[asked_for["kind"]](asked_for, progress)
    if asked_for["kind"] == MINUTES:
        return _minutes(asked_for, progress)
    if asked_for["kind"] == VISIT_SHEET:
        person, year = Person.objects.get(pk=asked_for["person"]), asked_for["year"]
        return f"{year}-调研与平时记录.xlsx", build_visit_sheet(person, year, progress)
    document = SHELF[asked_for["kind"]]
    campaign = Campaign.objects.select_related("organizer").get(pk=asked_for["campaign"])
    return filename_of(document, campaign), document.build(campaign, progress)


def _minutes(asked_for: dict, progress: Progress) -> tuple[str, bytes]:
    minutes = Minutes.objects.select_related("meeting__campaign__organizer", "recorder", "chair").get(
        pk=asked_for["minutes"]
    )
    build = {"pdf": build_minutes_pdf, "docx": build_minutes_docx}[asked_for["ending"]]
    return named(minutes.meeting.campaign, "述职评议会会议记录", asked_for["ending"]), build(minutes, progress)


def _paper_ballots(asked_for: dict, progress: Progress) -> tuple[str, bytes]:
    """So many sheets as were co-signed; their number stands in the name of the file."""
    batch = SlipBatch.objects.select_related("panel", "round__box", "round__campaign__organizer").get(
        pk=asked_for["batch"]
    )
    kind = "大字版评议表" if asked_for["is_large"] else "评议表"
    words = f"{batch.panel.code}票纸质{kind}{batch.paper}张"
    return named(batch.round.campaign, words, "pdf"), build_paper_ballots(
        batch, progress, is_large=asked_for["is_large"]
    )


def _tally_sheet(asked_for: dict, progress: Progress) -> tuple[str, bytes]:
    round_ = Round.objects.select_related("box__lid", "campaign__organizer").get(pk=asked_for["round"])
    words = "计票结果报告单（演练）" if round_.is_rehearsal else "计票结果报告单"
    return named(round_.campaign, words, "pdf"), build_tally_sheet(round_, progress)


def _feedback_sheet(asked_for: dict, progress: Progress) -> tuple[str, bytes]:
    words, things, build = OF_THE_FEEDBACK[asked_for["kind"]]
    thing = things().get(pk=asked_for["thing"])
    review = thing if isinstance(thing, Review) else getattr(thing, "review", None) or thing.letter.review
    return f"{review.campaign.year}-{review.secretary}-{words}.pdf", build(thing, progress)


def _objections():
    return Objection.objects.select_related(
        "letter__review__campaign__organizer",
        "letter__review__organization",
        "letter__review__secretary",
        "letter__review__decision",
        "change",
    )


def _reviews():
    return Review.objects.select_related(
        "campaign__organizer", "organization", "secretary", "suggestion", "decision", "letter"
    )


OF_THE_FEEDBACK = {
    "objection_answer": ("异议复核结果告知书", _objections, build_answer),
    "talk_notice": ("约谈提醒通知", Consequence.objects.for_list, build_talk_notice),
    "talk_record": ("约谈提醒谈话记录", Consequence.objects.for_list, build_talk_record),
    "why": ("等次说明", _reviews, build_why),
}
OF_THE_VOTE = {PAPER_BALLOTS: _paper_ballots, TALLY_SHEET: _tally_sheet}
