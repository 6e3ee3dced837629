"""核对与复核: the checks are computed when the page is asked for, and find what was changed behind the system."""

import pytest
from django.urls import reverse

from reviews.ballot import actions
from scoring.auditing import audit
from scoring.models import Box, Entry, Event, Lid, Mark, Panel, ReceiptList
from tests.reviews.ballot.hall import closed, voting
from tests.scoring.owner import as_owner

pytestmark = pytest.mark.django_db


def opened():
    hall = closed()
    actions.unseal_round(hall.round, hall.codes, by=hall.custodian)
    return hall


def page(client, person, hall):
    client.force_login(person)
    return client.get(reverse("ballot:recount", args=[hall.round.pk]))


def test_an_honest_box_agrees_in_everything():
    hall = opened()

    assert set(audit(hall.box)) == {"terms", "events", "issued", "slips", "returned", "receipts", "counts"}
    assert all(audit(hall.box).values())


@pytest.mark.parametrize(
    ("check", "change"),
    [
        ("terms", lambda box: Entry.objects.filter(box=box, number=1).update(label="别人")),
        ("events", lambda box: Event.objects.filter(box=box, place=3).update(by="别人")),
        ("events", lambda box: Event.objects.filter(box=box).last().delete()),
        ("events", lambda box: Lid.objects.filter(box=box).update(last_hash="0" * 64)),
        ("issued", lambda box: Panel.objects.filter(box=box).update(issued=12, voided=2)),
        ("slips", lambda box: Panel.objects.filter(box=box).update(voided=3)),
        ("returned", lambda box: Panel.objects.filter(box=box).update(spent=9, voided=1)),
        ("receipts", lambda box: ReceiptList.objects.filter(box=box).update(codes="\n".join(["AAAA"] * 10))),
        ("counts", lambda box: Mark.objects.filter(entry__box=box, entry__number=1).update(choice="3")),
    ],
)
def test_whatever_is_changed_in_the_tables_is_found_by_its_check(check, change):
    hall = opened()

    with as_owner():
        change(hall.box)

    assert audit(hall.box)[check] is False


def test_before_the_close_there_is_nothing_to_check(client):
    hall = voting()

    answer = page(client, hall.supervisor, hall)

    assert audit(hall.box) == {}
    assert answer.status_code == 409
    assert "封箱后才能复核" in answer.content.decode()


def test_the_supervisor_reads_how_to_count_again_with_this_box_s_figures(client):
    hall = opened()

    words = page(client, hall.supervisor, hall).content.decode()

    assert "各项一致" in words
    assert "python3 recount.py" in words
    assert hall.box.box_root in words
    assert hall.box.lid.last_hash in words


def test_a_change_is_told_at_the_head_of_the_page(client):
    hall = opened()
    with as_owner():
        Mark.objects.filter(entry__number=1).update(choice="3")

    words = page(client, hall.supervisor, hall).content.decode()

    assert "有不一致的项目" in words
    assert "票数被改动" in words


def test_a_closed_box_shows_its_roots_but_no_count_yet(client):
    hall = closed()

    words = page(client, hall.supervisor, hall).content.decode()

    assert hall.box.state == Box.State.CLOSED
    assert hall.box.receipts_root in words
    assert "下载复核包" not in words


def test_staff_are_told_that_somebody_may_be_guessing(client):
    hall = voting()
    Lid.objects.filter(box=hall.box).update(wrong_slips=1000)
    client.force_login(hall.clerk)

    words = client.get(reverse("ballot:round", args=[hall.round.pk])).content.decode()

    assert "可能有人在试码" in words
