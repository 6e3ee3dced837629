"""The pages of vetting: the queue of a campaign, one report with its marks, and the verdict."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from organizations.access import READING, holds_any, open_to
from organizations.errors import Refused
from organizations.models import Role
from reviews.ledger.models import Problem
from reviews.plan.models import Campaign, Stage
from reviews.report import permissions
from reviews.report.actions import vet_report
from reviews.report.forms import VettingForm
from reviews.report.marking import Inspection, recall, runs
from reviews.report.models import Report, ReportVersion, Section, Vetting
from reviews.report.prior import problems_to_answer
from reviews.report.queries import changes, next_to_vet, rounds_of, vetting_list
from reviews.report.views import seen_report


@require_safe
@open_to(*READING, Role.VETTER)
def vet_list(request: HttpRequest, pk: int) -> HttpResponse:
    """审核: every report of a campaign, where it stands, and which wait for this person."""
    campaigns = Campaign.objects.visible_to(request.user).select_related("organizer")
    campaign = get_object_or_404(campaigns, pk=pk)
    if not holds_any(request.user, READING | permissions.VETTING, campaign.organizer):
        raise PermissionDenied
    lines = vetting_list(campaign)
    vets_here = holds_any(request.user, permissions.VETTING, campaign.organizer) and campaign.stage == Stage.REPORTING
    rows = []
    for line in lines:
        waits = line.report is not None and line.report.state == Report.State.SUBMITTED
        own = line.review.secretary_id == request.user.pk
        rows.append((line, vets_here and waits and not own, own))
    context = {
        "campaign": campaign,
        "rows": rows,
        "handed_in": sum(line.is_handed_in for line in lines),
        "for_me": sum(is_mine for _, is_mine, _ in rows),
        "is_over_time": timezone.now() > campaign.report_due_at,
    }
    return render(request, "reviews/report/vet_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@open_to(Role.VETTER, Role.APPROVER)
def vet(request: HttpRequest, pk: int) -> HttpResponse:
    """审核把关: read with the findings in place, then approve or give back with reasons."""
    report = seen_report(request, pk)
    if not permissions.is_vetter(request.user, report):
        raise PermissionDenied
    if request.method != "POST":
        if not permissions.may_vet(request.user, report):
            return redirect("report:read", report.pk)
        return vetting_page(request, report, VettingForm(initial={"version": report.handed_in.number}))
    form = VettingForm(request.POST)
    if not form.is_valid():
        return vetting_page(request, report, form, status=422)
    try:
        vetting = vet_report(report, by=request.user, **chosen(form))
    except Refused as refused:
        form.add_error(None, str(refused))
        return vetting_page(request, seen_report(request, pk), form, status=409)
    messages.success(request, f"{report.review.organization}：{vetting.get_verdict_display()}，意见已保存。")
    following = next_to_vet(request.user, report)
    return redirect("report:vet", following.pk) if following else redirect("report:vet_list", report.review.campaign_id)


def chosen(form: VettingForm) -> dict:
    """What ``vet_report`` asks for, from the form."""
    return {name: form.cleaned_data[name] for name in ("version", "verdict", "opinion")}


def vetting_page(request: HttpRequest, report: Report, form: VettingForm, *, status: int = 200) -> HttpResponse:
    """The page to vet on; the text is the version handed in last, never the author's working text."""
    version = report.handed_in
    if version is None:
        raise Refused("这份报告还没有提交，不能审核。")
    rounds = list(rounds_of(report))
    before = rounds[-1].version if rounds and rounds[-1].version_id != version.pk else None
    seen = Problem.objects.visible_to(request.user).order_by().values("pk")
    inspection, texts = marked(version)
    context = {
        "report": report,
        "review": report.review,
        "campaign": report.review.campaign,
        "version": version,
        "form": form,
        "inspection": inspection,
        "texts": texts,
        "problems": problems_to_answer(report.review).filter(pk__in=seen),
        "rounds": rounds,
        "before": before,
        "changes": [each for each in changes(before.sections, version.sections) if each.is_changed] if before else [],
        "following": next_to_vet(request.user, report),
        "may_vet": permissions.may_vet(request.user, report),
        "verdicts": Vetting.Verdict,
    }
    return render(request, "reviews/report/vet.html", context, status=status)


def marked(version: ReportVersion) -> tuple[Inspection, list[tuple[Section, list]]]:
    """The inspection kept with a version, and its sections cut at the marks, each mark with its number."""
    inspection = recall(version.figures, version.findings)
    numbers = {id(mark): number for number, mark in enumerate(inspection.marks, start=1)}
    texts = []
    for name, body in version.sections.items():
        own = [mark for mark in inspection.marks if mark.section == name and (mark.is_line or mark.start < mark.end)]
        texts.append((Section(name), [(piece, mark, numbers.get(id(mark))) for piece, mark in runs(body, own)]))
    return inspection, texts
