"""Documents in the background: the job names the document, the shelf knows its builder."""

from celery import shared_task

from organizations import jobs
from organizations.jobs import Progress
from organizations.models import Person
from reviews.documents.letters import build_own_letter
from reviews.documents.paper_ballot import build_paper_ballots
from reviews.documents.shelf import OWN_LETTER, PAPER_BALLOTS, SHELF, TALLY_SHEET, VISIT_SHEET, filename_of, named
from reviews.documents.tally_sheet import build_tally_sheet
from reviews.documents.visit_sheet import build_visit_sheet
from reviews.models import Campaign, Letter, Round, SlipBatch


@shared_task
def build_document(job_id: int) -> None:
    """Build the document that a job asks for, and keep its progress on the job itself."""
    jobs.run(job_id, _build)


def _build(asked_for: dict, progress: Progress) -> tuple[str, bytes]:
    if asked_for["kind"] == OWN_LETTER:
        letter = Letter.objects.select_related("review__campaign", "review__secretary").get(pk=asked_for["letter"])
        name = f"{letter.review.campaign.year}-{letter.review.secretary}-反馈函.pdf"
        return name, build_own_letter(letter, progress)
    if asked_for["kind"] in OF_THE_VOTE:
        return OF_THE_VOTE[asked_for["kind"]](asked_for, progress)
    if asked_for["kind"] == VISIT_SHEET:
        person, year = Person.objects.get(pk=asked_for["person"]), asked_for["year"]
        return f"{year}-调研与平时记录.xlsx", build_visit_sheet(person, year, progress)
    document = SHELF[asked_for["kind"]]
    campaign = Campaign.objects.select_related("organizer").get(pk=asked_for["campaign"])
    return filename_of(document, campaign), document.build(campaign, progress)


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


OF_THE_VOTE = {PAPER_BALLOTS: _paper_ballots, TALLY_SHEET: _tally_sheet}
