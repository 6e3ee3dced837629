"""The pages beside the text: answers to old problems, content items, attachments, the data annex.

Each has its own address, so that the form of the text and theirs never carry each other's words. With the
page's script a row comes back for a row; without it every form ends on a page.
"""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organizations.access import SECRETARY, open_to
from organizations.errors import Refused
from reviews.ledger.evidence import handed_out
from reviews.plan.models import Review
from reviews.report import permissions
from reviews.report.actions import why_not_written
from reviews.report.beside.actions import (
    anchor_item,
    answer_problem,
    attach_files,
    detach_file,
    drop_annex,
    fill_annex,
    untick_item,
)
from reviews.report.beside.anchors import SHORTEST_QUOTE, ItemLine, item_lines
from reviews.report.beside.answers import AnswerLine, answer_lines
from reviews.report.beside.enclosures import annex_before, annex_of, may_open
from reviews.report.beside.forms import AnchorForm, AnnexForm, AnswerForm, FilesForm
from reviews.report.checks.check import ReportLimits
from reviews.report.models import Attachment, Report, Section
from reviews.report.queries import report_of
from reviews.report.tidy import tidy
from reviews.report.views import READERS, own_review


def writable_report(request: HttpRequest, pk: int) -> Report:
    """The person's own report, to be written now: 404, 403 or Refused else."""
    report = report_of(own_review(request, pk))
    if not permissions.may_write(request.user, report):
        raise Refused(why_not_written(report))
    return report


def names(review: Review) -> dict:
    return {"review": review, "campaign": review.campaign, "is_writable": True}


# Answers


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@open_to(SECRETARY)
def answer(request: HttpRequest, pk: int, problem: int) -> HttpResponse:
    """整改答复 to one problem: a row for a row, or the page of all with this one open."""
    report = writable_report(request, pk)
    line = line_of(report, problem)
    if request.method != "POST":
        if request.htmx and request.GET.get("show") == "row":
            return row_of(request, report, problem)
        return answering_page(request, report, line, AnswerForm(line=line))
    form = AnswerForm(request.POST, request.FILES, line=line)
    if not form.is_valid():
        return answering_page(request, report, line, form, status=422)
    try:
        answer_problem(report.review, line.problem, by=request.user, **form.cleaned_data)
    except Refused as refused:
        form.add_error(None, str(refused))
        line = line_of(report, problem)
        form.see(line)
        return answering_page(request, report, line, form, status=409)
    if request.htmx:
        return row_of(request, report, problem)
    messages.success(request, f"第 {line.number} 条已答复。")
    return redirect(next_answer(report_of(report.review)))


def line_of(report: Report, problem: int) -> AnswerLine:
    """The line of one problem, or 404 if this report has not to answer it."""
    for line in answer_lines(report):
        if line.problem.pk == problem:
            return line
    raise Http404


def row_of(request: HttpRequest, report: Report, problem: int) -> HttpResponse:
    """The saved row, and the count of what is left."""
    report = report_of(report.review)
    lines = answer_lines(report)
    line = next(line for line in lines if line.problem.pk == problem)
    context = {"line": line, "answers": lines, "is_beside_text": True, "is_swapped": True, **names(report.review)}
    return render(request, "reviews/report/_answered.html", context)


def next_answer(report: Report) -> str:
    """Where to go on: the next problem that lacks something, or back to the report."""
    for line in answer_lines(report):
        if line.lack:
            return reverse("report:answer", args=[report.review_id, line.problem.pk])
    return reverse("report:write", args=[report.review_id])


def answering_page(
    request: HttpRequest, report: Report, line: AnswerLine, form: AnswerForm, *, status: int = 200
) -> HttpResponse:
    context = {"line": line, "problem": line.problem, "form": form, **names(report.review)}
    if request.htmx:
        return render(request, "reviews/report/_answer_form.html", context, status=status)
    return render(request, "reviews/report/answer.html", context | {"answers": answer_lines(report)}, status=status)


# Content items


@require_safe
@never_cache
@open_to(SECRETARY)
def items(request: HttpRequest, pk: int) -> HttpResponse:
    """考核内容对照 without the page's script: tick, choose the section, copy the first words."""
    return items_page(request, writable_report(request, pk))


@require_POST
@never_cache
@open_to(SECRETARY)
def anchor(request: HttpRequest, pk: int, item: int) -> HttpResponse:
    """Tick an item and anchor it, or take the tick away."""
    report = writable_report(request, pk)
    this = get_object_or_404(report.review.campaign.content_items, pk=item)
    form = AnchorForm(request.POST)
    typed = typed_sections(request)
    status, refusal = 200, ""
    try:
        if request.POST.get("untick"):
            untick_item(report.review, this, by=request.user)
        elif not form.is_valid():
            status, refusal = 422, "".join(message for told in form.errors.values() for message in told)
        elif request.htmx and not form.cleaned_data["quote"]:
            status, refusal = 422, "请先在文字框中选中写到这一项的文字，再按“关联”。"
        else:
            anchor_item(report.review, this, by=request.user, sections=typed, **form.cleaned_data)
    except Refused as refused:
        status, refusal = 409, str(refused)
    report = report_of(report.review)
    if request.htmx:
        line = next(line for line in item_lines(report, typed or report.sections) if line.item.pk == item)
        context = {"line": line, "refused": refusal, **names(report.review)}
        return render(request, "reviews/report/_item.html", context, status=status)
    if status != 200:
        form.is_valid()
        form.add_error(None, refusal)
        return items_page(request, report, refused=(item, form), status=status)
    return redirect(f"{reverse('report:items', args=[pk])}#item-{item}")


