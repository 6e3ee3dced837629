"""The pages at the table where paper is counted: who sees what, and that nothing typed gets lost."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

import scoring.paper
from organizations.models import Role, RoleGrant, Trace
from reviews.ballot import paper, slip_batches
from reviews.ballot.models import Round
from scoring.models import Box, Envelope, KeyedSheet, PaperBatch
from tests.reviews.ballot.hall import Hall, keyed, prepared, table_of, voting

pytestmark = pytest.mark.django_db


@pytest.fixture
def hall() -> Hall:
    return voting(paper={"A": 4})


def page(client, person, name: str, key: int, **query) -> str:
    client.force_login(person)
    return client.get(reverse(f"ballot:{name}", args=[key]), query).content.decode()


def sent(client, person, name: str, key: int, **fields):
    client.force_login(person)
    return client.post(reverse(f"ballot:{name}", args=[key]), fields)


def pressed(keys: str, sheet: int = 1) -> dict:
    return {"sheet": str(sheet)} | {f"m-{number}": key for number, key in enumerate(keys, start=1)}


def test_a_pile_goes_from_the_counting_to_the_box_by_plain_forms(client, hall):
    table = table_of(hall)
    sent(client, table.one, "paper", hall.round.pk, panel="A", sheets="2", exchanged="")
    batch = PaperBatch.objects.get()
    for teller, second in ((table.one, "13x"), (table.other, "１２X")):
        sent(client, teller, "paper_key", batch.pk, **pressed("140", 1))
        sent(client, teller, "paper_key", batch.pk, **pressed(second, 2))
        sent(client, teller, "paper_finish", batch.pk)

    check = page(client, table.scrutineer, "paper_check", batch.pk)
    early = sent(client, table.scrutineer, "paper_accept", batch.pk)
    sent(client, table.scrutineer, "paper_check", batch.pk, **{"d-2-2": "2"})
    done = sent(client, table.scrutineer, "paper_accept", batch.pk)

    assert 'name="d-2-2"' in check
    assert check.count('class="paper-cell"') == 1
    assert (early.status_code, done.status_code) == (409, 302)
    batch.refresh_from_db()
    assert (batch.state, batch.valid, batch.invalid, batch.differing) == ("accepted", 2, 0, 1)
    assert (Envelope.objects.count(), KeyedSheet.objects.count()) == (2, 0)


def test_a_teller_sees_nothing_of_the_other_one_anywhere(client, hall):
    """Neither on a page, nor in a refusal, nor in the trail: the other's keys are 4 and x, his own page is empty."""
    table = table_of(hall)
    batch = paper.begin_batch(hall.round, panel="A", sheets=2, by=table.one)
    paper.key_sheet(batch, 1, "1x1", by=table.one)
    paper.key_sheet(batch, 2, "1x1", by=table.one)
    paper.finish_reading(batch, by=table.one)

    first, listed = (page(client, table.other, name, key) for name, key in _pages(hall, batch))
    refused = sent(client, table.other, "paper_key", batch.pk, **pressed("1 1")).content.decode()
    told = str(list(Trace.objects.values_list("act", "subject", "facts")))

    assert first.count('class="paper-cell"') == 3
    assert first.count('value=""') == 3
    assert "is-keyed" not in first
    assert "第 2 项还没有录入" in refused
    said = [re.sub(r'"\w{64}"', "", words) for words in (first, listed, refused, told)]  # a random token may hold 1x1
    assert [words for words in said if "1x1" in words or "4x4" in words] == []
    client.force_login(table.one)
    assert client.get(reverse("ballot:paper_key", args=[batch.pk])).status_code == 409
    assert client.get(reverse("ballot:paper_check", args=[batch.pk])).status_code == 403


def _pages(hall: Hall, batch: PaperBatch) -> list[tuple[str, int]]:
    return [("paper_key", batch.pk), ("paper", hall.round.pk)]


def test_the_scrutineer_is_not_shown_what_was_keyed(client, hall):
    table = table_of(hall)
    batch = keyed(hall, table, ["4x1"], ["3x1"])

    check = page(client, table.scrutineer, "paper_check", batch.pk)

    assert check.count('class="paper-cell"') == 1
    assert 'value=""' in check
    assert "待裁定" in check


def test_what_neither_teller_keyed_is_asked_twice_and_stays_typed(client, hall):
    table = table_of(hall)
    batch = keyed(hall, table, ["444"], ["443"])

    asked = sent(client, table.scrutineer, "paper_check", batch.pk, **{"d-1-3": "4"})
    again = sent(client, table.scrutineer, "paper_check", batch.pk, **{"d-1-3": "4", "sure-1-3": "4"})

    assert (asked.status_code, again.status_code) == (422, 302)
    assert "请再看一次票面" in asked.content.decode()
    assert 'name="sure-1-3" value="4"' in asked.content.decode()


def test_a_wrong_key_of_the_scrutineer_is_named_and_the_others_are_kept(client, hall):
    table = table_of(hall)
    batch = keyed(hall, table, ["444"], ["433"])

    answer = sent(client, table.scrutineer, "paper_check", batch.pk, **{"d-1-2": "1", "d-1-3": "7"})

    assert answer.status_code == 422
    assert "第 1 张第 3 项不能识别" in answer.content.decode()
    assert 'name="d-1-3" value="7"' in answer.content.decode()
    assert scoring.paper.undecided(batch) == [(1, 3)]


