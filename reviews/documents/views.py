"""材料: the shelf of a campaign's documents, and the button that has one made."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_POST

from organizations.access import SECRETARY, open_to
from reviews.documents.actions import ask_for_document, ask_for_own_letter
from reviews.documents.permissions import MAKERS, may_make
from reviews.documents.shelf import SHELF
from reviews.models import Campaign, Review


@open_to(*MAKERS)
@require_GET
def index(request, pk):
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user).select_related("organizer"), pk=pk)
    if not may_make(request.user, campaign):
        raise PermissionDenied
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
