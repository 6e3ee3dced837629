"""What the hall sees through a whole meeting and its vote: never what is not released, in no state."""

from datetime import timedelta

import pytest
from django.db.models import F

from organizations.models import Role
from reviews.ballot import actions as ballot
from reviews.meeting.actions import comment_on, end_meeting, open_meeting, record_attendance
from reviews.meeting.agenda import tick_item
from reviews.meeting.floor import finish_turn, pause_turn, resume_turn, start_turn
from reviews.meeting.hall import Picture, picture_of
from reviews.meeting.models import Turn
from reviews.meeting.record_models import AgendaItem
from reviews.plan.models import Campaign
from tests.make import make_officer, make_report
from tests.reviews.ballot.hall import prepared, printed, set_hall, voting
from tests.reviews.meeting.doors import address, seen_by
from tests.reviews.meeting.scene import set_floor

pytestmark = pytest.mark.django_db

SECRETS = {
    "strengths": "阵地建设亮点突出",
    "weaknesses": "一是理论学习走过场。二是谈心谈话次数偏少。",
    "advice": "建议逐月列出清单",
}


def look(campaign: Campaign) -> Picture:
    return picture_of(Campaign.objects.select_related("meeting", "organizer").get(pk=campaign.pk))


def at_the_meeting(hall=None):
    """The meeting of a hall that will vote: open, nobody has spoken."""
    hall = hall or set_hall(stage="reporting", panels={"A": 20})
    for review in hall.reviews:
        make_report(review, state="approved")
    open_meeting(hall.campaign, by=hall.clerk)
    hall.meeting = Campaign.objects.get(pk=hall.campaign.pk).meeting
    present = {panel.pk: panel.size for panel in hall.campaign.panels.all()}
    record_attendance(hall.meeting, present, by=hall.clerk)
    return hall


def hear_everybody(hall) -> None:
    for turn in hall.meeting.turns.all():
        finish_turn(start_turn(turn, by=hall.clerk), by=hall.clerk)


def test_from_the_first_step_to_the_end_the_hall_follows():
    hall = at_the_meeting()
    seen = [look(hall.campaign)]
    turn = start_turn(hall.meeting.turns.first(), by=hall.clerk)
    seen.append(look(hall.campaign))
    finish_turn(turn, by=hall.clerk)
    seen.append(look(hall.campaign))
    for rest in hall.meeting.turns.filter(state="waiting"):
        finish_turn(start_turn(rest, by=hall.clerk), by=hall.clerk)
    voting(hall)
    seen.append(look(hall.campaign))
    hall.vote("A", 13)
    ballot.close_voting(hall.round, by=hall.clerk)
    seen.append(look(hall.campaign))
    tick_item(hall.meeting, hall.meeting.agenda.get(kind=AgendaItem.Kind.VOTE).pk, is_done=True, by=hall.clerk)
    seen.append(look(hall.campaign))

    assert [(picture.above, picture.name) for picture in seen] == [
        ("会议议程", "宣读议程与会议纪律"),
        (str(hall.reviews[0].organization), "林望舒"),
        ("下一位", "何景行"),
        ("民主测评", "请扫自己的测评码"),
        ("民主测评", "票箱已封"),
        ("会议议程", "讲话"),
    ]
    assert seen[3].votes == (("已投", "0 / 20"),)
    assert seen[4].votes == (("发出", "20 张"), ("收回", "13 张"), ("未收回", "7 张"))


def test_while_people_vote_the_hall_sees_steps_of_five_and_no_more_than_once_a_minute():
    hall = at_the_meeting()
    hear_everybody(hall)
    voting(hall)
    hall.vote("A", 13)

    first = look(hall.campaign).votes
    hall.vote("A", 3)

    assert first == (("已投", "10 / 20"),)
    assert look(hall.campaign).votes == first


def test_who_cannot_scan_reads_where_to_type(settings):
    hall = at_the_meeting()
    hear_everybody(hall)
    voting(hall)

    without = look(hall.campaign).below
    settings.PUBLIC_URL = "https://reviews.example.org"

    assert "没有扫码条件的，请用手机打开纸条上的地址，输入测评码。" in without
    assert "没有扫码条件的，请用手机打开 https://reviews.example.org/b/ ，输入测评码。" in look(hall.campaign).below


def test_nearly_all_is_said_in_words():
    hall = at_the_meeting()
    hear_everybody(hall)
    voting(hall)
    hall.vote("A", 18)

    assert look(hall.campaign).votes == (("已投", "九成以上"),)


def test_who_speaks_comes_before_the_vote():
    hall = at_the_meeting()
    voting(hall)
    start_turn(hall.meeting.turns.first(), by=hall.clerk)

    assert look(hall.campaign).name == "林望舒"


