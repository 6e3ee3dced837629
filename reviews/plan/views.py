"""The plan on screen: the list, a new campaign, its parts one page each, its stages."""

from decimal import Decimal

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organizations.access import READING, SECRETARY, WRITING, open_to
from organizations.errors import Refused
from organizations.models import Person, Role
from reviews.plan import actions, lineup, permissions, policy_queries, queries, readiness
from reviews.plan.asks import REPORT_ASKS
from reviews.plan.forms import (
    ArrangeForm,
    BasicsForm,
    ContentItems,
    NewCampaignForm,
    Panels,
    PickForm,
)
from reviews.plan.models import Campaign, Review, Stage
from reviews.plan.presets import PRESETS, PanelSpec
from reviews.plan.stamp import stamp_of
from scoring.explanation import read_policy_in_words

ROWS = 30
EVERY_DUTY = (*WRITING, Role.SUPERVISOR, Role.SUPERIOR, SECRETARY)


def readable(person: Person, pk: int) -> Campaign:
    """The campaign, if the person sees it whole. 404 unless visible, 403 unless whole."""
    campaign = get_object_or_404(Campaign.objects.visible_to(person).select_related("organizer"), pk=pk)
    if not permissions.may_read(person, campaign):
        raise PermissionDenied
    return campaign


def plannable(person: Person, pk: int) -> Campaign:
    """The campaign, if the person is its clerk."""
    campaign = readable(person, pk)
    if not permissions.may_plan(person, campaign):
        raise PermissionDenied
    return campaign


def searched(request: HttpRequest, name: str) -> str:
    """What was asked for in a filter, without blanks around it and without characters that no database takes."""
    return request.GET.get(name, "").strip()


def page(request: HttpRequest, name: str, campaign: Campaign, context: dict, *, status: int = 200) -> HttpResponse:
    """Render a page of one campaign's plan, with its tabs."""
    tabs = {
        "campaign": campaign,
        "tab": name,
        "may_plan": permissions.may_plan(request.user, campaign),
        "may_read": permissions.may_read(request.user, campaign),
    }
    return render(request, f"reviews/plan/{name}.html", {**tabs, **context}, status=status)


@require_safe
@open_to(*EVERY_DUTY)
def list_campaigns(request: HttpRequest) -> HttpResponse:
    """述职评议考核: every campaign that the person sees."""
    asked = {name: searched(request, name) for name in ("year", "stage", "words")}
    campaigns = Paginator(queries.campaigns_for_list(request.user, **asked), ROWS).get_page(request.GET.get("page"))
    context = {
        "page": campaigns,
        "asked": asked,
        "is_narrowed": any(asked.values()),
        "years": queries.years_for(request.user),
        "stages": Stage.choices,
        "may_create": queries.organizers_for(request.user).exists(),
    }
    return render(request, "reviews/plan/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(Role.ORGANIZER)
def create(request: HttpRequest) -> HttpResponse:
    """新建: from the preset or from an earlier campaign."""
    form = NewCampaignForm(
        request.POST or None,
        organizers=queries.organizers_for(request.user),
        patterns=queries.patterns_for(request.user),
    )
    if request.method == "POST" and form.is_valid():
        values = form.cleaned_data
        kind, _, name = values["source"].partition(":")
        try:
            campaign = actions.create_campaign(
                values["organizer"],
                year=values["year"],
                title=values["title"],
                timetable=values["timetable"],
                pattern=PRESETS[name] if kind == "preset" else actions.pattern_of(form.patterns[values["source"]]),
                basis=values["basis"],
                place=values["place"],
                by=request.user,
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "活动已建立。下一步：从组织树中选择述职人。")
            return redirect("plan:reviews", campaign.pk)
    return render(request, "reviews/plan/create.html", {"form": form}, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*READING)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """基本信息: title, place and dates."""
    writing = request.method == "POST"
    campaign = plannable(request.user, pk) if writing else readable(request.user, pk)
    form = BasicsForm(request.POST or None, campaign=campaign)
    if writing and form.is_valid():
        try:
            changed = actions.amend_campaign(
                campaign,
                values=form.values,
                timetable=form.cleaned_data["timetable"],
                reason=form.cleaned_data.get("reason", ""),
                seen=request.POST.get("seen"),
                by=request.user,
            )
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "已保存。" if changed else "没有改动。")
            return redirect("plan:edit", campaign.pk)
    context = {"form": form, "seen": stamp_of(actions.basics_of(campaign)), "is_open": campaign.stage != Stage.CLOSED}
    return page(request, "edit", campaign, context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*READING)
