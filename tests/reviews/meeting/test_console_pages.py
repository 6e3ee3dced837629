"""The console of the meeting, through the HTTP client: presses, order, attendance, clock."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from organizations.models import Role
from reviews.meeting.actions import comment_on, end_meeting, set_chair
from reviews.meeting.agenda import lay_agenda, tick_item
from reviews.meeting.floor import finish_turn, mark_absent, start_turn
from reviews.meeting.models import Meeting
from reviews.meeting.queries import Clock, floor_of
from reviews.meeting.releasing import release_comments
from reviews.plan.actions import move_campaign
from reviews.plan.models import Stage
from reviews.report.models import Report
from tests.make import make_officer
from tests.reviews.meeting.doors import HTMX, address, seen_by
from tests.reviews.meeting.looks import TWO, passed
from tests.reviews.meeting.scene import hold_meeting, set_floor, set_scene

pytestmark = pytest.mark.django_db


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


def test_the_last_speaker_is_to_be_commented_on_like_those_before_him(client):
    scene = set_floor(speakers=1)
    finish_turn(start_turn(scene.turns[0], by=scene.organizer), by=scene.organizer)

    page = seen_by(client, scene.organizer).get(address("console", scene.campaign)).content.decode()

    assert "请点评：<strong>林望舒</strong>" in page


def test_comments_after_all_are_called_for_until_their_step_is_ticked(client):
    scene = set_floor(speakers=1)
    lay_agenda(scene.meeting)
    set_chair(scene.meeting, chair=scene.leader, timing="after_all", by=scene.organizer)
    mark_absent(scene.turns[0], reason="病假", by=scene.organizer)
    clerk, pages = seen_by(client, scene.organizer), []
    for kind in ("opening", "comments"):
        step = scene.meeting.agenda.get(kind=kind)
        tick_item(scene.meeting, step.pk, is_done=True, by=scene.organizer)
        pages.append(clerk.get(address("console", scene.campaign)).content.decode())

    assert ["现在进行逐一点评" in page for page in pages] == [True, False]


def test_a_chair_nobody_named_is_named_after_the_meeting_once_and_can_then_let_the_comments_go(client):
    scene = set_floor()
    comment_on(scene.reviews[0], weaknesses=TWO, edition=0, by=scene.deputy)
    hold_meeting(scene)
    Meeting.objects.update(chair=None)
    clerk = seen_by(client, scene.organizer)
    page = clerk.get(address("console", scene.campaign)).content.decode()

    def name(chair):
        return clerk.post(address("chair", scene.campaign), {"chair": chair, "timing": "after_all"}).status_code

    answers = [name(""), name(scene.leader.pk), name(scene.deputy.pk)]
    release_comments(scene.campaign, by=scene.leader, word=False)

    assert "指定主持人" in page
    assert "指定主持人" not in clerk.get(address("console", scene.campaign)).content.decode()
    assert answers == [409, 302, 409]
    assert (scene.meeting.chair, scene.meeting.timing) == (scene.leader, "after_each")


def test_a_meeting_taken_back_and_opened_again_keeps_chair_and_timing_and_is_not_over(client):
    scene = set_floor(speakers=1)
    lay_agenda(scene.meeting)
    set_chair(scene.meeting, chair=scene.leader, timing="after_all", by=scene.organizer)
    mark_absent(scene.turns[0], reason="病假", by=scene.organizer)
    end_meeting(scene.meeting, by=scene.organizer)
    move_campaign(scene.campaign, Stage.REPORTING, by=scene.organizer, reason="补审一份报告")
    clerk = seen_by(client, scene.organizer)

    form = clerk.get(address("console", scene.campaign)).context["form"]
    clerk.post(address("open", scene.campaign), {name: form[name].value() for name in ("chair", "timing")})

    assert (scene.meeting.chair, scene.meeting.timing) == (scene.leader, "after_all")
    assert scene.meeting.agenda.get(kind="closing").done_at is None


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
    passed(first, 60)
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
    passed(first, 60)
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


def test_two_consoles_that_count_different_panels_do_not_undo_each_other(client):
    scene = set_floor()
    clerk = seen_by(client, scene.organizer)
    a, b = scene.campaign.panels.all()
    page = clerk.get(address("console", scene.campaign)).content.decode()
    shown = dict(re.findall(r'name="(initial-\w+)" value="(\d*)"', page))
    untouched = {name.removeprefix("initial-"): value for name, value in shown.items()}

    for panel, came in ((a, 9), (b, 18)):  # both from the page as it was before either
        clerk.post(address("attendance", scene.campaign), shown | untouched | {f"present_{panel.pk}": came})

    assert len(shown) == 4
    assert dict(scene.meeting.attendance.values_list("panel__code", "present")) == {"A": 9, "B": 18}


def test_attendance_says_which_panel_has_too_few(client):
    scene = set_floor()
    clerk = seen_by(client, scene.organizer)
    a, b = scene.campaign.panels.all()

    saved = clerk.post(address("attendance", scene.campaign), {f"present_{a.pk}": 6, f"present_{b.pk}": 10})
    page = clerk.get(address("console", scene.campaign)).content.decode()
    refused = clerk.post(address("attendance", scene.campaign), {f"present_{a.pk}": 12, f"present_{b.pk}": 10})
    odd = clerk.post(address("attendance", scene.campaign), {f"present_{a.pk}": "十", f"present_{b.pk}": 10})

    assert saved.status_code == 302
    assert "应到 30 人，实到 16 人。B票 党员代表应到 20 人，实到 10 人，须 11 人" in page
    assert (refused.status_code, odd.status_code) == (409, 422)
    assert "实到不能是 12 人" in refused.content.decode()


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


@pytest.mark.parametrize("name", ["order", "attendance", "chair", "end", "floor"])
def test_what_needs_a_meeting_says_so_before_there_is_one(client, name):
    scene = set_scene()
    clerk = seen_by(client, scene.organizer)

    answer = clerk.get(address(name, scene.campaign)) if name == "floor" else clerk.post(address(name, scene.campaign))

    assert answer.status_code == 409
    assert "评议会还没有召开" in answer.content.decode()
