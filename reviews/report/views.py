"""The pages of a report: written, checked, handed in, compared and read."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organizations.access import READING, SECRETARY, holds_any, open_to
from organizations.errors import Refused
from organizations.models import Person, Role
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
from reviews.report.beside.anchors import ItemLine, item_lines
from reviews.report.beside.answers import AnswerLine, answer_lines, composed
from reviews.report.beside.enclosures import enclosed_in
from reviews.report.forms import SectionsForm
from reviews.report.keeping import set_aside
from reviews.report.marking import Inspection, inspect
from reviews.report.models import Report, ReportVersion, Section
from reviews.report.queries import beginning, compare_texts, report_of, text_for, touched
from reviews.report.tidy import places_in_browser
from reviews.report.vetting.extension import review_due_at, standing_extension
from reviews.report.vetting.rounds import rounds_with_remarks, taken_back_before

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
    answers = answer_lines(report)
    initial = beginning(report, answers) | {"edition": report.edition}
    earlier = earlier_version(request, report)
    if earlier:
        messages.info(request, f"已载入第 {earlier.number} 版的文字，保存后生效。")
        initial |= earlier.sections | {"keep_current": True}
    return writing_page(request, report, SectionsForm(initial=initial), answers=answers)


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
    try:
        report = act(review, sections=form.sections, by=request.user, **chosen(form))
    except Stale as stale:
        return two_texts(request, stale, form)
    except Blocked as blocked:
        form = SectionsForm(with_prior(request, blocked.sections[Section.PRIOR]))
        form.is_valid()
        return writing_page(request, report_of(review), form, status=422, inspection=blocked.outcome, refused=blocked)
    except Refused as refused:
        return writing_page(request, report_of(review), form, status=409, refused=refused)
    messages.success(request, told)
    if act is submit_report:
        return redirect("report:read", report.pk)
    return redirect(next_door(request, review))


def chosen(form: SectionsForm) -> dict:
    """What a save asks for beside the texts, from the form."""
    return {name: form.cleaned_data[name] for name in ("edition", "keep_current")}


def two_texts(request: HttpRequest, stale: Stale, form: SectionsForm) -> HttpResponse:
    """The form came too late: what was typed is kept as a version too, and shown beside what stands."""
    report = stale.report
    aside = set_aside(report.review, sections=form.sections, by=request.user)
    form.data = form.data.copy()
    form.data.update({"edition": report.edition, "keep_current": "on"})
    conflict = compare_texts(report.sections, form.sections)
    stands = {change.name: getattr(report, change.name) for change in conflict.changed}
    told = {"refused": stale, "conflict": conflict, "stands": stands, "aside": aside}
    return writing_page(request, report, form, status=409, **told)


def with_prior(request: HttpRequest, text: str) -> QueryDict:
    """What was typed, with another text in 上年整改情况."""
    typed = request.POST.copy()
    typed[Section.PRIOR.value] = text
    return typed


def next_door(request: HttpRequest, review: Review) -> str:
    """Where the button leads that saved the text on the way: to a page beside the text, else back to it."""
    name, _, key = request.POST.get("to", "").partition("-")
    if name == "answer" and key.isdecimal() and len(key) < 19:
        return reverse("report:answer", args=[review.pk, int(key)])
    if name in {"items", "attach", "annex"} and not key:
        return reverse(f"report:{name}", args=[review.pk])
    return reverse("report:write", args=[review.pk])


@require_POST
@never_cache
@open_to(SECRETARY)
def compose(request: HttpRequest, pk: int) -> HttpResponse:
    """按答复生成文字: 上年整改情况 made of the answers, on the page only; what stood there is shown beneath."""
    review = own_review(request, pk)
    report = report_of(review)
    form = SectionsForm(request.POST)
    if not form.is_valid():
        return writing_page(request, report, form, status=422)
    text, before = composed(answer_lines(report)), form.sections[Section.PRIOR]
    if not text:
        refused = Refused("还没有已保存的答复，不能生成文字。请先逐条答复上年问题。")
        return writing_page(request, report, form, status=409, refused=refused)
    form = SectionsForm(with_prior(request, text))
    form.is_valid()
    messages.info(request, "已按答复生成“上年整改情况”，核对后按“保存”生效。")
    replaced = before if before and before != text else ""
    return writing_page(request, report, form, replaced=replaced)


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
    items = item_lines(report, form.sections)
    context = checks_context(form, review, inspect(review, form.sections), items) | {"is_swapped": True}
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
    return JsonResponse({"edition": report.edition, "saved_at": f"{timezone.localtime():%H:%M}"})


def writing_page(
    request: HttpRequest,
    report: Report,
    form: SectionsForm,
    *,
    status: int = 200,
    inspection: Inspection | None = None,
    answers: list[AnswerLine] | None = None,
    **told,
) -> HttpResponse:
    """The page to write on, with the form as it stands and what the checks say of it."""
    review = report.review
    sections = form.sections if form.is_bound else form.initial
    inspection = inspection or inspect(review, sections)
    answers = answer_lines(report) if answers is None else answers
    items = item_lines(report, sections)
    stands = told.get("stands", {})
    due = review_due_at(review)
    rounds = rounds_with_remarks(report, text=report) if report.pk else []
    context = {
        "report": report,
        "review": review,
        "campaign": review.campaign,
        "form": form,
        "boxes": [(Section(name), form[name], stands.get(name)) for name in Section.values],
        "answers": answers,
        "enclosed": enclosed_in(report, answers=answers, items=items),
        "last_round": rounds[-1] if rounds else None,
        "last_taking": report.takings_back.select_related("by").last() if report.pk else None,
        "due_at": due,
        "extension": standing_extension(review),
        "refusals": form.refusals,
        "is_writable": permissions.may_write(request.user, report),
        "is_over_time": timezone.now() > due,
        "is_fresh": status == 200 and not form.is_bound,
    }
    context |= checks_context(form, review, inspection, items) | told
    return render(request, "reviews/report/write.html", context, status=status)


def checks_context(form: SectionsForm, review: Review, inspection: Inspection, items: list[ItemLine]) -> dict:
    """Figures, findings with their places in the text areas, and the content items with their passages."""
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
        "items": touched(items, sections.get(Section.DUTY, "")),
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
    rounds = rounds_with_remarks(report) if follows else []
    context = {
        "report": report,
        "review": report.review,
        "campaign": report.review.campaign,
        "texts": [(Section(name), body) for name, body in text.sections.items()],
        "enclosed": text.enclosed if isinstance(text, ReportVersion) else enclosed_in(report),
        "rounds": rounds,
        "taken_back": taken_back_before(report, rounds) if follows else [],
        "version": text if isinstance(text, ReportVersion) else None,
        "follows": follows,
        "may_write": permissions.may_write(request.user, report),
        "may_vet": permissions.may_vet(request.user, report),
        "may_recall": permissions.may_recall(request.user, report),
        "may_reopen": permissions.may_reopen(request.user, report),
        "conflict": permissions.conflict_of(request.user, report) if is_to_vet(request.user, report) else "",
        "may_publish": report.state == Report.State.APPROVED
        and permissions.may_publish(request.user, report.review.campaign),
    }
    return render(request, "reviews/report/read.html", context)


def is_to_vet(person: Person, report: Report) -> bool:
    """True if the report waits and the person's role vets it: then a conflict is worth a word."""
    return permissions.waits(report) and holds_any(person, permissions.VETTING, report.review.campaign.organizer)