def content(request: HttpRequest, pk: int) -> HttpResponse:
    """考核内容: the items that every report answers."""
    writing = request.method == "POST"
    campaign = plannable(request.user, pk) if writing else readable(request.user, pk)
    texts = actions.contents_of(campaign)
    initial = [{"number": number, "text": text} for number, text in enumerate(texts, start=1)]
    items = ContentItems(request.POST if writing else None, initial=initial, prefix="items")
    refusal = ""
    if writing and items.is_valid():
        try:
            actions.set_content(campaign, items.texts, seen=request.POST.get("seen"), by=request.user)
        except Refused as refused:
            refusal = str(refused)
        else:
            messages.success(request, f"已保存 {len(items.texts)} 项考核内容。")
            return redirect("plan:content", campaign.pk)
    context = {
        "items": items,
        "refusal": refusal,
        "texts": texts,
        "seen": stamp_of(texts),
        "is_open": campaign.stage in permissions.CONTENT_OPEN,
    }
    return page(request, "content", campaign, context, status=422 if writing else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*READING)
def panels(request: HttpRequest, pk: int) -> HttpResponse:
    """票种: who votes, how many, with which weight; ``?from=`` fills in the weights of other rules, unsaved."""
    writing = request.method == "POST"
    campaign = plannable(request.user, pk) if writing else readable(request.user, pk)
    stored = actions.panels_of(campaign)
    source, weights = policy_queries.weights_of_source(campaign, request.GET.get("from", ""), person=request.user)
    rows = Panels(request.POST if writing else None, initial=_panel_rows(stored, weights), prefix="panels")
    refusal = ""
    if writing and rows.is_valid():
        try:
            actions.set_panels(campaign, rows.specs, seen=request.POST.get("seen"), by=request.user)
        except Refused as refused:
            refusal = str(refused)
        else:
            messages.success(request, "票种已保存。")
            return redirect("plan:panels", campaign.pk)
    context = {
        "rows": rows,
        "refusal": refusal,
        "source": source,
        "weights": weights,
        "unweighed": [spec.code for spec in stored if weights and spec.code not in weights],
        "panels": campaign.panels.all(),
        "total": sum(spec.size for spec in stored),
        "small": [words for panel in campaign.panels.all() if (words := readiness.small_panel_words(panel))],
        "seen": stamp_of(stored),
        "is_open": campaign.stage in permissions.PANELS_OPEN,
    }
    return page(request, "panels", campaign, context, status=422 if writing else 200)


def _panel_rows(stored: list[PanelSpec], weights: dict[str, Decimal]) -> list[dict]:
    """The rows of the form: the panels as they are, with the weights filled in and a row for each panel lacking."""
    rows = [
        {"code": s.code, "label": s.label, "weight": weights.get(s.code, s.weight), "size": s.size}
        | {"recusals": s.recusals, "is_named": not s.is_secret}
        for s in stored
    ]
    known = {spec.code for spec in stored}
    return rows + [{"code": code, "weight": weight} for code, weight in weights.items() if code not in known]


@require_safe
@open_to(*READING)
def reviews(request: HttpRequest, pk: int) -> HttpResponse:
    """述职人: the list in its order, and the tree to pick from."""
    campaign = readable(request.user, pk)
    return page(request, "reviews", campaign, _lineup_context(request, campaign))


def _lineup_context(request: HttpRequest, campaign: Campaign) -> dict:
    is_open = campaign.stage in permissions.REVIEWS_OPEN
    may_change = is_open and permissions.may_plan(request.user, campaign)
    whole_tree, words = request.GET.get("scope") == "all", searched(request, "words")
    chosen = list(campaign.reviews.for_list())
    return {
        "reviews": chosen,
        "shape": queries.shape_of(chosen),
        "modes": Review.Mode.choices,
        "is_open": is_open,
        "may_change": may_change,
        "whole_tree": whole_tree,
        "words": words,
        "candidates": queries.candidates_for(campaign, whole_tree=whole_tree, words=words) if may_change else None,
    }


