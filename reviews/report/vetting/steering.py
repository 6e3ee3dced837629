"""The doors of what goes on around vetting: extensions, opinion templates, taking a report back."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from organizations.access import SECRETARY, holds_any, open_to
from organizations.errors import Refused
from organizations.models import Role
from reviews.plan.models import Campaign, Review, Stage
from reviews.report import permissions
from reviews.report.models import Report
from reviews.report.vetting.extending import extend, withdraw_extension
from reviews.report.vetting.extension import Extension
from reviews.report.vetting.forms import ExtensionForm, OpinionsForm, ReasonForm
from reviews.report.vetting.opinions import PLACEHOLDERS, edition_of, set_templates, templates_of
from reviews.report.vetting.taking_back import recall_report, reopen_report
from reviews.report.views import seen_report


def worked_on(request: HttpRequest, pk: int, roles: set) -> Campaign:
    """A campaign over which the person holds one of the roles: 404 unless his to see, 403 otherwise."""
    campaigns = Campaign.objects.visible_to(request.user).select_related("organizer")
    campaign = get_object_or_404(campaigns, pk=pk)
    if not holds_any(request.user, roles, campaign.organizer):
        raise PermissionDenied
    return campaign


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@open_to(Role.ORGANIZER, Role.APPROVER)
def extensions(request: HttpRequest, pk: int) -> HttpResponse:
    """个别延期: who may hand in later, and more time for others."""
    campaign = worked_on(request, pk, permissions.STEERING)
    waiting = waiting_reviews(campaign, request)
    if request.method != "POST":
        asked = request.GET.get("review", "")
        chosen = [int(asked)] if asked.isdecimal() and len(asked) < 12 else []
        last = max(timezone.localdate(campaign.report_due_at), timezone.localdate())
        initial = {"reviews": chosen, "due_on": min(last + timedelta(days=1), max(last, campaign.meets_on))}
        return extensions_page(request, campaign, ExtensionForm(waiting=waiting, initial=initial))
    form = ExtensionForm(request.POST, waiting=waiting)
    if not form.is_valid():
        return extensions_page(request, campaign, form, status=422)
    try:
        given = extend(
            campaign,
            form.cleaned_data["reviews"],
            due_at=form.due_at,
            reason=form.cleaned_data["reason"],
            by=request.user,
        )
    except Refused as refused:
        form.add_error(None, str(refused))
        return extensions_page(request, campaign, form, status=409)
    messages.success(request, f"已给 {len(given)} 位述职人延期至 {timezone.localtime(form.due_at):%Y-%m-%d %H:%M}。")
    return redirect("report:extend", campaign.pk)


def waiting_reviews(campaign: Campaign, request: HttpRequest) -> list[Review]:
    """Those who still have to hand in; never one's own."""
    reviews = Review.objects.filter(campaign=campaign).exclude(secretary=request.user)
    return list(reviews.exclude(report__state__in=set(Report.State) - Report.WRITABLE).for_list())


def extensions_page(
    request: HttpRequest, campaign: Campaign, form: ExtensionForm, *, status: int = 200
) -> HttpResponse:
    given = Extension.objects.filter(review__campaign=campaign).select_related(
        "review__organization", "review__secretary", "review__report", "by", "withdrawn_by"
    )
    context = {
        "campaign": campaign,
        "form": form,
        "extensions": [(extension, may_withdraw(request, campaign, extension)) for extension in given],
        "is_open": campaign.stage == Stage.REPORTING,
    }
    return render(request, "reviews/report/extensions.html", context, status=status)


def may_withdraw(request: HttpRequest, campaign: Campaign, extension: Extension) -> bool:
    """Still in force, not used, not one's own, and in its time."""
    report = getattr(extension.review, "report", None)
    waits = report is None or report.state in Report.WRITABLE
    is_own = permissions.is_own(request.user, extension.review)
    return extension.withdrawn_at is None and waits and not is_own and campaign.stage == Stage.REPORTING


@require_POST
@open_to(Role.ORGANIZER, Role.APPROVER)
def end_extension(request: HttpRequest, pk: int) -> HttpResponse:
    """取消延期, with a reason."""
    campaigns = Campaign.objects.visible_to(request.user)
    extension = get_object_or_404(
        Extension.objects.select_related("review__campaign__organizer"), pk=pk, review__campaign__in=campaigns
    )
    withdraw_extension(extension, reason=reason_of(request), by=request.user)
    messages.success(request, f"{extension.review}的延期已取消。")
    return redirect("report:extend", extension.review.campaign_id)


def reason_of(request: HttpRequest) -> str:
    """The reason that was typed. Raises Refused when it is too long."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise Refused("".join(form.refusals))
    return form.cleaned_data["reason"]


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@open_to(Role.ORGANIZER, Role.APPROVER, Role.VETTER)
def opinions(request: HttpRequest, pk: int) -> HttpResponse:
    """审核意见模板: one a line, for all campaigns of this organization."""
    campaign = worked_on(request, pk, permissions.VETTING | {Role.ORGANIZER})
    templates = templates_of(campaign.organizer)
    if request.method != "POST":
        initial = {"edition": edition_of(templates), "texts": "\n".join(templates)}
        return opinions_page(request, campaign, OpinionsForm(initial=initial))
    form = OpinionsForm(request.POST)
    if not form.is_valid():
        return opinions_page(request, campaign, form, status=422)
    try:
        kept = set_templates(campaign, form.lines, edition=form.cleaned_data["edition"], by=request.user)
    except Refused as refused:
        form.add_error(None, str(refused))
        return opinions_page(request, campaign, form, status=409)
    messages.success(request, f"模板已保存，共 {len(kept)} 条。")
    return redirect("report:opinions", campaign.pk)


def opinions_page(request: HttpRequest, campaign: Campaign, form: OpinionsForm, *, status: int = 200) -> HttpResponse:
    context = {"campaign": campaign, "form": form, "placeholders": [f"{{{name}}}" for name in PLACEHOLDERS]}
    return render(request, "reviews/report/opinions.html", context, status=status)


@require_POST
@open_to(SECRETARY)
def recall(request: HttpRequest, pk: int) -> HttpResponse:
    """撤回: the author takes his report back before a vetter has decided."""
    report = seen_report(request, pk)
    recall_report(report, reason=reason_of(request), by=request.user)
    messages.success(request, "已撤回，可以修改后重新提交。截止时间之后重新提交的，将注明逾期。")
    return redirect("report:write", report.review_id)


@require_POST
@open_to(Role.VETTER, Role.APPROVER)
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """重新打开: an approved report goes back to its author, with a reason."""
    report = seen_report(request, pk)
    reopen_report(report, reason=reason_of(request), by=request.user)
    messages.success(request, f"{report.review.organization}的报告已退回述职人修改。")
    return redirect("report:read", report.pk)
