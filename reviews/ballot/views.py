"""测评准备、投票进度、封箱与开箱: the console of those who run and watch the vote."""

from urllib.parse import urlsplit

import segno
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from organizations.access import open_to
from organizations.errors import Refused
from organizations.models import Role
from reviews.ballot import actions, permissions, queries, slip_batches
from reviews.ballot.ceremony.queries import custodians_of
from reviews.ballot.forms import KeysForm, PaperForm, PrepareForm, ReasonForm, SupplementForm
from reviews.ballot.models import Round, SlipBatch
from reviews.meeting.turnout import gap_of
from reviews.plan.models import Campaign, Stage
from scoring import booth, paper
from scoring.count import export_package
from scoring.models import Box, ReceiptList

COUNTED = {Box.State.CLOSED, Box.State.OPENED}
ONLY_HERE = {"localhost", "127.0.0.1", "::1"}  # addresses that no phone reaches


def _campaign(request, pk) -> Campaign:
    """A campaign whose vote the person may watch."""
    campaign = get_object_or_404(Campaign.objects.visible_to(request.user).select_related("organizer"), pk=pk)
    if not permissions.may_watch(request.user, campaign):
        raise PermissionDenied
    return campaign


def _round(request, pk) -> Round:
    """A round whose vote the person may watch."""
    rounds = queries.rounds_visible(Campaign.objects.visible_to(request.user))
    round_ = get_object_or_404(rounds, pk=pk)
    if not permissions.may_watch(request.user, round_.campaign):
        raise PermissionDenied
    return round_


def _voting_address(request) -> str:
    """What phones are told to open: the stated public address, else the one at which this page was opened."""
    path = reverse("ballot:vote")
    return f"{settings.PUBLIC_URL}{path}" if settings.PUBLIC_URL else request.build_absolute_uri(path)


def _back(round_: Round):
    return redirect("ballot:round", round_.pk)


@open_to(*permissions.WATCHING)
@require_GET
def console(request, pk):
    """The rounds of a campaign, and the making of a new one."""
    campaign = _campaign(request, pk)
    context = _console_context(request, campaign, PrepareForm(panels=campaign.panels.all()))
    return render(request, "reviews/ballot/console.html", context)


def _console_context(request, campaign: Campaign, form: PrepareForm) -> dict:
    rounds = list(queries.rounds_of(campaign))
    live = [round_ for round_ in rounds if round_.is_live]
    return {
        "campaign": campaign,
        "rounds": rounds,
        "current": next((round_ for round_ in live if not round_.is_rehearsal), None),
        "rehearsal": next((round_ for round_ in live if round_.is_rehearsal), None),
        "form": form,
        "may_run": permissions.may_run(request.user, campaign),
        "may_vote_now": campaign.stage in actions.VOTING_STAGES,
        "may_rehearse": not campaign.is_past(Stage.BALLOT),
        "reason_form": ReasonForm(),
    }


@open_to(Role.CUSTODIAN, Role.ORGANIZER)
@require_GET
@never_cache
def custody(request, pk):
    """What a custodian has to do now: fetch his code, keep it, or come to open the box."""
    campaign = _campaign(request, pk)
    if not permissions.may_keep(request.user, campaign):
        raise PermissionDenied
    live = [round_ for round_ in queries.rounds_of(campaign) if round_.is_live]
    context = {
        "campaign": campaign,
        "boxes": [(round_, queries.keepers_of(round_.box)) for round_ in live],
        "is_candidate": permissions.is_candidate(request.user, campaign),
    }
    return render(request, "reviews/ballot/custody.html", context)


@open_to(Role.ORGANIZER)
@require_POST
def prepare(request, pk):
    """Make the box of a round, or of a rehearsal."""
    campaign = _campaign(request, pk)
    form = PrepareForm(request.POST, panels=campaign.panels.all())
    if not form.is_valid():
        return render(request, "reviews/ballot/console.html", _console_context(request, campaign, form), status=422)
    is_rehearsal = request.POST.get("is_rehearsal") == "1"
    return _back(actions.prepare_round(campaign, spare=form.spare, by=request.user, is_rehearsal=is_rehearsal))


@open_to(Role.ORGANIZER)
@require_POST
def back_to_meeting(request, pk):
    campaign = _campaign(request, pk)
    actions.back_to_meeting(campaign, reason=request.POST.get("reason", "")[:300], by=request.user)
    return redirect("ballot:console", pk)


@open_to(*permissions.WATCHING)
@require_GET
@never_cache
def round_page(request, pk):
    """Where a round stands and what may be done with it now."""
    round_ = _round(request, pk)
    return render(request, "reviews/ballot/round.html", _round_context(request, round_))


