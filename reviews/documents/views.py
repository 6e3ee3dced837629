"""材料: the shelf of a campaign's documents, and the button that has one made."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from organizations.access import SECRETARY, Role, open_to
from organizations.errors import Refused
from reviews.ballot.queries import rounds_visible
from reviews.documents.actions import (
    ask_for_document,
    ask_for_minutes,
    ask_for_own_letter,
    ask_for_paper_ballots,
    ask_for_tally_sheet,
    ask_for_visits,
)
from reviews.documents.permissions import MAKERS, SIGNERS, may_make
from reviews.documents.shelf import SHELF
from reviews.grade.permissions import why_not_yet
from reviews.meeting.views import WATCHING
from reviews.models import Campaign, Review, SlipBatch
from reviews.visit.models import READERS


@open_to(*MAKERS)
@require_GET
def index(request, pk):
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user).select_related("organizer"), pk=pk)
    if not may_make(request.user, campaign):
        raise PermissionDenied(why_not_yet(request.user, campaign))
    lines = [{"document": document, "lack": document.lacks(campaign)} for document in SHELF.values()]
    jobs = request.user.jobs.filter(kind="document", asked_for__campaign=campaign.pk)[:10]
    return render(request, "reviews/documents/index.html", {"campaign": campaign, "lines": lines, "jobs": jobs})


@open_to(*MAKERS)
@require_POST
def make(request, pk, kind):
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user).select_related("organizer"), pk=pk)
    ask_for_document(campaign, kind, by=request.user)
    return redirect("documents:index", pk)


@open_to(SECRETARY)
@require_POST
def own_letter(request, pk):
    """The secretary's own letter as PDF."""
    review = get_object_or_404(
        Review.objects.filter(secretary=request.user).select_related("campaign__organizer", "letter"), pk=pk
    )
    ask_for_own_letter(review, by=request.user)
    return redirect("organizations:jobs")


@open_to(Role.ORGANIZER)
@require_POST
def paper_ballots(request, pk):
    """The paper ballots of one batch; ``large``: in large print."""
    rounds = rounds_visible(Campaign.objects.visible_to(request.user))
    batches = SlipBatch.objects.select_related("panel", "round__campaign__organizer")
    batch = get_object_or_404(batches.filter(round__in=rounds), pk=pk)
    ask_for_paper_ballots(batch, is_large=request.POST.get("large") == "1", by=request.user)
    return redirect("organizations:jobs")


@open_to(*SIGNERS)
@require_POST
def tally_sheet(request, pk):
    """计票结果报告单 of one round."""
    round_ = get_object_or_404(rounds_visible(Campaign.objects.visible_to(request.user)), pk=pk)
    ask_for_tally_sheet(round_, by=request.user)
    return redirect("organizations:jobs")


@open_to(*WATCHING)
@require_POST
def minutes(request, pk):
    """会议记录 in force as PDF or Word (``ending``)."""
    campaign = get_object_or_404(
        Campaign.objects.visible_to(request.user).select_related("organizer", "meeting"), pk=pk
    )
    ask_for_minutes(campaign, ending=request.POST.get("ending", ""), by=request.user)
    return redirect("organizations:jobs")


@open_to(*READERS)
@require_POST
def visits(request):
    """The year's visit records as Excel."""
    year = request.POST.get("year", "")
    if not (year.isascii() and year.isdecimal() and len(year) == 4 and int(year)):
        raise Refused("请先选定一个年度，再导出。")
    ask_for_visits(int(year), by=request.user)
    return redirect("organizations:jobs")
