"""评定规则 on screen: sentences with fields, tried before they are saved; the versions; the method told to anybody."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organizations.access import READING, holds_any, open_to
from organizations.errors import Refused
from organizations.models import Role
from reviews.plan import actions, permissions, policy_queries
from reviews.plan.models import Campaign
from reviews.plan.policy_form import PolicyForm
from reviews.plan.policy_keeping import MOST_NOTE, current_version, stamped
from reviews.plan.policy_queries import Start
from reviews.plan.stamp import stamp_of
from reviews.plan.views import EVERY_DUTY, page, plannable, readable
from scoring.differences import differences


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*READING)
def policy(request: HttpRequest, pk: int) -> HttpResponse:
    """评定规则: every parameter of the rules in a sentence; ``?from=`` fills the fields from elsewhere, unsaved."""
    writing = request.method == "POST"
    campaign = plannable(request.user, pk) if writing else readable(request.user, pk)
    start = _start(request, campaign)
    form = _form(request, campaign, start)
    if writing and form.is_valid():
        try:
            changed = actions.set_policy(
                campaign,
                form.partial,
                note=request.POST.get("note", "")[:MOST_NOTE],
                origin=start.label,
                sources=form.sources_sent,
                seen=request.POST.get("seen"),
                by=request.user,
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"评定规则已保存，改动 {len(changed)} 处。" if changed else "评定规则已保存。")
            return redirect("plan:policy", campaign.pk)
    return _page(request, campaign, start, form, status=422 if writing else 200)


@require_POST
@open_to(Role.ORGANIZER)
def try_policy(request: HttpRequest, pk: int) -> HttpResponse:
    """重新计算: what the fields now mean, without saving anything; for htmx the parts that changed, else the page."""
    campaign = plannable(request.user, pk)
    start = _start(request, campaign)
    form = _form(request, campaign, start)
    is_valid = form.is_valid()
    if request.htmx:  # half-typed numbers are no error of the page
        return render(request, "reviews/plan/_policy_tried.html", _context(campaign, start, form))
    return _page(request, campaign, start, form, status=200 if is_valid else 422, is_tried=is_valid)


def _start(request: HttpRequest, campaign: Campaign) -> Start:
    """The rules that the fields were filled from; those that hold unless something else was asked for."""
    return policy_queries.start_of(campaign, _source(request), person=request.user)


def _source(request: HttpRequest) -> str:
    return (request.POST if request.method == "POST" else request.GET).get("from", "")


def _form(request: HttpRequest, campaign: Campaign, start: Start) -> PolicyForm:
    sent = request.POST if request.method == "POST" else None
    return PolicyForm(sent, policy=start.policy, stored=campaign.policy, sources=start.sources)


def _context(campaign: Campaign, start: Start, form: PolicyForm) -> dict:
    """What is reckoned from the fields: differences to what holds, boundary table, places."""
    return {
        "campaign": campaign,
        "form": form,
        "rules": form.rules,
        "differences": differences(start.held, form.shown),
        **policy_queries.tables_of(campaign, form.shown),
    }


def _page(
    request: HttpRequest, campaign: Campaign, start: Start, form: PolicyForm, *, status: int, is_tried: bool = False
) -> HttpResponse:
    is_open = campaign.stage in permissions.POLICY_OPEN
    may_change = is_open and permissions.may_plan(request.user, campaign)
    own = start.version.sources if start.version else {}
    context = {
        **_context(campaign, start, form),
        "seen": request.POST.get("seen") or stamp_of(stamped(campaign, own)),
        "note": request.POST.get("note", ""),
        "source": _source(request),
        "start": start,
        "starts": policy_queries.starts_for(campaign, request.user) if may_change else [],
        "is_open": is_open,
        "may_change": may_change,
        "may_try": holds_any(request.user, permissions.TRYING, campaign.organizer),
        "is_tried": is_tried,
    }
    return page(request, "policy", campaign, context, status=status)


@require_safe
@open_to(*READING)
def policy_versions(request: HttpRequest, pk: int) -> HttpResponse:
    """规则版本: every saved state of the rules with what it changed; any two beside each other."""
    campaign = readable(request.user, pk)
    versions = policy_queries.versions_of(campaign)
    chosen = {name: request.GET.get(name, "") for name in ("a", "b")}
    context = {
        "tab": "policy",
        "versions": versions,
        "chosen": chosen,
        "compared": policy_queries.compared(versions, **chosen),
    }
    return page(request, "policy_versions", campaign, context)


@require_safe
@open_to(*EVERY_DUTY)
def method(request: HttpRequest, pk: int) -> HttpResponse:
    """评定办法说明: how votes become a grade, told to anybody who sees the campaign."""
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user).select_related("organizer"), pk=pk)
    context = {"tab": "policy", "version": current_version(campaign), **policy_queries.method_of(campaign)}
    return page(request, "policy_method", campaign, context)
