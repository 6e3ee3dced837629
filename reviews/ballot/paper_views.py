"""纸质票录入、核定: the tellers' and the scrutineer's pages. No page shows what another person keyed.

Everything is a plain form; the script only moves on by itself. Nothing is kept in the browser.
"""

import unicodedata
from collections.abc import Mapping, Sequence, Set

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from organizations.access import open_to
from organizations.errors import Refused
from organizations.models import Role
from reviews.ballot import paper as verbs
from reviews.ballot import permissions, queries
from reviews.ballot.forms import BatchForm
from reviews.ballot.models import Round
from reviews.plan.models import Campaign
from scoring import paper
from scoring.models import Box, Entry, PaperBatch

# What is pressed -> what is kept. 1 to 4 are the columns of the sheet, from the left.
KEYS = {"1": "4", "2": "3", "3": "2", "4": "1", "0": "0", "x": "x", ".": "x", "-": "-"}
PRESSED = {"4": "1", "3": "2", "2": "3", "1": "4", "0": "0", "x": "x", "-": "-"}
NO_GRADE = [("0", "弃权（没画）"), ("x", "该项无效")]
RECUSED = ("-", "本人回避")


def _round(request, pk) -> Round:
    rounds = queries.rounds_visible(Campaign.objects.visible_to(request.user))
    return get_object_or_404(rounds, pk=pk)


def _batch(request, pk, may) -> tuple[PaperBatch, Round]:
    """A batch of a round that the person may see, if he also ``may`` do this."""
    batches = PaperBatch.objects.select_related("panel__box", "first_by", "second_by")
    visible = queries.rounds_visible(Campaign.objects.visible_to(request.user))
    batch = get_object_or_404(batches.filter(panel__box__in=visible.values("box")), pk=pk)
    round_ = verbs.round_of(batch)
    if not may(request.user, round_.campaign):
        raise PermissionDenied
    return batch, round_


@open_to(*permissions.AT_THE_TABLE)
@require_http_methods(["GET", "POST"])
@never_cache
def table(request, pk):
    """The table where paper is counted: the balance of every panel, its batches, and the start of a new one."""
    round_ = _round(request, pk)
    if not permissions.may_see_paper(request.user, round_.campaign):
        raise PermissionDenied
    balances = paper.balance(round_.box)
    form = BatchForm(request.POST or None, balances=balances)
    if request.method == "POST":
        if not permissions.may_key(request.user, round_.campaign):
            raise PermissionDenied
        if form.is_valid():
            wanted = form.cleaned_data | {"exchanged": form.cleaned_data["exchanged"] or 0}
            batch = verbs.begin_batch(round_, by=request.user, **wanted)
            return redirect("ballot:paper_key", batch.pk)
    context = _table_context(request, round_) | {"balances": balances, "form": form}
    return render(request, "reviews/ballot/paper.html", context, status=422 if form.errors else 200)


def _table_context(request, round_: Round) -> dict:
    person, campaign = request.user, round_.campaign
    batches = PaperBatch.objects.filter(panel__box=round_.box).select_related(
        "panel", "first_by", "second_by", "decided_by"
    )
    return {
        "round": round_,
        "campaign": campaign,
        "batches": [(batch, _is_mine(batch, person)) for batch in batches],
        "is_open": round_.box.state == Box.State.OPEN and not round_.box.is_closing,
        "may_key": permissions.may_key(person, campaign),
        "may_decide": permissions.may_decide(person, campaign),
    }


def _is_mine(batch: PaperBatch, person) -> bool:
    """True if this person may key this batch now."""
    reading = paper.reading_of(batch, person)
    return batch.state == PaperBatch.State.KEYING and reading is not None and not paper.is_done(batch, reading)


@open_to(Role.TELLER)
@require_http_methods(["GET", "POST"])
@never_cache
def key(request, pk):
    """One sheet after the other of one's own reading."""
    batch, round_ = _batch(request, pk, permissions.may_key)
    if not _is_mine(batch, request.user):
        raise Refused(f"{batch}不需要您录入：已经录完，或已由两位计票人录入。请回到“纸质票”页查看。")
    position = _number(request.POST.get("sheet") or request.GET.get("sheet", ""))
    entries = list(batch.panel.box.entries.all())
    if request.method != "POST":
        own = paper.own_sheets(batch, request.user)
        position = position if 1 <= position <= batch.sheets else _next_missing(batch, own)
        pressed = [PRESSED[mark] for mark in own.get(position, "")]
        return render(request, "reviews/ballot/paper_key.html", _sheet(batch, round_, entries, position, pressed, own))
    pressed = _pressed(request.POST, len(entries))
    ballot = "x" * len(entries) if "whole" in request.POST else "".join(KEYS.get(one, one or " ") for one in pressed)
    try:
        verbs.key_sheet(batch, position, ballot, by=request.user)
    except Refused as refused:
        context = _sheet(batch, round_, entries, position, pressed, paper.own_sheets(batch, request.user))
        return render(request, "reviews/ballot/paper_key.html", context | {"refused": refused}, status=422)
    return redirect("ballot:paper_key", batch.pk)


def _next_missing(batch: PaperBatch, own: Mapping[int, str]) -> int:
    """The first sheet not keyed yet; 0 when all are."""
    return next((position for position in range(1, batch.sheets + 1) if position not in own), 0)


