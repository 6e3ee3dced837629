"""I11: the database itself refuses to change what was locked, by the ORM and by SQL; the box's own way stays open."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from scoring import booth, guards
from scoring.models import Box, Checkpoint, Entry, Event, Mark, Panel, ReceiptList, WrappedKey
from scoring.watching import checkpoint
from tests.scoring.boxes import Filled, make_draft, make_frozen, make_open, make_opened, vote
from tests.scoring.owner import as_owner

pytestmark = pytest.mark.django_db

FROZEN, OPEN, OPENED = make_frozen, make_open, make_opened


def made(maker, **fields) -> Filled:
    filled = maker({"A": 5}, **fields)
    if maker is make_open:
        vote(filled.slips["A"][0])
    return filled


class Undone(Exception):  # noqa: N818 -- an answer, not a fault
    """The change went through; it is rolled back."""


def refused(act) -> bool:
    """The database refuses, in words; nothing was changed."""
    with pytest.raises(IntegrityError, match=guards.REFUSAL), transaction.atomic():
        act()
    return True


@transaction.atomic
def go_through(act) -> None:
    """Do it, and take it back."""
    act()
    raise Undone


def by_sql(statement: str, *params):
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


def gone(model):
    """Delete every row, and nothing else that hangs on it."""
    return model.objects.all()._raw_delete("default")


# What nobody may do, by the state of the box: (maker, by the ORM, the same in SQL).
ATTACKS = {
    "weight": (FROZEN, lambda: Panel.objects.update(weight=1), "UPDATE scoring_panel SET weight = 1"),
    "roll": (FROZEN, lambda: Panel.objects.update(eligible=99), "UPDATE scoring_panel SET eligible = 99"),
    "spare": (OPEN, lambda: Panel.objects.update(spare=99), "UPDATE scoring_panel SET spare = 99"),
    "recusals": (OPEN, lambda: Panel.objects.update(recusals=3), "UPDATE scoring_panel SET recusals = 3"),
    "panel gone": (OPEN, lambda: gone(Panel), "DELETE FROM scoring_panel"),
    "name": (FROZEN, lambda: Entry.objects.update(label="别人"), "UPDATE scoring_entry SET label = 'x'"),
    "order": (OPEN, lambda: Entry.objects.filter(number=3).update(number=9), "UPDATE scoring_entry SET number = 9"),
    "entry gone": (OPEN, lambda: gone(Entry), "DELETE FROM scoring_entry"),
    "rules": (FROZEN, lambda: Box.objects.update(policy={"a": 1}), "UPDATE scoring_box SET policy = '[]'"),
    "terms": (OPEN, lambda: Box.objects.update(frozen={}), "UPDATE scoring_box SET frozen = '{}'"),
    "hash": (OPEN, lambda: Box.objects.update(frozen_hash="0"), "UPDATE scoring_box SET frozen_hash = '0'"),
    "key": (OPEN, lambda: Box.objects.update(public_key=b"x"), "UPDATE scoring_box SET public_key = NULL"),
    "back": (OPEN, lambda: Box.objects.update(state="frozen"), "UPDATE scoring_box SET state = 'draft'"),
    "over": (OPEN, lambda: Box.objects.update(state="opened"), "UPDATE scoring_box SET state = 'opened'"),
    "again": (OPENED, lambda: Box.objects.update(state="open"), "UPDATE scoring_box SET state = 'closed'"),
    "box gone": (OPENED, lambda: gone(Box), "DELETE FROM scoring_box"),
    "receipts root": (
        OPENED,
        lambda: Box.objects.update(receipts_root="0"),
        "UPDATE scoring_box SET receipts_root = '0'",
    ),
    "box root": (OPENED, lambda: Box.objects.update(box_root="0"), "UPDATE scoring_box SET box_root = '0'"),
    "tally": (OPENED, lambda: Box.objects.update(tally_hash="0"), "UPDATE scoring_box SET tally_hash = '0'"),
    "counts": (OPENED, lambda: Panel.objects.update(spent=4), "UPDATE scoring_panel SET spent = 4"),
    "event": (OPEN, lambda: Event.objects.update(by="别人"), "UPDATE scoring_event SET act = 'x'"),
    "event gone": (OPEN, lambda: gone(Event), "DELETE FROM scoring_event"),
    "receipt list": (OPENED, lambda: ReceiptList.objects.update(codes=""), "UPDATE scoring_receiptlist SET codes = ''"),
    "no receipts": (
        OPENED,
        lambda: gone(ReceiptList),
        "DELETE FROM scoring_receiptlist",
    ),
    "mark": (OPENED, lambda: Mark.objects.update(votes=1), "UPDATE scoring_mark SET votes = 1"),
    "mark gone": (OPENED, lambda: gone(Mark), "DELETE FROM scoring_mark"),
    "other key": (OPEN, lambda: WrappedKey.objects.update(wrapped=b"x"), "UPDATE scoring_wrappedkey SET pair = '9+9'"),
    "no key": (OPEN, lambda: gone(WrappedKey), "DELETE FROM scoring_wrappedkey"),
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_database_refuses_to_change_what_was_locked(attack):
    maker, orm, sql = ATTACKS[attack]
    made(maker)

    assert refused(orm)
    assert refused(lambda: by_sql(sql))


@pytest.mark.parametrize("attack", ATTACKS)
def test_without_the_guards_the_same_change_goes_through(attack):
    """Negative control: an attack that fails for another reason would prove nothing."""
    maker, orm, _ = ATTACKS[attack]
    made(maker)

    with as_owner(), pytest.raises(Undone):
        go_through(orm)


@pytest.mark.parametrize("add", ["panel", "entry", "mark"])
def test_nothing_is_added_to_what_was_locked(add):
    filled = made(OPEN)
    panel, entry = filled.panel(), filled.box.entries.first()

    acts = {
        "panel": lambda: Panel.objects.create(box=filled.box, code="Z", label="Z", eligible=9),
        "entry": lambda: Entry.objects.create(box=filled.box, number=9, label="别人"),
        "mark": lambda: Mark.objects.create(entry=entry, panel=panel, choice="4", votes=5),
    }

    assert refused(acts[add])


def test_a_checkpoint_is_written_once_and_goes_with_the_keys():
    filled = made(OPEN)
    checkpoint(filled.box, shown=0, is_balanced=True, at=timezone.now())

    answers = [
        refused(lambda: Checkpoint.objects.update(shown=5)),
        refused(lambda: gone(Checkpoint)),
    ]
    booth.close(filled.box, by=filled.by)
    booth.unseal(filled.box, filled.codes, by=filled.by)
    booth.destroy_keys(filled.box, by=filled.by)

    assert answers == [True, True]
    assert not Checkpoint.objects.exists()


def test_a_box_goes_its_whole_way_and_its_keys_are_destroyed_at_the_end():
    filled = made(OPENED)

    booth.destroy_keys(filled.box, by=filled.by)
    booth.void(filled.box, "申诉成立", by=filled.by)

    assert not WrappedKey.objects.exists()
    assert filled.fresh().state == Box.State.INVALID


@pytest.mark.parametrize("maker", [FROZEN, OPEN, OPENED])
def test_a_rehearsal_is_thrown_away_in_any_state(maker):
    filled = made(maker, is_rehearsal=True)

    booth.discard_box(filled.fresh(), by=filled.by)

    assert not Box.objects.exists()


@pytest.mark.parametrize("maker", [make_draft, lambda: make_frozen({"A": 5}).box])
def test_a_box_nobody_voted_in_is_thrown_away(maker):
    box = maker()

    booth.discard_box(box, by=make_frozen({"A": 5}).by)

    assert not Box.objects.filter(pk=box.pk).exists()


def test_every_guard_stands_in_the_database_and_comes_back_after_a_migration():
    before = guards.in_place(connection)
    guards.take_out(connection)
    gone = guards.in_place(connection)

    guards.put_in(connection)

    assert before == set(guards.named(connection.vendor)) == guards.in_place(connection)
    assert gone == set()
