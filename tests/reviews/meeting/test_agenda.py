"""The agenda: laid from the template, ticked, reordered, added to; the hall shows where the meeting stands."""

import pytest
from django.urls import reverse

from organizations.errors import Refused
from reviews.meeting.actions import end_meeting, open_meeting, set_chair
from reviews.meeting.agenda import TITLES, add_item, arrange_items, drop_item, rename_item, tick_item
from reviews.meeting.floor import finish_turn, mark_absent, start_turn
from reviews.meeting.queries import floor_of
from reviews.meeting.record_models import AgendaItem
from reviews.meeting.recording import gather_minutes
from tests.reviews.meeting.scene import set_scene

pytestmark = pytest.mark.django_db

Kind = AgendaItem.Kind


def opened(*, timing="after_each", speakers=1):
    scene = set_scene(speakers=speakers)
    open_meeting(scene.campaign, by=scene.organizer, chair=scene.leader, timing=timing)
    return scene


def kinds(scene) -> list[str]:
    return list(scene.meeting.agenda.values_list("kind", flat=True))


def keys(scene) -> list[int]:
    return list(scene.meeting.agenda.values_list("pk", flat=True))


@pytest.mark.parametrize(
    ("timing", "steps"),
    [
        ("after_each", [Kind.OPENING, Kind.FLOOR, Kind.VOTE, Kind.SPEECH, Kind.CLOSING]),
        ("after_all", [Kind.OPENING, Kind.FLOOR, Kind.COMMENTS, Kind.SPEECH, Kind.VOTE, Kind.CLOSING]),
    ],
)
def test_the_meeting_opens_with_the_agenda_of_its_template(timing, steps):
    assert kinds(opened(timing=timing)) == steps


def test_comments_become_a_step_of_their_own_when_they_are_given_after_all_and_back():
    scene = opened()

    set_chair(scene.meeting, chair=scene.leader, timing="after_all", by=scene.organizer)
    after_all = kinds(scene)
    set_chair(scene.meeting, chair=scene.leader, timing="after_each", by=scene.organizer)

    assert after_all[1:3] == [Kind.FLOOR, Kind.COMMENTS]
    assert Kind.COMMENTS not in kinds(scene)


def test_the_current_step_moves_on_as_steps_are_ticked_and_the_last_secretary_is_heard():
    scene = opened()
    told = []
    for step in (
        lambda: tick_item(scene.meeting, keys(scene)[0], is_done=True, by=scene.organizer),
        lambda: mark_absent(scene.turns[0], reason="出差", by=scene.organizer),
        lambda: tick_item(scene.meeting, keys(scene)[0], is_done=False, by=scene.organizer),
    ):
        step()
        told.append(floor_of(scene.meeting, person=scene.organizer).item.kind)

    assert told == [Kind.FLOOR, Kind.VOTE, Kind.OPENING]


def test_the_first_speaker_ticks_the_opening_and_between_speakers_the_hall_names_the_next(client):
    scene = opened(speakers=2)
    add_item(scene.meeting, title="通报整改情况", by=scene.organizer)
    finish_turn(start_turn(scene.turns[0], by=scene.organizer), by=scene.organizer)
    client.force_login(scene.organizer)

    hall = client.get(reverse("meeting:hall_state", args=[scene.campaign.pk])).content.decode()

    assert scene.meeting.agenda.get(kind=Kind.OPENING).done_at is not None
    assert "何景行" in hall
    assert "会议议程" not in hall


def test_steps_are_added_before_the_closing_renamed_reordered_and_dropped():
    scene = opened()
    add_item(scene.meeting, title="  通报  整改情况 ", by=scene.organizer)
    added = keys(scene)[-2]
    rename_item(scene.meeting, added, title="通报上年度整改情况", by=scene.organizer)
    seen = keys(scene)

    arrange_items(scene.meeting, [added, *[pk for pk in seen if pk != added]], seen=seen, by=scene.organizer)
    first = scene.meeting.agenda.first()
    drop_item(scene.meeting, added, by=scene.organizer)

    assert (first.pk, first.title) == (added, "通报上年度整改情况")
    assert kinds(scene) == [Kind.OPENING, Kind.FLOOR, Kind.VOTE, Kind.SPEECH, Kind.CLOSING]


