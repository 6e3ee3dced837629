"""The desk on screen: what waits for me, and one campaign as a whole."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from organizations.access import EVERYONE, SECRETARY, WRITING, Role, duties_of, open_to
from reviews.desk.permissions import may_organize, sight_of
from reviews.desk.queries import NOT_BEGUN, laggards_for, lines_of, reviews_for_overview, running_campaigns
from reviews.desk.reminders import unseen_for
from reviews.desk.waiting import is_reminded, todos_for
from reviews.documents.permissions import may_make
from reviews.grade.publishing.permissions import is_told
from reviews.plan.models import Campaign, Review, Stage
from reviews.plan.permissions import may_read, may_remind
from reviews.report.models import Report

ROWS = 100
FILTERS = ("words", "state", "mode")


@require_safe
@open_to(EVERYONE)
def workbench(request: HttpRequest) -> HttpResponse:
    """工作台: my errands, my campaigns, and for the clerk whoever is behind."""
    is_clerk = Role.ORGANIZER in duties_of(request.user)
    laggards, behind = laggards_for(request.user) if is_clerk else ([], 0)
    context = {
        "todos": todos_for(request.user),
        "reminders": unseen_for(request.user) if is_reminded(request.user) else [],
        "running": running_campaigns(request.user),
        "is_clerk": is_clerk,
        "laggards": laggards,
        "behind": behind,
    }
    return render(request, "reviews/desk/workbench.html", context)


@require_safe
@open_to(*WRITING, Role.SUPERVISOR, Role.SUPERIOR, SECRETARY)
def overview(request: HttpRequest, pk: int) -> HttpResponse:
    """活动总览: the rail, what waits for me here, every review in one line."""
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user).select_related("organizer"), pk=pk)
    asked = {name: request.GET.get(name, "").strip() for name in FILTERS}
    found = Paginator(reviews_for_overview(campaign, request.user, **asked), ROWS).get_page(request.GET.get("page"))
    sight = sight_of(request.user, campaign)
    context = {
        "campaign": campaign,
        "lines": lines_of(campaign, list(found), sight, request.user),
        "page": found,
        "sight": sight,
        "todos": [todo for todo in todos_for(request.user) if todo.campaign == campaign.pk],
        "asked": asked,
        "is_narrowed": any(asked.values()),
        "states": [(NOT_BEGUN, "未开始"), *Report.State.choices],
        "modes": Review.Mode.choices,
        "may_read": may_read(request.user, campaign),
        "may_organize": may_organize(request.user, campaign),
        "may_remind": may_remind(request.user, campaign),
        "may_make": may_make(request.user, campaign),
        "notice": campaign.is_past(Stage.GRADING) and is_told(request.user, campaign),
    }
    return render(request, "reviews/desk/overview.html", context)
