"""The pages of vetting: the queue of a campaign, one report with its margin, and the verdict."""

from dataclasses import dataclass

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
from reviews.plan.models import Campaign
from reviews.plan.permissions import may_remind
from reviews.report import permissions
from reviews.report.actions import vet_report
from reviews.report.forms import VettingForm
from reviews.report.marking import Inspection, Mark, recall
from reviews.report.models import Report, ReportVersion, Section, Vetting
from reviews.report.prior import problems_to_answer
from reviews.report.queries import changes
from reviews.report.vetting.extension import review_due_at
from reviews.report.vetting.forms import RemarkForm
from reviews.report.vetting.margin import Run, runs
from reviews.report.vetting.models import Remark
from reviews.report.vetting.opinions import filled, templates_of
from reviews.report.vetting.queue import FILTERS, SORTS, chosen, counts_of, neighbours, queue_of
from reviews.report.vetting.rounds import open_remarks, pending_remarks, rounds_with_remarks
from reviews.report.views import seen_report


@require_safe
@open_to(*READING, Role.VETTER)
def vet_list(request: HttpRequest, pk: int) -> HttpResponse:
    """待审核: every report of a campaign, where it stands, and which wait for this person."""
    campaigns = Campaign.objects.visible_to(request.user).select_related("organizer")
    campaign = get_object_or_404(campaigns, pk=pk)
    if not holds_any(request.user, READING | permissions.VETTING, campaign.organizer):
        raise PermissionDenied
    lines = queue_of(campaign, request.user)
    counts = counts_of(lines)
    state, sort = request.GET.get("state", ""), request.GET.get("sort", "")
    state = state if state in FILTERS else ""
    sort = sort if sort in SORTS else ""
    mine = [line for line in lines if line.waits_for_me]
    context = {
        "campaign": campaign,
        "rows": chosen(lines, state=state, sort=sort),
        "total": len(lines),
        "tabs": [(name, label, counts[name]) for name, label in FILTERS.items()],
        "sorts": SORTS,
        "state": state,
        "sort": sort,
        "handed_in": sum(line.is_handed_in for line in lines),
        "late": sum(line.is_late for line in lines),
        "for_me": len(mine),
        "first": mine[0].report if mine else None,
        "is_over_time": timezone.now() > campaign.report_due_at,
        "may_remind": may_remind(request.user, campaign),
        "may_extend": permissions.may_extend(request.user, campaign),
        "may_edit_opinions": permissions.may_edit_opinions(request.user, campaign),
        "may_publish": permissions.may_publish(request.user, campaign),
    }
    return render(request, "reviews/report/vet_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@open_to(Role.VETTER, Role.APPROVER)
def vet(request: HttpRequest, pk: int) -> HttpResponse:
    """审核把关: read with findings and remarks in place, then approve or give back with reasons."""
    report = vetted_report(request, pk)
    if request.method != "POST":
        if not permissions.may_vet(request.user, report):
            return redirect("report:read", report.pk)
        return vetting_page(request, report, VettingForm(initial={"version": report.handed_in.number}))
    form = VettingForm(request.POST)
    if not form.is_valid():
        return vetting_page(request, report, form, status=422)
    try:
        vetting = vet_report(report, by=request.user, **asked_of(form))
    except Refused as refused:
        form.add_error(None, str(refused))
        return vetting_page(request, seen_report(request, pk), form, status=409)
    messages.success(request, f"{report.review.organization}：{vetting.get_verdict_display()}，意见已保存。")
    _, following = neighbours(request.user, report)
    return redirect("report:vet", following.pk) if following else redirect("report:vet_list", report.review.campaign_id)


def vetted_report(request: HttpRequest, pk: int) -> Report:
    """A report that the person vets: 404 unless his to see, 403 with the reason in words unless he may."""
    report = seen_report(request, pk)
    if not permissions.is_vetter(request.user, report):
        raise PermissionDenied(permissions.conflict_of(request.user, report))
    return report


def asked_of(form: VettingForm) -> dict:
    """What ``vet_report`` asks for, from the form."""
    return {name: form.cleaned_data[name] for name in ("version", "verdict", "opinion")}


def vetting_page(
    request: HttpRequest,
    report: Report,
    form: VettingForm,
    *,
    remark_form: RemarkForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page to vet on; the text is the version handed in last, never the author's working text."""
    version = report.handed_in
    if version is None:
        raise Refused("这份报告还没有提交，不能审核。")
    rounds = rounds_with_remarks(report)
    before = rounds[-1].version if rounds and rounds[-1].version.pk != version.pk else None
    seen = Problem.objects.visible_to(request.user).order_by().values("pk")
    inspection = recall(version.figures, version.findings)
    remarks = pending_remarks(report)
    previous, following = neighbours(request.user, report)
    campaign = report.review.campaign
    due = timezone.localtime(review_due_at(report.review))
    context = {
        "report": report,
        "review": report.review,
        "campaign": campaign,
        "version": version,
        "form": form,
        "remark_form": remark_form or RemarkForm(),
        "sections": Section,
        "inspection": inspection,
        "texts": texts_with_margin(version, inspection, remarks),
        "remarks": remarks,
        "open_remarks": open_remarks(report, version),
        "problems": problems_to_answer(report.review).filter(pk__in=seen),
        "rounds": rounds,
        "before": before,
        "changes": [each for each in changes(before.sections, version.sections) if each.is_changed] if before else [],
        "previous": previous,
        "following": following,
        "may_vet": permissions.may_vet(request.user, report),
        "verdicts": Vetting.Verdict,
        "templates": filled(
            templates_of(campaign.organizer), report, version, f"{due.year}年{due.month}月{due.day}日 {due:%H:%M}"
        ),
    }
    return render(request, "reviews/report/vet.html", context, status=status)


@dataclass(frozen=True, slots=True)
class Marked:
    """A run of the text with its finding, and the borders that stand before it, each with its number."""

    run: Run
    mark: Mark | None
    borders: list[tuple[int, Mark]]


def texts_with_margin(
    version: ReportVersion, inspection: Inspection, remarks: list[Remark]
) -> list[tuple[Section, list[Marked]]]:
    """The sections cut where findings and remarks begin and end, both by their numbers on the page."""
    marks = dict(enumerate(inspection.marks, start=1))
    noted = [(number, one) for number, one in enumerate(remarks, start=1) if one.version_id == version.pk]
    texts = []
    for name, body in version.sections.items():
        here = [(number, mark) for number, mark in marks.items() if mark.section == name]
        found = [(number, mark) for number, mark in here if not mark.is_line and mark.start < mark.end]
        borders = [(number, mark.start) for number, mark in here if mark.is_line]
        cut = runs(body, found, [(number, one) for number, one in noted if one.section == name], borders)
        pieces = [Marked(run, marks.get(run.finding), [(n, marks[n]) for n in run.borders]) for run in cut]
        texts.append((Section(name), pieces))
    return texts
