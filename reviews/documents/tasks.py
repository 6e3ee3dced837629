"""Documents in the background: the job names the document, the shelf knows its builder."""

from celery import shared_task

from organizations import jobs
from organizations.jobs import Progress
from reviews.documents.letters import build_own_letter
from reviews.documents.shelf import OWN_LETTER, SHELF, filename_of
from reviews.models import Campaign, Letter


@shared_task
def build_document(job_id: int) -> None:
    """Build the document that a job asks for, and keep its progress on the job itself."""
    jobs.run(job_id, _build)


def _build(asked_for: dict, progress: Progress) -> tuple[str, bytes]:
    if asked_for["kind"] == OWN_LETTER:
        letter = Letter.objects.select_related("review__campaign", "review__secretary").get(pk=asked_for["letter"])
        name = f"{letter.review.campaign.year}-{letter.review.secretary}-反馈函.pdf"
        return name, build_own_letter(letter, progress)
    document = SHELF[asked_for["kind"]]
    campaign = Campaign.objects.select_related("organizer").get(pk=asked_for["campaign"])
    return filename_of(document, campaign), document.build(campaign, progress)
