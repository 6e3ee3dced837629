"""调研与平时记录 on screen: the page for a phone, the list of a year, one record."""

from uuid import uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organizations.access import SECRETARY, open_to
from organizations.errors import Refused
from organizations.models import Person
from reviews.ledger.models import Problem
from reviews.plan.models import Review
from reviews.visit import actions, permissions
from reviews.visit.forms import ChangeRecordForm, NewRecordForm, ReasonForm, TextForm
from reviews.visit.models import READERS, WRITERS, VisitPhoto, VisitRecord
from reviews.visit.queries import (
    contact_of,
    figures_of_year,
    find_organizations,
    leaders_near,
    records_for_list,
    records_for_review,
    suggested_organizations,
    years_of,
)

ROWS = 50
FILTERS = ("year", "kind", "words", "who", "waiting")


@require_safe
@open_to(*READERS, SECRETARY)
def list_records(request: HttpRequest) -> HttpResponse:
    """调研与平时记录: the records of a year that the person sees, with the year in figures."""
    asked = {name: request.GET.get(name, "").strip()[:100] for name in FILTERS}
    this_year = timezone.localdate().year
    year = int(asked["year"]) if asked["year"].isdecimal() and len(asked["year"]) == 4 else this_year
    is_all = asked["year"] == "all"
    narrowed = {"kind": asked["kind"], "words": asked["words"], "who": asked["who"], "waiting": bool(asked["waiting"])}
    records = records_for_list(request.user, year=None if is_all else max(year, 1), **narrowed)
    query = request.GET.copy()
    query.pop("page", None)
    works = permissions.works(request.user)
    context = {
        "page": Paginator(records, ROWS).get_page(request.GET.get("page")),
        "asked": asked,
        "year": year,
        "is_all": is_all,
        "years": sorted({this_year, year, *years_of(request.user)}, reverse=True),
        "kinds": VisitRecord.Kind.choices,
        "is_narrowed": any(narrowed.values()),
        "query": query.urlencode(),
        "works": works,
        "writes": permissions.writes(request.user),
        "figures": figures_of_year(request.user, max(year, 1)) if works and not is_all else None,
    }
    return render(request, "reviews/visit/list.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
@open_to(*WRITERS)
def write(request: HttpRequest) -> HttpResponse:
    """The page for a phone: unit, kind, one sentence. Answers in JSON to a page that keeps a draft itself."""
    people = leaders_near(request.user)
    if request.method != "POST":
        initial = {"key": uuid4(), "visited_on": timezone.localdate(), "organization": request.GET.get("organization")}
        initial["leaders"] = [person for person in people if person.pk == request.user.pk]
        return _written(request, NewRecordForm(by=request.user, people=people, initial=initial), 200)
    form = NewRecordForm(request.POST, request.FILES, by=request.user, people=people)
    if not form.is_valid():
        return _written(request, form, 422)
    said = form.cleaned_data
    rest = {name: said[name] for name in ("key", "leaders", "photos", "wants_problem")}
    try:
        record = actions.record_visit(said["organization"], form.words, by=request.user, **rest)
    except Refused as refused:
        form.add_error(None, str(refused))
        return _written(request, form.with_fresh_key(), 409)
    messages.success(request, _saved_words(record))
    url = reverse("visit:detail", args=[record.pk])
    return JsonResponse({"url": url}) if _keeps_draft(request) else redirect(url)


def _keeps_draft(request: HttpRequest) -> bool:
    """True for a page that sends by itself and keeps what it sent until it is told that it arrived."""
    return request.headers.get("Accept") == "application/json"


def _saved_words(record: VisitRecord) -> str:
    if record.problem_id:
        return "已保存，问题已列入整改台账。"
    if record.wants_problem:
        return "已保存。这个单位没有正在进行的活动，问题先记着，活动开始后可在本页列入整改台账。"
    return "已保存。7 天内可以补充、修改。"


def _written(request: HttpRequest, form: NewRecordForm, status: int) -> HttpResponse:
    if status != 200 and _keeps_draft(request):
        lines = [line for lines in form.errors.values() for line in lines]
        return JsonResponse({"errors": lines, "key": str(form["key"].value())}, status=status)
    chosen = str(form["organization"].value() or "")
    suggested = suggested_organizations(request.user, timezone.localdate().year)
    if chosen.isdecimal() and chosen not in {str(each.pk) for each in [*suggested, *form.found]}:
        form.found = [*form.fields["organization"].queryset.filter(pk=chosen[:18]), *form.found]
    context = {"form": form, "suggested": suggested, "chosen": chosen}
    return render(request, "reviews/visit/write.html", context, status=status)


@require_safe
@open_to(*WRITERS)
def organizations(request: HttpRequest) -> HttpResponse:
    """Organizations to choose from whose name holds the words: a piece of the phone's page."""
    words = request.GET.get("organization_name", "").strip()[:100]
    found = find_organizations(request.user, words) if words else []
    return render(request, "reviews/visit/_found.html", {"found": found, "words": words})


@require_safe
@open_to(*READERS, SECRETARY)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One record with its photos, what was changed, what came of it, and what may be done now."""
    return _detail(request, visible_record(request.user, pk), 200)


def _detail(request: HttpRequest, record: VisitRecord, status: int, **typed) -> HttpResponse:
    review = actions.running_review(record.organization)
    person = request.user
    context = {
        "record": record,
        "photos": record.photos.all(),
        "follow_ups": record.follow_ups.select_related("by"),
        "changes": [(change, _in_words(change.before)) for change in record.changes.select_related("by")],
        "may_change": permissions.may_change(person, record),
        "may_withdraw": permissions.may_withdraw(person, record),
        "may_follow_up": permissions.may_follow_up(person, record),
        "may_list": permissions.may_list_problem(person, record, review),
        "review": review,
        "source": Problem.Source.INSPECTION.label,
        **typed,
    }
    return render(request, "reviews/visit/detail.html", context, status=status)


def _in_words(before: dict) -> list[tuple[str, str]]:
    labels = actions.LABELS | {"leaders": "参加的领导", "photos": "照片"}
    kinds = dict(VisitRecord.Kind.choices)
    return [(labels[name], kinds.get(text, text) if name == "kind" else text) for name, text in before.items()]


@never_cache
@require_http_methods(["GET", "POST"])
@open_to(*WRITERS)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Change or complete a record within seven days."""
    record = visible_record(request.user, pk)
    if not permissions.may_change(request.user, record):
        raise PermissionDenied
    posted = request.method == "POST"
    people = Person.objects.filter(
        pk__in=[each.pk for each in (*leaders_near(request.user), *record.leaders.all())]
    ).order_by("name", "pk")
    form = ChangeRecordForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        record=record,
        people=people,
        initial=ChangeRecordForm.starting_from(record),
    )
    status = 422 if posted else 200
    if posted and form.is_valid():
        said = form.cleaned_data
        rest = {name: said[name] for name in ("edition", "leaders", "photos")}
        dropped = [photo.pk for photo in said["dropped"]]
        try:
            actions.change_record(record, form.words, dropped=dropped, by=request.user, **rest)
        except Refused as refused:
            status = 409
            form.add_error(None, str(refused))
        else:
            messages.success(request, "已保存，原来的内容留在修改痕迹里。")
            return redirect("visit:detail", record.pk)
    return render(request, "reviews/visit/change.html", {"form": form, "record": record}, status=status)


