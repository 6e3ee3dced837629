"""Turns follow each other, one at a time, whoever presses."""

from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction

from organizations.errors import Refused
from organizations.models import Person, RoleGrant, Trace
from reviews.meeting.actions import (
    end_meeting,
    record_attendance,
    set_chair,
)
from reviews.meeting.floor import (
    ORDER_CHANGED,
    draw_lots,
    finish_turn,
    mark_absent,
    next_turn,
    pause_turn,
    reorder,
    reset_turn,
    resume_turn,
    start_turn,
)
from reviews.meeting.models import Turn
from reviews.plan.models import Review, Stage
from tests.make import make_campaign, make_review, make_turn
from tests.reviews.meeting.looks import passed, states
from tests.reviews.meeting.scene import set_floor

pytestmark = pytest.mark.django_db


def test_a_turn_starts_and_ends_and_knows_its_seconds():
    scene = set_floor()

    turn = start_turn(scene.turns[0], by=scene.organizer)
    passed(turn, 200)
    finish_turn(turn, by=scene.organizer)

    turn = scene.turns[0]
    assert (turn.state, turn.seconds) == ("spoken", 200)


def test_one_speaks_at_a_time():
    scene = set_floor()
    start_turn(scene.turns[0], by=scene.organizer)

    with pytest.raises(Refused, match="林望舒正在述职，请先结束"):
        start_turn(scene.turns[1], by=scene.organizer)

    assert states(scene) == ["speaking", "waiting", "waiting"]


def test_the_database_itself_lets_one_speak_at_a_time():
    scene = set_floor()
    start_turn(scene.turns[0], by=scene.organizer)

    with pytest.raises(IntegrityError), transaction.atomic():
        Turn.objects.filter(pk=scene.turns[1].pk).update(state=Turn.State.SPEAKING)


def speaking(scene, turn: Turn) -> Turn:
    """The turn has the floor, and has had it for a while."""
    turn = start_turn(turn, by=scene.organizer)
    passed(turn, 60)
    return turn


def test_next_ends_one_and_begins_the_announced_one():
    scene = set_floor()
    speaking(scene, scene.turns[0])

    next_turn(scene.turns[0], scene.turns[1].pk, by=scene.organizer)

    assert states(scene) == ["spoken", "speaking", "waiting"]


def test_a_stale_next_is_refused_in_words_and_moves_nothing():
    scene = set_floor()
    speaking(scene, scene.turns[0])
    next_turn(scene.turns[0], scene.turns[1].pk, by=scene.organizer)

    with pytest.raises(Refused, match=r"林望舒现在是“已述职”.*另一台控制台"):
        next_turn(scene.turns[0], scene.turns[1].pk, by=scene.organizer)

    assert states(scene) == ["spoken", "speaking", "waiting"]


def test_a_second_next_on_the_button_that_changed_under_the_finger_moves_nothing():
    scene = set_floor()
    first, second, third = scene.turns
    speaking(scene, first)
    next_turn(first, second.pk, by=scene.organizer)

    with pytest.raises(Refused, match=r"何景行刚刚开始述职.*本次点击没有生效"):
        next_turn(second, third.pk, by=scene.organizer)

    assert states(scene) == ["spoken", "speaking", "waiting"]
    passed(second, 60)
    next_turn(second, third.pk, by=scene.organizer)
    assert states(scene) == ["spoken", "spoken", "speaking"]


def test_next_is_refused_if_another_is_next_by_now():
    scene = set_floor()
    first, second, third = scene.turns
    speaking(scene, first)
    reorder(scene.meeting, [third.pk, second.pk], seen=[second.pk, third.pk], by=scene.organizer)

    with pytest.raises(Refused, match="述职顺序刚刚有变动"):
        next_turn(first, second.pk, by=scene.organizer)

    assert {turn.pk: turn.state for turn in scene.turns}[first.pk] == "speaking"