def typed_sections(request: HttpRequest) -> dict[str, str] | None:
    """The text as the writing page shows it, where it was sent along; it may be newer than what was saved."""
    if not all(name in request.POST for name in Section.values):
        return None
    return {name: tidy(request.POST[name]) for name in Section.values}


def items_page(
    request: HttpRequest, report: Report, *, refused: tuple[int, Form] | None = None, status: int = 200
) -> HttpResponse:
    def form_of(line: ItemLine) -> AnchorForm:
        if refused and refused[0] == line.item.pk:
            return refused[1]
        begun = {"section": line.section or Section.DUTY.value, "quote": line.quote}
        return AnchorForm(initial=begun, auto_id=f"id_{line.item.pk}_%s")

    rows = [(line, form_of(line)) for line in item_lines(report, report.sections)]
    context = {"rows": rows, "shortest": SHORTEST_QUOTE, **names(report.review)}
    return render(request, "reviews/report/items.html", context, status=status)


# Attachments


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@open_to(SECRETARY)
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    """佐证材料: what is there, and more of it."""
    report = writable_report(request, pk)
    if request.method != "POST":
        return files_page(request, report, FilesForm())
    form = FilesForm(request.POST, request.FILES)
    if not form.is_valid():
        return files_page(request, report, form, status=422)
    try:
        made = attach_files(report.review, form.cleaned_data["files"], by=request.user)
    except Refused as refused:
        form.add_error(None, str(refused))
        return files_page(request, report, form, status=409)
    return after_files(request, report, f"已上传 {len(made)} 个文件。")


@require_POST
@open_to(SECRETARY)
def detach(request: HttpRequest, pk: int) -> HttpResponse:
    """移除 a file from the draft."""
    file = get_object_or_404(visible_files(request), pk=pk)
    if file.report.review.secretary_id != request.user.pk:
        raise PermissionDenied
    detach_file(file, by=request.user)
    return after_files(request, file.report, f"已移除“{file.name}”。")


def after_files(request: HttpRequest, report: Report, told: str) -> HttpResponse:
    if request.htmx:
        return files_page(request, report_of(report.review), FilesForm())
    messages.success(request, told)
    return redirect("report:attach", report.review_id)


def files_page(request: HttpRequest, report: Report, form: FilesForm, *, status: int = 200) -> HttpResponse:
    files = []
    if report.pk:
        files = report.attachments.filter(is_removed=False).select_related("answer__problem")
    page = "_attach" if request.htmx else "attach"
    context = {"files": files, "form": form, **names(report.review)}
    return render(request, f"reviews/report/{page}.html", context, status=status)


def visible_files(request: HttpRequest):
    """The files of every report that the person may see at all."""
    files = Attachment.objects.select_related("report__review__campaign__organizer", "report__review__secretary")
    return files.filter(report__in=Report.objects.visible_to(request.user))


@require_safe
@never_cache
@open_to(*READERS)
def attachment(request: HttpRequest, pk: int) -> FileResponse:
    """One file, to whoever may read it; always saved, never shown inside the page."""
    file = get_object_or_404(visible_files(request), pk=pk)
    if not may_open(request.user, file):
        raise PermissionDenied
    return handed_out(file.file, file.name)


# The data annex


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@open_to(SECRETARY)
def annex(request: HttpRequest, pk: int) -> HttpResponse:
    """数据附表: typed in, or begun from last year's."""
    report = writable_report(request, pk)
    if request.method != "POST":
        return annex_page(request, report, begun_annex(report))
    if request.POST.get("drop"):
        return done(request, pk, lambda: drop_annex(report.review, by=request.user), "本次不附数据附表。")
    form = AnnexForm(request.POST)
    if not form.is_valid():
        return annex_page(request, report, form, status=422)
    return done(request, pk, lambda: fill_annex(report.review, cells=form.cells, by=request.user), "数据附表已保存。")


def done(request: HttpRequest, pk: int, act: Callable, told: str) -> HttpResponse:
    act()
    messages.success(request, told)
    return redirect("report:write", pk)


def begun_annex(report: Report) -> AnnexForm:
    """The kept cells; else last year's to begin with; else empty ones."""
    cells = annex_of(report)
    form = AnnexForm(initial=annex_before(report.review) if cells is None else cells)
    return form


def annex_page(request: HttpRequest, report: Report, form: AnnexForm, *, status: int = 200) -> HttpResponse:
    is_kept = annex_of(report) is not None
    context = {
        "form": form,
        "totals": form.totals,
        "groups": form.groups,
        "is_kept": is_kept,
        "is_from_last_year": not is_kept and not form.is_bound and bool(form.initial),
        "is_asked": ReportLimits.from_document(report.review.campaign.report_limits).annex_must_be_filled,
        **names(report.review),
    }
    return render(request, "reviews/report/annex.html", context, status=status)
