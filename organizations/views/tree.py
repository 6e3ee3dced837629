"""组织树: the tree, one organization, and what changes them."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from organizations import actions, permissions, queries
from organizations.access import open_to
from organizations.errors import Refused
from organizations.forms import AppointmentForm, EndForm, MoveForm, OrganizationForm
from organizations.models import Appointment, Organization
from organizations.permissions import READERS
from organizations.register import KEEPERS
from organizations.views.pages import page_of, posted, words_of

HISTORY_LINES = 30
CHILDREN_SHOWN = 300


def seen(request: HttpRequest, pk: int) -> Organization:
    """The organization, if it is the person's to see."""
    return get_object_or_404(queries.visible_organizations(request.user).select_related("parent"), pk=pk)


def kept(request: HttpRequest, pk: int) -> Organization:
    """The organization, if the person keeps its roster."""
    organization = seen(request, pk)
    if not permissions.may_keep_roster(request.user, organization):
        raise PermissionDenied
    return organization


@require_GET
@open_to(*READERS)
def tree(request: HttpRequest) -> HttpResponse:
    """The tree from the person's highest organizations down; ``?q=`` searches.

    Without JavaScript ``?open=`` opens the way to one organization and its own line, ``?fold=`` the way to it alone.
    """
    words = words_of(request)
    manages = permissions.may_create_account(request.user)
    page = {"q": words, "may_import": _keeps(request), "manages_accounts": manages}
    if words:
        found = queries.with_leaders(queries.with_counts(queries.search_organizations(request.user, words)))
        return render(request, "organizations/search.html", page | {"page": page_of(request, found)})
    tops = queries.with_leaders(queries.with_counts(queries.tree_tops(request.user)))
    folded = _way(request, "fold")
    way = _way(request, "open") or folded[:-1]
    opened = {place.pk: _children(place) for place in way}
    page["branches"] = [_branch(top, opened) for top in tops]
    if not way and not folded and len(page["branches"]) == 1:
        top = page["branches"][0]["organization"]
        page["branches"] = [_branch(top, {top.pk: _children(top)})]
    return render(request, "organizations/tree.html", page)


def _way(request: HttpRequest, name: str) -> list[Organization]:
    """From the top down to the organization whose key the query string names, itself included; [] if it names none."""
    wanted = request.GET.get(name, "")
    if not wanted.isdecimal() or len(wanted) >= 19:
        return []
    return list(queries.ancestors_of(seen(request, int(wanted)), request.user))


def _keeps(request: HttpRequest) -> bool:
    return queries.kept_organizations(request.user).exists()


def _children(organization: Organization) -> list[Organization]:
    children = organization.children.filter(is_active=True).order_by("sort_order", "pk")
    return list(queries.with_leaders(queries.with_counts(children))[:CHILDREN_SHOWN])


def _branch(organization: Organization, opened: dict[int, list[Organization]]) -> dict:
    """An organization with the branches that are open below it."""
    below = [_branch(child, opened) for child in opened.get(organization.pk, [])]
    return {"organization": organization, "below": below, "is_open": organization.pk in opened}


@require_GET
@open_to(*READERS)
def children(request: HttpRequest, pk: int) -> HttpResponse:
    """One line of the tree with what stands right below it, or without (``?fold=1``): the part htmx asks for."""
    seen(request, pk)
    place = queries.with_leaders(queries.with_counts(Organization.objects.filter(pk=pk))).get()
    opened = {} if "fold" in request.GET else {pk: _children(place)}
    return render(request, "organizations/_branches.html", {"branches": [_branch(place, opened)]})


