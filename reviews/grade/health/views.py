"""测评质量 on screen."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from organizations.access import READING, open_to
from reviews.grade.health import queries
from reviews.grade.permissions import may_read, why_not_yet
from reviews.plan.models import Campaign


@open_to(*READING)
@require_safe
def health(request, pk):
    """One page of a round. Ballots, panels and comments only for who may see the results already."""
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user).select_related("organizer"), pk=pk)
    if not may_read(request.user, campaign):
        raise PermissionDenied
    lack = why_not_yet(request.user, campaign)
    top = queries.top_of(request.user, campaign.organizer)
    context = {
        "campaign": campaign,
        "top": top,
        "lack": lack,
        "rounds": queries.rounds_in(campaign),
        "kinds": queries.overdue_by_kind(campaign),
        "levels": queries.overdue_by_level(top),
    }
    if not lack:
        context["ballots"] = queries.ballots_of(campaign)
        context["spreads"] = queries.spreads_in(campaign)
        context["variety"] = queries.variety_in(campaign)
    return render(request, "reviews/grade/health.html", context)
