"""联系点 on screen: the list of a year, one set by hand, a table pasted."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organizations.access import Role, open_to, reach
from organizations.errors import Refused
from reviews.visit.contacts import import_contacts, read_table, remove_contact, set_contact
from reviews.visit.forms import ContactForm, ContactTableForm
from reviews.visit.models import READERS, ContactPoint
from reviews.visit.permissions import sets_contacts
from reviews.visit.queries import contact_points, find_organizations, leaders_near, years_of_contacts


def year_of(request: HttpRequest) -> int:
    """The year that the page is about: the asked one if it is a year, else this one."""
    asked = request.GET.get("year", "")
    return int(asked) if asked.isascii() and asked.isdecimal() and len(asked) == 4 else timezone.localdate().year


def _page(request: HttpRequest, year: int, status: int = 200, **typed) -> HttpResponse:
    this_year = timezone.localdate().year
    context = {
        "year": year,
        "years": sorted({this_year + 1, this_year, year, *years_of_contacts(request.user)}, reverse=True),
        "points": contact_points(request.user, year),
        "may_set": sets_contacts(request.user),
        "people": leaders_near(request.user),
        "form": ContactTableForm(initial={"year": year}),
        **typed,
    }
    return render(request, "reviews/visit/contacts.html", context, status=status)


@require_safe
@open_to(*READERS)
def contacts(request: HttpRequest) -> HttpResponse:
    """联系点: which leader looks after which organization this year."""
    return _page(request, year_of(request))


@require_POST
@open_to(Role.ORGANIZER)
def set_one(request: HttpRequest) -> HttpResponse:
    """Set one contact point by hand."""
    one = ContactForm(request.POST, people=leaders_near(request.user))
    if not one.is_valid():
        return _page(request, timezone.localdate().year, 422, one=one)
    said = one.cleaned_data
    words = said["organization_name"].strip()
    found = find_organizations(request.user, words)
    exact = [place for place in found if words in (place.name, place.short_name, place.code)]
    fits = exact or found
    if len(fits) != 1:
        why = "没有找到" if not fits else f"有 {len(fits)} 个单位符合"
        one.add_error("organization_name", f"{why}“{words}”，请填写单位全称或组织编码。")
        return _page(request, said["year"], 422, one=one)
    try:
        set_contact(fits[0], said["leader"], year=said["year"], by=request.user)
    except Refused as refused:
        one.add_error(None, str(refused))
        return _page(request, said["year"], 409, one=one)
    messages.success(request, f"已设置：{said['leader']}联系{fits[0]}。")
    return redirect(f"{reverse('visit:contacts')}?year={said['year']}")


@require_http_methods(["GET", "POST"])
@open_to(Role.ORGANIZER)
def import_table(request: HttpRequest) -> HttpResponse:
    """First what a pasted table would do, line by line; then, asked once more, do it."""
    if request.method != "POST":
        return redirect("visit:contacts")
    form = ContactTableForm(request.POST)
    if not form.is_valid():
        return _page(request, timezone.localdate().year, 422, form=form)
    year, table = form.cleaned_data["year"], form.cleaned_data["table"]
    try:
        if request.POST.get("then") == "apply":
            counts = import_contacts(table, year=year, by=request.user)
            messages.success(
                request, "已导入：" + "，".join(f"{word} {count} 个" for word, count in counts.items()) + "。"
            )
            return redirect(f"{reverse('visit:contacts')}?year={year}")
        lines = read_table(table, year=year, by=request.user)
    except Refused as refused:
        form.add_error("table", str(refused))
        return _page(request, year, 409, form=form)
    counts = {word: sum(line.outcome == word for line in lines) for word in ("新增", "改派", "不变", "有误")}
    return _page(request, year, form=form, lines=lines, counts=counts)


@require_POST
@open_to(Role.ORGANIZER)
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a contact point back."""
    reached = reach(request.user, Role.ORGANIZER, field="organization__path")
    point = get_object_or_404(ContactPoint.objects.filter(reached).select_related("leader", "organization"), pk=pk)
    remove_contact(point, by=request.user)
    messages.success(request, f"已取消{point.leader}在{point.organization}的联系点。")
    return redirect(f"{reverse('visit:contacts')}?year={point.year}")
