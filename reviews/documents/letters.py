"""反馈函: one letter a secretary, many letters one PDF (a separate PDF each costs seven times the time)."""

from organizations.errors import Refused
from organizations.jobs import Progress
from reviews.documents.pdf import render_pdf
from reviews.models import Campaign, Letter, Problem


def build_letters(campaign: Campaign, progress: Progress) -> bytes:
    """All letters of a campaign that were sent, one after another, each starting on a right page.

    Raises Refused if none was sent yet.
    """
    letters = Letter.objects.filter(review__campaign=campaign).order_by("review__order")
    return _print(letters, progress)


def build_own_letter(letter: Letter, progress: Progress) -> bytes:
    """One secretary's letter."""
    return _print(Letter.objects.filter(pk=letter.pk), progress)


def _print(letters, progress: Progress) -> bytes:
    letters = list(
        letters.select_related(
            "review__campaign__organizer",
            "review__organization",
            "review__secretary",
            "review__decision",
            "review__suggestion",
        )
    )
    if not letters:
        raise Refused("还没有发出的反馈函。请先在“评定”中研究决定并发出反馈。")
    problems = problems_by_review([letter.review_id for letter in letters])
    pages = []
    for number, letter in enumerate(letters, start=1):
        pages.append({"letter": letter, "review": letter.review, "problems": problems.get(letter.review_id, [])})
        progress(number - 1, len(letters))
    content = render_pdf("reviews/documents/letters.html", {"pages": pages})
    progress(len(letters), len(letters))
    return content


def problems_by_review(reviews: list[int]) -> dict[int, list[Problem]]:
    """The problems on the books of each review, in one query."""
    found: dict[int, list[Problem]] = {}
    for problem in Problem.objects.filter(review__in=reviews).on_the_books().order_by("source", "pk"):
        found.setdefault(problem.review_id, []).append(problem)
    return found
