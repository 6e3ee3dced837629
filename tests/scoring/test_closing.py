"""The close: what is counted and published, and how a box that somebody wrote into is found out."""

import pytest

from organizations.errors import Refused
from scoring import booth, count, merkle, sealing
from scoring.models import Box, Envelope, Mark, Panel, Token
from scoring.tally import PanelCount
from tests.scoring.boxes import (
    make_open,
    new_receipt,
    put_in,
    vote,
)

pytestmark = pytest.mark.django_db


def test_the_close_voids_what_nobody_used_and_publishes_sorted_receipts():
    filled = make_open({"A": 5, "B": 6})
    codes = sorted(vote(slip) for slip in [*filled.slips["A"][:3], *filled.slips["B"]])

    closed = booth.close(filled.box, by=filled.by)

    figures = {row["code"]: row for row in booth.returned_figures(closed)}
    assert closed.state == Box.State.CLOSED
    assert closed.receipt_list.codes.splitlines() == codes
    assert closed.receipts_root == merkle.root(codes)
    assert (figures["A"]["returned"], figures["A"]["slips_voided"], figures["B"]["returned"]) == (3, 2, 6)
    assert Token.objects.filter(state=Token.State.ISSUED).count() == 0


def insert_envelope(filled):
    one = Envelope.objects.first()
    Envelope.objects.create(receipt=new_receipt(), panel=one.panel, sealed=one.sealed, mac=one.mac)


def swap_envelope(filled):
    Envelope.objects.filter(receipt=Envelope.objects.first().receipt).delete()
    insert_envelope(filled)


def insert_token(filled):
    Token.objects.create(mac=b"0" * 32, panel=filled.panel())


def delete_envelope(filled):
    Envelope.objects.filter(receipt=Envelope.objects.first().receipt).delete()


def unspend_token(filled):
    one = Token.objects.filter(state=Token.State.SPENT).first()
    Token.objects.filter(mac=one.mac).update(state=Token.State.ISSUED)


@pytest.mark.parametrize("forge", [insert_envelope, swap_envelope, insert_token, delete_envelope, unspend_token])
def test_whoever_writes_into_the_box_by_hand_makes_it_invalid(forge):
    filled = make_open({"A": 6})
    for slip in filled.slips["A"][:5]:
        vote(slip)
    forge(filled)

    closed = booth.close(filled.box, by=filled.by)

    assert closed.state == Box.State.INVALID
    assert closed.reason
    with pytest.raises(Refused):
        booth.unseal(closed, filled.codes, by=filled.by)
    with pytest.raises(Refused):
        count.standings_input(closed)


def test_an_envelope_changed_after_the_close_is_found_and_nothing_is_destroyed():
    filled = make_open({"A": 5})
    for slip in filled.slips["A"]:
        vote(slip)
    booth.close(filled.box, by=filled.by)
    one = Envelope.objects.first()
    Envelope.objects.filter(receipt=one.receipt).update(sealed=bytes(one.sealed)[:-1] + b"?")

    with pytest.raises(Refused, match="1 张不能解封"):
        booth.unseal(filled.box, filled.codes, by=filled.by)

    assert (Envelope.objects.count(), Mark.objects.count()) == (5, 0)
    assert filled.fresh().state == Box.State.CLOSED


def test_a_genuine_envelope_with_an_impossible_ballot_counts_as_invalid():
    filled = make_open({"A": 5})
    for slip in filled.slips["A"]:
        vote(slip)
    one = Envelope.objects.first()
    sealed = sealing.seal("44", filled.box.public_key)
    mac = sealing.mac_of_envelope(bytes(one.receipt), one.panel_id, sealed)
    Envelope.objects.filter(receipt=one.receipt).update(sealed=sealed, mac=mac)

    booth.close(filled.box, by=filled.by)
    booth.unseal(filled.box, filled.codes, by=filled.by)

    assert count.standings_input(filled.fresh())[1]["A"] == PanelCount(5, 5, good=4, invalid=1)


def test_more_ballots_than_people_make_the_vote_invalid():
    filled = make_open({"A": 5})
    for slip in filled.slips["A"]:
        vote(slip)
    Panel.objects.update(paper_issued=1)  # by hand: nobody is given a slip and a paper ballot otherwise
    put_in(filled, ["444"])

    closed = booth.close(filled.box, by=filled.by)

    assert closed.state == Box.State.INVALID
    assert "投了两次" in closed.reason


def test_a_vote_is_voided_only_for_a_reason_and_for_good():
    filled = make_open({"A": 5})

    with pytest.raises(Refused, match="原因"):
        booth.void(filled.box, "  ", by=filled.by)
    voided = booth.void(filled.box, "会场断电", by=filled.by)

    assert (voided.state, voided.reason) == (Box.State.INVALID, "会场断电")
    with pytest.raises(Refused):
        booth.void(filled.box, "再来一次", by=filled.by)
    with pytest.raises(Refused, match="无效"):
        vote(filled.slips["A"][0])
