"""The way back from the ballot to the meeting."""

import pytest

from organizations.errors import Refused
from reviews.ballot import actions
from reviews.meeting.actions import end_meeting
from reviews.meeting.agenda import lay_agenda
from reviews.meeting.floor import start_turn
from reviews.plan.models import Stage
from tests.make import make_meeting, make_turn
from tests.reviews.ballot.hall import closed, set_hall, voting

pytestmark = pytest.mark.django_db


def test_after_a_void_round_the_campaign_goes_back_to_the_meeting_for_a_reason():
    hall = voting()
    actions.void_round(hall.round, reason="停电中断", by=hall.clerk)

    actions.back_to_meeting(hall.campaign, reason="补充一位述职", by=hall.clerk)

    assert hall.stage == Stage.MEETING
    assert hall.campaign.moves.last().reason == "补充一位述职"


def test_a_meeting_that_was_ended_goes_on_so_that_somebody_can_still_be_heard():
    hall = set_hall()
    make_meeting(hall.campaign)
    lay_agenda(hall.campaign.meeting)
    voting(hall)
    end_meeting(hall.campaign.meeting, by=hall.clerk)
    actions.void_round(hall.round, reason="停电中断", by=hall.clerk)

    actions.back_to_meeting(hall.campaign, reason="补充一位述职", by=hall.clerk)

    late = start_turn(make_turn(hall.reviews[0]), by=hall.clerk)
    assert (late.state, late.meeting.ended_at) == ("speaking", None)
    assert not late.meeting.agenda.exclude(kind="opening").filter(done_at__isnull=False).exists()
    assert late.meeting.happenings.last().words == "继续开会，原因：补充一位述职"


def test_without_a_reason_it_stays():
    hall = voting()
    actions.void_round(hall.round, reason="停电中断", by=hall.clerk)

    with pytest.raises(Refused, match="须写明原因"):
        actions.back_to_meeting(hall.campaign, reason=" ", by=hall.clerk)

    assert hall.stage == Stage.BALLOT


@pytest.mark.parametrize("reached", [voting, closed])
def test_behind_an_open_or_sealed_box_there_is_no_way_back(reached):
    hall = reached()

    with pytest.raises(Refused, match="正在进行或已经封箱"):
        actions.back_to_meeting(hall.campaign, reason="想退回", by=hall.clerk)

    assert hall.stage == Stage.BALLOT


def test_the_console_offers_it_with_its_reason(client):
    hall = voting()
    actions.void_round(hall.round, reason="停电中断", by=hall.clerk)
    client.force_login(hall.clerk)
    console = f"/ballots/{hall.campaign.pk}/"

    page = client.get(console).content.decode()
    answer = client.post(f"{console}back/", {"reason": "补充点评"})

    assert f'action="{console}back/"' in page
    assert (answer.status_code, hall.stage) == (302, Stage.MEETING)
