"""The meeting opens, turns follow each other, comments become ledger problems."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction

from organizations.errors import Refused
from organizations.models import Person, Role, RoleGrant, Trace
from reviews.ledger.models import Problem
from reviews.meeting.actions import (
    ScriptLine,
    Stale,
    comment_on,
    end_meeting,
    open_meeting,
    record_attendance,
    save_draft,
    save_script,
    set_chair,
)
from reviews.meeting.floor import (
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
from reviews.meeting.models import Comment, CommentDraft, Meeting, Turn
from reviews.plan.actions import move_campaign
from reviews.plan.models import Review, Stage
from reviews.report.models import Report
from tests.make import make_campaign, make_review, make_turn
from tests.reviews.meeting.scene import set_floor, set_scene

pytestmark = pytest.mark.django_db

TWO = "一是学习不够深入。二是活动形式单一。"


def states(scene) -> list[str]:
    return [turn.state for turn in scene.turns]


def problems_of(review) -> list[tuple[str, str]]:
    return list(Problem.objects.filter(review=review, source="superior_comment").values_list("text", "state"))


def passed(turn: Turn, seconds: int) -> None:
    """Let so many seconds have gone by since the turn began (and was paused)."""
    back = timedelta(seconds=seconds)
    turn.refresh_from_db()
    turn.started_at -= back
    if turn.paused_at:
        turn.paused_at -= back
    turn.save()


# --- opening -----------------------------------------------------------------------------------


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


# --- the floor ---------------------------------------------------------------------------------


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


def test_next_ends_one_and_begins_the_announced_one():
    scene = set_floor()
    start_turn(scene.turns[0], by=scene.organizer)

    next_turn(scene.turns[0], scene.turns[1].pk, by=scene.organizer)

    assert states(scene) == ["spoken", "speaking", "waiting"]


def test_a_stale_next_is_refused_in_words_and_moves_nothing():
    scene = set_floor()
    start_turn(scene.turns[0], by=scene.organizer)
    next_turn(scene.turns[0], scene.turns[1].pk, by=scene.organizer)

    with pytest.raises(Refused, match=r"林望舒现在是“已述职”.*另一台控制台"):
        next_turn(scene.turns[0], scene.turns[1].pk, by=scene.organizer)

    assert states(scene) == ["spoken", "speaking", "waiting"]


def test_next_is_refused_if_another_is_next_by_now():
    scene = set_floor()
    first, second, third = scene.turns
    start_turn(first, by=scene.organizer)
    reorder(scene.meeting, [third.pk, second.pk], seen=[second.pk, third.pk], by=scene.organizer)

    with pytest.raises(Refused, match="述职顺序刚刚有变动"):
        next_turn(first, second.pk, by=scene.organizer)

    assert {turn.pk: turn.state for turn in scene.turns}[first.pk] == "speaking"


@pytest.mark.django_db(transaction=True)
def test_of_two_consoles_that_press_next_at_once_one_moves_the_floor():
    scene = set_floor()
    first, second, _ = scene.turns
    start_turn(first, by=scene.organizer)
    barrier, answers = Barrier(2), []

    def press():
        person = Person.objects.get(pk=scene.organizer.pk)
        barrier.wait()
        try:
            next_turn(first, second.pk, by=person)
            answers.append("moved")
        except Refused as refused:
            answers.append(str(refused))
        finally:
            connection.close()

    threads = [Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert answers.count("moved") == 1
    assert [answer for answer in answers if "本次点击没有生效" in answer and "林望舒现在是" in answer] != []
    assert states(scene) == ["spoken", "speaking", "waiting"]


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


@pytest.mark.parametrize("stage", [Stage.REPORTING, Stage.GRADING])
def test_the_floor_is_shut_outside_meeting_and_ballot(stage):
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


# --- comments ----------------------------------------------------------------------------------


def test_a_comment_is_kept_and_each_point_is_a_noted_problem_with_its_sentence():
    scene = set_scene()
    review = scene.reviews[0]

    comment = comment_on(review, strengths="工作扎实", weaknesses=TWO, edition=0, by=scene.leader)

    assert (comment.edition, comment.by) == (1, scene.leader)
    points = list(comment.points.values_list("number", "text", "problem__state", "problem__origin"))
    assert points == [
        (1, "学习不够深入", "noted", "一是学习不够深入。"),
        (2, "活动形式单一", "noted", "二是活动形式单一。"),
    ]
    assert Problem.objects.filter(source=Problem.Source.SUPERIOR_COMMENT).count() == 2


def test_saving_again_rewords_withdraws_and_adds_without_doubles():
    scene = set_scene()
    review = scene.reviews[0]
    comment_on(review, weaknesses="一是甲不够实。二是乙不够深。三是丙不够活。", edition=0, by=scene.leader)
    kept = Problem.objects.get(text="丙不够活").pk
    reworded = Problem.objects.get(text="甲不够实").pk

    comment_on(review, weaknesses="一是甲还不够实。二是丙不够活。", edition=1, by=scene.leader)

    assert Problem.objects.get(text="丙不够活").pk == kept
    assert Problem.objects.get(pk=reworded).text == "甲还不够实"
    assert Problem.objects.get(pk=reworded).origin == "一是甲还不够实。"
    assert sorted(problems_of(review)) == [("丙不够活", "noted"), ("乙不够深", "withdrawn"), ("甲还不够实", "noted")]
    assert list(Comment.objects.get().points.values_list("number", "text")) == [(1, "甲还不够实"), (2, "丙不够活")]


def test_the_same_comment_saved_again_changes_no_problem():
    scene = set_scene()
    comment_on(scene.reviews[0], weaknesses=TWO, edition=0, by=scene.leader)
    before = list(Problem.objects.values_list("pk", "text", "state"))

    comment_on(scene.reviews[0], weaknesses=TWO, edition=1, by=scene.leader)

    assert list(Problem.objects.values_list("pk", "text", "state")) == before


def test_an_emptied_comment_withdraws_its_problems():
    scene = set_scene()
    comment_on(scene.reviews[0], weaknesses=TWO, edition=0, by=scene.leader)

    comment_on(scene.reviews[0], strengths="还好", weaknesses="", edition=1, by=scene.leader)

    assert [state for _, state in problems_of(scene.reviews[0])] == ["withdrawn", "withdrawn"]


def test_a_problem_taken_off_the_books_by_hand_stays_off():
    scene = set_scene()
    comment_on(scene.reviews[0], weaknesses=TWO, edition=0, by=scene.leader)
    Problem.objects.filter(text="学习不够深入").update(state=Problem.State.WITHDRAWN)

    comment_on(scene.reviews[0], weaknesses=TWO + "三是联系群众不多。", edition=1, by=scene.leader)

    assert dict(problems_of(scene.reviews[0])) == {
        "学习不够深入": "withdrawn",
        "活动形式单一": "noted",
        "联系群众不多": "noted",
    }


def test_two_leaders_comment_on_one_secretary_side_by_side():
    scene = set_scene()

    comment_on(scene.reviews[0], weaknesses=TWO, edition=0, by=scene.leader)
    comment_on(scene.reviews[0], weaknesses="一是担当不够。", edition=0, by=scene.deputy)

    assert [text for text, _ in problems_of(scene.reviews[0])] == ["学习不够深入", "活动形式单一", "担当不够"]


def test_a_stale_comment_is_refused_and_carries_the_newer_text():
    scene = set_scene()
    comment_on(scene.reviews[0], weaknesses=TWO, edition=0, by=scene.leader)

    with pytest.raises(Stale) as caught:
        comment_on(scene.reviews[0], weaknesses="一是另一个窗口写的。", edition=0, by=scene.leader)

    assert caught.value.current.weaknesses == TWO
    assert Comment.objects.get().weaknesses == TWO


def test_an_empty_comment_is_not_kept():
    scene = set_scene()

    with pytest.raises(Refused, match="点评内容还是空的"):
        comment_on(scene.reviews[0], strengths=" ", edition=0, by=scene.leader)

    assert not Comment.objects.exists()


def test_a_leader_does_not_comment_on_himself():
    scene = set_scene()
    RoleGrant.objects.create(person=scene.reviews[0].secretary, role=Role.LEADER, organization=scene.bureau)

    with pytest.raises(Refused, match="不能点评本人"):
        comment_on(scene.reviews[0], weaknesses=TWO, edition=0, by=scene.reviews[0].secretary)


@pytest.mark.parametrize("stage", list(Stage))
def test_comments_are_written_while_they_are_prepared_given_and_voted_over(stage):
    scene = set_scene(stage=stage)
    may = stage in {Stage.REPORTING, Stage.MEETING, Stage.BALLOT}

    try:
        comment_on(scene.reviews[0], weaknesses=TWO, edition=0, by=scene.leader)
        said = True
    except Refused as refused:
        said = "点评只能在述职报告、评议会和测评阶段填写" not in str(refused)

    assert said is may
    assert Comment.objects.count() == int(may)


def test_a_comment_typed_for_a_leader_is_his_and_the_trail_names_the_typist():
    scene = set_scene()

    comment = comment_on(scene.reviews[0], weaknesses=TWO, edition=0, by=scene.leader, typed_by=scene.organizer)

    line = Trace.objects.get(act="点评")
    assert comment.by == scene.leader
    assert (line.person, line.facts["leader"]) == (scene.organizer, "领导甲")


def test_somebody_who_is_no_organizer_does_not_type_for_a_leader():
    scene = set_scene()

    with pytest.raises(Refused, match="不能代为录入"):
        comment_on(scene.reviews[0], weaknesses=TWO, edition=0, by=scene.leader, typed_by=scene.deputy)


def test_a_draft_is_kept_and_no_problem_comes_of_it():
    scene = set_scene()
    words = {"strengths": "", "weaknesses": "一是学", "advice": ""}

    first = save_draft(scene.reviews[0], **words, edition=0, by=scene.leader, typed_by=scene.leader)
    second = save_draft(scene.reviews[0], **words, edition=first.edition, by=scene.leader, typed_by=scene.leader)

    assert (first.edition, second.edition) == (1, 2)
    assert not Comment.objects.exists()
    assert not Problem.objects.exists()


def test_a_draft_of_another_window_is_not_overwritten():
    scene = set_scene()
    words = {"strengths": "", "advice": "", "by": scene.leader, "typed_by": scene.leader}
    save_draft(scene.reviews[0], weaknesses="窗口一", edition=0, **words)
    save_draft(scene.reviews[0], weaknesses="窗口一又改", edition=1, **words)

    with pytest.raises(Stale):
        save_draft(scene.reviews[0], weaknesses="窗口二", edition=1, **words)
    with pytest.raises(Stale):
        save_draft(scene.reviews[0], weaknesses="窗口三", edition=0, **words)

    assert CommentDraft.objects.get().weaknesses == "窗口一又改"


def test_handing_in_removes_the_draft_it_was_typed_over_and_no_newer_one():
    scene = set_scene()
    words = {"strengths": "", "advice": "", "by": scene.leader, "typed_by": scene.leader}
    save_draft(scene.reviews[0], weaknesses="窗口一", edition=0, **words)
    save_draft(scene.reviews[0], weaknesses="窗口二", edition=1, **words)

    with pytest.raises(Stale) as caught:
        comment_on(scene.reviews[0], weaknesses="窗口一", edition=0, draft_edition=1, by=scene.leader)
    assert caught.value.current.weaknesses == "窗口二"
    comment_on(scene.reviews[0], weaknesses="对照改好", edition=0, draft_edition=2, by=scene.leader)

    assert not CommentDraft.objects.exists()


def test_a_script_is_saved_whole_or_not_at_all():
    scene = set_scene()
    lines = [
        ScriptLine(1, scene.reviews[0], scene.leader, TWO),
        ScriptLine(2, scene.reviews[0], scene.leader, "一是重复的一条。"),
    ]

    with pytest.raises(Refused, match="第 1 条和第 2 条都对应林望舒"):
        save_script(scene.campaign, lines, by=scene.organizer)

    assert not Comment.objects.exists()
    assert not Problem.objects.exists()


def test_a_script_replaces_a_comment_only_when_told_to():
    scene = set_scene()
    comment_on(scene.reviews[0], strengths="扎实", weaknesses=TWO, edition=0, by=scene.leader)

    with pytest.raises(Refused, match="第 4 条：领导甲对林望舒已有点评"):
        save_script(scene.campaign, [ScriptLine(4, scene.reviews[0], scene.leader, "一是新的。")], by=scene.organizer)
    save_script(scene.campaign, [ScriptLine(4, scene.reviews[0], scene.leader, "一是新的。", True)], by=scene.organizer)

    comment = Comment.objects.get()
    assert (comment.strengths, comment.weaknesses, comment.edition) == ("扎实", "一是新的。", 2)


def test_an_empty_script_is_refused():
    scene = set_scene()

    with pytest.raises(Refused, match="没有选中任何一条"):
        save_script(scene.campaign, [], by=scene.organizer)


def test_a_turn_of_another_campaign_does_not_disturb_the_floor():
    scene = set_floor()
    other = make_turn(make_review(make_campaign(scene.bureau, stage=Stage.MEETING)))
    start_turn(other, by=scene.organizer)

    start_turn(scene.turns[0], by=scene.organizer)

    assert states(scene)[0] == "speaking"
