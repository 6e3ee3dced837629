"""The pages of the meeting, through the HTTP client."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from organizations.models import Role, RoleGrant
from reviews.ledger.models import Problem
from reviews.meeting.actions import comment_on, open_meeting
from reviews.meeting.floor import finish_turn, mark_absent, pause_turn, start_turn
from reviews.meeting.models import Comment, CommentDraft, Meeting, Turn
from reviews.meeting.queries import Clock, Turnout, floor_of
from reviews.plan.models import Review, Stage
from reviews.report.models import Report, ReportVersion
from tests.make import make_campaign, make_officer, make_problem, make_review
from tests.reviews.meeting.scene import set_floor, set_scene

pytestmark = pytest.mark.django_db

TWO = "一是学习不够深入。二是活动形式单一。"
HTMX = {"HTTP_HX_REQUEST": "true"}


def address(name: str, thing) -> str:
    return reverse(f"meeting:{name}", args=[thing.pk])


def seen_by(client, person):
    client.force_login(person)
    return client


# --- console -----------------------------------------------------------------------------------


def test_before_the_meeting_the_console_names_the_missing_reports_and_opens_with_a_reason(client):
    scene = set_scene(speakers=2)
    Report.objects.filter(review=scene.reviews[1]).update(state=Report.State.SUBMITTED)
    clerk = seen_by(client, scene.organizer)

    page = clerk.get(address("console", scene.campaign))
    refused = clerk.post(address("open", scene.campaign), {"timing": "after_each", "chair": scene.leader.pk})
    opened = clerk.post(
        address("open", scene.campaign), {"timing": "after_all", "chair": scene.leader.pk, "reason": "会期已定"}
    )

    assert "还有 1 份述职报告未审核通过：规划科党支部（何景行）" in page.content.decode()
    assert refused.status_code == 409
    assert "1 份述职报告未审核通过" in refused.content.decode()
    assert opened.status_code == 302
    assert (scene.meeting.chair, scene.meeting.timing) == (scene.leader, "after_all")


def test_opening_twice_is_told_and_changes_nothing(client):
    scene = set_scene()
    clerk = seen_by(client, scene.organizer)
    clerk.post(address("open", scene.campaign), {"timing": "after_each"})

    again = clerk.post(address("open", scene.campaign), {"timing": "after_all"})

    assert again.status_code == 409
    assert scene.meeting.timing == "after_each"
    assert len(scene.turns) == 3


def test_a_chair_who_is_no_leader_is_no_choice(client):
    scene = set_scene()

    answer = seen_by(client, scene.organizer).post(
        address("open", scene.campaign), {"timing": "after_each", "chair": scene.organizer.pk}
    )

    assert answer.status_code == 422
    assert not Meeting.objects.exists()


def press(client, turn, act: str, *, htmx: bool = True, **more):
    return client.post(address("turn", turn), {"act": act, **more}, **(HTMX if htmx else {}))


def test_a_press_moves_the_floor_and_gives_it_back(client):
    scene = set_floor()
    clerk = seen_by(client, scene.organizer)
    first, second, _ = scene.turns

    started = press(clerk, first, "start")
    moved = press(clerk, first, "next", upcoming=second.pk)

    assert (started.status_code, moved.status_code) == (200, 200)
    assert [turn.state for turn in scene.turns] == ["spoken", "speaking", "waiting"]
    assert "正在述职（第 2 位，共 3 位）" in moved.content.decode()
    assert "<html" not in moved.content.decode()


def test_without_javascript_a_press_goes_back_to_the_console(client):
    scene = set_floor()
    clerk = seen_by(client, scene.organizer)

    answer = press(clerk, scene.turns[0], "start", htmx=False)

    assert answer.status_code == 302
    assert answer["Location"] == address("console", scene.campaign)
    assert "正在述职（第 1 位，共 3 位）" in clerk.get(answer["Location"]).content.decode()


@pytest.mark.parametrize("htmx", [True, False])
def test_a_stale_press_is_told_in_words_beside_what_is_now_true(client, htmx):
    scene = set_floor()
    clerk = seen_by(client, scene.organizer)
    first, second, _ = scene.turns
    press(clerk, first, "start")
    press(clerk, first, "next", upcoming=second.pk)

    stale = press(clerk, first, "next", htmx=htmx, upcoming=second.pk)

    assert stale.status_code == 409
    assert "本次点击没有生效" in stale.content.decode()
    assert [turn.state for turn in scene.turns] == ["spoken", "speaking", "waiting"]


@pytest.mark.parametrize("sent", [{}, {"act": "dance"}, {"act": "next", "upcoming": "x"}, {"act": "absent"}])
def test_a_senseless_press_moves_nothing(client, sent):
    scene = set_floor()
    clerk = seen_by(client, scene.organizer)

    answer = clerk.post(address("turn", scene.turns[0]), sent, **HTMX)

    assert answer.status_code == 409
    assert [turn.state for turn in scene.turns] == ["waiting"] * 3


def test_every_button_does_what_it_says(client):
    scene = set_floor()
    clerk = seen_by(client, scene.organizer)
    first, second, third = scene.turns
    trodden = []

    for turn, act, more in [
        (first, "start", {}),
        (first, "pause", {}),
        (first, "resume", {}),
        (first, "finish", {}),
        (second, "absent", {"absence": "病假"}),
        (third, "start", {}),
        (third, "reset", {}),
    ]:
        trodden.append(press(clerk, turn, act, **more).status_code)

    assert trodden == [200] * 7
    assert [turn.state for turn in scene.turns] == ["spoken", "absent", "waiting"]


def test_a_second_console_is_told_only_when_something_changed(client):
    scene = set_floor()
    clerk = seen_by(client, scene.organizer)
    stamp = floor_of(scene.meeting, person=scene.organizer).stamp

    same = clerk.get(address("floor", scene.campaign), {"stamp": stamp}, **HTMX)
    start_turn(scene.turns[0], by=scene.organizer)
    changed = clerk.get(address("floor", scene.campaign), {"stamp": stamp}, **HTMX)

    assert same.status_code == 204
    assert changed.status_code == 200
    assert "正在述职" in changed.content.decode()


def test_up_and_down_move_one_place_and_stop_at_the_ends(client):
    scene = set_floor()
    clerk = seen_by(client, scene.organizer)
    first, second, third = (turn.pk for turn in scene.turns)

    def step(turn: int, way: str, seen: list[int]):
        sent = {"turn": turn, "way": way, "seen": ",".join(map(str, seen))}
        return clerk.post(address("order", scene.campaign), sent, **HTMX).status_code

    steps = [step(third, "up", [first, second, third]), step(first, "up", [first, third, second])]
    steps.append(step(first, "down", [first, third, second]))
    steps.append(step(first, "down", [first, third, second]))

    assert steps == [200, 200, 200, 409]
    assert [turn.pk for turn in scene.turns] == [third, first, second]


def test_numbers_typed_by_hand_make_the_order_and_doubles_are_told(client):
    scene = set_floor()
    clerk = seen_by(client, scene.organizer)
    first, second, third = (turn.pk for turn in scene.turns)
    sent = {"seen": f"{first},{second},{third}", "way": "numbers", f"place_{first}": 5, f"place_{second}": 9}

    double = clerk.post(address("order", scene.campaign), sent | {f"place_{third}": 5})
    ordered = clerk.post(address("order", scene.campaign), sent | {f"place_{third}": 1})
    stale = clerk.post(address("order", scene.campaign), sent | {f"place_{third}": 1})

    assert (double.status_code, ordered.status_code, stale.status_code) == (422, 302, 409)
    assert "5 号已给了林望舒" in double.content.decode()
    assert [turn.pk for turn in scene.turns] == [third, first, second]


def test_lots_are_drawn_once_a_page(client):
    scene = set_floor(speakers=5)
    clerk = seen_by(client, scene.organizer)
    page = clerk.get(address("order", scene.campaign))

    answer = clerk.post(address("order", scene.campaign), {"way": "lots", "seen": page.context["seen"]})

    assert answer.status_code == 302
    assert len({turn.order for turn in scene.turns}) == 5


def test_attendance_says_whether_the_meeting_is_quorate(client):
    scene = set_floor()
    clerk = seen_by(client, scene.organizer)
    a, b = scene.campaign.panels.all()

    saved = clerk.post(address("attendance", scene.campaign), {f"present_{a.pk}": 6, f"present_{b.pk}": 10})
    page = clerk.get(address("console", scene.campaign)).content.decode()
    refused = clerk.post(address("attendance", scene.campaign), {f"present_{a.pk}": 12, f"present_{b.pk}": 10})
    odd = clerk.post(address("attendance", scene.campaign), {f"present_{a.pk}": "十", f"present_{b.pk}": 10})

    assert saved.status_code == 302
    assert "应到 30 人，实到 16 人，实到人数超过应到人数的半数，可以开会。" in page
    assert (refused.status_code, odd.status_code) == (409, 422)
    assert "实到不能是 12 人" in refused.content.decode()


@pytest.mark.parametrize(
    ("expected", "present", "words"),
    [
        (30, 16, "可以开会"),
        (30, 15, "没有超过应到人数的半数"),
        (1, 1, "可以开会"),
        (30, 0, "还没有登记"),
        (0, 0, "还没有设置票种"),
    ],
)
def test_more_than_half_is_a_quorum(expected, present, words):
    assert words in Turnout([], expected, present).words


@pytest.mark.parametrize(
    ("spent", "digits", "words", "tone"),
    [
        (0, "5:00", "剩余时间", "calm"),
        (239, "1:01", "剩余时间", "calm"),
        (240, "1:00", "剩余不足1分钟", "warning"),
        (300, "0:00", "剩余不足1分钟", "warning"),
        (301, "0:01", "超时", "over"),
        (425, "2:05", "超时", "over"),
    ],
)
def test_the_clock_counts_down_warns_at_one_minute_and_counts_the_overrun_up(spent, digits, words, tone):
    clock = Clock(300, spent, is_running=True)

    assert (clock.digits, clock.words, clock.tone) == (digits, words, tone)


def test_a_meeting_ends_on_its_minutes(client):
    scene = set_floor(speakers=1)
    clerk = seen_by(client, scene.organizer)

    early = clerk.post(address("end", scene.campaign))
    mark_absent(scene.turns[0], reason="病假", by=scene.organizer)
    ended = clerk.post(address("end", scene.campaign))

    assert early.status_code == 409
    assert ended["Location"] == address("minutes", scene.campaign)
    assert "评议会已于" in clerk.get(address("console", scene.campaign)).content.decode()


def test_a_watcher_sees_the_console_without_buttons(client):
    scene = set_floor()
    start_turn(scene.turns[0], by=scene.organizer)
    watcher = make_officer(Role.SUPERVISOR, scene.bureau)

    page = seen_by(client, watcher).get(address("console", scene.campaign)).content.decode()

    assert "正在述职" in page
    assert "press-next" not in page
    assert 'name="act"' not in page


@pytest.mark.parametrize("name", ["console", "floor", "hall_state", "minutes", "prepare", "order"])
def test_a_page_costs_the_same_for_one_turn_or_three(client, name):
    costs = []

    for speakers in (1, 3):
        scene = set_floor(speakers=speakers)
        for review in scene.reviews:
            comment_on(review, weaknesses=TWO, edition=0, by=scene.leader)
            comment_on(review, weaknesses=TWO, edition=0, by=scene.deputy)
        clerk = seen_by(client, scene.organizer)
        clerk.get(address(name, scene.campaign))
        with CaptureQueriesContext(connection) as counted:
            clerk.get(address(name, scene.campaign))
        costs.append(len(counted))

    assert costs[0] == costs[1] > 3


# --- hall and minutes --------------------------------------------------------------------------


def test_the_hall_shows_the_speaker_then_the_next_then_the_end(client):
    scene = set_floor(speakers=2)
    clerk = seen_by(client, scene.organizer)
    first, second = scene.turns
    shown = []

    def look():
        shown.append(clerk.get(address("hall_state", scene.campaign), **HTMX).content.decode())

    look()
    start_turn(first, by=scene.organizer)
    look()
    finish_turn(first, by=scene.organizer)
    mark_absent(second, reason="病假", by=scene.organizer)
    look()
    clerk.post(address("end", scene.campaign))
    look()

    assert "下一位" in shown[0]
    assert "林望舒" in shown[0]
    assert 'data-limit="300"' in shown[1]
    assert "林望舒" in shown[1]
    assert "述职完毕" in shown[2]
    assert "述职评议会结束" in shown[3]


def test_the_hall_starts_from_the_seconds_of_the_server_and_stands_still_in_a_pause(client):
    scene = set_floor()
    turn = start_turn(scene.turns[0], by=scene.organizer)
    Turn.objects.filter(pk=turn.pk).update(started_at=timezone.now() - timedelta(seconds=320))
    clerk = seen_by(client, scene.organizer)

    running = clerk.get(address("hall_state", scene.campaign)).content.decode()
    pause_turn(turn, by=scene.organizer)
    paused = clerk.get(address("hall_state", scene.campaign)).content.decode()

    assert "超时" in running
    assert 'data-running="1"' in running
    assert 'data-running="0"' in paused


def test_the_hall_never_shows_a_comment(client):
    scene = set_floor()
    start_turn(scene.turns[0], by=scene.organizer)
    comment_on(scene.reviews[0], weaknesses=TWO, edition=0, by=scene.leader)

    page = seen_by(client, scene.organizer).get(address("hall", scene.campaign)).content.decode()

    assert "林望舒" in page
    assert "学习不够深入" not in page


def test_the_hall_waits_before_the_meeting(client):
    scene = set_scene()

    page = seen_by(client, scene.organizer).get(address("hall", scene.campaign))

    assert "会议尚未开始" in page.content.decode()


def test_the_minutes_collect_themselves(client):
    scene = set_scene(speakers=3, place="三楼会议室")
    Review.objects.filter(pk=scene.reviews[2].pk).update(mode=Review.Mode.WRITTEN)
    open_meeting(scene.campaign, by=scene.organizer, chair=scene.leader)
    first, second = scene.turns
    start_turn(first, by=scene.organizer)
    Turn.objects.filter(pk=first.pk).update(started_at=timezone.now() - timedelta(seconds=365))
    finish_turn(first, by=scene.organizer)
    mark_absent(second, reason="因公出差", by=scene.organizer)
    comment_on(scene.reviews[0], weaknesses=TWO, edition=0, by=scene.leader)

    page = seen_by(client, scene.organizer).get(address("minutes", scene.campaign)).content.decode()

    for words in ["三楼会议室", "领导甲", "6分5秒", "超时 1分5秒", "缺席：因公出差", "书面述职", "一是学习不够深入"]:
        assert words in page


def test_minutes_of_a_meeting_that_has_not_been_are_empty(client):
    scene = set_scene()

    page = seen_by(client, scene.organizer).get(address("minutes", scene.campaign))

    assert page.status_code == 200
    assert "评议会还没有召开" in page.content.decode()


@pytest.mark.parametrize("name", ["order", "attendance", "chair", "end", "floor"])
def test_what_needs_a_meeting_says_so_before_there_is_one(client, name):
    scene = set_scene()
    clerk = seen_by(client, scene.organizer)

    answer = clerk.get(address(name, scene.campaign)) if name == "floor" else clerk.post(address(name, scene.campaign))

    assert answer.status_code == 409
    assert "评议会还没有召开" in answer.content.decode()


# --- comments ----------------------------------------------------------------------------------


def sent_comment(weaknesses: str = TWO, **more) -> dict:
    return {"strengths": "", "weaknesses": weaknesses, "advice": "", "edition": 0, "draft_edition": 0} | more


def hand_in(review) -> None:
    """Keep the report as it stands as the version handed in."""
    report = review.report
    ReportVersion.objects.create(
        report=report, number=1, occasion=ReportVersion.Occasion.SUBMITTED, by=review.secretary, **report.sections
    )


def test_a_leader_prepares_from_the_report_last_year_and_what_others_said(client):
    scene = set_scene()
    review = scene.reviews[0]
    before = make_campaign(scene.bureau, year=2025, stage=Stage.RECTIFYING)
    make_problem(make_review(before, organization=review.organization), text="去年的老问题")
    comment_on(review, weaknesses="一是乙领导说的。", edition=0, by=scene.deputy)
    hand_in(review)
    leader = seen_by(client, scene.leader)

    page = leader.get(address("comment", review)).content.decode()
    board = leader.get(address("prepare", scene.campaign)).content.decode()

    for words in ["学习不够深入。二是活动形式单一", "2025 年：去年的老问题", "一是乙领导说的"]:
        assert words in page
    assert "您已点评 <strong>0</strong> / 3 人" in board
    assert "领导乙 1 条" in board


def test_a_comment_is_handed_in_and_leads_to_the_next(client):
    scene = set_scene()
    leader = seen_by(client, scene.leader)

    answer = leader.post(address("comment", scene.reviews[0]), sent_comment(then="next"))
    last = leader.post(address("comment", scene.reviews[2]), sent_comment(then="next"))

    assert answer["Location"] == address("comment", scene.reviews[1])
    assert last["Location"] == address("prepare", scene.campaign)
    assert Problem.objects.filter(source="superior_comment").count() == 4


def test_points_are_split_as_they_are_typed(client):
    scene = set_scene()

    answer = seen_by(client, scene.leader).post(reverse("meeting:points"), {"weaknesses": TWO})

    assert answer.context["points"] == ["学习不够深入", "活动形式单一"]
    assert not Problem.objects.exists()


def test_what_is_typed_is_kept_as_a_draft_and_shown_again(client):
    scene = set_scene()
    leader = seen_by(client, scene.leader)

    kept = leader.post(address("draft", scene.reviews[0]), sent_comment("一是写到一半"), **HTMX)
    page = leader.get(address("comment", scene.reviews[0])).content.decode()
    others = seen_by(client, scene.deputy).get(address("comment", scene.reviews[0])).content.decode()

    assert 'name="draft_edition" value="1"' in kept.content.decode()
    assert "草稿已自动保存" in kept.content.decode()
    assert "一是写到一半" in page
    assert "自动保存的草稿，还没有提交" in page
    assert "一是写到一半" not in others


def test_a_stale_comment_shows_both_texts_and_can_then_be_saved(client):
    scene = set_scene()
    leader = seen_by(client, scene.leader)
    leader.post(address("comment", scene.reviews[0]), sent_comment("一是先存的话。"))

    stale = leader.post(address("comment", scene.reviews[0]), sent_comment("一是后写的话。"))
    body = stale.content.decode()
    again = leader.post(address("comment", scene.reviews[0]), sent_comment("一是后写的话。", edition=1))

    assert stale.status_code == 409
    assert "一是先存的话" in body
    assert "一是后写的话" in body
    assert stale.context["form"]["edition"].value() == 1
    assert again.status_code == 302
    assert Comment.objects.get().weaknesses == "一是后写的话。"


def test_a_stale_draft_is_told_and_the_newer_one_kept(client):
    scene = set_scene()
    leader = seen_by(client, scene.leader)
    leader.post(address("draft", scene.reviews[0]), sent_comment("一是窗口一"), **HTMX)

    stale = leader.post(address("draft", scene.reviews[0]), sent_comment("一是窗口二"), **HTMX)

    assert stale.status_code == 409
    assert "另一个窗口里有更新的内容" in stale.content.decode()
    assert CommentDraft.objects.get().weaknesses == "一是窗口一"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"weaknesses": "长" * 2_001}, "最多 2000 字，现有 2001 字"),
        ({"edition": "x"}, ""),
        ({"draft_edition": ""}, ""),
        ({"strengths": "\x00"}, ""),
    ],
)
def test_a_comment_out_of_shape_gives_the_filled_page_back(client, changes, sentence):
    scene = set_scene()

    answer = seen_by(client, scene.leader).post(address("comment", scene.reviews[0]), sent_comment() | changes)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Comment.objects.exists()


def test_the_organizer_types_for_a_leader_by_name(client):
    scene = set_scene()
    clerk = seen_by(client, scene.organizer)
    review = address("comment", scene.reviews[0])

    unsaid = clerk.post(review, sent_comment())
    saved = clerk.post(f"{review}?by={scene.leader.pk}", sent_comment(then="next"))

    assert unsaid.status_code == 409
    assert saved["Location"] == f"{address('comment', scene.reviews[1])}?by={scene.leader.pk}"
    assert Comment.objects.get().by == scene.leader


@pytest.mark.parametrize("by", ["abc", "0", "999999", "99999999999999999999", "-1"])
def test_a_leader_who_is_none_is_not_found(client, by):
    scene = set_scene()

    answer = seen_by(client, scene.organizer).get(f"{address('comment', scene.reviews[0])}?by={by}")

    assert answer.status_code == 404


def test_a_leader_does_not_write_under_the_name_of_another(client):
    scene = set_scene()

    answer = seen_by(client, scene.leader).post(
        f"{address('comment', scene.reviews[0])}?by={scene.deputy.pk}", sent_comment()
    )

    assert answer.status_code == 403
    assert not Comment.objects.exists()


def test_after_the_ballot_a_comment_can_only_be_read(client):
    scene = set_scene()
    comment_on(scene.reviews[0], weaknesses=TWO, edition=0, by=scene.leader)
    scene.campaign.stage = Stage.GRADING
    scene.campaign.save()
    leader = seen_by(client, scene.leader)

    page = leader.get(address("comment", scene.reviews[0])).content.decode()
    answer = leader.post(address("comment", scene.reviews[0]), sent_comment(edition=1))

    assert "学习不够深入" in page
    assert "<textarea" not in page
    assert answer.status_code == 409
    assert "点评只能在述职报告、评议会和测评阶段填写" in answer.content.decode()


def test_a_leader_who_debriefs_too_sees_nothing_of_what_is_said_of_him(client):
    scene = set_floor(speakers=2)
    both = scene.reviews[0].secretary
    RoleGrant.objects.create(person=both, role=Role.LEADER, organization=scene.bureau)
    comment_on(scene.reviews[0], weaknesses="一是不给本人看的话。", edition=0, by=scene.leader)
    next_to = seen_by(client, both)

    pages = [next_to.get(address(name, scene.campaign)) for name in ("console", "prepare", "minutes", "floor")]
    own = next_to.get(address("comment", scene.reviews[0]))

    assert [page.status_code for page in pages] == [200] * 4
    assert [page for page in pages if "不给本人看" in page.content.decode()] == []
    assert [page for page in pages if "领导甲 1 条" in page.content.decode()] == []
    assert own.status_code == 403


def test_a_secretary_enters_none_of_the_rooms(client):
    scene = set_floor(speakers=1)
    secretary = seen_by(client, scene.reviews[0].secretary)
    of_campaign = ["console", "floor", "order", "hall", "hall_state", "minutes", "prepare", "script"]

    answers = [secretary.get(address(name, scene.campaign)).status_code for name in of_campaign]
    answers.append(secretary.get(address("comment", scene.reviews[0])).status_code)

    assert answers == [403] * 9