def test_a_rehearsal_says_so_and_its_figures_go_when_the_first_one_speaks():
    hall = at_the_meeting()
    voting(hall, is_rehearsal=True)
    seen = [look(hall.campaign)]
    hall.vote("A", 20)
    ballot.close_voting(hall.round, by=hall.clerk)
    seen.append(look(hall.campaign))
    turn = start_turn(hall.meeting.turns.first(), by=hall.clerk)
    hear = finish_turn(turn, by=hall.clerk)
    seen.append(look(hall.campaign))

    assert [picture.above for picture in seen] == ["民主测评（演练，不计票）", "民主测评（演练，不计票）", "下一位"]
    assert hear.state == "spoken"


def test_a_rehearsal_left_open_gives_way_to_the_next_speaker_and_to_the_end_of_the_meeting():
    hall = at_the_meeting()
    voting(hall, is_rehearsal=True)
    for turn in hall.meeting.turns.all():
        start_turn(turn, by=hall.clerk)
        finish_turn(turn, by=hall.clerk)
        if turn.order == 1:
            between = look(hall.campaign)
    heard = look(hall.campaign)
    end_meeting(hall.meeting, by=hall.clerk)

    assert (between.above, heard.above) == ("下一位", "民主测评（演练，不计票）")
    assert look(hall.campaign).name == "述职评议会结束"


def test_a_rehearsal_prepared_beside_the_vote_never_hides_it():
    hall = at_the_meeting()
    voting(hall)
    prepared(hall, is_rehearsal=True)

    assert (look(hall.campaign).above, look(hall.campaign).name) == ("民主测评", "请扫自己的测评码")


def test_nothing_that_is_not_released_is_in_the_page_in_any_state(client):
    hall = at_the_meeting()
    leader = make_officer(Role.LEADER, hall.bureau, "领导甲")
    for review in hall.reviews:
        comment_on(review, edition=0, by=leader, **SECRETS)
    clerk, pages = seen_by(client, hall.clerk), []

    def show():
        for name in ("hall", "hall_state"):
            pages.append(clerk.get(address(name, hall.campaign)).content.decode())

    show()
    turn = start_turn(hall.meeting.turns.first(), by=hall.clerk)
    show()
    pause_turn(turn, by=hall.clerk)
    show()
    resume_turn(turn, by=hall.clerk)
    finish_turn(turn, by=hall.clerk)
    show()
    for rest in hall.meeting.turns.filter(state="waiting"):
        finish_turn(start_turn(rest, by=hall.clerk), by=hall.clerk)
    show()
    printed(hall)
    show()
    ballot.open_voting(hall.round, knows_loss=True, by=hall.clerk)
    hall.vote("A", 11, choice="4")
    hall.vote("A", 6, choice="1")
    show()
    ballot.close_voting(hall.round, by=hall.clerk)
    show()
    ballot.unseal_round(hall.round, hall.codes[:2], by=hall.custodian)
    show()
    ballot.go_on_to_grading(hall.round, by=hall.clerk)
    show()

    words = [word for text in SECRETS.values() for word in text.split("。") if word]
    marks = ["较好", "一般", "差票", "得分", "等次", "好票", "综合评价", "有效", "点评"]
    assert len(pages) == 20
    assert [word for page in pages for word in [*words, *marks] if word in page] == []
    # 11 and 6: how the votes fell; 17 came back, and that is told once the box is sealed.
    inner = [page[page.index("hall-picture") :] for page in pages]
    assert [part for part in inner if ">11<" in part or ">6<" in part] == []
    assert [place for place, part in enumerate(inner) if ">17 张<" in part] == [14, 15]


def test_a_screen_that_shows_the_truth_is_told_so_without_a_page_and_hears_the_clock(client):
    scene = set_floor()
    turn = start_turn(scene.turns[0], by=scene.organizer)
    pause_turn(turn, by=scene.organizer)
    clerk = seen_by(client, scene.organizer)
    stamp = picture_of(scene.campaign).stamp
    Turn.objects.filter(pk=turn.pk).update(started_at=F("started_at") - timedelta(seconds=75))

    same = clerk.get(address("hall_state", scene.campaign), {"stamp": stamp})
    resume_turn(turn, by=scene.organizer)
    other = clerk.get(address("hall_state", scene.campaign), {"stamp": stamp})

    assert (same.status_code, same["Hall-Spent"], same.content) == (204, "75", b"")
    assert other.status_code == 200
    assert 'data-running="1"' in other.content.decode()
    assert other["Hall-At"].count(":") == 2
