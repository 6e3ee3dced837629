"""The table of decision: what each person sees, what a click does, and what a wrong one is told."""

import pytest

from organizations.models import Person, Role, RoleGrant
from reviews.grade.models import Decision
from reviews.plan.models import Stage
from tests.make import make_campaign, make_officer
from tests.organizations.counting import cost_of
from tests.reviews.grade.pages import VOTES, door, filled, page_of
from tests.reviews.grade.scene import (
    FAIR,
    GOOD,
    approve,
    build_scene,
    confirmed_fact,
    note,
    propose,
    suggest,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("moment", ["suggested", "approved"])
@pytest.mark.parametrize("name", ["table", "letters"])
def test_a_page_costs_the_same_for_one_review_or_three(client, name, moment):
    costs = []
    for many in (1, 3):
        scene = build_scene([{"A": FAIR}] * many)
        for review in scene.reviews:
            note(review, scene.clerk)
        suggest(scene) if moment == "suggested" else approve(scene)
        client.force_login(scene.clerk)
        costs.append(cost_of(client, door(name, scene.campaign.pk)))

    assert costs[0] == costs[1]


def test_before_the_suggestion_one_button_makes_it(client):
    scene = build_scene()
    assert "票箱已开" in page_of(client, scene.clerk, "table", scene.campaign.pk)

    answer = client.post(door("suggest", scene.campaign.pk), follow=True)

    page = answer.content.decode()
    assert "2 人有变化" in page
    assert "得分 100.00，达到好（≥90）" in page
    assert 'data-suggested="FAIRLY_GOOD"' in page


def test_before_the_opening_the_page_says_what_is_missing(client):
    campaign = make_campaign(stage=Stage.BALLOT)
    clerk = make_officer(Role.ORGANIZER, campaign.organizer)

    assert "测评尚未开箱" in page_of(client, clerk, "table", campaign.pk)
    assert client.post(door("suggest", campaign.pk)).status_code == 409
    assert client.post(door("propose", campaign.pk)).status_code == 409


def test_the_decision_is_entered_and_waits_for_another_person(client):
    scene = suggest(build_scene(VOTES))
    client.force_login(scene.clerk)

    answer = client.post(door("propose", scene.campaign.pk), filled(scene), follow=True)

    assert "等待另一人（负责人）批准" in answer.content.decode()
    assert Decision.objects.count() == 2
    assert "核对并批准" not in answer.content.decode()
    assert door("approve", scene.campaign.pk) in page_of(client, scene.head, "table", scene.campaign.pk)


def test_a_refused_table_comes_back_filled(client):
    scene = suggest(build_scene(VOTES))
    review = scene.reviews[0]
    client.force_login(scene.clerk)
    typed = {f"{review.pk}-grade": "AVERAGE", f"{review.pk}-opinion": "写了很久的意见", "reference": "第7次会议"}

    answer = client.post(door("propose", scene.campaign.pk), filled(scene, **typed))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert f"{review}：等次与建议不同" in page
    assert "写了很久的意见" in page
    assert page.count('<details class="decide" open>') == 1  # the box that asks for the reason
    assert 'value="第7次会议"' in page
    assert '<option value="AVERAGE" selected>' in page
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"decided_on": "2199-01-01"}, "研究日期不能晚于今天"),
        ({"decided_on": "某日"}, "请填写页面下方"),
        ({"reference": ""}, "请填写页面下方"),
        ({"{0}-grade": "EXCELLENT"}, "EXCELLENT"),
        ({"{0}-reason": "长" * 501}, "500"),
        ({"{0}-opinion": "长" * 2001}, "2000"),
        ({"{0}-grade": ""}, "请选择等次"),
    ],
)
def test_bad_input_is_told_and_nothing_is_half_done(client, wrong, words):
    scene = suggest(build_scene(VOTES))
    client.force_login(scene.clerk)
    typed = {key.format(scene.reviews[0].pk): value for key, value in wrong.items()}

    answer = client.post(door("propose", scene.campaign.pk), filled(scene, **typed))

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Decision.objects.exists()


