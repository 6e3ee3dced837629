"""反馈函: one letter a secretary, many letters one PDF."""

from django.db.models import QuerySet

from organizations.errors import Refused
from organizations.jobs import Progress
from reviews.documents.pdf import render_pdf
from reviews.grade.feedback.queries import problems_fed_back
from reviews.models import Campaign, Letter

TEMPLATE = "reviews/documents/letter.html"


def build_letters(campaign: Campaign, progress: Progress) -> bytes:
    """All letters of a campaign that were sent, one after another, each starting on a right page.

    Raises Refused if none was sent yet.
    """
    return _print(Letter.objects.filter(review__campaign=campaign), progress)


def build_own_letter(letter: Letter, progress: Progress) -> bytes:
    """One secretary's letter."""
    return _print(Letter.objects.filter(pk=letter.pk), progress)


def _print(letters: QuerySet[Letter], progress: Progress) -> bytes:
    letters = list(letters.for_print())
    if not letters:
        raise Refused("还没有发出的反馈函。请先在“评定”中研究决定并发出反馈。")
    problems = problems_fed_back(letters)
    contexts = [
        {"letter": letter, "review": letter.review, "problems": problems[letter.review_id]} for letter in letters
    ]
    return render_pdf(TEMPLATE, contexts, progress)
