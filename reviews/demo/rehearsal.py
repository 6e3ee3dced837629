"""A rehearsal under way: people vote, one pile of paper lies in the box, one waits, more slips are asked for."""

import secrets

from django.db import transaction

from reviews.ballot import actions as ballot
from reviews.ballot import paper, slip_batches
from reviews.demo import votes
from reviews.demo.people import officer
from reviews.models import Campaign, Round
from scoring import booth

ON_PAPER = 3
KEPT_BACK = 2  # of the spare: what may still be asked for while people vote
VOTERS = 12


def rehearse(campaign: Campaign) -> list[str]:
    """Take a rehearsal as far as its vote; the bureau's three custodians have one code each, told once."""
    clerk, panel = officer("organizer"), campaign.panels.last().code
    round_ = ballot.prepare_round(campaign, spare={panel: KEPT_BACK}, is_rehearsal=True, by=clerk)
    keepers = [officer("custodian", place) for place in range(3)]
    codes = ballot.make_keys(round_, custodians=3, keepers=keepers, by=clerk)
    slip_batches.ask_for_slips(round_, paper={panel: ON_PAPER}, later={panel: KEPT_BACK}, by=clerk)
    slip_batches.cosign_slips(round_, by=officer("supervisor"))
    slips = [slip for batch in round_.batches.all() for slip in slip_batches.print_slips(batch, by=clerk)]
    ballot.open_voting(round_, knows_loss=True, by=clerk)
    filled = list(votes.ballots(campaign.reviews.count(), VOTERS + ON_PAPER))
    for slip, marks in zip(slips[:VOTERS], filled, strict=False):
        booth.cast(slip, marks, secrets.token_bytes(32))
    sheets = ["".join(marks.values()) for marks in filled[VOTERS:]]
    lay_on_the_table(round_, panel, sheets)
    booth.turnout(round_.box)
    slip_batches.ask_for_supplement(round_, panel=panel, count=1, reason="一张纸条被茶水打湿，已当场撕毁", by=clerk)
    return codes


@transaction.atomic
def lay_on_the_table(round_: Round, panel: str, sheets: list[str]) -> None:
    """The first sheets are in the box; the last pile waits for the scrutineer over one difference."""
    one, other, scrutineer = officer("teller"), officer("teller", 1), officer("scrutineer")
    for pile, differs in ((sheets[:-1], False), (sheets[-1:], True)):
        batch = paper.begin_batch(round_, panel=panel, sheets=len(pile), by=one)
        for teller in (one, other):
            for position, sheet in enumerate(pile, start=1):
                misread = differs and teller == other
                read = ("3" if sheet[0] == "4" else "4") + sheet[1:] if misread else sheet
                paper.key_sheet(batch, position, read, by=teller)
            paper.finish_reading(batch, by=teller)
        if not differs:
            paper.accept_batch(batch, by=scrutineer)
