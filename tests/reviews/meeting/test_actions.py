"""The meeting opens."""

import pytest

from organizations.errors import Refused
from organizations.models import Trace
from reviews.meeting.actions import (
    open_meeting,
)
from reviews.meeting.floor import (
    finish_turn,
    start_turn,
)
from reviews.meeting.models import Meeting
from reviews.plan.actions import move_campaign
from reviews.plan.models import Review, Stage
from reviews.report.models import Report
from tests.make import make_review
from tests.reviews.meeting.looks import states
from tests.reviews.meeting.scene import set_scene

pytestmark = pytest.mark.django_db


def test_opening_gives_everybody_on_site_a_turn_in_order_and_every_panel_a_count():
    scene = set_scene(speakers=3)
    Review.objects.filter(pk=scene.reviews[1].pk).update(mode=Review.Mode.WRITTEN)

    open_meeting(scene.campaign, by=scene.organizer, chair=scene.leader)

    scene.campaign.refresh_from_db()
    assert scene.campaign.stage == Stage.MEETING
    assert [turn.review_id for turn in scene.turns] == [scene.reviews[0].pk, scene.reviews[2].pk]
    assert states(scene) == ["waiting", "waiting"]
    assert (scene.meeting.state, scene.meeting.chair) == ("open", scene.leader)
    assert list(scene.meeting.attendance.values_list("panel__code", "present")) == [("A", 0), ("B", 0)]
    assert Trace.objects.filter(act="召开评议会", person=scene.organizer).count() == 1


def test_a_missing_report_keeps_the_meeting_shut_and_is_named():
    scene = set_scene(speakers=2)
    Report.objects.filter(review=scene.reviews[1]).update(state=Report.State.SUBMITTED)

    with pytest.raises(Refused, match=r"1 份述职报告未审核通过：规划科党支部 何景行"):
        open_meeting(scene.campaign, by=scene.organizer)

    scene.campaign.refresh_from_db()
    assert scene.campaign.stage == Stage.REPORTING
    assert not Meeting.objects.exists()


def test_a_review_without_any_report_is_missing_too():
    scene = set_scene(speakers=1)
    make_review(scene.campaign)

    with pytest.raises(Refused, match="1 份述职报告未审核通过"):
        open_meeting(scene.campaign, by=scene.organizer)


def test_a_written_reason_opens_the_meeting_and_stays_on_the_trail_with_the_names():
    scene = set_scene(speakers=2)
    Report.objects.filter(review=scene.reviews[1]).update(state=Report.State.RETURNED)

    open_meeting(scene.campaign, by=scene.organizer, reason="会期已定，报告当日补审")

    line = Trace.objects.get(act="召开评议会")
    assert line.facts == {"reason": "会期已定，报告当日补审", "missing": ["规划科党支部 何景行"]}


@pytest.mark.parametrize("stage", [Stage.PLANNING, Stage.MEETING, Stage.BALLOT, Stage.GRADING, Stage.CLOSED])
def test_a_meeting_opens_from_the_reports_only(stage):
    scene = set_scene(stage=stage)

    with pytest.raises(Refused, match="评议会在“述职报告”阶段完成后召开"):
        open_meeting(scene.campaign, by=scene.organizer, reason="急")

    scene.campaign.refresh_from_db()
    assert scene.campaign.stage == stage


def test_a_campaign_without_secretaries_does_not_meet():
    scene = set_scene(speakers=0)

    with pytest.raises(Refused, match="还没有述职人"):
        open_meeting(scene.campaign, by=scene.organizer)


def test_a_meeting_taken_back_and_opened_again_keeps_what_was_spoken_and_seats_who_came_new():
    scene = set_scene(speakers=2)
    open_meeting(scene.campaign, by=scene.organizer)
    finish_turn(start_turn(scene.turns[0], by=scene.organizer), by=scene.organizer)
    move_campaign(scene.campaign, Stage.REPORTING, by=scene.organizer, reason="漏了一名述职人")
    make_review(scene.campaign)

    open_meeting(scene.campaign, by=scene.organizer, reason="补充述职人，报告会后补审")

    assert states(scene) == ["spoken", "waiting", "waiting"]


def test_somebody_else_does_not_open_the_meeting():
    scene = set_scene()

    with pytest.raises(Refused, match="只有本活动的经办人"):
        open_meeting(scene.campaign, by=scene.leader)