@require_http_methods(["GET", "POST"])
@open_to(*WRITERS)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a record back, with a reason."""
    record = visible_record(request.user, pk)
    if not permissions.may_withdraw(request.user, record):
        raise PermissionDenied
    form = ReasonForm(request.POST if request.method == "POST" else None)
    status = 422 if request.method == "POST" else 200
    if form.is_valid():
        try:
            actions.withdraw_record(record, reason=form.cleaned_data["reason"], by=request.user)
        except Refused as refused:
            status = 409
            form.add_error(None, str(refused))
        else:
            messages.success(request, "已撤回。记录仍留在列表里，注明撤回原因，不再计数。")
            return redirect("visit:detail", record.pk)
    return render(request, "reviews/visit/withdraw.html", {"form": form, "record": record}, status=status)


@require_POST
@open_to(*WRITERS)
def share(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the visited secretary read the record, or no longer."""
    record = visible_record(request.user, pk)
    if not permissions.may_share(request.user, record):
        raise PermissionDenied
    shared = request.POST.get("shared") == "1"
    actions.share_record(record, shared=shared, by=request.user)
    messages.success(request, "已告知，被走访单位的书记现在可以看到这条记录。" if shared else "已收回，书记不再看到。")
    return redirect("visit:detail", record.pk)


