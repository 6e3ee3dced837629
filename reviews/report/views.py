"""The pages of a report: written, checked, handed in, compared and read."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organizations.access import READING, SECRETARY, open_to
from organizations.errors import Refused
from organizations.models import Role
from reviews.plan.models import Review
from reviews.report import permissions
from reviews.report.actions import (
    Blocked,
    Stale,
    autosave_report,
    save_report,
    submit_report,
    why_not_written,
)
from reviews.report.answers import answer_lines
from reviews.report.forms import SectionsForm
from reviews.report.marking import Inspection, inspect
from reviews.report.models import Report, ReportVersion, Section
from reviews.report.prior import problems_to_answer
from reviews.report.queries import beginning, changes, report_of, rounds_of, text_for, touched, versions_for
from reviews.report.tidy import places_in_browser

READERS = (SECRETARY, *READING, Role.VETTER, Role.LEADER)


def own_review(request: HttpRequest, pk: int) -> Review:
    """The review whose report the person writes: 404 unless his to see, 403 unless his own."""
    reviews = Review.objects.visible_to(request.user).select_related("campaign__organizer", "organization", "secretary")
    review = get_object_or_404(reviews, pk=pk)
    if review.secretary_id != request.user.pk:
        raise PermissionDenied
    return review


def seen_report(request: HttpRequest, pk: int) -> Report:
    """A report that the person may see at all, or 404."""
    reports = Report.objects.visible_to(request.user).select_related(
        "review__campaign__organizer", "review__organization", "review__secretary"
    )
    return get_object_or_404(reports, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@open_to(SECRETARY)
def write(request: HttpRequest, pk: int) -> HttpResponse:
    """撰写述职报告. ``?version=3`` opens with the text of an earlier version, not yet saved."""
    review = own_review(request, pk)
    if request.method == "POST":
        return keep(request, review, save_report, "已保存。")
    report = report_of(review)
    if not permissions.may_write(request.user, report):
        if report.pk:
            return redirect("report:read", report.pk)
        raise Refused(why_not_written(report))
    initial = beginning(report, answer_lines(report)) | {"edition": report.edition}
    earlier = earlier_version(request, report)
    if earlier:
        messages.info(request, f"已载入第 {earlier.number} 版的文字，保存后生效。")
        initial |= earlier.sections | {"keep_current": True}
    return writing_page(request, report, SectionsForm(initial=initial))


def earlier_version(request: HttpRequest, report: Report) -> ReportVersion | None:
    """The version that the address asks to begin with, if it is one of this report."""
    number = request.GET.get("version", "")
    if not report.pk or not number.isdecimal() or len(number) > 6:
        return None
    return report.versions.filter(number=int(number)).first()


@require_POST
@open_to(SECRETARY)
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """提交: the checks decide; what they stop comes back with the text as it was typed."""
    return keep(request, own_review(request, pk), submit_report, "已提交，等待审核。审核结果会显示在本页和“我的待办”。")


def keep(request: HttpRequest, review: Review, act: Callable, told: str) -> HttpResponse:
    """Save or hand in what was typed; whatever stands in the way, the typed text stays on the page."""
    form = SectionsForm(request.POST)
    if not form.is_valid():
        return writing_page(request, report_of(review), form, status=422)
    options = {"keep_current": form.cleaned_data["keep_current"]} if act is save_report else {}
    try:
        report = act(review, sections=form.sections, edition=form.cleaned_data["edition"], by=request.user, **options)
    except Stale as stale:
        form.data = form.data.copy()
        form.data.update({"edition": stale.report.edition, "keep_current": "on"})
        both = [change for change in changes(stale.report.sections, form.sections) if change.is_changed]
        stands = {change.name: getattr(stale.report, change.name) for change in both}
        told = {"refused": stale, "conflict": both, "stands": stands}
        return writing_page(request, stale.report, form, status=409, **told)
    except Blocked as blocked:
        return writing_page(request, report_of(review), form, status=422, inspection=blocked.outcome, refused=blocked)
    except Refused as refused:
        return writing_page(request, report_of(review), form, status=409, refused=refused)
    messages.success(request, told)
    if act is submit_report:
        return redirect("report:read", report.pk)
    return redirect("report:write", review.pk)


@require_POST
@never_cache
@open_to(SECRETARY)
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """检查: what the checks say of the text as it stands on the page. Writes nothing."""
    review = own_review(request, pk)
    report = report_of(review)
    form = SectionsForm(request.POST)
    status = 200 if form.is_valid() else 422
    if not request.htmx:
        return writing_page(request, report, form, status=status)
    context = checks_context(review, form, inspect(review, form.sections)) | {"is_swapped": True}
    return render(request, "reviews/report/_checks.html", context | {"refusals": form.refusals}, status=status)


@require_POST
@open_to(SECRETARY)
def autosave(request: HttpRequest, pk: int) -> JsonResponse:
    """自动保存: the working text, no version. Answers the page's script."""
    review = own_review(request, pk)
    form = SectionsForm(request.POST)
    if not form.is_valid():
        return JsonResponse({"message": "".join(form.refusals)}, status=422)
    try:
        report = autosave_report(review, sections=form.sections, edition=form.cleaned_data["edition"], by=request.user)
    except Stale as stale:
        told = {"message": str(stale), "edition": stale.report.edition, "sections": stale.report.sections}
        return JsonResponse(told, status=409)
    except Refused as refused:
        return JsonResponse({"message": str(refused)}, status=409)
    return JsonResponse({"edition": report.edition, "saved_at": f"{timezone.localtime():%H:%M:%S}"})


