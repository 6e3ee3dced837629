"""The opinion's facts and its page: nothing that may not reach the secretary, nothing typed lost."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from organizations.errors import Refused
from organizations.models import Role, Trace
from reviews.grade.models import Decision
from reviews.grade.opinion.actions import mark_of, save_opinion, text_of
from reviews.grade.opinion.composing import length_of
from reviews.grade.opinion.models import Opinion
from reviews.grade.opinion.queries import draft_of, facts_of, opinion_draft
from reviews.ledger.actions import withdraw_problem
from reviews.meeting.models import Comment
from reviews.plan.models import Stage
from tests.make import make_campaign, make_officer, make_person, make_problem, make_review, make_visit
from tests.reviews.grade.scene import GOOD, approve, build_scene, confirmed_fact, in_days, note, propose, suggest
from tests.reviews.report.pages import queries_of

pytestmark = pytest.mark.django_db
COST = 21
TYPED = "写了很久的意见，" * 20


def say(review, *, is_released=True, **boxes):
    released = timezone.now() if is_released else None
    return Comment.objects.create(review=review, by=make_person(), released_at=released, **boxes)


def post(client, person, review, **fields):
    client.force_login(person)
    return client.post(reverse("grade:opinion", args=[review.pk]), fields)


def save(review, by, text=TYPED):
    return save_opinion(review, text=text, seen=mark_of(text_of(review)), by=by)


# What it knows


def test_it_knows_what_was_said_noted_voted_vetted_and_seen():
    scene = suggest(build_scene())
    review = scene.reviews[0]
    say(review, strengths="学习抓得紧。党课讲得实。", advice="建议到现场去。")
    note(review, scene.clerk, "党课偏少。")
    make_problem(review, source="self")
    earlier = make_review(
        make_campaign(scene.organizer, year=scene.campaign.year - 1),
        organization=review.organization,
        secretary=review.secretary,
    )
    make_problem(earlier, state="closed")
    make_problem(earlier, state="claimed", due_on=in_days(-1))
    make_visit(review.organization, visited_on=timezone.localdate().replace(year=scene.campaign.year))

    known = {fact.kind: fact.label for fact in facts_of(review)}

    year = scene.campaign.year
    assert known == {
        "点评肯定": "党课讲得实",
        "建议": "建议到现场去",
        "指出的问题": "党课偏少。",
        "整改销号": f"{year - 1} 年度 2 个问题，已销号 1 个",
        "整改逾期": "逾期未销号 1 个",
        "自己查摆": "自己查摆 1 个",
        "调研次数": f"{year} 年走访、督查等 1 次",
        "测评": "有效票 10 张，“好” 10 张",
    }


def test_a_comment_that_was_not_released_or_was_withheld_is_never_in_a_draft():
    scene = build_scene()
    review = scene.reviews[0]
    say(review, is_released=False, strengths="未放行的话", advice="未放行的建议")
    say(
        review,
        is_released=False,
        strengths="不放行的话",
        withheld_at=timezone.now(),
        withheld_by=scene.clerk,
        withheld_reason="不实",
    )
    withdraw_problem(note(review, scene.clerk, "不实的"), reason="不实", by=scene.clerk)
    waiting = say(review, is_released=False, weaknesses="一是还没放行。")
    waiting.points.create(number=1, text="还没放行", problem=note(review, scene.clerk, "还没放行"))

    draft = opinion_draft(review)

    assert draft == ""


def test_a_reworded_comment_is_told_in_its_released_words():
    review = build_scene().reviews[0]
    say(review, strengths="说得很冲", told_strengths="措辞平和", told_at=timezone.now())

    draft = opinion_draft(review)

    assert "措辞平和" in draft
    assert "说得很冲" not in draft


def test_what_a_visit_saw_is_told_only_if_it_was_shared():
    scene = build_scene()
    day = timezone.localdate().replace(year=scene.campaign.year)
    make_visit(scene.reviews[0].organization, visited_on=day, strengths="台账一月一清", problems="记录不全")
    make_visit(scene.reviews[1].organization, visited_on=day, strengths="台账一月一清", shared_at=timezone.now())

    hidden, shared = (opinion_draft(review) for review in scene.reviews[:2])

    assert "台账" not in hidden
    assert "记录不全" not in hidden
    assert "1次" in hidden
    assert "台账一月一清" in shared


@pytest.mark.parametrize("votes", [{"A": "444444444"}, {"A": GOOD, "B": "44443"}], ids=["one panel", "beside another"])
def test_no_number_of_votes_is_told_where_a_panel_is_small(votes):
    scene = suggest(build_scene([votes]))

    kinds = {fact.kind for fact in facts_of(scene.reviews[0])}

    assert "测评" not in kinds


def test_every_fact_leads_to_a_page_that_the_clerk_may_open(client):
    scene = suggest(build_scene())
    review = scene.reviews[0]
    say(review, strengths="学习抓得紧。")
    note(review, scene.clerk)
    make_visit(review.organization, visited_on=timezone.localdate().replace(year=scene.campaign.year))
    client.force_login(scene.clerk)

    answers = {fact.url: client.get(fact.url.split("#")[0]).status_code for fact in facts_of(review)}

    assert set(answers.values()) == {200}


# The page


def test_the_page_shows_each_sentence_with_links_to_its_facts(client):
    scene = suggest(build_scene())
    review = scene.reviews[0]
    say(review, strengths="学习抓得紧。")
    client.force_login(scene.clerk)

    shown = client.get(reverse("grade:opinion", args=[review.pk])).content.decode()

    facts = facts_of(review)
    sentences = draft_of(review, facts).sentences
    assert sentences
    assert all(sentence.text in shown for sentence in sentences)
    assert all(f'href="{fact.url}"' in shown for fact in facts)


def test_a_sentence_is_adopted_without_javascript_and_nothing_is_saved(client):
    scene = suggest(build_scene())
    review = scene.reviews[0]
    say(review, strengths="学习抓得紧。")

    answer = post(client, scene.clerk, review, text="先写的。", seen="0" * 16, adopt="0")

    assert "先写的。" in answer.context["form"]["text"].value()
    assert "学习抓得紧" in answer.context["form"]["text"].value()
    assert not Opinion.objects.exists()


def test_saving_keeps_the_text_with_a_trace_and_shows_it_again(client):
    scene = suggest(build_scene())
    review = scene.reviews[0]

    post(client, scene.clerk, review, text=TYPED, seen=mark_of(""))

    assert text_of(review) == TYPED.strip()
    trace = Trace.objects.get(act="保存综合评价意见")
    assert (trace.person, trace.facts) == (scene.clerk, {"length": length_of(TYPED)})
    assert TYPED.strip() in client.get(reverse("grade:opinion", args=[review.pk])).content.decode()


def test_a_kept_opinion_stands_in_the_table_before_a_grade_is_proposed(client):
    scene = suggest(build_scene())
    save(scene.reviews[0], scene.clerk)
    client.force_login(scene.clerk)

    shown = client.get(reverse("grade:table", args=[scene.campaign.pk])).content.decode()

    assert TYPED.strip() in shown


def test_once_proposed_the_opinion_is_the_proposals_own():
    scene = suggest(build_scene())
    propose(scene)

    save(scene.reviews[0], scene.clerk)

    assert Decision.objects.get(review=scene.reviews[0]).opinion == TYPED.strip()


def proposed_from(client, scene, page: str, **typed):
    """The table as it was opened (``page``) handed in, with what was typed into its boxes."""
    fields = {"reference": "局党组第2次会议", "decided_on": "2026-01-05"}
    for review in scene.reviews:
        seen = re.search(rf'name="{review.pk}-seen" value="(\w+)"', page)[1]
        fields |= {f"{review.pk}-grade": review.suggestion.grade, f"{review.pk}-seen": seen, f"{review.pk}-opinion": ""}
    client.force_login(scene.clerk)
    return client.post(reverse("grade:propose", args=[scene.campaign.pk]), {**fields, **typed})


def opened_table(client, scene) -> str:
    client.force_login(scene.clerk)
    return client.get(reverse("grade:table", args=[scene.campaign.pk])).content.decode()


def test_a_table_opened_before_an_opinion_was_kept_does_not_empty_it(client):
    scene = suggest(build_scene())
    page = opened_table(client, scene)
    save(scene.reviews[0], scene.clerk)

    answer = proposed_from(client, scene, page)

    assert answer.status_code == 302
    assert Decision.objects.get(review=scene.reviews[0]).opinion == TYPED.strip()


def test_an_opinion_typed_in_the_table_does_not_replace_one_kept_meanwhile(client):
    scene = suggest(build_scene())
    page = opened_table(client, scene)
    save(scene.reviews[0], scene.clerk)

    answer = proposed_from(client, scene, page, **{f"{scene.reviews[0].pk}-opinion": "表中另写的"})

    told = answer.content.decode()
    assert answer.status_code == 422
    assert "综合评价意见在您打开页面之后被改过" in told
    assert "表中另写的" in told
    assert not Decision.objects.exists()


def test_an_opinion_typed_in_the_table_outlives_a_proposal_that_a_new_suggestion_drops(client):
    scene = suggest(build_scene())
    typed = {f"{scene.reviews[0].pk}-opinion": "表中写的意见"}
    proposed_from(client, scene, opened_table(client, scene), **typed)

    confirmed_fact(scene, 0)

    assert not Decision.objects.filter(review=scene.reviews[0]).exists()
    assert "表中写的意见" in opened_table(client, scene)


def test_an_opinion_cleared_in_the_table_is_cleared_on_the_page_too():
    scene = suggest(build_scene())
    save(scene.reviews[0], scene.clerk)
    propose(scene)
    Decision.objects.filter(review=scene.reviews[0]).update(opinion="")

    text = text_of(scene.reviews[0])

    assert text == ""


def test_a_text_changed_meanwhile_is_not_overwritten_and_what_was_typed_stays(client):
    scene = suggest(build_scene())
    review = scene.reviews[0]
    save(review, scene.clerk, "别人先保存的")

    answer = post(client, scene.clerk, review, text=TYPED, seen=mark_of(""))

    assert answer.status_code == 422
    assert TYPED.strip() in answer.content.decode()
    assert text_of(review) == "别人先保存的"


def test_after_the_approval_nobody_changes_it():
    scene = approve(build_scene())

    with pytest.raises(Refused, match="已批准"):
        save(scene.reviews[0], scene.clerk)


def test_outside_the_grading_nobody_writes_it():
    scene = build_scene()
    scene.campaign.stage = Stage.BALLOT
    scene.campaign.save()

    with pytest.raises(Refused, match="评定阶段"):
        save(scene.reviews[0], scene.clerk)


def test_the_head_reads_it_and_does_not_write_it(client):
    scene = suggest(build_scene())
    client.force_login(scene.head)

    page = client.get(reverse("grade:opinion", args=[scene.reviews[0].pk]))
    answer = post(client, scene.head, scene.reviews[0], text=TYPED, seen=mark_of(""))

    assert page.status_code == 200
    assert "保存意见" not in page.content.decode()
    assert answer.status_code == 403
    with pytest.raises(Refused):
        save(scene.reviews[0], make_officer(Role.APPROVER, scene.organizer))


@pytest.mark.parametrize("many", [1, 3])
def test_the_page_costs_the_same_for_one_fact_of_a_kind_or_three(client, many):
    scene = suggest(build_scene([{"A": GOOD}] * many))
    review = scene.reviews[0]
    for _ in range(many):
        say(review, strengths="学习抓得紧。")
        note(review, scene.clerk)
        make_visit(review.organization, visited_on=timezone.localdate().replace(year=scene.campaign.year))
    client.force_login(scene.clerk)

    cost = queries_of(client, reverse("grade:opinion", args=[review.pk]))

    assert cost == COST