@require_POST
@open_to(*WRITERS)
def follow_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what came of it."""
    record = visible_record(request.user, pk)
    if not permissions.may_follow_up(request.user, record):
        raise PermissionDenied

    def act(text: str) -> str:
        actions.follow_up(record, text=text, by=request.user)
        return "跟进情况已记下。"

    return _answer(request, record, act, "follow_up_form")


@require_POST
@open_to(*WRITERS)
def list_problem(request: HttpRequest, pk: int) -> HttpResponse:
    """列入整改台账."""
    record = visible_record(request.user, pk)
    if not permissions.may_follow_up(request.user, record):
        raise PermissionDenied
    review = actions.running_review(record.organization)
    if review is None:
        raise Refused("这个单位没有正在进行的述职评议考核活动，暂不能列入整改台账；活动开始后可再列入。")

    def act(text: str) -> str:
        actions.list_problem(record, review, text=text, by=request.user)
        return "已列入整改台账。"

    return _answer(request, record, act, "problem_form")


def _answer(request: HttpRequest, record: VisitRecord, act, name: str) -> HttpResponse:
    """Do the act and show the record; or give the page back as it was typed: 422 by the form, 409 by the act."""
    form = TextForm(request.POST)
    if not form.is_valid():
        return _detail(request, record, 422, **{name: form})
    try:
        messages.success(request, act(form.cleaned_data["text"]))
    except Refused as refused:
        form.add_error("text", str(refused))
        return _detail(request, visible_record(request.user, record.pk), 409, **{name: form})
    return redirect("visit:detail", record.pk)


@require_safe
@open_to(*READERS, SECRETARY)
def photo(request: HttpRequest, pk: int) -> FileResponse:
    """A photo, to whoever may see its record."""
    return _picture(visible_photo(request.user, pk).image)


@require_safe
@open_to(*READERS, SECRETARY)
def thumbnail(request: HttpRequest, pk: int) -> FileResponse:
    """Its small copy."""
    return _picture(visible_photo(request.user, pk).thumbnail)


def _picture(kept) -> FileResponse:
    try:
        response = FileResponse(kept.open("rb"), content_type="image/jpeg")
    except OSError as error:
        raise Refused("照片已不在服务器上，请联系系统管理员从备份中恢复。") from error
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, max-age=3600"
    return response


@require_safe
@open_to(*READERS, SECRETARY)
def of_review(request: HttpRequest, pk: int) -> HttpResponse:
    """The year's records of one review's organization: a piece for other pages by hx-get, else a page of its own."""
    review = get_object_or_404(Review.objects.visible_to(request.user).for_list(), pk=pk)
    context = {
        "review": review,
        "records": records_for_review(request.user, review),
        "contact": contact_of(review.organization, review.campaign.year),
    }
    return render(request, f"reviews/visit/{'_of_review' if request.htmx else 'of_review'}.html", context)


def visible_record(person: Person, pk: int) -> VisitRecord:
    """The record, or 404 if it is not the person's to see."""
    records = VisitRecord.objects.visible_to(person).for_list()
    return get_object_or_404(records.select_related("shared_by", "withdrawn_by"), pk=pk)


def visible_photo(person: Person, pk: int) -> VisitPhoto:
    """The photo, or 404 if its record is not the person's to see."""
    return get_object_or_404(VisitPhoto.objects.filter(record__in=VisitRecord.objects.visible_to(person)), pk=pk)
