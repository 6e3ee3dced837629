"""The pages of grading: what each person sees, what a click does, and what a wrong one is told."""

import pytest
from django.urls import reverse

from organizations.models import Person, Role, RoleGrant
from reviews.grade import actions
from reviews.grade.feedback import actions as feedback
from reviews.grade.feedback.models import Letter
from reviews.grade.models import Decision, Fact
from reviews.plan.models import Stage
from tests.make import make_campaign, make_officer, make_review
from tests.organizations.counting import cost_of
from tests.reviews.grade.scene import (
    FAIR,
    GOOD,
    approve,
    as_suggested,
    build_scene,
    confirmed_fact,
    in_days,
    note,
    propose,
    send_letters,
    suggest,
)

pytestmark = pytest.mark.django_db

VOTES = [{"A": GOOD}, {"A": FAIR}]


def door(name: str, key: int) -> str:
    return reverse(f"grade:{name}", args=[key])


def page_of(client, person, name: str, key: int, *, status: int = 200) -> str:
    client.force_login(person)
    answer = client.get(door(name, key))
    assert answer.status_code == status
    return answer.content.decode()


def filled(scene, **fields) -> dict:
    """The table as it is posted, following the suggestions."""
    posted = {"reference": "局党组第2次会议", "decided_on": "2026-01-05"}
    for proposal in as_suggested(scene):
        prefix = proposal.review.pk
        posted |= {f"{prefix}-grade": proposal.grade or "", f"{prefix}-reason": proposal.reason}
        posted |= {f"{prefix}-opinion": proposal.opinion}
    return posted | fields


# The table


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
        ({"decided_on": "2999-01-01"}, "研究日期不能晚于今天"),
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


# The second look


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


# Facts


def test_a_fact_is_entered_confirmed_and_withdrawn_on_the_page(client):
    scene = suggest(build_scene(VOTES))
    review = scene.reviews[0]
    assert "被问责追责" in page_of(client, scene.clerk, "fact_add", review.pk)

    client.post(door("fact_add", review.pk), {"code": "ACCOUNTABILITY", "evidence": "纪发〔2026〕3号"})
    assert "待确认，未计入" in page_of(client, scene.head, "why", review.pk)
    fact = Fact.objects.get()
    client.post(door("fact_confirm", fact.pk))
    assert "已确认，计入评定" in page_of(client, scene.head, "why", review.pk)
    without_reason = client.post(door("fact_withdraw", fact.pk), {"reason": ""})
    client.post(door("fact_withdraw", fact.pk), {"reason": "问责决定已撤销"})

    assert without_reason.status_code == 409
    page = page_of(client, scene.clerk, "why", review.pk)
    assert "问责决定已撤销" in page
    assert "建议等次：好" in page


@pytest.mark.parametrize("typed", [{}, {"code": "XXX", "evidence": "文件"}, {"code": "ACCOUNTABILITY", "evidence": ""}])
def test_an_unfinished_fact_comes_back(client, typed):
    scene = build_scene()
    client.force_login(scene.clerk)

    assert client.post(door("fact_add", scene.reviews[0].pk), typed).status_code == 422
    assert not Fact.objects.exists()


def test_after_the_feedback_no_fact_can_be_touched(client):
    scene = build_scene()
    fact = confirmed_fact(scene)
    send_letters(scene)
    page = page_of(client, scene.clerk, "why", scene.reviews[0].pk)

    late = client.post(door("fact_add", scene.reviews[0].pk), {"code": "ACCOUNTABILITY", "evidence": "文件"})
    withdrawn = client.post(door("fact_withdraw", fact.pk), {"reason": "原因"})

    assert "登记事实" not in page
    assert "撤回这条事实" not in page
    assert (late.status_code, withdrawn.status_code) == (409, 409)


# Why, letters, signing


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