@require_GET
@open_to(*READERS)
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One organization: type, secretary, term, what is below, posts held and past, what happened to it."""
    organization = seen(request, pk)
    counted = queries.with_counts(Organization.objects.filter(pk=pk)).get()
    posts = organization.appointments.select_related("person").order_by("-starts_on", "-pk")
    current = set(organization.appointments.current().values_list("pk", flat=True))
    page = {
        "organization": organization,
        "counted": counted,
        "way": queries.ancestors_of(organization, request.user),
        "posts": [post for post in posts if post.pk in current],
        "past": [post for post in posts if post.pk not in current],
        "history": queries.history_of(organization)[:HISTORY_LINES],
        "children": _children(organization),
        "may_keep": organization.is_active and permissions.may_keep_roster(request.user, organization),
        "may_move": organization.parent_id and permissions.may_move(request.user, organization, organization.parent),
    }
    return render(request, "organizations/detail.html", page)


@require_http_methods(["GET", "POST"])
@open_to(*KEEPERS)
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """A new organization below this one."""
    parent = kept(request, pk)
    form = OrganizationForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.add_organization(parent, by=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"已在“{parent}”下新增“{made}”。")
            return redirect("organizations:detail", made.pk)
    page = {"form": form, "organization": parent, "heading": "新增下级党组织", "verb": "新增"}
    return render(request, "organizations/edit.html", page, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@open_to(*KEEPERS)
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename an organization, change its type, code, end of term."""
    organization = kept(request, pk)
    stored = {key: getattr(organization, key) for key in OrganizationForm.base_fields}
    form = OrganizationForm(posted(request), initial=stored)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_organization(organization, by=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "已保存。")
            return redirect("organizations:detail", pk)
    page = {"form": form, "organization": organization, "heading": "修改党组织", "verb": "保存"}
    return render(request, "organizations/edit.html", page, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@open_to(*KEEPERS)
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """调整隶属: choose the new superior, see the effect, then confirm."""
    organization = kept(request, pk)
    if organization.parent is None or not permissions.may_keep_roster(request.user, organization.parent):
        raise PermissionDenied
    places = queries.kept_organizations(request.user).exclude(pk__in=Organization.objects.below(organization))
    form = MoveForm(places, posted(request))
    page = {"form": form, "organization": organization, "effect": None}
    if request.method == "POST" and form.is_valid():
        parent = form.cleaned_data["parent"]
        if "confirmed" in request.POST:
            actions.move_organization(organization, parent, by=request.user)
            messages.success(request, f"“{organization}”已调整到“{parent}”之下。")
            return redirect("organizations:detail", pk)
        page["effect"], page["parent"] = actions.effect_of_move(organization, parent), parent
    return render(request, "organizations/move.html", page, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@open_to(*KEEPERS)
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """撤销: see what ends with the organization, then confirm."""
    organization = kept(request, pk)
    if request.method == "POST":
        actions.close_organization(organization, by=request.user)
        messages.success(request, f"“{organization}”已撤销。")
        return redirect("organizations:detail", pk)
    counted = queries.with_counts(Organization.objects.filter(pk=pk)).get()
    posts = organization.appointments.current().select_related("person")
    page = {"organization": organization, "below": counted.below_count, "posts": posts}
    return render(request, "organizations/close.html", page)


@require_http_methods(["GET", "POST"])
@open_to(*KEEPERS)
def appoint(request: HttpRequest, pk: int) -> HttpResponse:
    """任职: a person takes a post."""
    organization = kept(request, pk)
    people = queries.visible_people(request.user).filter(is_active=True)
    form = AppointmentForm(people, posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            post = actions.appoint(organization, by=request.user, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"已任命：{post}。")
            return redirect("organizations:detail", pk)
    page = {"form": form, "organization": organization}
    return render(request, "organizations/appoint.html", page, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@open_to(*KEEPERS)
def end_appointment(request: HttpRequest, pk: int) -> HttpResponse:
    """免职: the last day of a post."""
    visible = Appointment.objects.filter(organization__in=queries.visible_organizations(request.user))
    post = get_object_or_404(visible.select_related("organization", "person"), pk=pk)
    if not permissions.may_keep_roster(request.user, post.organization):
        raise PermissionDenied
    form = EndForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            actions.end_appointment(post, on=form.cleaned_data["on"], by=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{post}：已免职。")
            return redirect("organizations:detail", post.organization_id)
    return render(request, "organizations/end.html", {"form": form, "post": post}, status=422 if form.errors else 200)