def test_what_cannot_be_is_refused_and_changes_nothing():
    scene = opened()
    before = list(scene.meeting.agenda.values())
    opening, floor = keys(scene)[:2]

    with pytest.raises(Refused, match="自动完成"):
        tick_item(scene.meeting, floor, is_done=True, by=scene.organizer)
    with pytest.raises(Refused, match="不能删除"):
        drop_item(scene.meeting, floor, by=scene.organizer)
    with pytest.raises(Refused, match="写明议程内容"):
        add_item(scene.meeting, title=" ", by=scene.organizer)
    with pytest.raises(Refused, match="刚刚已标记过"):
        tick_item(scene.meeting, opening, is_done=False, by=scene.organizer)
    with pytest.raises(Refused, match="议程已被改动"):
        arrange_items(scene.meeting, [floor, opening], seen=[floor, opening], by=scene.organizer)
    with pytest.raises(Refused, match="经办人"):
        tick_item(scene.meeting, opening, is_done=True, by=scene.leader)

    assert list(scene.meeting.agenda.values()) == before


def test_of_two_consoles_that_rename_a_step_the_second_is_told_what_it_is_called_now(client):
    scene = opened()
    client.force_login(scene.organizer)
    press = reverse("meeting:agenda", args=[scene.campaign.pk])
    rename = {"way": "rename", "item": keys(scene)[3], "was": TITLES[Kind.SPEECH]}

    first = client.post(press, rename | {"title": "书记讲话"}, HTTP_HX_REQUEST="true")
    second = client.post(press, rename | {"title": "总结讲话"}, HTTP_HX_REQUEST="true")

    assert (first.status_code, second.status_code) == (200, 409)
    assert "“讲话”刚刚已在另一台控制台改为“书记讲话”，本次点击没有生效" in second.content.decode()
    assert scene.meeting.agenda.get(kind=Kind.SPEECH).title == "书记讲话"


def test_a_step_of_another_meeting_is_out_of_reach():
    scene = opened()
    foreign = keys(scene)[0] + 1_000

    with pytest.raises(Refused, match="议程已被改动"):
        tick_item(scene.meeting, foreign, is_done=True, by=scene.organizer)


def test_the_end_of_the_meeting_ticks_the_closing_and_the_minutes_tell_the_steps():
    scene = opened()
    tick_item(scene.meeting, keys(scene)[0], is_done=True, by=scene.organizer)
    mark_absent(scene.turns[0], reason="出差", by=scene.organizer)

    end_meeting(scene.meeting, by=scene.organizer)

    text = gather_minutes(scene.meeting, by=scene.organizer).text
    assert TITLES[Kind.OPENING] in text
    assert " 散会" in text


def test_by_buttons_by_dragging_and_in_the_hall(client):
    scene = opened(speakers=3)
    client.force_login(scene.organizer)
    press = reverse("meeting:agenda", args=[scene.campaign.pk])
    order = reverse("meeting:order", args=[scene.campaign.pk])
    seen = keys(scene)
    turns = [turn.pk for turn in scene.turns]

    hall = client.get(reverse("meeting:hall_state", args=[scene.campaign.pk])).content.decode()
    down = client.post(press, {"way": "down", "item": seen[0], "seen": ",".join(map(str, seen))})
    drag = client.post(
        order,
        {"way": "drag", "seen": ",".join(map(str, turns)), "sequence": ",".join(map(str, turns[::-1]))},
        HTTP_HX_REQUEST="true",
    )
    wrong = client.post(press, {"way": "fly"}, HTTP_HX_REQUEST="true")
    page = client.get(reverse("meeting:console", args=[scene.campaign.pk])).content.decode()

    assert TITLES[Kind.OPENING] in hall
    assert (down.status_code, drag.status_code, wrong.status_code) == (302, 200, 409)
    assert keys(scene)[:2] == [seen[1], seen[0]]
    assert [turn.pk for turn in scene.turns] == turns[::-1]
    assert "正在进行：逐一述职" in page
