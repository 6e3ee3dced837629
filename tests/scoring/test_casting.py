"""The cast: which slip, which ballot, once; and what looking costs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from organizations.errors import Refused
from scoring import booth, casting, count
from scoring.models import Envelope, Token
from tests.scoring.boxes import (
    make_open,
    new_receipt,
    vote,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("ballot", "word"),
    [
        ({1: 4, 2: 3}, "第 3 项还没有选择"),
        ({1: 4, 2: "", 3: ""}, "第 2、3 项"),
        ({1: 4, 2: 3, 3: 5}, "不符"),
        ({1: 4, 2: 3, 3: "x"}, "不符"),
        ({1: 4, 2: 3, 3: "44"}, "不符"),
        ({1: 4, 2: 3, 3: 1, 4: 1}, "不符"),
        ({1: 4, 2: 3, 3: "-"}, "回避"),
        ({}, "第 1、2、3 项"),
    ],
)
def test_a_ballot_that_is_not_whole_is_refused_and_the_slip_stays_good(ballot, word):
    filled = make_open({"A": 5})

    with pytest.raises(Refused, match=word):
        booth.cast(filled.slips["A"][0], ballot, new_receipt())

    assert vote(filled.slips["A"][0])
    assert Envelope.objects.count() == 1


def test_a_slip_votes_once_however_it_is_typed():
    filled = make_open({"A": 5})
    slip = filled.slips["A"][0]

    vote(slip.lower().replace("-", " "))

    with pytest.raises(Refused, match="已使用"):
        vote(slip)
    assert Envelope.objects.count() == 1


@pytest.mark.parametrize("slip", ["", "----", "ABCD", "0" * 26, "测评码", "A" * 5000])
def test_a_slip_that_nobody_issued_opens_nothing(slip):
    make_open({"A": 5})

    with pytest.raises(Refused, match="无效"):
        booth.sheet_for(slip)
    with pytest.raises(Refused, match="无效"):
        vote(slip)


def test_the_same_slip_with_the_same_receipt_succeeds_again_also_after_the_close():
    filled = make_open({"A": 5})
    slip, receipt = filled.slips["A"][0], new_receipt()

    codes = [vote(slip, "444", receipt), vote(slip, "111", receipt)]
    booth.close(filled.box, by=filled.by)
    codes.append(vote(slip, "444", receipt))
    booth.unseal(filled.box, filled.codes, by=filled.by)
    codes.append(vote(slip, "444", receipt))

    assert codes == [booth.receipt_code(receipt)] * 4
    assert count.standings_input(filled.fresh())[1]["A"].good == 1


@pytest.mark.django_db(transaction=True)
def test_a_receipt_that_is_already_there_costs_nobody_his_slip():
    filled = make_open({"A": 5})
    receipt = new_receipt()
    vote(filled.slips["A"][0], "444", receipt)

    with pytest.raises(Refused, match="尚未使用"):
        vote(filled.slips["A"][1], "444", receipt)

    assert vote(filled.slips["A"][1])


def test_looking_at_the_sheet_changes_nothing():
    filled = make_open({"A": 5}, each_panel={"recusals": 1})

    with CaptureQueriesContext(connection) as queries:
        sheets = [booth.sheet_for(filled.slips["A"][0]) for _ in range(100)]

    assert all(query["sql"].strip().startswith("SELECT") for query in queries)
    assert [entry.number for entry in sheets[0].entries] == [1, 2, 3]
    assert (sheets[0].panel, sheets[0].recusals, sheets[0].is_secret) == ("A票", 1, True)
    assert Token.objects.filter(state=Token.State.ISSUED).count() == 5


def test_a_cast_is_two_journeys_to_the_database():
    filled = make_open({"A": 5})
    journeys = {"postgresql": 2, "sqlite": 5}  # SQLite: look up, savepoint, spend, put in, release; all in this process

    with CaptureQueriesContext(connection) as queries:
        vote(filled.slips["A"][0])

    assert len(queries) == journeys[connection.vendor]


def test_a_box_that_closes_while_a_ballot_is_on_its_way_is_told_as_closed_and_not_as_a_used_slip(monkeypatch):
    filled = make_open({"A": 5})

    def close_first(*_terms) -> bool:
        booth.close(filled.box, by=filled.by)
        return False

    monkeypatch.setattr(casting, "_put_in", close_first)

    with pytest.raises(Refused, match="票箱已封"):
        booth.cast(filled.slips["A"][0], {1: 4, 2: 3, 3: 2}, booth.receipt_of("a-phone-that-came-late"))
