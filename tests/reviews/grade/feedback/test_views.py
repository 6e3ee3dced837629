"""The pages of the feedback: what each person sees, what comes back when something is refused, what it costs."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from reviews.grade.consequences.models import Consequence
from reviews.grade.feedback.models import Letter, Objection
from tests.reviews.grade.feedback.scene import (
    FINDING,
    acknowledged,
    answered,
    close_window,
    fed_back,
    raised,
    reviewed,
)
from tests.reviews.grade.scene import FAIR, GOOD, POOR, approve, build_scene, in_days

pytestmark = pytest.mark.django_db

GROUNDS = {"asks": "grade", "grounds": "平时得分少计了一次考核，台账可以核对。"}


def door(name, pk) -> str:
    return reverse(f"grade:{name}", args=[pk])


def page_of(client, person, url, status=200) -> str:
    client.force_login(person)
    response = client.get(url)
    assert response.status_code == status
    return response.content.decode()


def article(page: str) -> str:
    return page.partition('<article class="letter-sheet">')[2].partition("</article>")[0]


def test_the_preview_is_word_for_word_what_is_sent(client):
    scene = approve(build_scene([{"A": GOOD}, {"A": FAIR}]))
    letters = door("letters", scene.campaign.pk)
    typed = {"rectify_by": in_days(30).isoformat(), "objection_days": "20"}
    client.force_login(scene.clerk)

    asked = client.post(letters, {**typed, "preview": "1"})
    preview = [page_of(client, scene.clerk, f"{asked.url}&n={number}") for number in (1, 2)]
    was_sent = Letter.objects.exists()
    client.post(letters, typed)

    assert not was_sent
    sent = [page_of(client, scene.clerk, f"{door('letter_preview', scene.campaign.pk)}?n={n}") for n in (1, 2)]
    assert [article(page) for page in preview] == [article(page) for page in sent]
    assert "自签收次日起 20 日内" in article(sent[0])
    assert "发出全部 2 份" in preview[1]
    assert "发出全部" not in preview[0] + sent[1]


@pytest.mark.parametrize("number", ["0", "3", "x", "1e3", "９", "00000119"])
def test_a_letter_that_is_not_there_is_not_found(client, number):
    feedback = fed_back()

    page_of(client, feedback.scene.clerk, f"{door('letter_preview', feedback.scene.campaign.pk)}?n={number}", 404)


def test_a_preview_without_its_days_is_refused_in_words(client):
    scene = approve(build_scene())

    page = page_of(client, scene.clerk, door("letter_preview", scene.campaign.pk), 409)

    assert "请先在“反馈”页填写整改期限" in page


def test_the_letter_keeps_the_grade_it_told_and_the_page_says_what_stands_now(client):
    feedback = answered()

    page = page_of(client, feedback.secretary, door("letter", feedback.letter.review_id))

    assert "综合评价等次为“<strong>较好</strong>”" in article(page)
    assert "异议复核后变更，函中所告知的为“较好”" in page
    assert "变更等次。" in page


def test_an_objection_goes_from_the_person_to_the_answer_over_the_pages(client):
    feedback = fed_back()
    own = door("objection", feedback.letter.review_id)
    client.force_login(feedback.secretary)
    client.post(own, GROUNDS)
    objection = Objection.objects.get()

    client.force_login(feedback.scene.clerk)
    client.post(door("objection_acknowledge", objection.pk), {"due_on": in_days(10).isoformat()})
    client.force_login(feedback.reviewer)
    answer = {"outcome": "changed", "grade": "GOOD", "finding": FINDING, "reference": "第5次会议"}
    client.post(door("objection_review", objection.pk), {**answer, "decided_on": in_days(0).isoformat()})
    page = page_of(client, feedback.leader, door("handle_objection", objection.pk))
    seen = page.partition('name="seen" value="')[2].partition('"')[0]
    client.post(door("objection_approve", objection.pk), {"seen": seen})

    told = page_of(client, feedback.secretary, own)
    assert "由“较好”变更为“<strong>好</strong>”" in told
    assert FINDING in told
    assert client.post(door("objection_sign", objection.pk)).status_code == 302


@pytest.mark.parametrize("typed", [{}, {"asks": "grade", "grounds": "不公"}])
def test_an_unfinished_objection_comes_back_with_what_was_typed(client, typed):
    feedback = fed_back()
    client.force_login(feedback.secretary)

    response = client.post(door("objection", feedback.letter.review_id), typed)

    assert response.status_code == 422
    assert typed.get("grounds", "") in response.content.decode()
    assert not Objection.objects.exists()


def test_a_late_objection_comes_back_with_the_reason_and_the_text(client):
    feedback = fed_back()
    close_window(feedback)
    client.force_login(feedback.secretary)

    response = client.post(door("objection", feedback.letter.review_id), GROUNDS)

    assert response.status_code == 422
    page = response.content.decode()
    assert "现已超过" in page
    assert GROUNDS["grounds"] in page


def test_a_refused_answer_comes_back_filled(client):
    feedback = acknowledged()
    client.force_login(feedback.reviewer)
    typed = {"outcome": "changed", "grade": "FAIRLY_GOOD", "finding": FINDING, "reference": "第5次会议"}

    response = client.post(
        door("objection_review", feedback.objection().pk), {**typed, "decided_on": in_days(0).isoformat()}
    )

    assert response.status_code == 422
    assert FINDING in response.content.decode()


def test_who_had_a_part_is_told_so_and_has_no_form(client):
    feedback = acknowledged()

    page = page_of(client, feedback.scene.clerk, door("handle_objection", feedback.objection().pk))

    assert "您参与了原决定" in page
    assert "提出复核意见" not in page


def test_the_answer_is_the_persons_to_know_once_it_is_approved(client):
    feedback = reviewed()

    page = page_of(client, feedback.secretary, door("objection", feedback.letter.review_id))

    assert FINDING not in page
    assert "变更等次" not in page


def test_nobody_sees_the_objection_of_another(client):
    feedback = raised()
    other = feedback.scene.reviews[0].secretary

    page_of(client, other, door("objection", feedback.letter.review_id), 404)
    client.force_login(other)
    assert client.post(door("objection_withdraw", feedback.objection().pk)).status_code == 404


def test_the_head_allows_a_late_objection_on_its_page(client):
    feedback = fed_back()
    close_window(feedback)
    url = door("allow_late", feedback.letter.review_id)

    assert feedback.secretary.name in page_of(
        client, feedback.scene.head, door("objections", feedback.scene.campaign.pk)
    )
    without = client.post(url, {"until": in_days(5).isoformat()})
    client.post(url, {"until": in_days(5).isoformat(), "reason": "住院"})

    assert without.status_code == 422
    assert "提出异议</a>" in page_of(client, feedback.secretary, door("letter", feedback.letter.review_id))


def test_a_line_goes_from_the_task_to_its_closing_over_the_pages(client):
    feedback = fed_back()
    line = Consequence.objects.get(kind="BAR_ANNUAL_EXCELLENT")
    page = page_of(client, feedback.scene.clerk, door("consequence", line.pk))
    assert "提示：未达到“好”的" in page

    client.post(door("consequence_proof", line.pk), {"proof": "已告知组织人事科。"})
    client.force_login(feedback.scene.head)
    unsaid = client.post(door("consequence_settle", line.pk), {"verdict": "back", "words": ""})
    client.post(door("consequence_settle", line.pk), {"verdict": "done", "words": ""})

    assert unsaid.status_code == 422
    assert "已办结" in page_of(client, feedback.scene.clerk, door("consequences", feedback.scene.campaign.pk))


def test_the_person_reads_his_own_lines_and_does_nothing_else_in_them(client):
    feedback = fed_back()
    line = Consequence.objects.get(kind="BAR_ANNUAL_EXCELLENT")

    page = page_of(client, feedback.secretary, door("consequence", line.pk))

    assert "报送办理情况" not in page
    assert "不再办理" not in page
    page_of(client, feedback.scene.reviews[0].secretary, door("consequence", line.pk), 404)


def test_a_leader_sees_his_own_tasks_and_no_others(client):
    feedback = fed_back(build_scene([{"A": GOOD}, {"A": POOR}]))
    Consequence.objects.filter(kind="ADMONITION_TALK").update(owner=feedback.leader)

    page = page_of(client, feedback.leader, door("consequences", feedback.scene.campaign.pk))

    assert "约谈提醒</a>" in page
    assert "可推荐评先评优" not in page.partition("<tbody>")[2]
    page_of(client, feedback.leader, door("consequence", Consequence.objects.get(kind="AWARD").pk), 404)


@pytest.mark.parametrize("name", ["letters", "letter_preview", "objections", "consequences"])
def test_a_list_costs_the_same_for_two_people_or_five(client, name):
    costs = []
    for count in (1, 4):
        feedback = raised(fed_back(build_scene([{"A": GOOD}] + [{"A": FAIR}] * count)))
        client.force_login(feedback.scene.clerk)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(door(name, feedback.scene.campaign.pk))
        costs.append(len(queries))

    assert costs[0] == costs[1]


@pytest.mark.parametrize("name", ["why", "letter", "objection"])
def test_a_page_of_ones_own_costs_the_same_among_two_people_or_five(client, name):
    costs = []
    for count in (1, 4):
        feedback = answered(fed_back(build_scene([{"A": GOOD}] + [{"A": FAIR}] * count)))
        client.force_login(feedback.secretary)
        with CaptureQueriesContext(connection) as queries:
            client.get(door(name, feedback.letter.review_id))
        costs.append(len(queries))

    assert costs[0] == costs[1]
