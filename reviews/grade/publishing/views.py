"""公布: the approver's page with its preview, and the notice as its audience reads it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from organizations.access import READING, SECRETARY, open_to
from organizations.errors import Refused
from organizations.models import Role
from reviews.grade.forms import ReasonForm
from reviews.grade.publishing import actions, permissions
from reviews.grade.publishing.forms import AudienceForm
from reviews.grade.publishing.models import GradeNotice
from reviews.grade.views import campaign_of_grading

READERS = tuple(role for role in Role if role not in (Role.SYS_ADMIN, Role.SEC_ADMIN, Role.AUDIT_ADMIN))


@open_to(*READING)
@require_http_methods(["GET", "POST"])
def publish(request, pk):
    """What would be told and to whom; afterwards what stands, and what was withdrawn."""
    campaign = campaign_of_grading(request, pk)
    if request.method == "POST" and not permissions.may_publish(request.user, campaign):
        raise PermissionDenied
    form = AudienceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        notice = actions.publish_grades(campaign, by=request.user, **form.cleaned_data)
        is_told = notice.audience != GradeNotice.Audience.NOBODY
        messages.success(request, "等次已公布。" if is_told else "已记下：本次等次不公布。")
        return redirect("grade:publish", pk)
    notices = list(campaign.grade_notices.select_related("published_by", "withdrawn_by"))
    standing = next((notice for notice in notices if notice.withdrawn_at is None), None)
    is_time = campaign.stage in actions.AFTER_LETTERS
    context = {
        "campaign": campaign,
        "form": form,
        "standing": standing,
        "withdrawn": [notice for notice in notices if notice.withdrawn_at],
        "lines": actions.lines_of(campaign) if is_time else [],
        "is_time": is_time,
        "has_changed": bool(standing and standing.lines and standing.lines != actions.lines_of(campaign)),
        "waiting": campaign.reviews.filter(letter__objection_until__gte=timezone.localdate()).count(),
        "may_publish": is_time and permissions.may_publish(request.user, campaign),
    }
    return render(request, "reviews/grade/publish.html", context, status=422 if form.errors else 200)


@open_to(Role.APPROVER)
@require_POST
def withdraw(request, pk):
    campaign = campaign_of_grading(request, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise Refused("撤回须写明原因。")
    actions.withdraw_notice(campaign, reason=form.cleaned_data["reason"], by=request.user)
    messages.success(request, "公布已撤回，其他人不再看得到。")
    return redirect("grade:publish", pk)


@open_to(*READERS, SECRETARY)
@require_GET
def notice(request, pk):
    """The notice, to its audience; whoever is not of it finds nothing here."""
    told = get_object_or_404(
        GradeNotice.objects.told_to(request.user).select_related("campaign__organizer"), campaign=pk
    )
    return render(request, "reviews/grade/publish_notice.html", {"notice": told, "campaign": told.campaign})
