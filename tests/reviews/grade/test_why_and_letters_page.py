"""Why this grade, the letters and signing, as each person meets them."""

import pytest

from organizations.models import Role, RoleGrant
from reviews.grade import actions
from reviews.grade.feedback import actions as feedback
from reviews.grade.feedback.models import Letter
from tests.make import make_review
from tests.reviews.grade.pages import VOTES, door, page_of
from tests.reviews.grade.scene import (
    approve,
    build_scene,
    in_days,
    note,
    propose,
    send_letters,
    suggest,
)

pytestmark = pytest.mark.django_db


def test_why_says_that_nothing_was_suggested_yet(client):
    scene = build_scene()

    assert "还没有生成建议等次" in page_of(client, scene.clerk, "why", scene.reviews[0].pk)


def test_the_person_sees_why_and_letter_only_after_the_letter(client):
    scene = approve(build_scene(VOTES))
    review = scene.reviews[0]
    page_of(client, review.secretary, "why", review.pk, status=403)
    page_of(client, review.secretary, "letter", review.pk, status=404)

    feedback.send_letters(scene.campaign, rectify_by=in_days(30), by=scene.clerk)

    why = page_of(client, review.secretary, "why", review.pk)
    assert "(100×10+80×0+60×0+40×0)/10" in why
    assert "排在第" not in why
    assert "没有登记限制或决定等次的事实" in why  # what counts against oneself is one's own to know
    letter = page_of(client, review.secretary, "letter", review.pk)
    assert "综合评价等次为“<strong>好</strong>”" in letter
    assert "工作扎实。" in letter


def test_nobody_reads_the_letter_or_the_reasons_of_another(client):
    scene = send_letters(build_scene(VOTES))
    review, other = scene.reviews

    page_of(client, other.secretary, "letter", review.pk, status=404)
    page_of(client, other.secretary, "why", review.pk, status=404)
    assert client.post(door("sign", review.pk)).status_code == 404


@pytest.mark.parametrize("role", [Role.LEADER, Role.VETTER, Role.TELLER, Role.CUSTODIAN])
def test_who_works_for_the_campaign_but_does_not_decide_sees_no_reasons(client, role):
    scene = suggest(build_scene(VOTES))
    RoleGrant.objects.create(person=make_review().secretary, role=role, organization=scene.organizer)
    officer = RoleGrant.objects.filter(role=role, organization=scene.organizer).get().person

    page_of(client, officer, "why", scene.reviews[0].pk, status=403)


def test_letters_are_sent_by_one_button_and_a_second_click_is_told(client):
    scene = approve(build_scene(VOTES))
    note(scene.reviews[0], scene.clerk, "主题党日形式单一")
    assert "主题党日形式单一" in page_of(client, scene.clerk, "letters", scene.campaign.pk)
    typed = {"rectify_by": in_days(30).isoformat()}

    first = client.post(door("letters", scene.campaign.pk), typed, follow=True)
    second = client.post(door("letters", scene.campaign.pk), typed)

    assert "已发出 2 份反馈函" in first.content.decode()
    assert second.status_code == 409
    assert "处于“反馈整改”阶段" in second.content.decode()
    assert Letter.objects.count() == 2


@pytest.mark.parametrize("day", ["", "昨天", "2020-01-01", "9999-12-31"])
def test_a_time_limit_that_cannot_be_is_told_on_the_form(client, day):
    scene = approve(build_scene(VOTES))
    client.force_login(scene.clerk)

    answer = client.post(door("letters", scene.campaign.pk), {"rectify_by": day})

    assert answer.status_code == 422
    assert 'name="rectify_by"' in answer.content.decode()
    assert not Letter.objects.exists()


def test_the_supervisor_reads_the_letters_but_sends_none(client):
    scene = approve(build_scene(VOTES))

    assert "发出反馈函</button>" not in page_of(client, scene.supervisor, "letters", scene.campaign.pk)
    assert client.post(door("letters", scene.campaign.pk), {"rectify_by": in_days(9)}).status_code == 403


def test_before_the_approval_no_letter_can_be_sent(client):
    scene = suggest(build_scene(VOTES))

    page = page_of(client, scene.clerk, "letters", scene.campaign.pk)
    answer = client.post(door("letters", scene.campaign.pk), {"rectify_by": in_days(30).isoformat()})

    assert "批准后才能发出" in page
    assert answer.status_code == 422
    assert not Letter.objects.exists()


def test_the_letter_is_signed_once(client):
    scene = send_letters(build_scene(VOTES))
    review = scene.reviews[0]
    assert "签收</button>" in page_of(client, review.secretary, "letter", review.pk)

    first = client.post(door("sign", review.pk), follow=True)
    second = client.post(door("sign", review.pk))

    assert "您已于" in first.content.decode()
    assert "签收</button>" not in first.content.decode()
    assert second.status_code == 409


@pytest.mark.parametrize("payload", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])
def test_no_text_becomes_markup(client, payload):
    scene = suggest(build_scene(VOTES))
    note(scene.reviews[0], scene.clerk, payload)
    actions.enter_fact(scene.reviews[0], code="ACCOUNTABILITY", evidence=payload, by=scene.clerk)
    proposals = [actions.Proposal(review, "AVERAGE", payload, payload) for review in scene.reviews]
    propose(scene, proposals, reference=payload)
    pages = [
        page_of(client, scene.clerk, "table", scene.campaign.pk),
        page_of(client, scene.head, "approve", scene.campaign.pk),
    ]
    actions.approve(scene.campaign, seen=actions.digest_of(scene.campaign), by=scene.head)
    pages.append(page_of(client, scene.clerk, "letters", scene.campaign.pk))
    feedback.send_letters(scene.campaign, rectify_by=in_days(30), by=scene.clerk)
    secretary = scene.reviews[0].secretary

    pages += [page_of(client, secretary, name, scene.reviews[0].pk) for name in ("letter", "why")]
    pages.append(page_of(client, scene.clerk, "why", scene.reviews[0].pk))

    for page in pages:
        assert payload not in page
        assert "alert(1)" in page
