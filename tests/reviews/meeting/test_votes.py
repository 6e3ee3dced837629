"""The vote in the minutes: sheets out and back once the box is sealed, never a mark; no signature while it goes on."""

import pytest

from organizations.errors import Refused
from reviews.ballot.actions import close_voting, open_voting, unseal_round, void_round
from reviews.meeting.actions import end_meeting
from reviews.meeting.floor import mark_absent
from reviews.meeting.merging import NEW_FACT
from reviews.meeting.models import Meeting
from reviews.meeting.record_models import Minutes
from reviews.meeting.recording import gather_minutes, in_force, save_minutes, sign_as_chair, sign_as_recorder
from reviews.meeting.votes import vote_under_way, votes_told
from tests.make import make_meeting, make_officer, make_turn
from tests.reviews.ballot.hall import printed, set_hall, sign_in, voting
from tests.reviews.meeting.doors import address, seen_by

pytestmark = pytest.mark.django_db

NOT_A_NUMBER_OF = ("好", "较好", "一般", "差", "得票 ", "10 票")


def held(**fields):
    """A hall in which a meeting was held and ended; its vote is prepared and its slips are printed."""
    hall = set_hall(**fields)
    make_meeting(hall.campaign, state=Meeting.State.ENDED)
    return hall


def meeting_of(hall) -> Meeting:
    return Meeting.objects.get(campaign=hall.campaign)


def sealed(hall, *, voters: int = 8) -> None:
    for code in list(hall.slips):
        hall.vote(code, voters)
    close_voting(hall.round, by=hall.clerk)


def test_while_people_vote_the_minutes_hold_no_number():
    hall = voting(held())
    hall.vote("A", 3)

    told = votes_told(hall.campaign)

    assert told == ["第1轮测评正在进行。"]


def test_a_sealed_box_is_told_by_panel_and_in_all():
    hall = voting(held(panels={"A": 10, "B": 20}))
    sealed(hall, voters=8)

    told = votes_told(hall.campaign)

    assert told == [
        "第1轮测评，共发出评议表 30 张，收回 16 张，其中有效 16 张，无效 0 张。收回数未超过发出数。",
        "A票 A类人员：发出评议表 10 张，收回 8 张，其中有效 8 张，无效 0 张。",
        "B票 B类人员：发出评议表 20 张，收回 8 张，其中有效 8 张，无效 0 张。",
        "票箱已封，待开箱计票。",
    ]


def test_after_the_opening_the_minutes_name_the_sheet_of_figures_and_hold_no_result():
    hall = voting(held())
    sealed(hall, voters=10)
    unseal_round(hall.round, hall.codes[:2], by=hall.clerk)

    text = gather_minutes(meeting_of(hall), by=hall.clerk).text

    assert "各述职人得票情况见《计票结果报告单》" in text
    assert [word for word in NOT_A_NUMBER_OF if word in "".join(votes_told(hall.campaign))] == []


def test_a_void_round_stays_in_the_minutes_with_its_reason_beside_the_one_that_replaced_it():
    hall = voting(held())
    hall.vote("A", 3)
    void_round(hall.round, reason="会场停电，投票中断", by=hall.clerk)
    again = voting(hall)
    sealed(again)

    told = votes_told(hall.campaign)

    assert told[0] == "第1轮测评无效，原因：会场停电，投票中断。该轮不计票，材料留存。"
    assert told[1].startswith("第2轮测评，共发出评议表 10 张，收回 8 张")


def test_a_rehearsal_leaves_nothing_in_the_minutes_and_holds_up_nobody():
    hall = voting(held(), is_rehearsal=True)

    assert votes_told(hall.campaign) == []
    assert vote_under_way(hall.campaign) == ""


def test_a_rehearsal_that_was_not_cleared_takes_no_number_from_the_vote():
    hall = printed(held(), is_rehearsal=True)
    rehearsal = hall.round
    voting(hall)

    rehearsal.refresh_from_db()
    assert votes_told(hall.campaign) == ["第1轮测评正在进行。"]
    assert (hall.round.number, rehearsal.number) == (1, 2)


def test_nobody_signs_before_the_vote_is_over():
    hall = printed(held())
    meeting = meeting_of(hall)
    chair = make_officer("leader", hall.campaign.organizer)
    Meeting.objects.update(chair=chair)
    gather_minutes(meeting, by=hall.clerk)

    def refused(words: str) -> None:
        with pytest.raises(Refused, match=words):
            sign_as_recorder(meeting, edition=in_force(meeting).edition, by=hall.clerk)

    refused("还没有开始")
    sign_in(hall)
    open_voting(hall.round, knows_loss=True, by=hall.clerk)
    refused("还没有封箱")
    sealed(hall)
    refused("还没有开箱计票")
    unseal_round(hall.round, hall.codes[:2], by=hall.clerk)
    gather_minutes(meeting, by=hall.clerk)
    text = sign_as_recorder(meeting, edition=in_force(meeting).edition, by=hall.clerk)

    assert sign_as_chair(meeting, digest=text.digest, by=chair).state == Minutes.State.SIGNED


def test_a_meeting_whose_box_was_counted_before_its_end_can_still_be_ended_and_recorded():
    hall = set_hall()
    make_meeting(hall.campaign, state=Meeting.State.OPEN)
    turn = make_turn(hall.reviews[0])
    voting(hall)
    sealed(hall)
    unseal_round(hall.round, hall.codes, by=hall.custodian)
    assert hall.stage == "grading"

    mark_absent(turn, reason="因公出差", by=hall.clerk)
    end_meeting(meeting_of(hall), by=hall.clerk)
    text = gather_minutes(meeting_of(hall), by=hall.clerk)

    assert sign_as_recorder(meeting_of(hall), edition=text.edition, by=hall.clerk).state == Minutes.State.RECORDED


def test_composed_again_after_the_close_and_the_opening_own_words_stay_as_they_were_edited():
    hall = voting(held())
    meeting = meeting_of(hall)
    gather_minutes(meeting, by=hall.clerk)
    own = (
        in_force(meeting).text.replace("点评方式：一述一评", "点评方式：一述一评，由主持人逐一点评")
        + "\n\n会场秩序良好。"
    )
    save_minutes(meeting, text=own, edition=1, by=hall.clerk)

    sealed(hall)
    after_close = gather_minutes(meeting, by=hall.clerk).text
    unseal_round(hall.round, hall.codes[:2], by=hall.clerk)
    after_opening = gather_minutes(meeting, by=hall.clerk).text

    for text in (after_close, after_opening):
        assert "由主持人逐一点评" in text
        assert "会场秩序良好。" in text
        assert NEW_FACT not in text
        assert "收回 8 张" in text
    assert "票箱已封，待开箱计票。" in after_close
    assert "票箱已封，待开箱计票。" not in after_opening


def test_the_page_says_what_has_changed_and_why_it_cannot_be_signed_yet(client):
    hall = voting(held())
    gather_minutes(meeting_of(hall), by=hall.clerk)
    clerk = seen_by(client, hall.clerk)
    fresh = clerk.get(address("minutes_edit", hall.campaign)).content.decode()
    sealed(hall)

    stale = clerk.get(address("minutes_edit", hall.campaign)).content.decode()
    facts = clerk.get(address("minutes", hall.campaign)).content.decode()

    assert "会议事实又有变动" not in fresh
    assert "现在还不能签定：第 1 轮测评正在进行" in fresh
    assert "会议事实又有变动" in stale
    assert 'value="sign"' not in stale
    assert "三、测评" in facts
    assert "收回 8 张" in facts