def writing_page(
    request: HttpRequest,
    report: Report,
    form: SectionsForm,
    *,
    status: int = 200,
    inspection: Inspection | None = None,
    **told,
) -> HttpResponse:
    """The page to write on, with the form as it stands and what the checks say of it."""
    review = report.review
    sections = form.sections if form.is_bound else form.initial
    inspection = inspection or inspect(review, sections)
    stands = told.get("stands", {})
    context = {
        "report": report,
        "review": review,
        "campaign": review.campaign,
        "form": form,
        "boxes": [(Section(name), form[name], stands.get(name)) for name in Section.values],
        "problems": problems_to_answer(review),
        "last_round": rounds_of(report).last() if report.pk else None,
        "refusals": form.refusals,
        "is_writable": permissions.may_write(request.user, report),
        "is_over_time": timezone.now() > review.campaign.report_due_at,
        "is_fresh": status == 200 and not form.is_bound,
    }
    context |= checks_context(review, form, inspection) | told
    return render(request, "reviews/report/write.html", context, status=status)


def checks_context(review: Review, form: SectionsForm, inspection: Inspection) -> dict:
    """Figures, findings with their places in the text areas, and the content items touched."""
    places: dict[str, list[int]] = {}
    lines = []
    for mark in inspection.marks:
        if mark.section not in places:
            refused = form.is_bound and mark.section in form.errors
            places[mark.section] = [0] if refused else places_in_browser(str(form[mark.section].value() or ""))
        spots = places[mark.section]
        lines.append((mark, spots[min(mark.start, len(spots) - 1)], spots[min(mark.end, len(spots) - 1)]))
    sections = form.sections if form.is_bound else form.initial
    return {
        "review": review,
        "campaign": review.campaign,
        "inspection": inspection,
        "lines": lines,
        "items": touched(review.campaign.content_items.all(), sections.get(Section.DUTY, "")),
        "is_too_slow": inspection.figures["reading_seconds"] > review.campaign.speaking_minutes * 60,
    }


@require_safe
@never_cache
@open_to(*READERS)
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """阅读: the version handed in; the author sees his working text while he writes."""
    report = seen_report(request, pk)
    if not permissions.may_read(request.user, report):
        if report.state != Report.State.DRAFT:
            raise Refused("这份报告还没有审核通过，通过后才能阅读。")
        raise PermissionDenied
    text = text_for(request.user, report)
    if text is None:
        raise Refused("这份报告还没有提交过，暂无内容可读。")
    follows = permissions.may_follow(request.user, report)
    context = {
        "report": report,
        "review": report.review,
        "campaign": report.review.campaign,
        "texts": [(Section(name).label, body) for name, body in text.sections.items()],
        "rounds": rounds_of(report) if follows else [],
        "version": text if isinstance(text, ReportVersion) else None,
        "follows": follows,
        "may_write": permissions.may_write(request.user, report),
        "may_vet": permissions.may_vet(request.user, report),
    }
    return render(request, "reviews/report/read.html", context)


@require_safe
@open_to(*READERS)
def versions(request: HttpRequest, pk: int) -> HttpResponse:
    """版本: what was kept, newest first."""
    report = followed_report(request, pk)
    context = {
        "report": report,
        "review": report.review,
        "campaign": report.review.campaign,
        "versions": versions_for(request.user, report),
        "may_write": permissions.may_write(request.user, report),
    }
    return render(request, "reviews/report/versions.html", context)


@require_safe
@open_to(*READERS)
def version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One version, and what changed since the one before it, or since ``?against=2``."""
    report = followed_report(request, pk)
    seen = versions_for(request.user, report)
    this = get_object_or_404(seen, number=number)
    before = compared_with(request, seen, this)
    context = {
        "report": report,
        "review": report.review,
        "campaign": report.review.campaign,
        "version": this,
        "before": before,
        "others": seen.exclude(pk=this.pk),
        "changes": changes(before.sections if before else this.sections, this.sections),
        "may_write": permissions.may_write(request.user, report),
    }
    return render(request, "reviews/report/version.html", context)


def compared_with(request: HttpRequest, seen, this: ReportVersion) -> ReportVersion | None:
    """The version that the address names, else the one before. 404 for one that is not there."""
    against = request.GET.get("against", "")
    if not against:
        return seen.filter(number__lt=this.number).first()
    if not against.isdecimal() or len(against) > 6:
        raise Http404
    return get_object_or_404(seen, number=int(against))


def followed_report(request: HttpRequest, pk: int) -> Report:
    """A report whose versions the person may see: 404 unless his to see, 403 unless he follows it."""
    report = seen_report(request, pk)
    if not permissions.may_follow(request.user, report):
        raise PermissionDenied
    return report
