"""纸质票录入: who may key, decide and accept a batch of a campaign's paper ballots. The verbs are ``scoring.paper``'s.

A mark travels from the keyboard to ``scoring.paper`` and nowhere else: not into the trail, not into an error.
"""

from collections.abc import Callable, Mapping, Set

from django.db import transaction

from organizations.errors import Refused
from organizations.models import Person
from reviews.ballot import permissions
from reviews.ballot.actions import demand, write_void
from reviews.ballot.models import Round
from reviews.plan.models import Campaign
from scoring import paper
from scoring.models import Box, PaperBatch
from scoring.paper import Cell


def round_of(batch: PaperBatch) -> Round:
    """The round in whose box the batch is counted."""
    return Round.objects.select_related("box", "campaign__organizer").get(box=batch.panel.box_id)


def _ask(may: Callable[[Person, Campaign], bool], by: Person, batch: PaperBatch) -> Round:
    round_ = round_of(batch)
    demand(may, by, round_.campaign)
    return round_


@transaction.atomic
def begin_batch(round_: Round, *, panel: str, sheets: int, by: Person, exchanged: int = 0) -> PaperBatch:
    """A teller has counted a pile of one panel (its code) and begins to key it."""
    demand(permissions.may_key, by, round_.campaign)
    of = round_.box.panels.filter(code=panel).first()
    if of is None:
        raise Refused("本轮测评没有这个票种。请刷新页面。")
    return paper.begin_batch(of, sheets=sheets, exchanged=exchanged, by=by)


@transaction.atomic
def key_sheet(batch: PaperBatch, position: int, ballot: str, *, by: Person) -> None:
    """A teller keeps one sheet of his own reading."""
    _ask(permissions.may_key, by, batch)
    paper.key_sheet(batch, position, ballot, by=by)


@transaction.atomic
def finish_reading(batch: PaperBatch, *, by: Person) -> PaperBatch:
    """A teller has keyed the whole pile."""
    _ask(permissions.may_key, by, batch)
    return paper.finish_reading(batch, by=by)


@transaction.atomic
def decide(
    batch: PaperBatch,
    choices: Mapping[Cell, str],
    *,
    by: Person,
    sure: Set[tuple[int, int, str]] = frozenset(),
    void: Set[int] = frozenset(),
) -> list[Cell]:
    """The scrutineer says what stands on the paper. Returns what neither teller keyed and is not ``sure`` yet."""
    _ask(permissions.may_decide, by, batch)
    return paper.decide(batch, choices, by=by, sure=sure, void=void)


@transaction.atomic
def accept_batch(batch: PaperBatch, *, by: Person) -> Box:
    """The scrutineer puts a batch into the box; more collected than issued makes the round void (I9)."""
    round_ = _ask(permissions.may_decide, by, batch)
    box = paper.accept_batch(batch, by=by)
    if box.state == Box.State.INVALID:
        write_void(round_, box.reason)
    return box


@transaction.atomic
def return_batch(batch: PaperBatch, *, by: Person) -> None:
    """The scrutineer sends a batch back to be counted and keyed anew."""
    _ask(permissions.may_decide, by, batch)
    paper.return_batch(batch, by=by)