def _number(typed: str) -> int:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 4 else 0


def _legend(batch: PaperBatch) -> list[tuple[str, str]]:
    """Which key means what: the columns of the paper from the left, then what is no grade."""
    grades = [(str(column), word) for column, word in enumerate(batch.panel.box.grade_words, start=1)]
    return [*grades, *NO_GRADE, *([RECUSED] if batch.panel.recusals else [])]


def _letter(typed: str) -> str:
    """One key as it was meant: full-width and capital letters too."""
    return unicodedata.normalize("NFKC", typed).strip().lower()[:1]


def _pressed(posted: Mapping[str, str], entries: int) -> list[str]:
    return [_letter(posted.get(f"m-{number}", "")) for number in range(1, entries + 1)]


def _sheet(
    batch: PaperBatch, round_: Round, entries: Sequence[Entry], position: int, pressed: Sequence[str], own: Mapping
) -> dict:
    padded = [*pressed, *[""] * len(entries)]
    return {
        "batch": batch,
        "round": round_,
        "campaign": round_.campaign,
        "position": position,
        "lines": list(zip(entries, padded, strict=False)),
        "sheets": [(number, number in own) for number in range(1, batch.sheets + 1)],
        "is_void": bool(pressed) and set(pressed) == {"x"},
        "legend": _legend(batch),
    }


@open_to(Role.TELLER)
@require_POST
def finish(request, pk):
    """录完: the reading is closed; the other one's stays unseen."""
    batch, round_ = _batch(request, pk, permissions.may_key)
    verbs.finish_reading(batch, by=request.user)
    return redirect("ballot:paper", round_.pk)


@open_to(Role.SCRUTINEER)
@require_http_methods(["GET", "POST"])
@never_cache
def check(request, pk):
    """Where the readings differ the scrutineer keys what stands on the paper; what was keyed is not shown to him."""
    batch, round_ = _batch(request, pk, permissions.may_decide)
    if batch.state != PaperBatch.State.CHECKING:
        raise Refused(f"{batch}{batch.get_state_display()}，现在不需要核定。请回到“纸质票”页查看。")
    typed, doubtful, unknown = {}, [], []
    void = {sheet for sheet in range(1, batch.sheets + 1) if f"whole-{sheet}" in request.POST}
    if request.method == "POST":
        typed = _decided(request.POST, paper.differences(batch), void)
        unknown = [cell for cell, letter in typed.items() if letter and letter not in KEYS]
        keyed = {cell: KEYS[letter] for cell, letter in typed.items() if letter in KEYS}
        sure = {(*cell, keyed[cell]) for cell in keyed if request.POST.get("sure-{}-{}".format(*cell)) == typed[cell]}
        doubtful = verbs.decide(batch, keyed, sure=sure, void=void, by=request.user)
        if not doubtful and not unknown:
            return redirect("ballot:paper_check", batch.pk)
    context = _check_context(request, batch, round_, typed, doubtful, void) | {"unknown": unknown}
    return render(request, "reviews/ballot/paper_check.html", context, status=422 if doubtful or unknown else 200)


def _decided(posted: Mapping[str, str], cells: Sequence[paper.Cell], void: Set[int]) -> dict[paper.Cell, str]:
    """What was pressed for each difference; of a sheet ticked as void every one is void."""
    return {
        (sheet, line): "x" if sheet in void else _letter(posted.get(f"d-{sheet}-{line}", "")) for sheet, line in cells
    }


def _check_context(
    request, batch: PaperBatch, round_: Round, typed: Mapping, doubtful: Sequence, void: Set[int]
) -> dict:
    entries = {entry.number: entry for entry in batch.panel.box.entries.all()}
    open_cells, cells = set(paper.undecided(batch)), paper.differences(batch)
    by_sheet: dict[int, list[dict]] = {}
    for sheet, line in cells:
        by_sheet.setdefault(sheet, []).append(
            {
                "entry": entries[line],
                "typed": typed.get((sheet, line), ""),
                "is_open": (sheet, line) in open_cells,
                "is_doubtful": (sheet, line) in doubtful,
            }
        )
    return {
        "batch": batch,
        "round": round_,
        "campaign": round_.campaign,
        "sheets": [(sheet, lines, sheet in void) for sheet, lines in by_sheet.items()],
        "differing": len(cells),
        "left": len(open_cells),
        "balance": next(each for each in paper.balance(batch.panel.box) if each.panel.pk == batch.panel_id),
        "legend": _legend(batch),
        "is_own": request.user.pk in (batch.first_by_id, batch.second_by_id),
        "back": reverse("ballot:paper", args=[round_.pk]),
    }


@open_to(Role.SCRUTINEER)
@require_POST
def accept(request, pk):
    batch, round_ = _batch(request, pk, permissions.may_decide)
    box = verbs.accept_batch(batch, by=request.user)
    return redirect("ballot:round" if box.state == Box.State.INVALID else "ballot:paper", round_.pk)


@open_to(Role.SCRUTINEER)
@require_POST
def send_back(request, pk):
    """退回重录: whatever was keyed of this batch is destroyed."""
    batch, round_ = _batch(request, pk, permissions.may_decide)
    verbs.return_batch(batch, by=request.user)
    return redirect("ballot:paper", round_.pk)
