"""The doors of publication: preview and publish one report or several, withdraw, and what readers see."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organizations.access import EVERYONE, READING, holds_any, open_to
from organizations.errors import Refused
from organizations.models import Role
from reviews.plan.models import Campaign
from reviews.report import permissions
from reviews.report.models import Report, Section
from reviews.report.publishing.actions import (
    Covering,
    covering_of,
    known_names,
    publish_many,
    publish_report,
    publishable,
    withdraw_publication,
)
from reviews.report.publishing.models import Circle, Publication, circle_members
from reviews.report.vetting.forms import PublishForm, PublishManyForm
from reviews.report.vetting.steering import reason_of, worked_on
from reviews.report.views import seen_report

NAMES_SHOWN = 12


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@open_to(Role.ORGANIZER, Role.APPROVER)
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """公开一份: the covered text with its covered places marked, before anybody else sees it."""
    report = seen_report(request, pk)
    if not holds_any(request.user, permissions.STEERING, report.review.campaign.organizer):
        raise PermissionDenied
    if not permissions.may_publish(request.user, report.review.campaign) or report.state != Report.State.APPROVED:
        raise Refused("述职报告须审核通过，并在评议会和现场测评结束后才能公开。")
    if request.method != "POST":
        form = PublishForm(initial={"circle": Circle.REPORTERS, "version": report.handed_in.number})
        return publishing_page(request, report, form, covering_of(report))
    form = PublishForm(request.POST)
    is_valid = form.is_valid()
    covering = covering_of(report, by_hand=form.words, shown=form.lifted)
    if not is_valid:
        return publishing_page(request, report, form, covering, status=422)
    if request.POST.get("to") != "publish":
        return publishing_page(request, report, form, covering)
    asked = {name: form.cleaned_data[name] for name in ("circle", "version", "reason")}
    try:
        publication = publish_report(report, by_hand=form.words, shown=form.lifted, by=request.user, **asked)
    except Refused as refused:
        form.add_error(None, str(refused))
        return publishing_page(request, report, form, covering, status=409)
    messages.success(request, f"{report.review}的述职报告已向“{publication.get_circle_display()}”公开。")
    return redirect("report:publication", publication.pk)


def publishing_page(
    request: HttpRequest, report: Report, form: PublishForm, covering: Covering, *, status: int = 200
) -> HttpResponse:
    context = {
        "report": report,
        "review": report.review,
        "campaign": report.review.campaign,
        "form": form,
        "covering": covering,
        "texts": covering.for_page(),
        "circles": circles_of(report.review),
        "chosen_circle": form["circle"].value(),
        "standing": Publication.objects.standing().filter(review=report.review).first(),
    }
    return render(request, "reviews/report/publish.html", context, status=status)


def circles_of(review) -> list[tuple[str, str, int, list[str]]]:
    """Each circle, how many accounts it lets read, and the first of their names."""
    found = []
    for circle in Circle:
        names = list(circle_members(review, circle).values_list("name", flat=True)[: NAMES_SHOWN + 1])
        count = circle_members(review, circle).count() if len(names) > NAMES_SHOWN else len(names)
        found.append((circle.value, circle.label, count, names[:NAMES_SHOWN]))
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@open_to(Role.ORGANIZER, Role.APPROVER)
def publish_campaign(request: HttpRequest, pk: int) -> HttpResponse:
    """公开多份: which reports, to whom, how many places are covered in each; then all or none."""
    campaign = worked_on(request, pk, permissions.STEERING)
    may = permissions.may_publish(request.user, campaign)
    waiting = list(publishable(campaign).exclude(review__secretary=request.user)) if may else []
    form = PublishManyForm(request.POST or None, publishable=waiting, initial={"circle": Circle.REPORTERS})
    if request.method != "POST":
        return campaign_page(request, campaign, form, waiting)
    if not form.is_valid():
        return campaign_page(request, campaign, form, waiting, status=422)
    chosen = [report for report in waiting if report.pk in form.cleaned_data["reports"]]
    if request.POST.get("to") != "publish":
        return campaign_page(request, campaign, form, waiting, chosen=chosen)
    try:
        done = publish_many(campaign, form.cleaned_data["reports"], circle=form.cleaned_data["circle"], by=request.user)
    except Refused as refused:
        form.add_error(None, str(refused))
        return campaign_page(request, campaign, form, waiting, status=409)
    messages.success(request, f"已公开 {len(done)} 份述职报告，范围：{done[0].get_circle_display()}。")
    return redirect("report:publish_many", campaign.pk)


def campaign_page(
    request: HttpRequest,
    campaign: Campaign,
    form: PublishManyForm,
    waiting: list[Report],
    *,
    chosen: list[Report] | None = None,
    status: int = 200,
) -> HttpResponse:
    public = Publication.objects.filter(review__campaign=campaign).select_related(
        "review__organization", "review__secretary", "by", "withdrawn_by"
    )
    context = {
        "campaign": campaign,
        "form": form,
        "publishable": waiting,
        "chosen": previews(chosen, form.cleaned_data["circle"]) if chosen else [],
        "chosen_keys": {report.pk for report in chosen or []},
        "circle": Circle(form.cleaned_data["circle"]).label if chosen else "",
        "publications": public,
        "may_publish": permissions.may_publish(request.user, campaign),
    }
    return render(request, "reviews/report/publish_many.html", context, status=status)


def previews(reports: list[Report], circle: str) -> list[tuple[Report, Covering, int]]:
    """Each report, what is covered of it, how many accounts will see it."""
    names = known_names(text for report in reports for text in report.handed_in.sections.values())
    return [
        (report, covering_of(report, names=names), circle_members(report.review, circle).count()) for report in reports
    ]


@require_POST
@open_to(Role.ORGANIZER, Role.APPROVER)
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """撤回公开, with a reason that its readers see."""
    publication = get_object_or_404(
        Publication.objects.visible_to(request.user).select_related("review__report", "review__campaign__organizer"),
        pk=pk,
    )
    withdraw_publication(publication, reason=reason_of(request), by=request.user)
    messages.success(request, f"{publication.review}的述职报告已撤回公开。")
    return redirect("report:publish_many", publication.review.campaign_id)


@require_safe
@open_to(EVERYONE)
def published(request: HttpRequest) -> HttpResponse:
    """公开的述职报告: what is shown to this person, newest year first."""
    publications = (
        Publication.objects.visible_to(request.user)
        .select_related("review__campaign", "review__organization", "review__secretary", "withdrawn_by")
        .defer(*Section.values)
        .order_by("-review__campaign__year", "review__campaign", "review__order", "-pk")
    )
    return render(request, "reviews/report/published.html", {"publications": publications})


@require_safe
@never_cache
@open_to(EVERYONE)
def publication(request: HttpRequest, pk: int) -> HttpResponse:
    """One report as its circle reads it; withdrawn, a sentence in its place."""
    shown = get_object_or_404(
        Publication.objects.visible_to(request.user).select_related(
            "review__campaign__organizer", "review__organization", "review__secretary", "by", "withdrawn_by"
        ),
        pk=pk,
    )
    campaign = shown.review.campaign
    context = {
        "publication": shown,
        "review": shown.review,
        "campaign": campaign,
        "texts": [] if shown.withdrawn_at else [(Section(name), body) for name, body in shown.sections.items()],
        "follows": holds_any(request.user, READING, campaign.organizer),
        "may_withdraw": permissions.may_publish(request.user, campaign) and not shown.withdrawn_at,
    }
    return render(request, "reviews/report/publication.html", context)
