"""上年整改: the problems of earlier years that a report must answer (B6), and the words to begin the answer with."""

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from reviews.ledger.models import Problem
from reviews.ledger.queries import problems_of_last_year
from reviews.plan.models import Review

# What the author must replace; the checks know it as a placeholder, so that no problem stays unanswered.
UNANSWERED = "（待补充）"


def problems_to_answer(review: Review) -> QuerySet[Problem]:
    """Last year's problems, and older ones that are still not closed, newest year first."""
    last_year = Q(review__campaign__year=review.campaign.year - 1)
    return problems_of_last_year(review).filter(last_year | ~Q(state=Problem.State.CLOSED))


def first_words(problems: Iterable[Problem]) -> str:
    """A line a problem to answer, in order; what the ledger knows of a closed one is already said."""
    return "\n".join(f"{number}.{first_word(problem)}" for number, problem in enumerate(problems, start=1))


def first_word(problem: Problem) -> str:
    """“…”: what was done about it, or the mark that the author must replace."""
    named = f"关于“{problem.text.strip().rstrip('。；;')}”的问题："
    if problem.state != Problem.State.CLOSED:
        return named + UNANSWERED
    day = problem.closed_on
    closed = f"已于{day.year}年{day.month}月{day.day}日销号。" if day else "已销号。"
    return named + problem.closing_words.strip() + closed
