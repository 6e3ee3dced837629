"""The hall screen, through the HTTP client: it shows who speaks and never a comment."""

from datetime import timedelta

import pytest
from django.utils import timezone

from reviews.meeting.actions import comment_on
from reviews.meeting.floor import finish_turn, mark_absent, pause_turn, start_turn
from reviews.meeting.models import Turn
from tests.reviews.meeting.doors import HTMX, address, seen_by
from tests.reviews.meeting.looks import TWO
from tests.reviews.meeting.scene import set_floor, set_scene

pytestmark = pytest.mark.django_db


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