def _round_context(request, round_: Round, **forms) -> dict:
    person, campaign, box = request.user, round_.campaign, round_.box
    is_frozen, may_run = box.state == Box.State.FROZEN, permissions.may_run(person, campaign)
    may_issue = is_frozen or (box.state == Box.State.OPEN and not box.is_closing)
    batches = list(round_.batches.select_related("panel", "by", "cosigned_by")) if may_issue else []
    waits_for_cosign = any(batch.cosigned_by is None for batch in batches)
    with_room = queries.panels_with_room(round_) if may_issue and may_run else []
    checks = queries.checks_before_opening(round_) if is_frozen else []
    return {
        "round": round_,
        "box": box,
        "campaign": campaign,
        "checks": checks,
        "is_ready": all(check.is_done for check in checks),
        "batches": batches,
        "waits_for_cosign": waits_for_cosign,
        "asked": queries.asked_of(round_) if waits_for_cosign and permissions.may_cosign(person, campaign) else [],
        "paper_form": PaperForm(panels=queries.panels_without_slips(round_)) if is_frozen and may_run else None,
        "supplement_form": SupplementForm(panels=with_room) if with_room else None,
        "paper": paper.balance(box)
        if box.state == Box.State.OPEN and permissions.may_see_paper(person, campaign)
        else [],
        "keepers": queries.keepers_of(box),
        "quorum_gap": gap_of(campaign) if is_frozen and not round_.is_rehearsal else "",
        "turnout": booth.turnout(box) if box.state == Box.State.OPEN else None,
        "watch": queries.watch_of(box)
        if box.state == Box.State.OPEN and permissions.may_cosign(person, campaign)
        else None,
        "is_guessed_at": box.state == Box.State.OPEN and booth.is_guessed_at(box),
        "figures": booth.sheet_figures(box) if box.state in COUNTED else [],
        "keys_form": _keys_form(round_) if is_frozen and may_run else None,
        "reason_form": ReasonForm(),
        "may_run": may_run,
        "may_discard": may_run and (round_.is_rehearsal or is_frozen),
        "may_void": may_run and round_.is_live and not round_.is_rehearsal and not campaign.is_past(Stage.BALLOT),
        "may_cosign": permissions.may_cosign(person, campaign),
        "may_unseal": permissions.may_unseal(person, campaign),
        "may_forgive": permissions.may_forgive(person, campaign),
        "may_count": permissions.may_count(person, campaign),
        "may_take": box.state == Box.State.OPENED and permissions.may_take_package(person, round_),
        "may_have_tally_sheet": permissions.may_count(person, campaign) or permissions.may_decide(person, campaign),
        "voting_url": _voting_address(request),
        "is_only_here": urlsplit(_voting_address(request)).hostname in ONLY_HERE,
        **forms,
    }


def _keys_form(round_: Round, typed=None) -> KeysForm:
    initial = {"replaces": actions.mark_of_keys(round_.box)}
    return KeysForm(typed, initial=initial, people=custodians_of(round_.campaign))


@open_to(*permissions.WATCHING)
@require_GET
@never_cache
def turnout(request, pk):
    """The coarse number, asked again every ten seconds by the page; once the vote is over the page loads anew."""
    round_ = _round(request, pk)
    context = {"round": round_, "box": round_.box, "turnout": booth.turnout(round_.box)}
    response = render(request, "reviews/ballot/_turnout.html", context)
    if round_.box.state != Box.State.OPEN:
        response["HX-Refresh"] = "true"
    return response


@open_to(Role.ORGANIZER)
@require_POST
@never_cache
def keys(request, pk):
    """The opening codes, on the page this once."""
    round_ = _round(request, pk)
    form = _keys_form(round_, request.POST)
    if not form.is_valid():
        return render(request, "reviews/ballot/round.html", _round_context(request, round_, keys_form=form), status=422)
    asked = {name: form.cleaned_data[name] for name in ("custodians", "replaces")}
    codes = actions.make_keys(round_, by=request.user, keepers=form.keepers, **asked)
    slips = zip(codes, form.keepers, strict=False)
    context = {"round": round_, "campaign": round_.campaign, "slips": list(slips)}
    return render(request, "reviews/ballot/keys.html", context)


@open_to(Role.ORGANIZER)
@require_POST
def ask_slips(request, pk):
    round_ = _round(request, pk)
    form = PaperForm(request.POST, panels=queries.panels_without_slips(round_))
    if not form.is_valid():
        return render(
            request, "reviews/ballot/round.html", _round_context(request, round_, paper_form=form), status=422
        )
    slip_batches.ask_for_slips(round_, paper=form.paper, later=form.later, by=request.user)
    return _back(round_)


@open_to(Role.ORGANIZER)
@require_POST
def ask_supplement(request, pk):
    """补制: asked for with a reason; nothing is made before the supervisor has co-signed."""
    round_ = _round(request, pk)
    form = SupplementForm(request.POST, panels=queries.panels_with_room(round_))
    if not form.is_valid():
        context = _round_context(request, round_, supplement_form=form)
        return render(request, "reviews/ballot/round.html", context, status=422)
    slip_batches.ask_for_supplement(round_, by=request.user, **form.cleaned_data)
    return _back(round_)


