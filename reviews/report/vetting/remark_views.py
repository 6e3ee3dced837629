"""The doors of remarks: a vetter notes, drops and settles; the author answers."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from organizations.access import SECRETARY, open_to
from organizations.errors import Refused
from organizations.models import Role
from reviews.report.forms import VettingForm
from reviews.report.marking import recall
from reviews.report.models import Report, Section
from reviews.report.vetting.forms import RemarkForm, ReplyForm
from reviews.report.vetting.models import Remark
from reviews.report.vetting.remarking import add_remark, answer_remark, drop_remark, settle_remark
from reviews.report.vetting.rounds import pending_remarks
from reviews.report.vetting.views import texts_with_margin, vetted_report, vetting_page


@require_POST
@never_cache
@open_to(Role.VETTER, Role.APPROVER)
def remark(request: HttpRequest, pk: int) -> HttpResponse:
    """旁批: note something at a passage. What was typed as opinion stays on the page."""
    report = vetted_report(request, pk)
    form = RemarkForm(request.POST)
    if not form.is_valid():
        return answered(request, report, form, status=422)
    try:
        add_remark(
            report,
            by=request.user,
            text=form.cleaned_data["remark"],
            **{name: form.cleaned_data[name] for name in ("version", "section", "quote", "occurrence")},
        )
    except Refused as refused:
        form.add_error(None, str(refused))
        return answered(request, report, form, status=409)
    return answered(request, report, RemarkForm())


def answered(request: HttpRequest, report: Report, form: RemarkForm, *, status: int = 200) -> HttpResponse:
    """The remarks and the marked text in place, or the whole page with the half-written opinion on it."""
    version = report.handed_in
    if not request.htmx or version is None:
        typed = {name: request.POST.get(name, "") for name in ("version", "opinion")}
        return vetting_page(request, report, VettingForm(initial=typed), remark_form=form, status=status)
    inspection, remarks = recall(version.figures, version.findings), pending_remarks(report)
    context = {
        "report": report,
        "version": version,
        "remark_form": form,
        "sections": Section,
        "remarks": remarks,
        "inspection": inspection,
        "texts": texts_with_margin(version, inspection, remarks),
        "is_swapped": True,
    }
    return render(request, "reviews/report/_remarking.html", context, status=status)


@require_POST
@open_to(Role.VETTER, Role.APPROVER)
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one's own remark back before it was sent."""
    remark = seen_remark(request, pk)
    report = vetted_report(request, remark.version.report_id)
    drop_remark(remark, by=request.user)
    return answered(request, report, RemarkForm())


@require_POST
@open_to(Role.VETTER, Role.APPROVER)
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """认可: a remark of an earlier round is dealt with, or after all is not."""
    remark = seen_remark(request, pk)
    report = vetted_report(request, remark.version.report_id)
    settle_remark(remark, is_settled=request.POST.get("settled") == "1", by=request.user)
    return answered(request, report, RemarkForm())


@require_POST
@open_to(SECRETARY)
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """回应: the author says what he changed, or why not."""
    remark = get_object_or_404(
        Remark.objects.select_related("version__report__review"),
        pk=pk,
        vetting__isnull=False,
        version__report__review__secretary=request.user,
    )
    form = ReplyForm(request.POST)
    if not form.is_valid():
        raise Refused("".join(form.refusals))
    answer_remark(remark, reply=form.cleaned_data["reply"], by=request.user)
    if request.htmx:
        return HttpResponse("已保存。", content_type="text/plain; charset=utf-8")
    messages.success(request, "回应已保存，随报告一起提交给审核人。")
    return redirect("report:write", remark.version.report.review_id)


def seen_remark(request: HttpRequest, pk: int) -> Remark:
    """A remark on a report that the person may see, or 404."""
    return get_object_or_404(
        Remark.objects.select_related("version__report__review"),
        pk=pk,
        version__report__in=Report.objects.visible_to(request.user),
    )
