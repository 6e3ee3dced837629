"""A8: slips that nobody issued are counted a box, without an address, up to a limit; right ones work on."""

import pytest

from organizations.errors import Refused
from scoring import booth, sealing
from scoring.casting import MOST_WRONG_SLIPS
from scoring.models import Lid
from tests.scoring.boxes import make_frozen, make_open

pytestmark = pytest.mark.django_db


def guess(many: int = 1) -> str:
    """Try made-up slips; gives the last answer."""
    for _ in range(many):
        with pytest.raises(Refused) as told:
            booth.sheet_for(sealing.new_slip())
    return str(told.value)


def wrong_of(filled) -> int:
    return Lid.objects.get(box=filled.box).wrong_slips


def test_every_wrong_slip_is_counted_on_the_open_box_only():
    voting, waiting = make_open({"A": 5}), make_frozen({"A": 5})

    guess(3)

    assert (wrong_of(voting), wrong_of(waiting)) == (3, 0)
    assert not booth.is_guessed_at(voting.box)


def test_beyond_the_limit_nothing_is_written_and_the_sentence_sends_to_the_staff():
    filled = make_open({"A": 5})
    Lid.objects.filter(box=filled.box).update(wrong_slips=MOST_WRONG_SLIPS - 1)

    before, after, again = guess(), guess(), guess()

    assert "请核对纸条上的 26 位代码" in before
    assert "交给工作人员核对" in after
    assert after == again
    assert wrong_of(filled) == MOST_WRONG_SLIPS
    assert booth.is_guessed_at(filled.box)


def test_beyond_the_limit_a_right_slip_opens_its_sheet_and_is_cast():
    filled = make_open({"A": 5})
    Lid.objects.filter(box=filled.box).update(wrong_slips=MOST_WRONG_SLIPS)
    slip = filled.slips["A"][0]

    sheet = booth.sheet_for(slip)
    code = booth.cast(slip, {1: 4, 2: 3, 3: 2}, booth.receipt_of("a-phone-of-a-voter"), panel=sheet.panel_id)

    assert len(sheet.entries) == 3
    assert len(code) == 19


def test_a_right_slip_and_a_used_one_are_not_counted(django_assert_num_queries):
    filled = make_open({"A": 5})
    slip = filled.slips["A"][0]

    with django_assert_num_queries(3):  # the slip, what the grades are called, the lines of its sheet
        booth.sheet_for(slip)
    booth.cast(slip, {1: 4, 2: 3, 3: 2}, booth.receipt_of("a-phone-of-a-voter"))
    with pytest.raises(Refused, match="已使用"):
        booth.sheet_for(slip)

    assert wrong_of(filled) == 0