@require_POST
@open_to(Role.ORGANIZER)
def pick(request: HttpRequest, pk: int) -> HttpResponse:
    """Add the ticked organizations to the list."""
    campaign = plannable(request.user, pk)
    form = PickForm(request.POST)
    picked = lineup.pick_reviews(campaign, form.modes if form.is_valid() else {}, by=request.user)
    messages.success(request, f"已加入 {len(picked)} 名述职人。")
    return redirect("plan:reviews", campaign.pk)


@require_POST
@open_to(Role.ORGANIZER)
def arrange(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the list into order: as typed, one place up or down, by the tree, or by lots."""
    campaign = plannable(request.user, pk)
    status = 200
    if "up" in request.POST or "down" in request.POST:
        step = -1 if "up" in request.POST else 1
        key = request.POST.get("up") or request.POST.get("down", "")
        review = get_object_or_404(campaign.reviews, pk=int(key) if key.isdecimal() and len(key) < 19 else 0)
        lineup.shift_review(review, step, by=request.user)
    elif request.POST.get("by") == "tree":
        lineup.sort_reviews(campaign, by=request.user)
    elif request.POST.get("by") == "lots":
        lineup.draw_lots(campaign, by=request.user)
    else:
        form = ArrangeForm(request.POST, reviews=list(campaign.reviews.for_list()))
        if form.is_valid():
            lineup.arrange_reviews(campaign, form.numbers, form.modes, by=request.user)
        else:
            messages.error(
                request, "顺序没有保存：每一行都要填 1 到 9999 的整数和述职方式；如名单已变动，请核对后重填。"
            )
            status = 422
    if status == 422:
        return page(request, "reviews", campaign, _lineup_context(request, campaign), status=status)
    if request.htmx:
        return render(
            request, "reviews/plan/_chosen.html", {"campaign": campaign, **_lineup_context(request, campaign)}
        )
    messages.success(request, "述职顺序和方式已保存。")
    return redirect("plan:reviews", campaign.pk)


@require_POST
@open_to(Role.ORGANIZER)
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one secretary off the list."""
    review = get_object_or_404(Review.objects.visible_to(request.user).for_list(), pk=pk)
    if not permissions.may_plan(request.user, review.campaign):
        raise PermissionDenied
    lineup.remove_review(review, by=request.user)
    messages.success(request, f"已将{review}移出名单。")
    return redirect("plan:reviews", review.campaign_id)


@require_safe
@open_to(*EVERY_DUTY)
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """工作方案: the plan as an official document, generated from the campaign (DOMAIN F1)."""
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user).select_related("organizer"), pk=pk)
    chosen = list(campaign.reviews.for_list())
    context = {
        "reviews": chosen,
        "shape": queries.shape_of(chosen),
        "texts": actions.contents_of(campaign),
        "panels": actions.panels_of(campaign),
        "asked": {**REPORT_ASKS, **campaign.report_limits},
        "sentences": read_policy_in_words(readiness.policy_of(campaign)),
        "basis": "、".join(campaign.basis.split("\n")).replace("\r", ""),
    }
    context["all_secret"] = all(spec.is_secret for spec in context["panels"])
    return page(request, "preview", campaign, context)


@require_http_methods(["GET", "HEAD", "POST"])
@open_to(*READING)
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """阶段: publish, archive, go back with a reason; the log of all moves."""
    if request.method == "POST":
        campaign = plannable(request.user, pk)
        _move(campaign, request.POST, by=request.user)
        campaign.refresh_from_db(fields=["stage"])
        messages.success(request, f"活动现处于“{campaign.get_stage_display()}”阶段。")
        return redirect("plan:move", campaign.pk)
    campaign = readable(request.user, pk)
    is_planning = campaign.stage == Stage.PLANNING
    context = {
        "moves": campaign.moves.select_related("by"),
        "lacking": readiness.lacking(campaign) if is_planning else [],
        "cautions": readiness.cautions(campaign) if is_planning else [],
        "back_to": actions.WAYS_BACK.get(campaign.stage),
    }
    return page(request, "move", campaign, context)


def _move(campaign: Campaign, asked: dict, *, by: Person) -> None:
    match asked.get("to"):
        case Stage.REPORTING if "reason" not in asked:
            actions.publish_campaign(campaign, by=by)
        case Stage.CLOSED:
            actions.archive_campaign(campaign, by=by)
        case Stage.PLANNING | Stage.REPORTING as stage:
            actions.step_back(campaign, stage, reason=asked.get("reason", ""), by=by)
        case _:
            raise Refused("没有说明要进入哪个阶段，请从页面上的按钮操作。")
