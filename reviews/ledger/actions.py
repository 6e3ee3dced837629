"""What is done to a problem of the ledger. The one writer of ``Problem.state``."""

from django.db import transaction

from organizations import trail
from organizations.errors import Refused
from organizations.models import Person
from reviews.ledger.models import Problem
from reviews.plan.models import Review


@transaction.atomic
def open_problem(
    review: Review,
    *,
    source: str,
    text: str,
    by: Person,
    origin: str = "",
    is_common: bool = False,
    state: str = Problem.State.NOTED,
) -> Problem:
    """Put a problem on the books. Called by every later stage; the ledger knows none of them.

    NOTED problems wait for the feedback; OPEN ones are shown to the secretary at once.
    Raises Refused for an empty text.
    """
    if not text.strip():
        raise Refused("问题内容不能为空。")
    problem = Problem.objects.create(
        review=review,
        source=Problem.Source(source),
        text=text.strip(),
        origin=origin.strip(),
        is_common=is_common,
        state=state,
    )
    trail.record(
        "登记问题",
        problem,
        by=by,
        organization=review.campaign.organizer,
        problem=problem.pk,
        source=problem.get_source_display(),
    )
    return problem


@transaction.atomic
def reword_problem(problem: Problem, *, text: str, by: Person) -> None:
    """Correct a problem that has not been fed back yet. Raises Refused afterwards."""
    problem = (
        Problem.objects.select_for_update(of=("self",)).select_related("review__campaign__organizer").get(pk=problem.pk)
    )
    if problem.state != Problem.State.NOTED:
        raise Refused("问题已经反馈，不能再改文字。")
    problem.text = text.strip()
    problem.save(update_fields=["text"])
    trail.record("修改问题", problem, by=by, organization=problem.review.campaign.organizer, problem=problem.pk)


@transaction.atomic
def withdraw_problem(problem: Problem, *, reason: str, by: Person) -> None:
    """Take a problem off the books, with a reason. Raises Refused once it was claimed."""
    problem = (
        Problem.objects.select_for_update(of=("self",)).select_related("review__campaign__organizer").get(pk=problem.pk)
    )
    if problem.state not in {Problem.State.NOTED, Problem.State.OPEN}:
        raise Refused("问题已经认领整改，不能撤回。")
    problem.state = Problem.State.WITHDRAWN
    problem.save(update_fields=["state"])
    trail.record(
        "撤回问题", problem, by=by, organization=problem.review.campaign.organizer, problem=problem.pk, reason=reason
    )


@transaction.atomic
def feed_back_problems(review: Review, *, by: Person) -> int:
    """Show the noted problems of a review to its secretary: from now on they wait to be claimed. Returns how many."""
    count = Problem.objects.filter(review=review, state=Problem.State.NOTED).update(state=Problem.State.OPEN)
    if count:
        trail.record("反馈问题", review, by=by, organization=review.campaign.organizer, count=count)
    return count