@open_to(Role.SUPERVISOR)
@require_POST
def cosign(request, pk):
    round_ = _round(request, pk)
    slip_batches.cosign_slips(round_, seen=set(request.POST.getlist("batch")), by=request.user)
    return _back(round_)


def _batch(request, pk) -> SlipBatch:
    batch = get_object_or_404(SlipBatch.objects.select_related("panel"), pk=pk)
    batch.round = _round(request, batch.round_id)
    return batch


@open_to(Role.ORGANIZER)
@require_POST
@never_cache
def print_slips(request, pk):
    """The slips as a sheet of QR codes, on the page this once. The slip stands behind # and is never sent (S5)."""
    batch = _batch(request, pk)
    slips = slip_batches.print_slips(batch, by=request.user)
    address = _voting_address(request)
    codes = [
        {"slip": slip, "qr": segno.make(f"{address}#{slip}", error="m").svg_inline(scale=3, border=2)} for slip in slips
    ]
    context = {"batch": batch, "campaign": batch.round.campaign, "codes": codes, "address": address}
    return render(request, "reviews/ballot/slips.html", context)


@open_to(Role.ORGANIZER)
@require_POST
def take_back(request, pk):
    batch = _batch(request, pk)
    slip_batches.take_back_slips(batch, by=request.user)
    return _back(batch.round)


@open_to(Role.ORGANIZER)
@require_POST
def open_voting(request, pk):
    round_ = _round(request, pk)
    knows_loss, below_quorum = request.POST.get("knows_loss") == "1", request.POST.get("below_quorum", "")[:150]
    actions.open_voting(round_, knows_loss=knows_loss, below_quorum=below_quorum, by=request.user)
    return _back(round_)


@open_to(Role.ORGANIZER)
@require_POST
def close_voting(request, pk):
    round_ = _round(request, pk)
    actions.close_voting(round_, by=request.user)
    return _back(round_)


@open_to(Role.CUSTODIAN, Role.ORGANIZER)
@require_POST
def go_on(request, pk):
    round_ = _round(request, pk)
    actions.go_on_to_grading(round_, by=request.user)
    return _back(round_)


@open_to(Role.APPROVER)
@require_POST
def forgive(request, pk):
    round_ = _round(request, pk)
    actions.forgive_wrong_codes(round_, by=request.user)
    return _back(round_)


@open_to(Role.ORGANIZER)
@require_POST
def void(request, pk):
    round_ = _round(request, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return render(
            request, "reviews/ballot/round.html", _round_context(request, round_, reason_form=form), status=422
        )
    actions.void_round(round_, reason=form.cleaned_data["reason"], by=request.user)
    return _back(round_)


@open_to(Role.ORGANIZER)
@require_POST
def discard(request, pk):
    """Wipe a rehearsal, or a round in which nobody could vote yet."""
    round_ = _round(request, pk)
    actions.discard_round(round_, by=request.user)
    return redirect("ballot:console", round_.campaign_id)


@open_to(*permissions.WATCHING)
@require_GET
def receipts(request, pk):
    """The published receipts of a closed box, for the notice board."""
    round_ = _round(request, pk)
    published = get_object_or_404(ReceiptList, box=round_.box)
    codes = published.codes.splitlines()
    return render(
        request, "reviews/ballot/receipts.html", {"round": round_, "campaign": round_.campaign, "codes": codes}
    )


@open_to(*permissions.COUNTING)
@require_GET
@never_cache
def recount(request, pk):
    """复核: what agrees, computed at this moment, and how anybody counts again by hand or by program."""
    round_ = _round(request, pk)
    if not permissions.may_count(request.user, round_.campaign):
        raise PermissionDenied
    box = round_.box
    if box.state not in COUNTED:
        raise Refused("封箱后才能复核。")
    checks = queries.audit_checks(box)
    context = {
        "round": round_,
        "campaign": round_.campaign,
        "box": box,
        "checks": checks,
        "agrees": all(check.is_done for check in checks),
        "figures": booth.sheet_figures(box),
        "receipts": len(box.receipt_list.codes.splitlines()),
        "events": box.events.order_by("place"),
        "head": box.lid.last_hash,
        "may_take": permissions.may_take_package(request.user, round_),
    }
    return render(request, "reviews/ballot/recount.html", context)


@open_to(*permissions.COUNTING)
@require_GET
def package(request, pk):
    """The recount package: anybody with Python can count again. It tells results, so it is for those who see them."""
    round_ = _round(request, pk)
    if not permissions.may_count(request.user, round_.campaign):
        raise PermissionDenied
    permissions.refuse_package(request.user, round_)
    response = HttpResponse(export_package(round_.box), content_type="application/zip")
    response["Content-Disposition"] = f'attachment; filename="recount-{round_.box_id}.zip"'
    return response