def test_a_sheet_ticked_as_void_by_the_scrutineer_stays_ticked_and_counts_as_void(client, hall):
    table = table_of(hall)
    batch = keyed(hall, table, ["444"], ["443"])

    asked = sent(client, table.scrutineer, "paper_check", batch.pk, **{"whole-1": "on"}).content.decode()
    sent(client, table.scrutineer, "paper_check", batch.pk, **{"whole-1": "on", "sure-1-3": "x"})
    sent(client, table.scrutineer, "paper_accept", batch.pk)

    assert 'name="whole-1" checked' in asked
    batch.refresh_from_db()
    assert (batch.valid, batch.invalid) == (0, 1)


def test_a_sheet_with_a_wrong_key_comes_back_filled(client, hall):
    table = table_of(hall)
    batch = paper.begin_batch(hall.round, panel="A", sheets=1, by=table.one)

    answer = sent(client, table.one, "paper_key", batch.pk, **pressed("179"))

    assert answer.status_code == 422
    body = answer.content.decode()
    assert "第 2、3 项不能识别" in body
    assert 'name="m-1" value="1"' in body
    assert 'name="m-2" value="7"' in body
    assert KeyedSheet.objects.count() == 0


def test_a_void_sheet_is_one_tick(client, hall):
    table = table_of(hall)
    batch = paper.begin_batch(hall.round, panel="A", sheets=1, by=table.one)

    sent(client, table.one, "paper_key", batch.pk, sheet="1", whole="on")

    assert "整张无效" in page(client, table.one, "paper_key", batch.pk, sheet="1")
    assert 'id="paper-whole" checked' in page(client, table.one, "paper_key", batch.pk, sheet="1")


def test_the_vote_is_not_closed_beside_an_undecided_batch(client, hall):
    table = table_of(hall)
    keyed(hall, table, ["444"])

    answer = sent(client, hall.clerk, "close", hall.round.pk)

    assert answer.status_code == 409
    assert "A类人员第 1 批" in answer.content.decode()
    assert hall.box.state == Box.State.OPEN


def test_whoever_seals_the_box_reads_how_much_of_the_paper_lies_in_it(client, hall):
    """A pile that no teller has begun is unknown to the system: the close would go through without it."""
    table = table_of(hall)
    paper.accept_batch(keyed(hall, table, ["444"] * 2), by=table.scrutineer)
    keyed(hall, table, ["444"])

    body = page(client, hall.clerk, "round", hall.round.pk)

    assert "A票发出 4 张、清点 3 张、入箱 2 张" in body


def test_more_paper_than_issued_makes_the_round_void_and_says_so_before(client, hall):
    table = table_of(hall)
    paper.accept_batch(keyed(hall, table, ["444"] * 3), by=table.scrutineer)
    batch = keyed(hall, table, ["444"] * 2)

    warned = page(client, table.scrutineer, "paper_check", batch.pk)
    sent(client, table.scrutineer, "paper_accept", batch.pk)

    assert "多于发出的 4 张" in warned
    assert hall.box.state == Box.State.INVALID
    assert "收回纸质票 5 张，多于发出 4 张" in Round.objects.get(pk=hall.round.pk).void_reason


@pytest.mark.parametrize("role", [Role.TELLER, Role.SCRUTINEER])
def test_nobody_counts_the_paper_about_himself(hall, role):
    table, rated = table_of(hall), hall.reviews[0].secretary
    RoleGrant.objects.create(person=rated, role=role, organization=hall.bureau)
    batch = keyed(hall, table, ["444"])
    acts = {
        Role.TELLER: lambda: paper.begin_batch(hall.round, panel="A", sheets=1, by=rated),
        Role.SCRUTINEER: lambda: paper.accept_batch(batch, by=rated),
    }

    with pytest.raises(PermissionDenied):
        acts[role]()

    assert PaperBatch.objects.get().state == PaperBatch.State.CHECKING


def test_paper_takes_the_place_of_slips_and_is_co_signed_with_them(client):
    hall = prepared(panels={"A": 10}, spare=2)

    answer = sent(client, hall.clerk, "ask_slips", hall.round.pk, paper_A="5")
    signed = slip_batches.cosign_slips(hall.round, by=hall.supervisor)
    batch = hall.round.batches.get()
    slips = slip_batches.print_slips(batch, by=hall.clerk)
    issued = hall.box.panels.get().paper_issued
    slip_batches.take_back_slips(batch, by=hall.clerk)

    assert answer.status_code == 302
    assert (signed, batch.count, batch.paper, len(slips), issued) == (12, 7, 5, 7, 5)
    assert hall.box.panels.get().paper_issued == 0


@pytest.mark.parametrize("many", ["13", "-1", "viele"])
def test_more_paper_than_the_roll_is_told_in_the_form(client, many):
    hall = prepared(panels={"A": 10}, spare=2)

    answer = sent(client, hall.clerk, "ask_slips", hall.round.pk, paper_A=many)

    assert answer.status_code == 422
    assert f'value="{many}"' in answer.content.decode()
    assert hall.round.batches.count() == 0


def test_a_panel_may_vote_on_paper_alone():
    hall = voting(panels={"A": 5, "B": 5}, paper={"B": 5})

    assert hall.slips["B"] == []
    assert hall.box.state == Box.State.OPEN


def test_the_table_costs_the_same_for_one_batch_or_three(client, hall):
    table = table_of(hall)

    asked = []
    for _ in range(3):
        paper.accept_batch(keyed(hall, table, ["444"]), by=table.scrutineer)
        page(client, table.one, "paper", hall.round.pk)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("ballot:paper", args=[hall.round.pk]))
        asked.append(len(queries))

    assert asked[0] == asked[2]
