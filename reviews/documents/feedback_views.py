"""Buttons that have a sheet of the feedback made; it is found under 我的任务."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from organizations.access import READING, SECRETARY, open_to
from organizations.errors import Refused
from reviews.documents.asking import SHEETS, ask_for_sheet
from reviews.grade.consequences.views import HANDLERS as CONSEQUENCE_HANDLERS
from reviews.grade.feedback.objection_views import HANDLERS as OBJECTION_HANDLERS
from reviews.grade.permissions import may_read, why_not_yet
from reviews.models import Consequence, Objection, Review


def _made(request, kind: str, thing):
    """404 for whoever may not have it: that it exists is not his to know."""
    if not SHEETS[kind].is_allowed(request.user, thing):
        raise Http404
    ask_for_sheet(kind, thing, by=request.user)
    return redirect("organizations:jobs")


@open_to(*OBJECTION_HANDLERS, SECRETARY)
@require_POST
def objection_answer(request, pk):
    objections = Objection.objects.select_related("letter__review__campaign__organizer", "letter__review__secretary")
    return _made(request, "objection_answer", get_object_or_404(objections, pk=pk))


@open_to(*CONSEQUENCE_HANDLERS, SECRETARY)
@require_POST
def talk_notice(request, pk):
    return _made(request, "talk_notice", get_object_or_404(Consequence.objects.for_list(), pk=pk))


@open_to(*CONSEQUENCE_HANDLERS, SECRETARY)
@require_POST
def talk_record(request, pk):
    return _made(request, "talk_record", get_object_or_404(Consequence.objects.for_list(), pk=pk))


@open_to(*READING, SECRETARY)
@require_POST
def why(request, pk):
    reviews = Review.objects.visible_to(request.user).select_related(
        "campaign__organizer", "secretary", "letter", "suggestion"
    )
    review = get_object_or_404(reviews, pk=pk)
    if may_read(request.user, review.campaign) and (lack := why_not_yet(request.user, review.campaign)):
        raise Refused(lack)  # as the page itself says; later he may
    return _made(request, "why", review)
