"""The short cast: a sheet that names its panel is put in the box by one statement, and is judged no softer."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from organizations.errors import Refused
from scoring import booth, casting
from scoring.models import Envelope, Token
from tests.scoring.boxes import make_open, new_receipt, panel_named, vote

pytestmark = pytest.mark.django_db


def test_a_sheet_that_names_its_panel_is_cast_by_one_statement_less():
    filled = make_open({"A": 5})
    first, second, *_ = filled.slips["A"]
    panel = panel_named(filled, "short")

    with CaptureQueriesContext(connection) as short:
        vote(first, panel=panel)
    with CaptureQueriesContext(connection) as long:
        vote(second)

    looks = [query for query in short.captured_queries if query["sql"].lstrip().startswith("SELECT")]
    assert looks == []
    assert len(short) == len(long) - 1


@pytest.mark.parametrize("ballot", ["44", "4444", "45x", "44-", ""])
def test_a_wrong_ballot_is_refused_in_the_same_words_whichever_way_it_came(ballot):
    filled = make_open({"A": 5}, entries=3)
    slip, panel = filled.slips["A"][0], panel_named(filled, "short")

    told = []
    for named in (panel, None):
        with pytest.raises(Refused) as refused:
            vote(slip, ballot, panel=named)
        told.append(str(refused.value))

    assert told[0] == told[1]
    assert not Envelope.objects.exists()
    assert not Token.objects.filter(state=Token.State.SPENT).exists()


def test_a_sheet_that_names_another_panel_is_counted_with_its_slip_not_with_its_word():
    filled = make_open({"A": 5, "B": 5})
    booth.sheet_for(filled.slips["B"][0])

    vote(filled.slips["A"][0], panel=filled.panel("B").pk)

    assert Envelope.objects.get().panel == filled.panel("A")


def test_a_sheet_that_names_a_panel_of_another_vote_is_sealed_for_its_own_custodians():
    other, filled = make_open({"A": 5}, title="另一场"), make_open({"A": 5})
    panel_named(other, "short")

    vote(filled.slips["A"][0], panel=other.panel().pk)
    booth.close(filled.box, by=filled.by)
    opened = booth.unseal(filled.fresh(), filled.codes, by=filled.by)

    assert opened.state == opened.State.OPENED


def test_terms_remembered_of_a_box_with_another_key_are_not_used(monkeypatch):
    filled, other = make_open({"A": 5}), make_open({"A": 5}, title="另一场")
    panel = panel_named(filled, "short")
    wrong = replace(casting.look_up(filled.slips["A"][0]), public_key=bytes(other.box.public_key))
    monkeypatch.setitem(casting._terms_known, panel, wrong)

    vote(filled.slips["A"][0], panel=panel)
    booth.close(filled.box, by=filled.by)

    assert booth.unseal(filled.fresh(), filled.codes, by=filled.by).state == "opened"


def test_a_slip_used_twice_with_another_receipt_is_refused_and_with_the_same_told_it_counted():
    filled = make_open({"A": 5})
    slip, panel, receipt = filled.slips["A"][0], panel_named(filled, "short"), new_receipt()
    code = vote(slip, receipt=receipt, panel=panel)

    again = vote(slip, receipt=receipt, panel=panel)
    with pytest.raises(Refused, match="已使用"):
        vote(slip, panel=panel)

    assert again == code
    assert Envelope.objects.count() == 1


@pytest.mark.parametrize("panel", [-1, 0, 10**11])
def test_a_panel_that_is_none_is_only_slower(panel):
    filled = make_open({"A": 5})

    vote(filled.slips["A"][0], panel=panel)

    assert Envelope.objects.count() == 1
