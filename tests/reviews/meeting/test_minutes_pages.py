"""The pages of the minutes, through the HTTP client: gathered, edited, signed, printed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from organizations.models import Role
from reviews.meeting.actions import comment_on, open_meeting
from reviews.meeting.floor import finish_turn, mark_absent, start_turn
from reviews.meeting.models import Turn
from reviews.meeting.record_models import Minutes
from reviews.meeting.recording import gather_minutes, in_force, sign_as_recorder
from reviews.plan.models import Review
from tests.make import make_officer
from tests.reviews.meeting.doors import address, seen_by
from tests.reviews.meeting.looks import TWO
from tests.reviews.meeting.scene import hold_meeting, set_floor, set_scene

pytestmark = pytest.mark.django_db


def test_from_gathering_to_both_signatures_through_the_pages(client):
    scene = set_floor(speakers=1)
    hold_meeting(scene)
    client.force_login(scene.organizer)

    client.post(address("minutes_edit", scene.campaign), {"way": "gather"})
    page = client.get(address("minutes_edit", scene.campaign)).content.decode()
    kept = client.post(address("minutes_autosave", scene.campaign), {"text": "一、开场\n会议开始。", "edition": 1})
    stale = client.post(address("minutes_edit", scene.campaign), {"text": "旧窗口的字", "edition": 1, "way": "save"})
    sign = client.post(
        address("minutes_edit", scene.campaign), {"text": "一、开场\n会议开始。", "edition": 2, "way": "sign"}
    )
    client.force_login(scene.leader)
    before = client.get(address("minutes", scene.campaign)).content.decode()
    client.post(address("minutes_sign", scene.campaign), {"digest": in_force(scene.meeting).digest})
    after = client.get(address("minutes", scene.campaign)).content.decode()

    assert "林望舒：" in page
    assert 'name="edition" value="2"' in kept.content.decode()
    assert stale.status_code == 409
    assert "旧窗口的字" in stale.content.decode()
    assert "会议开始。" in stale.content.decode()
    assert sign.status_code == 302
    assert "主持人签定</button>" in before
    assert "<h2>一、开场</h2>" in before
    assert "会议记录已签定" in after
    assert "主持人签定</button>" not in after


def test_what_another_window_still_held_when_the_minutes_were_signed_is_given_back(client):
    scene = set_floor(speakers=1)
    hold_meeting(scene)
    text = gather_minutes(scene.meeting, by=scene.organizer)
    sign_as_recorder(scene.meeting, edition=text.edition, by=scene.organizer)
    clerk = seen_by(client, scene.organizer)

    late = clerk.post(address("minutes_edit", scene.campaign), {"text": "旧窗口的字", "edition": 1, "way": "save"})

    assert late.status_code == 409
    assert "旧窗口的字" in late.content.decode()
    assert "没有保存" not in clerk.get(address("minutes_edit", scene.campaign)).content.decode()


def test_a_note_by_hand_is_offered_to_who_edits_the_minutes_until_they_are_signed(client):
    scene = set_floor(speakers=1)
    clerk = seen_by(client, scene.organizer)

    def is_offered() -> bool:
        return "记一笔" in clerk.get(address("console", scene.campaign)).content.decode()

    before = is_offered()
    hold_meeting(scene)
    text = gather_minutes(scene.meeting, by=scene.organizer)
    gathered = is_offered()
    sign_as_recorder(scene.meeting, edition=text.edition, by=scene.organizer)
    signed = is_offered()
    Minutes.objects.all().delete()
    Review.objects.update(secretary=scene.organizer)

    assert [before, gathered, signed, is_offered()] == [True, True, False, False]


def test_a_character_that_no_database_keeps_is_left_out_of_notes_and_reasons(client):
    scene = set_floor(speakers=1)
    seen_by(client, scene.organizer).post(address("happening", scene.campaign), {"words": "停\x00电"})
    hold_meeting(scene)
    text = gather_minutes(scene.meeting, by=scene.organizer)
    sign_as_recorder(scene.meeting, edition=text.edition, by=scene.organizer)
    approver = make_officer(Role.APPROVER, scene.bureau)
    seen_by(client, approver).post(address("minutes_reopen", scene.campaign), {"reason": "漏\x00记"})

    assert scene.meeting.happenings.get().words == "停电"
    assert scene.meeting.minutes.first().reopen_reason == "漏记"


def test_what_does_not_fit_is_told_and_nothing_is_lost(client):
    scene = set_floor(speakers=1)
    gather_minutes(scene.meeting, by=scene.organizer)
    client.force_login(scene.organizer)

    empty = client.post(address("minutes_edit", scene.campaign), {"text": "", "edition": 1, "way": "save"})
    autosave = client.post(address("minutes_autosave", scene.campaign), {"text": "字", "edition": "x"})
    word = client.post(address("happening", scene.campaign), {"words": "  "})

    assert [empty.status_code, autosave.status_code, word.status_code] == [422, 422, 409]
    assert in_force(scene.meeting).edition == 1


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
