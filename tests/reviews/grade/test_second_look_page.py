"""The second look: every grade once more before one button approves all."""

import pytest

from reviews.grade import actions
from tests.organizations.counting import cost_of
from tests.reviews.grade.pages import VOTES, door, page_of
from tests.reviews.grade.scene import (
    FAIR,
    build_scene,
    propose,
    suggest,
)

pytestmark = pytest.mark.django_db


def test_the_second_look_shows_every_grade_and_approves_once(client):
    scene = suggest(build_scene(VOTES))
    propose(scene)
    page = page_of(client, scene.head, "approve", scene.campaign.pk)
    seen = actions.digest_of(scene.campaign)
    assert f'name="seen" value="{seen}"' in page
    assert all(str(review.secretary) in page for review in scene.reviews)

    first = client.post(door("approve", scene.campaign.pk), {"seen": seen})
    second = client.post(door("approve", scene.campaign.pk), {"seen": seen})

    assert (first.status_code, second.status_code) == (302, 409)
    assert "已经研究批准" in second.content.decode()
    assert "全部批准" not in page_of(client, scene.head, "approve", scene.campaign.pk)


def test_the_second_look_costs_the_same_for_one_review_or_three(client):
    costs = []
    for many in (1, 3):
        scene = suggest(build_scene([{"A": FAIR}] * many))
        propose(scene)
        client.force_login(scene.head)
        costs.append(cost_of(client, door("approve", scene.campaign.pk)))

    assert costs[0] == costs[1]


def test_a_stale_second_look_is_told_so(client):
    scene = suggest(build_scene(VOTES))
    propose(scene)
    client.force_login(scene.head)

    answer = client.post(door("approve", scene.campaign.pk), {"seen": "0" * 16})

    assert answer.status_code == 409
    assert "请重新核对后再批准" in answer.content.decode()


def test_before_anything_is_proposed_there_is_nothing_to_look_at(client):
    scene = build_scene()

    assert "还没有提出等次" in page_of(client, scene.head, "approve", scene.campaign.pk)
