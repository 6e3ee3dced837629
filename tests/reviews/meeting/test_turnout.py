"""应到实到 by panel against the campaign's quorum: at the sign-in, before a vote opens, in the minutes."""

import pytest
from django.urls import reverse
from django.utils import timezone

from organizations.errors import Refused
from organizations.models import Trace
from reviews.ballot.actions import open_voting
from reviews.meeting.actions import record_attendance
from reviews.meeting.recording import gather_minutes, sign_as_recorder
from reviews.meeting.turnout import demand_quorum, gap_of, turnout_of
from reviews.plan.models import Campaign
from scoring.models import Box
from tests.make import make_meeting
from tests.reviews.ballot.hall import printed
from tests.reviews.meeting.scene import hold_meeting, set_floor

pytestmark = pytest.mark.django_db

REASON = "部分党员外出抢险，经主持人同意"


def sign_in(scene, **present: int) -> Campaign:
    """So many of each panel sign in; the campaign as it then stands."""
    panels = {panel.code: panel.pk for panel in scene.campaign.panels.all()}
    record_attendance(scene.meeting, {panels[code]: n for code, n in present.items()}, by=scene.organizer)
    return Campaign.objects.get(pk=scene.campaign.pk)


def test_every_panel_is_judged_by_itself():
    scene = set_floor(speakers=1)

    campaign = sign_in(scene, A=6, B=10)

    turnout = turnout_of(campaign)
    assert [row.verdict for row in turnout.rows] == ["达到要求", "未达到要求，须 11 人"]
    assert not turnout.is_quorate
    assert "B票 党员代表应到 20 人，实到 10 人，须 11 人，没有达到“实到人数超过应到人数的半数”的要求" in turnout.words


def test_before_anybody_was_counted_it_says_so():
    scene = set_floor(speakers=1)

    turnout = turnout_of(scene.campaign)

    assert turnout.words == "应到 30 人，实到人数还没有登记。"
    assert [row.verdict for row in turnout.rows] == ["还没有登记", "还没有登记"]
    assert gap_of(scene.campaign).count("还没有登记") == 2
    assert "实到 0 人" not in gather_minutes(scene.meeting, by=scene.organizer).text


def test_a_panel_made_smaller_than_its_sign_in_is_to_be_counted_again():
    scene = set_floor(speakers=1)
    sign_in(scene, A=8, B=12)
    scene.campaign.panels.filter(code="A").update(size=7)

    turnout = turnout_of(Campaign.objects.get(pk=scene.campaign.pk))

    assert not turnout.is_quorate
    assert [row.verdict for row in turnout.rows] == ["多于应到，请核对人数", "达到要求"]
    assert "应到 7 人，实到 8 人，多于应到。请核对签到人数和票种人数。" in turnout.words


def test_who_forgot_the_sign_in_enters_it_after_the_meeting_until_the_minutes_are_signed(client):
    scene = set_floor(speakers=1)
    hold_meeting(scene)
    console = reverse("meeting:console", args=[scene.campaign.pk])
    client.force_login(scene.organizer)
    offered = [client.get(console).content.decode()]

    campaign = sign_in(scene, A=8, B=15)
    text = gather_minutes(scene.meeting, by=scene.organizer)
    sign_as_recorder(scene.meeting, edition=text.edition, by=scene.organizer)
    offered.append(client.get(console).content.decode())

    assert gap_of(campaign) == ""
    assert ["登记实到人数" in page for page in offered] == [True, False]
    with pytest.raises(Refused, match="签到人数不再改动"):
        sign_in(scene, A=9)


def test_two_thirds_are_asked_for_where_the_campaign_says_so():
    scene = set_floor(speakers=1, quorum_num=2, quorum_den=3, quorum_is_strict=False)

    gaps = [gap_of(sign_in(scene, A=7, B=present)) for present in (13, 14)]

    assert gaps == ["B票 党员代表应到 20 人，实到 13 人，须 14 人", ""]


def test_below_the_quorum_a_vote_needs_a_reason_and_where_it_binds_nothing_helps():
    campaign = sign_in(set_floor(speakers=1), A=5, B=20)
    with pytest.raises(Refused, match="须写明理由方可开始测评"):
        demand_quorum(campaign, " ")

    told = demand_quorum(campaign, REASON)

    campaign.quorum_is_binding = True
    assert told.endswith(f"写明理由后开始测评。理由：{REASON}（A票 领导班子应到 10 人，实到 5 人，须 6 人）")
    with pytest.raises(Refused, match="未达到的不得开始测评"):
        demand_quorum(campaign, REASON)


def test_enough_of_every_panel_need_no_reason():
    campaign = sign_in(set_floor(speakers=1), A=6, B=11)

    assert demand_quorum(campaign, "") == ""


def test_the_minutes_tell_every_panel_and_its_verdict():
    scene = set_floor(speakers=1)
    sign_in(scene, A=5, B=11)

    text = gather_minutes(scene.meeting, by=scene.organizer).text

    assert "A票 领导班子：应到 10 人，实到 5 人，未到 5 人；未达到要求，须 6 人" in text
    assert "B票 党员代表：应到 20 人，实到 11 人，未到 9 人；达到要求" in text


# --- where the vote opens ------------------------------------------------------------------------


def open_with(hall, reason: str = "") -> None:
    open_voting(hall.round, knows_loss=True, below_quorum=reason, by=hall.clerk)


def test_a_vote_below_the_quorum_opens_with_a_reason_that_stands_in_the_minutes_and_on_the_trail():
    hall = printed()
    meeting = make_meeting(hall.campaign)
    with pytest.raises(Refused, match="实到人数还没有登记"):
        open_with(hall)
    assert Box.objects.get().state == Box.State.FROZEN

    open_with(hall, REASON)

    told = [str(line) for line in meeting.happenings.all()]
    assert Box.objects.get().state == Box.State.OPEN
    assert [REASON in line for line in told] == [True, False]
    assert REASON in Trace.objects.get(act="到会不足开始测评").facts["reason"]


def test_a_vote_with_enough_present_opens_and_a_rehearsal_asks_nobody():
    hall = printed()
    make_meeting(hall.campaign).attendance.create(
        panel=hall.campaign.panels.get(), present=6, counted_at=timezone.now()
    )
    rehearsal = printed(is_rehearsal=True)
    make_meeting(rehearsal.campaign)

    open_with(hall)
    open_with(rehearsal)

    assert {box.state for box in Box.objects.all()} == {Box.State.OPEN}
    assert not Trace.objects.filter(act="到会不足开始测评").exists()


def test_the_page_of_the_round_warns_before_the_vote_and_takes_the_reason(client):
    hall = printed()
    make_meeting(hall.campaign)
    client.force_login(hall.clerk)
    round_page = reverse("ballot:round", args=[hall.round.pk])

    warned = client.get(round_page).content.decode()
    refused = client.post(reverse("ballot:open", args=[hall.round.pk]), {"knows_loss": "1"})
    Campaign.objects.update(quorum_is_binding=True)
    bound = client.get(round_page).content.decode()
    Campaign.objects.update(quorum_is_binding=False)
    opened = client.post(reverse("ballot:open", args=[hall.round.pk]), {"knows_loss": "1", "below_quorum": REASON})

    assert 'name="below_quorum"' in warned
    assert refused.status_code == 409
    assert 'name="below_quorum"' not in bound
    assert "不得开始测评" in bound
    assert opened.status_code == 302
    assert Box.objects.get().state == Box.State.OPEN
