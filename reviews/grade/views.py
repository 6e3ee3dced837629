"""评定: the table of decision, the second look, facts."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from organizations.access import READING, holds_any, open_to
from organizations.errors import Refused
from organizations.models import Role
from reviews.ballot.permissions import refuse_package
from reviews.grade import actions, permissions, queries, suggesting
from reviews.grade.actions import Proposal
from reviews.grade.forms import DecisionForm, FactForm, MeetingForm, ReasonForm
from reviews.grade.models import Decision, Fact, grade_choices
from reviews.grade.opinion.actions import mark_of
from reviews.grade.steps import steps_of
from reviews.ledger.evidence import handed_out
from reviews.plan.models import Campaign, Review, Stage


def campaign_of_grading(request, pk) -> Campaign:
    """The campaign whose pages of grading the person may open; 404 or 403 else."""
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user).select_related("organizer"), pk=pk)
    if not permissions.may_read(request.user, campaign):
        raise PermissionDenied
    return campaign


def _review(request, pk) -> Review:
    reviews = Review.objects.visible_to(request.user).select_related("campaign__organizer", "organization", "secretary")
    review = get_object_or_404(reviews, pk=pk)
    if not permissions.may_read(request.user, review.campaign):
        raise PermissionDenied
    return review


def refuse_sight(request, campaign: Campaign) -> None:
    """403 for whoever may not see votes and grades yet."""
    if not permissions.may_see_results(request.user, campaign):
        raise PermissionDenied


@open_to(*READING)
@require_GET
def table(request, pk):
    """The ranked table: votes, score, reasons, quota line, facts, and the form that enters the decision."""
    campaign = campaign_of_grading(request, pk)
    if lack := permissions.why_not_yet(request.user, campaign):
        return render(request, "reviews/grade/table.html", {"campaign": campaign, "lack": lack})
    return render(request, "reviews/grade/table.html", _table_context(request, campaign))


def _table_context(request, campaign: Campaign, *, meeting=None, forms=None) -> dict:
    try:
        shown, lack = queries.table_of(campaign), ""
    except Refused as refused:
        shown, lack = queries.Table([], [], []), str(refused)
    decisions = [line.decision for line in shown.lines if line.decision]
    first = decisions[0] if decisions else None
    is_approved = bool(first and first.approved_by_id)
    is_open = campaign.stage == Stage.GRADING and not is_approved and not lack
    initial = {"reference": first.reference, "decided_on": first.decided_on} if first else {}
    return {
        "campaign": campaign,
        "lack": lack,
        "rows": [(line, (forms or {}).get(line.review.pk) or _decision_form(line)) for line in shown.lines],
        "places": shown.places,
        "over": shown.over,
        "differing": shown.differing,
        "hides": any(bar.withheld for line in shown.lines for bar in line.bars),
        "steps": steps_of(campaign, request.user),
        "counts": queries.counts_of_grades(shown.lines, campaign),
        "meeting_form": meeting or MeetingForm(initial=initial),
        "is_proposed": len(decisions) == len(shown.lines) > 0,
        "is_approved": is_approved,
        "may_propose": is_open and permissions.may_propose(request.user, campaign),
        "may_approve": is_open and permissions.may_approve(request.user, campaign),
        "may_feed_back": is_approved and _may_open_letters(request.user, campaign),
    }


def _may_open_letters(person, campaign: Campaign) -> bool:
    return holds_any(person, permissions.DECIDING, campaign.organizer)


def _decision_form(line, data=None) -> DecisionForm:
    decision, suggestion, kept = line.decision, line.suggestion, getattr(line.review, "kept_opinion", None)
    opinion = decision.opinion if decision else kept.text if kept else ""
    initial = {
        "grade": decision.grade if decision else ("" if suggestion.is_open else suggestion.grade),
        "reason": decision.reason if decision else "",
        "opinion": opinion,
        "seen": mark_of(opinion),
    }
    grades = grade_choices(line.review.campaign)
    form = DecisionForm(data, prefix=str(line.review.pk), initial=initial, grades=grades)
    form.fields["grade"].widget.attrs["data-suggested"] = "" if suggestion.is_open else suggestion.grade or ""
    form.needs_reason = suggestion.is_open or form["grade"].value() not in ("", None, suggestion.grade)
    return form


@open_to(Role.ORGANIZER)
@require_POST
def suggest(request, pk):
    campaign = campaign_of_grading(request, pk)
    changed = actions.suggest(campaign, by=request.user)
    messages.success(request, f"已按锁定的规则生成建议等次，{changed} 人有变化。")
    return redirect("grade:table", pk)


@open_to(Role.ORGANIZER)
@require_POST
def propose(request, pk):
    """The decision on all reviews at once; a refusal gives the filled table back."""
    campaign = campaign_of_grading(request, pk)
    if not permissions.may_propose(request.user, campaign):
        raise PermissionDenied
    lines = queries.table_of(campaign).lines
    meeting = MeetingForm(request.POST)
    forms = {line.review.pk: _decision_form(line, request.POST) for line in lines}
    valid = [meeting.is_valid(), *(form.is_valid() for form in forms.values())]
    if all(valid):
        proposals = [Proposal(review=line.review, **forms[line.review.pk].cleaned_data) for line in lines]
        try:
            actions.propose(campaign, proposals, by=request.user, **meeting.cleaned_data)
        except Refused as refused:
            meeting.add_error(None, str(refused))
        else:
            messages.success(request, "等次已提出，等待负责人核对批准。批准前不会反馈给任何人。")
            return redirect("grade:table", pk)
    context = _table_context(request, campaign, meeting=meeting, forms=forms)
    return render(request, "reviews/grade/table.html", context, status=422)


@open_to(Role.APPROVER)
@require_http_methods(["GET", "POST"])
def approve(request, pk):
    """The second look: every name with its grade, then one button."""
    campaign = campaign_of_grading(request, pk)
    if not permissions.may_approve(request.user, campaign):
        raise PermissionDenied
    if request.method == "POST":
        count = actions.approve(campaign, seen=request.POST.get("seen", ""), by=request.user)
        messages.success(request, f"已批准 {count} 人的综合评价等次。反馈另行发出。")
        return redirect("grade:table", pk)
    decisions = Decision.objects.filter(review__campaign=campaign).select_related(
        "review__campaign",
        "review__organization",
        "review__secretary",
        "review__suggestion",
        "proposed_by",
        "approved_by",
    )
    context = {"campaign": campaign, "decisions": decisions, "seen": actions.digest_of(campaign)}
    shown = queries.table_of(campaign) if decisions else queries.Table([], [], [])
    context |= {"over": shown.over, "differing": shown.differing, "steps": steps_of(campaign, request.user)}
    context["grades"] = [(label, sum(d.grade == value for d in decisions)) for value, label in grade_choices(campaign)]
    context["changed"] = [d for d in decisions if d.grade != d.review.suggestion.grade]
    return render(request, "reviews/grade/approve.html", context)


@open_to(*READING)
@require_http_methods(["GET", "POST"])
def add_fact(request, pk):
    review = _review(request, pk)
    if not permissions.may_propose(request.user, review.campaign):
        raise PermissionDenied
    typed = (request.POST, request.FILES) if request.method == "POST" else ()
    form = FactForm(*typed, codes=actions.codes_of(review.campaign))
    if request.method == "POST" and form.is_valid():
        actions.enter_fact(review, by=request.user, **form.cleaned_data)
        messages.success(request, "已登记，须由负责人确认后才计入评定。")
        return redirect("grade:why", pk)
    status = 422 if form.errors else 200
    return render(request, "reviews/grade/fact.html", {"review": review, "form": form}, status=status)


def _fact(request, pk) -> Fact:
    fact = get_object_or_404(Fact.objects.select_related("review"), pk=pk)
    fact.review = _review(request, fact.review_id)
    return fact


@open_to(*READING)
@require_GET
def fact_paper(request, pk):
    """The file that proves a fact, to whoever sees results; always saved, never shown inside the page."""
    fact = _fact(request, pk)
    refuse_sight(request, fact.review.campaign)
    if not fact.paper:
        raise Http404
    return handed_out(fact.paper, fact.paper_name)


@open_to(Role.APPROVER)
@require_POST
def confirm_fact(request, pk):
    fact = _fact(request, pk)
    actions.confirm_fact(fact, by=request.user)
    return redirect("grade:why", fact.review_id)


@open_to(Role.ORGANIZER, Role.APPROVER)
@require_POST
def withdraw_fact(request, pk):
    fact = _fact(request, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise Refused("撤回须写明原因。")
    actions.withdraw_fact(fact, reason=form.cleaned_data["reason"], by=request.user)
    return redirect("grade:why", fact.review_id)


@open_to(Role.ORGANIZER, Role.APPROVER, Role.SUPERVISOR)
@require_GET
def package(request, pk):
    """The recount package: anybody with Python counts the votes and reads the rules again."""
    campaign = campaign_of_grading(request, pk)
    refuse_sight(request, campaign)
    refuse_package(request.user, suggesting.counted_round(campaign))
    response = HttpResponse(suggesting.package_of(campaign), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="recount-{campaign.pk}.zip"'
    return response
