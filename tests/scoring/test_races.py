"""I1, I2, I4, I5: many voters at the same moment. Each race has a twin without the lock that must go wrong.

``RACE_ROUNDS`` (default 3) repeats every race: the full figures of SECURITY.md are 50 (I1) and 100 (I5).
"""

import time
from functools import partial
from itertools import chain

import pytest
from django.db import transaction

from organizations.errors import Refused
from scoring import booth
from scoring.models import Box, Envelope, Token
from scoring.sealing import mac_of
from tests.scoring.boxes import ROUNDS, at_once, make_open, marks_of, new_receipt, panel_named, rows_of, vote

pytestmark = pytest.mark.django_db(transaction=True)

VOTERS = 200
WAYS = ["short", "long"]  # a cast in one statement, and one that looks first
THINKING = 0.2  # seconds between the careless check and the careless write: a race also on a busy machine


def refusals(results):
    return [result for result in results if isinstance(result, Refused)]


def faults(results):
    return [result for result in results if isinstance(result, Exception) and not isinstance(result, Refused)]


def naive_cast(mac: bytes, panel: int, receipt: bytes) -> str:
    """Check, then set: what every careless voting page does."""
    if Token.objects.get(mac=mac).state != Token.State.ISSUED:
        raise Refused("used")
    time.sleep(THINKING)
    Token.objects.filter(mac=mac).update(state=Token.State.SPENT)
    Envelope.objects.create(receipt=receipt, panel_id=panel, sealed=b"", mac=b"")
    return "stored"


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("round_", range(ROUNDS))
def test_one_slip_in_200_hands_votes_once(round_, way):
    filled = make_open({"A": 5})
    slip, panel = filled.slips["A"][0], panel_named(filled, way)

    results = at_once([partial(vote, slip, "444", new_receipt(), panel) for _ in range(VOTERS)])

    assert faults(results) == []
    assert len(refusals(results)) == VOTERS - 1
    assert {str(refused) for refused in refusals(results)} == {"该测评码已使用，不能重复投票。"}
    assert Envelope.objects.count() == Token.objects.filter(state=Token.State.SPENT).count() == 1


def test_the_race_for_one_slip_is_a_race():
    filled = make_open({"A": 5})
    mac, panel = mac_of(filled.slips["A"][0]), filled.panel().pk

    at_once([partial(naive_cast, mac, panel, new_receipt()) for _ in range(VOTERS)])

    assert Envelope.objects.count() >= 2


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("round_", range(ROUNDS))
def test_200_slips_at_once_are_200_ballots(round_, way):
    filled = make_open({"A": VOTERS})
    panel = panel_named(filled, way)

    results = at_once([partial(vote, slip, panel=panel) for slip in filled.slips["A"]])

    assert faults(results) == refusals(results) == []
    assert Envelope.objects.count() == VOTERS
    assert sorted(results) == sorted(booth.receipt_code(envelope.receipt) for envelope in Envelope.objects.all())


def test_100_phones_that_never_got_their_answer_ask_again_and_are_told_it_counted():
    filled = make_open({"A": 100})
    receipts = {slip: new_receipt() for slip in filled.slips["A"]}

    def answer_lost(slip):
        booth.cast(slip, marks_of("444"), receipts[slip])
        raise ConnectionError("committed, and the answer went astray")

    lost = at_once([partial(answer_lost, slip) for slip in receipts])
    again = at_once([partial(vote, slip, "444", receipts[slip]) for slip in receipts])

    assert [type(each) for each in lost] == [ConnectionError] * 100
    assert again == [booth.receipt_code(receipt) for receipt in receipts.values()]
    assert Envelope.objects.count() == 100


@pytest.mark.parametrize("way", WAYS)
def test_a_phone_that_sends_twice_at_once_is_told_twice_that_it_counted(way):
    filled = make_open({"A": 50})
    panel = panel_named(filled, way)
    twice = [(slip, new_receipt()) for slip in filled.slips["A"]] * 2

    results = at_once([partial(vote, slip, "444", receipt, panel) for slip, receipt in twice])

    assert results == [booth.receipt_code(receipt) for _, receipt in twice]
    assert Envelope.objects.count() == 50


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("round_", range(ROUNDS))
def test_what_was_accepted_while_the_box_closed_lies_in_the_box(round_, way):
    filled = make_open({"A": 50}, title=f"第{round_}轮")
    panel = panel_named(filled, way)

    def close():
        time.sleep(0.01 + round_ % 5 * 0.01)
        return booth.close(filled.box, by=filled.by).state

    *votes, state = at_once([*(partial(vote, slip, panel=panel) for slip in filled.slips["A"]), close])

    accepted = {code for code in votes if not isinstance(code, Exception)}
    assert faults(votes) == []
    assert state == Box.State.CLOSED
    assert accepted == set(filter(None, filled.fresh().receipt_list.codes.splitlines()))
    assert len(accepted) + len(refusals(votes)) == 50


def test_without_the_lock_accepted_ballots_are_missing_from_the_sealed_set():
    filled = make_open({"A": 30})  # few enough to hold a connection each: all check before anyone closes
    panel = filled.panel().pk

    def careless_cast(slip):
        receipt = new_receipt()
        if rows_of("SELECT state FROM scoring_box WHERE id = %s", filled.box.pk) != [("open",)]:
            raise Refused("closed")
        time.sleep(THINKING)
        naive_cast(mac_of(slip), panel, receipt)
        return receipt

    def careless_close():
        time.sleep(THINKING / 2)
        with transaction.atomic():
            Box.objects.filter(pk=filled.box.pk).update(state=Box.State.CLOSED)
        return {bytes(envelope.receipt) for envelope in Envelope.objects.all()}

    *votes, sealed = at_once([*(partial(careless_cast, slip) for slip in filled.slips["A"]), careless_close])

    accepted = {receipt for receipt in votes if isinstance(receipt, bytes)}
    assert len(accepted - sealed) > 0


def test_two_people_close_at_once_and_only_one_close_is_written_down():
    filled = make_open({"A": 20})
    for slip in filled.slips["A"]:
        vote(slip)

    results = at_once([partial(booth.close, filled.box, by=filled.by) for _ in range(10)])

    closed = [result for result in results if isinstance(result, Box)]
    assert faults(results) == []
    assert len(closed) == 1
    assert filled.fresh().events.filter(act="封箱").count() == 1


def test_two_people_open_at_once_and_the_ballots_are_counted_once():
    filled = make_open({"A": 20})
    for slip in filled.slips["A"]:
        vote(slip)
    booth.close(filled.box, by=filled.by)

    results = at_once([partial(booth.unseal, filled.box, filled.codes, by=filled.by) for _ in range(4)])

    assert faults(results) == []
    assert len([result for result in results if isinstance(result, Box)]) == 1
    assert sum(chain.from_iterable(rows_of("SELECT votes FROM scoring_mark"))) == 20 * 3


def test_a_box_that_somebody_else_closed_is_refused_in_words():
    filled = make_open({"A": 5})
    booth.close(filled.box, by=filled.by)

    with pytest.raises(Refused, match="已封箱"):
        booth.close(filled.box, by=filled.by)
