"""角色授权 and 留痕: the consoles of the security and the audit administrator."""

from datetime import datetime, time, timedelta
from itertools import islice

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from organizations import actions, queries, trail
from organizations.access import open_to
from organizations.errors import Refused
from organizations.forms import GrantForm, TrailFilterForm
from organizations.models import Role, Trace, TrailHead
from organizations.trail_words import facts_in_words
from organizations.views.pages import page_of, posted, words_of

BREAKS_SHOWN = 20


@require_http_methods(["GET", "POST"])
@open_to(Role.SEC_ADMIN)
def roles(request: HttpRequest) -> HttpResponse:
    """Every grant within reach, and a new one."""
    people = queries.visible_people(request.user).filter(is_active=True).exclude(pk=request.user.pk)
    form = GrantForm(people, queries.granted_organizations(request.user), posted(request))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            grant = actions.grant_role(said["person"], said["role"], said["organization"], by=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"已授权：{grant}。下一次操作起生效。")
            return redirect("organizations:roles")
    words = words_of(request)
    grants = queries.visible_grants(request.user)
    if words:
        grants = grants.filter(Q(person__name__icontains=words) | Q(person__username__istartswith=words))
    page = {"form": form, "q": words, "page": page_of(request, grants)}
    return render(request, "organizations/roles.html", page, status=422 if form.errors else 200)


@require_POST
@open_to(Role.SEC_ADMIN)
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """撤回授权."""
    grant = get_object_or_404(queries.visible_grants(request.user), pk=pk)
    words = str(grant)
    actions.revoke_role(grant, by=request.user)
    messages.success(request, f"已撤回：{words}。下一次操作起生效。")
    return redirect("organizations:roles")


@require_GET
@open_to(Role.AUDIT_ADMIN, Role.SUPERVISOR)
def trail_page(request: HttpRequest) -> HttpResponse:
    """留痕: who did what and when, within reach; ``?check=1`` recomputes the whole chain."""
    form = TrailFilterForm(request.GET)
    lines = queries.visible_traces(request.user)
    if form.is_valid():
        lines = _filtered(lines, form.cleaned_data)
    page = {
        "form": form,
        "page": page_of(request, lines),
        "acts": Trace.objects.order_by("act").values_list("act", flat=True).distinct()[:100],
        "head": TrailHead.objects.filter(pk=1).first(),
        "is_checked": "check" in request.GET,
    }
    for line in page["page"]:
        line.told = facts_in_words(line.facts)
    if page["is_checked"]:
        page["breaks"] = list(islice(trail.breaks(), BREAKS_SHOWN))
    return render(request, "organizations/trail.html", page, status=422 if form.errors else 200)


def _filtered(lines: QuerySet[Trace], said: dict) -> QuerySet[Trace]:
    if said["person"]:
        words = said["person"].strip()
        lines = lines.filter(Q(person__name__icontains=words) | Q(person__username__istartswith=words))
    if said["act"]:
        lines = lines.filter(act__icontains=said["act"].strip())
    if said["since"]:
        lines = lines.filter(at__gte=_midnight(said["since"]))
    if said["until"]:
        lines = lines.filter(at__lt=_midnight(said["until"] + timedelta(days=1)))
    return lines


def _midnight(day) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
