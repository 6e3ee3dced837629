"""开箱: one page for everybody around the sealed box; each keeper enters his own code on it."""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from organizations.access import open_to
from organizations.errors import Refused
from organizations.models import Role
from reviews.ballot import permissions
from reviews.ballot.ceremony import actions, queries
from reviews.ballot.ceremony.forms import CodesForm, KeyForm
from reviews.ballot.models import Round
from reviews.ballot.queries import rounds_visible
from reviews.plan.models import Campaign
from scoring import booth
from scoring.models import Box

SHOWN = {Box.State.CLOSED, Box.State.OPENED}


def _round(request, pk) -> Round:
    """A round whose opening the person may watch."""
    round_ = get_object_or_404(rounds_visible(Campaign.objects.visible_to(request.user)), pk=pk)
    if not permissions.may_watch(request.user, round_.campaign):
        raise PermissionDenied
    return round_


def _cookie(round_: Round) -> str:
    return f"key-{round_.pk}"


def _secret(request, round_: Round) -> bytes:
    """What the first keeper's browser was given; b"" if it has nothing."""
    try:
        return bytes.fromhex(request.COOKIES.get(_cookie(round_), ""))
    except ValueError:
        return b""


def _context(request, round_: Round, **forms) -> dict:
    scene, person = queries.scene_of(round_), request.user
    has_come = any(arrival.person_id == person.pk for arrival in scene.here)
    is_first = has_come and scene.first.person_id == person.pk
    has_secret = bool(_secret(request, round_))
    may_turn = permissions.may_turn(person, round_.campaign)
    return {
        "round": round_,
        "campaign": round_.campaign,
        "box": round_.box,
        "scene": scene,
        "minutes": int(actions.PATIENCE.total_seconds() // 60),
        "has_come": has_come,
        "is_first": is_first,
        "has_secret": has_secret,
        "may_enter": may_turn and scene.are_keepers_known and (not has_come or (is_first and not has_secret)),
        "may_unseal": permissions.may_unseal(person, round_.campaign),
        "may_forgive": permissions.may_forgive(person, round_.campaign),
        "key_form": KeyForm(),
        "codes_form": CodesForm(),
        **forms,
    }


@open_to(*permissions.WATCHING)
@require_GET
@never_cache
def ceremony(request, pk):
    """Where the opening stands, what is looked at before, and the field for one's own code."""
    return _page(request, _round(request, pk))


def _page(request, round_: Round, *, status: int = 200, **forms):
    if round_.box.state not in SHOWN:
        raise Refused(f"“{round_.box.title}”{round_.box.get_state_display()}，封箱以后才能开箱。")
    context = {**_context(request, round_, **forms), "figures": booth.sheet_figures(round_.box)}
    return render(request, "reviews/ballot/ceremony/page.html", context, status=status)


@open_to(*permissions.WATCHING)
@require_GET
@never_cache
def scene(request, pk):
    """The part that changes, asked again every two seconds; what was typed beside it stays.

    Once the box is no longer sealed, opened or declared void, the page loads anew.
    """
    round_ = _round(request, pk)
    context = _context(request, round_)
    response = render(request, "reviews/ballot/ceremony/_scene.html", context)
    if round_.box.state != Box.State.CLOSED:
        response["HX-Refresh"] = "true"
    return response


@open_to(Role.CUSTODIAN)
@require_POST
@never_cache
def turn_key(request, pk):
    """A keeper's own code. The first one's browser is given the secret that both wait behind."""
    round_ = _round(request, pk)
    form = KeyForm(request.POST)
    if not form.is_valid():
        return _page(request, round_, status=422, key_form=form)
    try:
        secret = actions.turn_key(round_, form.cleaned_data["code"], by=request.user)
    except Refused as refused:  # what was copied from paper stays in the field
        form.add_error(None, str(refused))
        return _page(request, round_, status=422, key_form=form)
    response = redirect("ballot:ceremony", round_.pk)
    if secret:
        response.set_cookie(
            _cookie(round_),
            secret.hex(),
            max_age=int(actions.PATIENCE.total_seconds()),
            path=reverse("ballot:ceremony", args=[round_.pk]),
            httponly=True,
            samesite="Strict",
            secure=settings.SECURE,
        )
    return response


@open_to(Role.CUSTODIAN)
@require_POST
def open_by_two(request, pk):
    """开箱计票, in the browser of the first keeper. It keeps its secret: a killed count is begun anew."""
    round_ = _round(request, pk)
    actions.open_by_two(round_, _secret(request, round_), by=request.user)
    return redirect("ballot:ceremony", round_.pk)


@open_to(Role.CUSTODIAN, Role.ORGANIZER)
@require_POST
@never_cache
def unseal(request, pk):
    """Both codes on one page, where the hall has one computer."""
    round_ = _round(request, pk)
    form = CodesForm(request.POST)
    if not form.is_valid():
        return _page(request, round_, status=422, codes_form=form)
    try:
        actions.open_on_one_page(round_, list(form.cleaned_data.values()), by=request.user)
    except Refused as refused:  # one letter of forty-eight is wrong: what was typed stays in the fields
        if not Box.objects.filter(pk=round_.box_id, state=Box.State.CLOSED).exists():
            raise
        form.add_error(None, str(refused))
        return _page(request, round_, status=422, codes_form=form)
    return redirect("ballot:ceremony", round_.pk)