def test_after_the_approval_the_table_is_read_only(client):
    scene = approve(build_scene(VOTES))

    page = page_of(client, scene.clerk, "table", scene.campaign.pk)
    answer = client.post(door("propose", scene.campaign.pk), filled(scene))

    assert "等次已批准" in page
    assert "提出等次" not in page
    assert door("letters", scene.campaign.pk) in page
    assert answer.status_code == 422
    assert "已经研究批准" in answer.content.decode()


def test_a_superior_waits_for_the_approval(client):
    scene = suggest(build_scene(VOTES))
    superior = make_officer(Role.SUPERIOR, scene.organizer)
    review = scene.reviews[0]
    for name, key in (("table", scene.campaign.pk), ("why", review.pk)):
        page = page_of(client, superior, name, key)
        assert "等次尚未批准" in page
        assert "100.00" not in page

    approve(scene)

    assert "100.00" in page_of(client, superior, "table", scene.campaign.pk)
    assert "100.00" in page_of(client, superior, "why", review.pk)


def test_a_clerk_who_debriefs_sees_no_result_before_the_feedback(client):
    scene = suggest(build_scene(VOTES))
    secretary = scene.reviews[0].secretary
    RoleGrant.objects.create(person=secretary, role=Role.ORGANIZER, organization=scene.organizer)
    clerk = Person.objects.get(pk=secretary.pk)

    for name, key in (("table", scene.campaign.pk), ("why", scene.reviews[1].pk)):
        page = page_of(client, clerk, name, key)
        assert "反馈之前不能查看" in page
        assert "100.00" not in page
    for name, key in (("letters", scene.campaign.pk), ("draft", scene.reviews[1].pk)):
        page_of(client, clerk, name, key, status=403)
    assert client.post(door("propose", scene.campaign.pk), filled(scene)).status_code == 403


@pytest.mark.parametrize("n", range(5, 10))
@pytest.mark.parametrize("second", [{}, {"B": FAIR}])
def test_no_page_shows_a_count_of_a_small_panel(client, n, second):
    scene = suggest(build_scene([{"A": "4" * (n - 1) + "1", **second}, {"A": "4" * n, **second}]))

    for name, key in (("table", scene.campaign.pk), ("why", scene.reviews[0].pk), ("why", scene.reviews[1].pk)):
        page = page_of(client, scene.clerk, name, key)
        assert "不足 10 票" in page
        assert "votes-bar" not in page
        assert "A票：" not in page
        assert f"1/{n}" not in page
        assert f"1/{n + 10}" not in page


def test_a_draft_of_the_opinion_is_fetched_into_its_box(client):
    scene = suggest(build_scene(VOTES))
    note(scene.reviews[0], scene.clerk, "<b>党课</b>偏少")

    part = page_of(client, scene.clerk, "draft", scene.reviews[0].pk)

    assert "&lt;b&gt;党课&lt;/b&gt;偏少。" in part
    assert f'name="{scene.reviews[0].pk}-opinion"' in part
    assert "可用的事实不够" in part


def test_a_proposal_dropped_by_a_new_suggestion_is_told_as_lacking(client):
    scene = suggest(build_scene(VOTES))
    propose(scene)
    confirmed_fact(scene, 0)

    table = page_of(client, scene.clerk, "table", scene.campaign.pk)
    last_look = page_of(client, scene.head, "approve", scene.campaign.pk)

    assert "还有 1 人须重新提出" in table
    assert "还有 1 人须重新提出" in last_look


def test_the_second_look_leads_to_the_line_of_whom_the_readings_differ(client):
    scene = suggest(build_scene([{"A": GOOD}, {"A": "4444444422"}]))
    propose(scene)

    page = page_of(client, scene.head, "approve", scene.campaign.pk)

    key = scene.reviews[1].pk
    assert f'href="#review-{key}"' in page
    assert f'id="review-{key}"' in page