def at_once(scene, *presses) -> list[str]:
    """What several consoles are told that press at the same moment: "moved", or the sentence."""
    barrier, answers = Barrier(len(presses)), []

    def run(press):
        person = Person.objects.get(pk=scene.organizer.pk)
        barrier.wait()
        try:
            press(person)
            answers.append("moved")
        except Refused as refused:
            answers.append(str(refused))
        finally:
            connection.close()

    threads = [Thread(target=run, args=(press,)) for press in presses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(answers, key=lambda answer: answer != "moved")


@pytest.mark.django_db(transaction=True)
def test_of_two_consoles_that_press_next_at_once_one_moves_the_floor():
    scene = set_floor()
    first, second, _ = scene.turns
    speaking(scene, first)

    moved, told = at_once(scene, *[lambda by: next_turn(first, second.pk, by=by)] * 2)

    assert moved == "moved"
    assert "林望舒现在是“已述职”" in told
    assert "本次点击没有生效" in told
    assert states(scene) == ["spoken", "speaking", "waiting"]


@pytest.mark.django_db(transaction=True)
def test_next_and_pause_at_once_never_pause_the_one_who_has_ended():
    scene = set_floor()
    first, second, _ = scene.turns
    speaking(scene, first)

    answers = at_once(scene, lambda by: next_turn(first, second.pk, by=by), lambda by: pause_turn(first, by=by))

    assert answers[0] == "moved"
    assert answers[1] == "moved" or "林望舒现在是“已述职”" in answers[1]
    assert states(scene) == ["spoken", "speaking", "waiting"]
    assert [turn.paused_at for turn in scene.turns] == [None] * 3


@pytest.mark.django_db(transaction=True)
def test_of_two_consoles_that_call_different_ones_at_once_one_speaks():
    scene = set_floor()
    first, second, _ = scene.turns

    moved, told = at_once(scene, lambda by: start_turn(first, by=by), lambda by: start_turn(second, by=by))

    assert moved == "moved"
    assert "正在述职，请先结束" in told
    assert sorted(states(scene)) == ["speaking", "waiting", "waiting"]


@pytest.mark.django_db(transaction=True)
def test_of_two_consoles_that_reorder_at_once_one_is_told_and_nobody_is_lost():
    scene = set_floor()
    seen = [turn.pk for turn in scene.turns]
    wanted = seen[::-1], [seen[1], seen[0], seen[2]]

    moved, told = at_once(
        scene, *[lambda by, order=order: reorder(scene.meeting, order, seen=seen, by=by) for order in wanted]
    )

    assert (moved, told) == ("moved", ORDER_CHANGED)
    assert [turn.pk for turn in scene.turns] in wanted


def test_a_pause_does_not_count():
    scene = set_floor()
    turn = start_turn(scene.turns[0], by=scene.organizer)
    passed(turn, 100)
    pause_turn(turn, by=scene.organizer)
    passed(turn, 60)
    resume_turn(turn, by=scene.organizer)

    finish_turn(turn, by=scene.organizer)

    turn = scene.turns[0]
    assert turn.paused_seconds == 60
    assert turn.seconds == 100


def test_a_turn_ended_while_paused_counts_up_to_the_pause():
    scene = set_floor()
    turn = start_turn(scene.turns[0], by=scene.organizer)
    passed(turn, 100)
    pause_turn(turn, by=scene.organizer)
    passed(turn, 60)

    finish_turn(turn, by=scene.organizer)

    assert scene.turns[0].seconds == 100


def test_a_pause_is_not_begun_twice_and_a_running_clock_not_resumed():
    scene = set_floor()
    turn = start_turn(scene.turns[0], by=scene.organizer)

    with pytest.raises(Refused, match="计时正在进行"):
        resume_turn(turn, by=scene.organizer)
    pause_turn(turn, by=scene.organizer)
    with pytest.raises(Refused, match="已经暂停"):
        pause_turn(turn, by=scene.organizer)

    assert states(scene)[0] == "speaking"


def test_a_turn_ended_by_mistake_goes_on_unless_another_speaks():
    scene = set_floor()
    turn = start_turn(scene.turns[0], by=scene.organizer)
    finish_turn(turn, by=scene.organizer)

    resume_turn(turn, by=scene.organizer)

    assert states(scene) == ["speaking", "waiting", "waiting"]
    passed(turn, 60)
    next_turn(turn, scene.turns[1].pk, by=scene.organizer)
    with pytest.raises(Refused, match="另一位述职人正在述职"):
        resume_turn(turn, by=scene.organizer)


def test_absence_needs_a_reason_and_can_be_taken_back():
    scene = set_floor()

    with pytest.raises(Refused, match="请写明林望舒缺席的原因"):
        mark_absent(scene.turns[0], reason="  ", by=scene.organizer)
    with pytest.raises(Refused, match="不超过 100 字"):
        mark_absent(scene.turns[0], reason="因" * 101, by=scene.organizer)
    mark_absent(scene.turns[0], reason="因公出差", by=scene.organizer)

    assert (scene.turns[0].state, scene.turns[0].absence) == ("absent", "因公出差")
    reset_turn(scene.turns[0], by=scene.organizer)
    assert (scene.turns[0].state, scene.turns[0].absence) == ("waiting", "")


def test_a_turn_begun_by_mistake_waits_again_with_a_clean_clock():
    scene = set_floor()
    turn = start_turn(scene.turns[0], by=scene.organizer)
    passed(turn, 30)

    reset_turn(turn, by=scene.organizer)

    turn = scene.turns[0]
    assert (turn.state, turn.started_at, turn.paused_seconds) == ("waiting", None, 0)


@pytest.mark.parametrize("act", [finish_turn, pause_turn, resume_turn, reset_turn])
def test_a_waiting_turn_neither_ends_nor_pauses(act):
    scene = set_floor()

    with pytest.raises(Refused, match="现在是“待述职”"):
        act(scene.turns[0], by=scene.organizer)

    assert states(scene) == ["waiting"] * 3


def test_who_may_no_longer_run_the_meeting_is_refused_under_the_lock():
    scene = set_floor()
    assert scene.organizer.grants.exists()
    RoleGrant.objects.filter(person=scene.organizer).delete()

    with pytest.raises(Refused, match="只有本活动的经办人"):
        start_turn(scene.turns[0], by=scene.organizer)


@pytest.mark.parametrize("stage", [Stage.REPORTING, Stage.CLOSED])
def test_the_floor_is_shut_before_the_meeting_and_in_an_archived_year(stage):
    scene = set_floor(stage=stage)

    with pytest.raises(Refused, match="评议会不能操作"):
        start_turn(scene.turns[0], by=scene.organizer)


def test_a_turn_that_is_gone_is_told():
    scene = set_floor()
    gone = scene.turns[2]
    Turn.objects.filter(pk=gone.pk).delete()

    with pytest.raises(Refused, match="已不在议程中"):
        start_turn(gone, by=scene.organizer)


def test_a_new_order_moves_the_waiting_ones_and_their_reviews():
    scene = set_floor(speakers=4)
    first, second, third, fourth = scene.turns
    start_turn(first, by=scene.organizer)
    seen = [second.pk, third.pk, fourth.pk]

    reorder(scene.meeting, [fourth.pk, second.pk, third.pk], seen=seen, by=scene.organizer)

    assert [turn.pk for turn in scene.turns] == [first.pk, fourth.pk, second.pk, third.pk]
    order = Review.objects.filter(campaign=scene.campaign).order_by("order").values_list("pk", flat=True)
    assert list(order) == [first.review_id, fourth.review_id, second.review_id, third.review_id]


def test_an_order_of_an_older_page_is_refused():
    scene = set_floor()
    first, second, third = (turn.pk for turn in scene.turns)
    start_turn(scene.turns[0], by=scene.organizer)

    with pytest.raises(Refused, match="顺序或状态已被改动"):
        reorder(scene.meeting, [third, second, first], seen=[first, second, third], by=scene.organizer)
    with pytest.raises(Refused, match="顺序或状态已被改动"):
        reorder(scene.meeting, [third, third], seen=[second, third], by=scene.organizer)

    assert [turn.pk for turn in scene.turns] == [first, second, third]


def test_lots_keep_everybody_and_are_written_down():
    scene = set_floor(speakers=6)
    before = [turn.pk for turn in scene.turns]

    draw_lots(scene.meeting, seen=before, by=scene.organizer)

    assert sorted(turn.pk for turn in scene.turns) == sorted(before)
    drawn = [turn.review.secretary.name for turn in scene.turns]
    assert Trace.objects.get(act="抽签确定述职顺序").facts == {"order": drawn}


def test_attendance_is_counted_by_panel_and_never_more_than_expected():
    scene = set_floor()
    a, b = scene.campaign.panels.all()

    record_attendance(scene.meeting, {a.pk: 9, b.pk: 18}, by=scene.organizer)
    with pytest.raises(Refused, match="A票 领导班子应到 10 人，实到不能是 11 人"):
        record_attendance(scene.meeting, {b.pk: 1, a.pk: 11}, by=scene.organizer)

    assert dict(scene.meeting.attendance.values_list("panel__code", "present")) == {"A": 9, "B": 18}


def test_the_meeting_ends_when_everybody_was_heard_or_is_absent():
    scene = set_floor(speakers=2)

    with pytest.raises(Refused, match="还有 2 人没有述职完毕：林望舒、何景行"):
        end_meeting(scene.meeting, by=scene.organizer)
    finish_turn(start_turn(scene.turns[0], by=scene.organizer), by=scene.organizer)
    mark_absent(scene.turns[1], reason="病假", by=scene.organizer)
    end_meeting(scene.meeting, by=scene.organizer)

    assert scene.meeting.state == "ended"
    with pytest.raises(Refused, match="评议会已结束，不能再操作"):
        reset_turn(scene.turns[1], by=scene.organizer)


def test_chair_and_timing_can_be_put_right():
    scene = set_floor()

    set_chair(scene.meeting, chair=scene.deputy, timing="after_all", by=scene.organizer)

    assert (scene.meeting.chair, scene.meeting.timing) == (scene.deputy, "after_all")


def test_a_turn_of_another_campaign_does_not_disturb_the_floor():
    scene = set_floor()
    other = make_turn(make_review(make_campaign(scene.bureau, stage=Stage.MEETING)))
    start_turn(other, by=scene.organizer)

    start_turn(scene.turns[0], by=scene.organizer)

    assert states(scene)[0] == "speaking"
