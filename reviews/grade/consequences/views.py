"""结果运用: the register of a campaign, and the page of one line with its talk."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from organizations.access import SECRETARY, open_to
from organizations.errors import Refused
from organizations.models import Role
from reviews.grade.consequences import actions, permissions, queries, talking
from reviews.grade.consequences.forms import AssignForm, ProofForm, RecordForm, TalkForm, WordsForm
from reviews.grade.consequences.models import Consequence
from reviews.ledger.evidence import handed_out
from reviews.plan.models import Campaign

READERS = (Role.ORGANIZER, Role.APPROVER, Role.SUPERVISOR)
HANDLERS = (*READERS, Role.LEADER)
State, Kind = Consequence.State, Consequence.Kind


@open_to(*HANDLERS)
@require_GET
def register(request, pk):
    """The register: figures a kind, filters, lines; printed as it stands. Of a leader: his own tasks alone."""
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user).select_related("organizer"), pk=pk)
    may_read = permissions.may_read(request.user, campaign)
    if not may_read and not permissions.may_have_tasks(request.user, campaign):
        raise PermissionDenied
    kind, state = request.GET.get("kind", ""), request.GET.get("state", "")
    kind = kind if kind in Kind.values else ""
    state = state if state in dict(queries.STATES) else ""
    lines = queries.lines_of(campaign, kind=kind, state=state)
    context = {"campaign": campaign, "lines": lines if may_read else lines.filter(owner=request.user)}
    context |= {"may_read_all": may_read, "may_export": permissions.may_export(request.user, campaign)}
    context |= {"kind": kind, "state": state, "kinds": Kind.choices, "states": queries.STATES}
    context["totals"] = queries.totals_of(campaign) if may_read else []
    return render(request, "reviews/grade/consequences.html", context)


def _line(request, pk) -> Consequence:
    """The line, if the person may see it; 404 else."""
    line = get_object_or_404(Consequence.objects.for_list(), pk=pk)
    if not permissions.may_see(request.user, line):
        raise Http404
    return line


@open_to(*HANDLERS, SECRETARY)
@require_GET
def consequence(request, pk):
    """One line: what it asks, what was done, and what this person may do about it now."""
    return _page(request, _line(request, pk))


def _page(request, line: Consequence, *, forms=None, status: int = 200) -> HttpResponse:
    person, forms = request.user, forms or {}
    campaign = line.review.campaign
    is_open, is_handed_in = line.state == State.OPEN, line.state == State.HANDED_IN
    talk = getattr(line, "talk", None)
    context = {"line": line, "review": line.review, "campaign": campaign, "talk": talk}
    context["may_read_all"] = permissions.may_read(person, campaign)
    if is_open and permissions.may_assign(person, line):
        initial = {"owner": line.owner_id, "due_on": line.due_on}
        owners = queries.possible_owners(campaign)
        context["assign_form"] = forms.get("assign") or AssignForm(owners=owners, initial=initial)
    if is_open and permissions.may_carry_out(person, line):
        context["proof_form"] = forms.get("proof") or ProofForm(initial={"proof": line.proof})
        context |= _talk_forms(line, talk, forms)
    context["may_settle"] = is_handed_in and permissions.may_settle(person, line)
    context["may_waive"] = is_open and permissions.may_settle(person, line)
    context["words_form"] = forms.get("words") or WordsForm()
    recorded = talk is not None and talk.recorded_at is not None
    context["may_sign"] = recorded and talk.signed_at is None and permissions.may_sign(person, line)
    if line.kind == Kind.RECTIFICATION:
        context["problems"] = queries.lines_of(campaign).get(pk=line.pk)
    return render(request, "reviews/grade/consequence.html", context, status=status)


def _talk_forms(line: Consequence, talk, forms: dict) -> dict:
    """The forms of a talk that still make sense: its plan until it is recorded, its record until it is signed."""
    if line.kind != Kind.TALK:
        return {}
    given = {}
    if talk is None or talk.recorded_at is None:
        planned = {name: getattr(talk, name, "") for name in ("meets_at", "place", "held_by")} if talk else {}
        given["talk_form"] = forms.get("talk") or TalkForm(initial=planned)
    if talk is not None and talk.signed_at is None:
        said = {name: getattr(talk, name) for name in ("points", "statement", "recorder")}
        given["record_form"] = forms.get("record") or RecordForm(initial=said)
    return given


def _step(request, pk, name: str, form, act: Callable, said: str) -> HttpResponse:
    """One step: a refusal gives the page back with what was typed."""
    line = _line(request, pk)
    if not form.is_valid():
        return _page(request, line, forms={name: form}, status=422)
    try:
        act(line, **form.cleaned_data, by=request.user)
    except Refused as refused:
        form.add_error(None, str(refused))
        return _page(request, _line(request, pk), forms={name: form}, status=422)
    messages.success(request, said)
    return redirect("grade:consequence", pk)


@open_to(Role.ORGANIZER)
@require_POST
def assign(request, pk):
    owners = queries.possible_owners(_line(request, pk).review.campaign)
    return _step(request, pk, "assign", AssignForm(request.POST, owners=owners), actions.assign_line, "已交办。")


@open_to(*permissions.CARRYING)
@require_POST
def hand_in(request, pk):
    form = ProofForm(request.POST, request.FILES)
    return _step(request, pk, "proof", form, actions.hand_in_proof, "办理情况已报送，等待负责人确认。")


@open_to(*permissions.CARRYING)
@require_POST
def plan_talk(request, pk):
    said = "约谈安排已登记，本人可以看到。可以生成约谈通知。"
    return _step(request, pk, "talk", TalkForm(request.POST), talking.plan_talk, said)


@open_to(*permissions.CARRYING)
@require_POST
def record_talk(request, pk):
    said = "谈话记录已登记，请本人在系统中签字，或打印后签字。"
    return _step(request, pk, "record", RecordForm(request.POST), talking.record_talk, said)


@open_to(SECRETARY)
@require_POST
def sign_talk(request, pk):
    talking.sign_talk(_line(request, pk), by=request.user)
    messages.success(request, "已签字确认谈话记录。")
    return redirect("grade:consequence", pk)


VERDICTS = {
    "done": (actions.confirm_done, "已确认办结。"),
    "back": (actions.give_back, "已退回承办人。"),
    "waive": (actions.waive_line, "已登记为不再办理，原因记入留痕。"),
}


@open_to(Role.APPROVER)
@require_POST
def settle(request, pk):
    """确认办结, 退回 or 不再办理, as the pressed button says."""
    _line(request, pk)  # 404 comes before any word about what was pressed
    act, said = VERDICTS.get(request.POST.get("verdict", ""), (None, ""))
    if act is None:
        raise Refused("请选择“确认办结”“退回”或“不再办理”。")
    return _step(request, pk, "words", WordsForm(request.POST), act, said)


@require_safe
@never_cache
@open_to(*HANDLERS, SECRETARY)
def proof_file(request, pk):
    """The proof of a line; always saved, never shown inside the page."""
    line = _line(request, pk)
    if not line.file:
        raise Http404
    return handed_out(line.file, line.file_name)
