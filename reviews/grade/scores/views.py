"""平时和实地成绩: the page on which they are entered, looked through before they are kept, confirmed and withdrawn."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from organizations.access import READING, open_to
from organizations.apart import run_apart
from organizations.errors import Refused
from organizations.models import Role
from organizations.sheets import read_workbook
from organizations.uploads import read_limited
from reviews.grade.actions import refuse_if_approved
from reviews.grade.forms import ReasonForm
from reviews.grade.permissions import may_propose, why_not_yet
from reviews.grade.scores import actions, permissions, queries
from reviews.grade.scores.forms import ScoresForm
from reviews.grade.scores.models import ScoreBatch
from reviews.grade.scores.pasted import PastedScores, read_scores, rows_of
from reviews.grade.views import campaign_of_grading
from reviews.plan.models import Campaign


@open_to(*READING)
@require_http_methods(["GET", "POST"])
def scores(request, pk):
    """Which scores count, which wait; the clerk's form. A paste or a workbook fills the form and is kept by no one."""
    campaign = campaign_of_grading(request, pk)
    if request.method == "GET" and (lack := why_not_yet(request.user, campaign)):
        return render(request, "reviews/grade/scores.html", {"campaign": campaign, "lack": lack})
    reviews = list(campaign.reviews.for_list().select_related("organization", "secretary"))
    if request.method == "GET":
        return _page(request, campaign, ScoresForm(reviews=reviews), reviews)
    if not may_propose(request.user, campaign):
        raise PermissionDenied
    form = ScoresForm(request.POST, request.FILES, reviews=reviews)
    if "fill" in request.POST:
        return _filled(request, campaign, form, reviews)
    if form.is_valid():
        try:
            batch = actions.enter_scores(campaign, form.source, form.values, by=request.user)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            count = len(form.values)
            messages.success(
                request, f"已登记 {count} 人的{batch.get_kind_display()}成绩，须由负责人核对确认后才计入。"
            )
            return redirect("grade:scores", pk)
    return _page(request, campaign, form, reviews, status=422)


def _filled(request, campaign: Campaign, form: ScoresForm, reviews) -> object:
    """The dry run: what was pasted or uploaded stands in the boxes, and every bad cell is named. Writes nothing."""
    names = queries.names_of(reviews)
    try:
        rows = _rows(request)
        read = read_scores(rows, names)
    except Refused as refused:
        read = PastedScores(faults=[str(refused)])
    typed = request.POST.copy()
    for review, value in read.values.items():
        typed[f"value-{review}"] = value
    initial = {name: typed.get(name, "") for name in form.fields if name != "workbook"}
    shown = ScoresForm(initial=initial, reviews=reviews)
    return _page(request, campaign, shown, reviews, status=422 if read.faults else 200, read=read)


def _rows(request) -> list:
    """The rows of the workbook if there is one, else of the pasted text. Raises Refused."""
    uploaded = request.FILES.get("workbook")
    if uploaded is None:
        return rows_of(request.POST.get("pasted", "")[:100_000])
    content = read_limited(uploaded)
    run_apart("organizations.sheets:prove_workbook", content)
    return read_workbook(content)[0].rows


def _page(request, campaign: Campaign, form: ScoresForm, reviews, *, status: int = 200, read=None):
    counting = queries.counting_scores(campaign)
    closed, hands = _why_closed(campaign), permissions.hands_of(request.user, campaign)
    context = {
        "campaign": campaign,
        "form": form,
        "read": read,
        "lines": [(review, counting.get(review.pk, {})) for review in reviews],
        "batches": [_batch_line(batch, hands, is_open=not closed) for batch in queries.batches_of(campaign)],
        "may_enter": not closed and hands.enters,
        "closed": closed,
    }
    return render(request, "reviews/grade/scores.html", context, status=status)


def _why_closed(campaign: Campaign) -> str:
    if campaign.stage not in actions.SCORES_OPEN:
        return f"活动处于“{campaign.get_stage_display()}”阶段，成绩不再变动。"
    try:
        refuse_if_approved(campaign)
    except Refused as refused:
        return str(refused)
    return ""


def _batch_line(batch: ScoreBatch, hands: permissions.Hands, *, is_open: bool) -> dict:
    """A batch with what this person may still do about it."""
    is_open = is_open and not batch.withdrawn_reason
    return {
        "batch": batch,
        "scores": list(batch.scores.all()),
        "may_confirm": is_open and batch.confirmed_by_id is None and hands.may_confirm(batch),
        "may_withdraw": is_open and hands.may_withdraw(),
    }


def _batch(request, pk) -> ScoreBatch:
    batch = get_object_or_404(ScoreBatch, pk=pk)
    batch.campaign = campaign_of_grading(request, batch.campaign_id)
    return batch


@open_to(Role.APPROVER)
@require_POST
def confirm(request, pk):
    batch = _batch(request, pk)
    actions.confirm_scores(batch, by=request.user)
    messages.success(request, "成绩已确认，计入评定。")
    return redirect("grade:scores", batch.campaign_id)


@open_to(Role.ORGANIZER, Role.APPROVER)
@require_POST
def withdraw(request, pk):
    batch = _batch(request, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        raise Refused("撤回须写明原因。")
    actions.withdraw_scores(batch, reason=form.cleaned_data["reason"], by=request.user)
    messages.success(request, "成绩已撤回。")
    return redirect("grade:scores", batch.campaign_id)
