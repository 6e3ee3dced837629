"""报告要求: what a campaign asks of its reports is set, and shown."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from organizations import trail
from organizations.access import READING, open_to
from organizations.errors import Refused
from organizations.models import Person
from reviews.plan.actions import hold_campaign
from reviews.plan.models import Campaign
from reviews.plan.permissions import CONTENT_OPEN, may_plan, may_read
from reviews.plan.stamp import refuse_stale, stamp_of
from reviews.report.checks.limits import ReportLimits
from reviews.report.limits_form import LimitsForm, changes_between


@transaction.atomic
def set_report_limits(campaign: Campaign, limits: ReportLimits, *, by: Person, seen: str | None = None) -> dict:
    """Change what is asked of the reports. Returns what changed, in words.

    Raises PermissionDenied for others than the clerk, Refused once reports are being written and for a
    stale form: a report is measured by rules that were known before it.
    """
    campaign = hold_campaign(campaign, by=by, open_in=CONTENT_OPEN, part="报告要求")
    refuse_stale(seen, campaign.report_limits)
    changes = changes_between(ReportLimits.from_document(campaign.report_limits), limits)
    if changes:
        campaign.report_limits = limits.to_document()
        campaign.save(update_fields=["report_limits"])
        trail.record("修改报告要求", campaign, by=by, organization=campaign.organizer, changes=changes)
    return changes


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*READING)
def limits(request: HttpRequest, pk: int) -> HttpResponse:
    """报告要求: every threshold of the checks in sentences, with what happens when it is crossed."""
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user).select_related("organizer"), pk=pk)
    is_clerk, writing = may_plan(request.user, campaign), request.method == "POST"
    if not (is_clerk if writing else may_read(request.user, campaign)):
        raise PermissionDenied
    form = LimitsForm(request.POST if writing else None, limits=ReportLimits.from_document(campaign.report_limits))
    if writing and form.is_valid():
        try:
            asked = ReportLimits.from_document(form.document)
            changes = set_report_limits(campaign, asked, seen=request.POST.get("seen"), by=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"已保存，改动 {len(changes)} 项。" if changes else "没有改动。")
            return redirect("report:limits", campaign.pk)
    context = {
        "campaign": campaign,
        "tab": "limits",
        "form": form,
        "may_plan": is_clerk,
        "may_read": True,
        "is_open": campaign.stage in CONTENT_OPEN,
        "seen": stamp_of(campaign.report_limits),
    }
    return render(request, "reviews/report/limits.html", context, status=422 if form.errors else 200)
