"""封箱: the box balances, or the round is void; the minutes say which."""

import pytest

from reviews.ballot import actions
from reviews.ballot.models import Round
from reviews.meeting.models import Meeting
from reviews.meeting.record_models import Happening
from scoring import booth
from scoring.models import Box, Envelope
from tests.reviews.ballot.hall import voting

pytestmark = pytest.mark.django_db


def test_a_box_that_does_not_balance_makes_its_round_void_with_the_figures():
    hall = voting()
    hall.vote("A", 6)
    Envelope.objects.first().delete()

    box = actions.close_voting(hall.round, by=hall.clerk)

    assert box.state == Box.State.INVALID
    assert "箱内却有 5 张票" in Round.objects.get().void_reason


@pytest.mark.parametrize(
    ("balances", "told"), [(True, ["测评结束，封箱"]), (False, ["封箱时票数不平，票箱没有封成", "宣布无效"])]
)
def test_the_minutes_say_what_came_of_the_close(balances, told):
    hall = voting()
    hall.vote("A", 6)
    meeting = Meeting.objects.create(campaign=hall.campaign)
    if not balances:
        Envelope.objects.first().delete()

    actions.close_voting(hall.round, by=hall.clerk)

    words = list(Happening.objects.filter(meeting=meeting).order_by("pk").values_list("words", flat=True))
    assert len(words) == len(told)
    assert all(said in word for said, word in zip(told, words, strict=True))
    assert not any(str(figure) in word for figure in (5, 6) for word in words[:1])


def test_a_box_that_became_invalid_while_the_server_stopped_does_not_block_the_next_round():
    hall = voting()
    hall.vote("A", 6)
    Envelope.objects.first().delete()
    booth.close(hall.box, by=hall.clerk)

    again = actions.prepare_round(hall.campaign, spare={}, by=hall.clerk)

    assert again.number == 2
    assert "箱内却有 5 张票" in Round.objects.get(number=1).void_reason
