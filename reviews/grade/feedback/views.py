"""反馈: the letters of a campaign, and the secretary's own."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from organizations.access import SECRETARY, holds_any, open_to
from organizations.errors import Refused
from organizations.models import Role
from reviews.grade.feedback import actions, queries
from reviews.grade.feedback.forms import LettersForm
from reviews.grade.feedback.models import Letter
from reviews.grade.permissions import may_propose
from reviews.grade.views import campaign_of_grading, refuse_sight
from reviews.plan.models import Stage


@open_to(Role.ORGANIZER, Role.APPROVER, Role.SUPERVISOR)
@require_http_methods(["GET", "POST"])
def letters(request, pk):
    """Preview of all letters, then the button that feeds back; afterwards who has signed."""
    campaign = campaign_of_grading(request, pk)
    refuse_sight(request, campaign)
    if request.method == "POST" and not may_propose(request.user, campaign):
        raise PermissionDenied
    may_send = campaign.stage == Stage.GRADING and may_propose(request.user, campaign)
    form = LettersForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            count = actions.send_letters(campaign, by=request.user, **form.cleaned_data)
        except Refused as refused:
            if not may_send:
                raise  # the page has no form any more to say it in
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"已发出 {count} 份反馈函，问题已列入各人的整改台账。")
            return redirect("grade:letters", pk)
    context = {"campaign": campaign, "form": form, "rows": queries.letter_rows(campaign), "may_send": may_send}
    context["is_approved"] = all(row.is_approved for row in context["rows"])
    context["may_print"] = holds_any(request.user, {Role.ORGANIZER, Role.APPROVER}, campaign.organizer)
    return render(request, "reviews/grade/letters.html", context, status=422 if form.errors else 200)


@open_to(SECRETARY)
@require_GET
def letter(request, pk):
    """The secretary's own letter."""
    return render(request, "reviews/grade/letter.html", _letter_context(_own_letter(request, pk)))


def _own_letter(request, review_pk) -> Letter:
    return get_object_or_404(Letter.objects.filter(review__secretary=request.user).for_print(), review=review_pk)


def _letter_context(letter: Letter) -> dict:
    problems = queries.problems_fed_back([letter])[letter.review_id]
    return {"letter": letter, "review": letter.review, "campaign": letter.review.campaign, "problems": problems}


@open_to(SECRETARY)
@require_POST
def sign(request, pk):
    actions.sign_letter(_own_letter(request, pk), by=request.user)
    messages.success(request, "已签收。请到“整改台账”逐条认领问题。")
    return redirect("grade:letter", pk)
