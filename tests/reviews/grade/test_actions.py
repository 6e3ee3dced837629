"""From the suggestion to the signed letter: every step by the right person, in its moment, once."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from organizations.errors import Refused
from organizations.models import Person, Role, RoleGrant, Trace
from reviews.grade import actions
from reviews.grade.actions import Proposal
from reviews.grade.feedback import actions as feedback
from reviews.grade.feedback.models import Letter
from reviews.grade.models import Decision, Suggestion
from reviews.ledger.models import Problem
from reviews.plan.actions import move_campaign
from reviews.plan.models import Stage
from tests.make import make_officer, make_person
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

TIED = [{"A": GOOD}] * 5  # four places of 好, five who are equal in everything


def acts_on(subject: object) -> list[str]:
    return list(Trace.objects.filter(subject=str(subject)).order_by("pk").values_list("act", flat=True))


# Suggesting


def test_suggesting_again_without_news_changes_nothing():
    scene = build_scene()
    first = actions.suggest(scene.campaign, by=scene.clerk)
    propose(scene)

    again = actions.suggest(scene.campaign, by=scene.clerk)

    assert (first, again) == (2, 0)
    assert Decision.objects.count() == 2
    assert acts_on(scene.campaign)[-3:] == ["生成建议等次", "提出综合评价等次", "生成建议等次"]


def test_a_changed_suggestion_drops_its_proposal_and_no_other():
    scene = suggest(build_scene())
    propose(scene)

    confirmed_fact(scene, place=0)

    assert scene.suggestion(0).grade == "POOR"
    assert list(Decision.objects.values_list("review", flat=True)) == [scene.reviews[1].pk]


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage != Stage.GRADING])
def test_only_in_grading_anything_is_suggested(stage):
    scene = build_scene()
    type(scene.campaign).objects.update(stage=stage)

    with pytest.raises(Refused, match="只有“评定”阶段"):
        actions.suggest(scene.campaign, by=scene.clerk)

    assert not Suggestion.objects.exists()


# Proposing


def test_a_grade_as_suggested_needs_no_reason_and_is_written_down_with_its_meeting():
    scene = suggest(build_scene())

    propose(scene)

    decision = Decision.objects.get(review=scene.reviews[0])
    assert (decision.grade, decision.reason, decision.opinion) == ("GOOD", "", "工作扎实。")
    assert (decision.reference, decision.proposed_by, decision.approved_by) == ("局党组第2次会议", scene.clerk, None)


def test_another_grade_needs_a_reason():
    scene = suggest(build_scene())
    proposals = as_suggested(scene, r1="AVERAGE")
    with pytest.raises(Refused, match="请写明理由") as refused:
        propose(scene, proposals)
    assert str(scene.reviews[1]) in str(refused.value)
    assert str(scene.reviews[0]) not in str(refused.value)

    propose(scene, [proposals[0], replace(proposals[1], reason="平时考核靠后")])

    assert Decision.objects.get(review=scene.reviews[1]).reason == "平时考核靠后"


def test_an_open_suggestion_needs_a_reason_even_if_it_is_followed():
    scene = suggest(build_scene(TIED))
    assert scene.suggestion().is_open
    proposals = as_suggested(scene)

    with pytest.raises(Refused, match="留待研究"):
        propose(scene, [replace(proposals[0], reason=" "), *proposals[1:]])
    propose(scene, proposals)

    assert Decision.objects.count() == 5


def test_every_review_is_decided_at_once_or_none():
    scene = suggest(build_scene())

    with pytest.raises(Refused, match="名单已变化"):
        propose(scene, as_suggested(scene)[:1])
    with pytest.raises(Refused, match="请选择等次"):
        propose(scene, [replace(p, grade="") for p in as_suggested(scene)])

    assert not Decision.objects.exists()


@pytest.mark.parametrize("fields", [{"reference": " "}, {"decided_on": in_days(1)}])
def test_a_decision_names_a_meeting_that_was_held(fields):
    scene = suggest(build_scene())

    with pytest.raises(Refused, match="研究会议和研究日期"):
        propose(scene, **fields)


def test_a_decision_of_a_mistyped_year_is_refused_before_it_stands_on_a_letter():
    scene = suggest(build_scene())

    with pytest.raises(Refused, match="请核对年份"):
        propose(scene, decided_on=scene.campaign.starts_on.replace(year=26))


def test_nothing_is_proposed_before_anything_was_suggested():
    scene = build_scene()

    with pytest.raises(Refused, match="先生成建议"):
        propose(scene, [Proposal(scene.reviews[0], "GOOD")])


@pytest.mark.parametrize("group_by", ["CAMPAIGN", "ORG_TYPE"])
def test_a_binding_quota_stops_the_group_a_warning_one_asks_for_a_reason(group_by):
    policy = {"quota_group_by": group_by}
    for enforcement in ("BLOCK", "WARN_WITH_REASON"):
        scene = suggest(build_scene(TIED, policy={**policy, "quota_enforcement": enforcement}))
        everybody = [Proposal(review, "GOOD", "经集体研究，五人均应为好") for review in scene.reviews]

        if enforcement == "BLOCK":
            with pytest.raises(Refused, match="5 人，“好”最多 4 人，现为 5 人"):
                propose(scene, everybody)
            propose(scene, [replace(everybody[0], grade="FAIRLY_GOOD"), *everybody[1:]])
        else:
            propose(scene, everybody)

        assert Decision.objects.filter(review__campaign=scene.campaign).count() == 5


def test_a_quota_group_too_small_binds_nobody():
    scene = suggest(build_scene([{"A": GOOD}, {"A": GOOD}], policy={"quota_enforcement": "BLOCK"}))

    propose(scene)

    assert set(Decision.objects.values_list("grade", flat=True)) == {"GOOD"}


# Approving


def test_another_person_approves_what_he_saw():
    scene = suggest(build_scene())
    propose(scene)

    count = actions.approve(scene.campaign, seen=actions.digest_of(scene.campaign), by=scene.head)

    assert count == 2
    assert {d.approved_by for d in Decision.objects.all()} == {scene.head}
    assert acts_on(scene.campaign)[-1] == "批准综合评价等次"
    assert not Letter.objects.exists()


@pytest.mark.parametrize("change", ["grade", "opinion", "reference"])
def test_a_stale_second_look_is_refused(change):
    scene = suggest(build_scene())
    propose(scene)
    seen = actions.digest_of(scene.campaign)
    proposals = as_suggested(scene)
    news = {"grade": {"grade": "AVERAGE", "reason": "研究后调整"}, "opinion": {"opinion": "另一句话"}}.get(change, {})
    propose(scene, [replace(proposals[0], **news), proposals[1]], **({"reference": "第3次会议"} if not news else {}))

    with pytest.raises(Refused, match="在您查看之后有改动"):
        actions.approve(scene.campaign, seen=seen, by=scene.head)

    assert not Decision.objects.filter(approved_by__isnull=False).exists()


def test_who_proposed_does_not_approve():
    scene = suggest(build_scene())
    RoleGrant.objects.create(person=scene.clerk, role=Role.APPROVER, organization=scene.organizer)
    both = Person.objects.get(pk=scene.clerk.pk)
    propose(scene, by=both)

    with pytest.raises(Refused, match="不能自己批准"):
        actions.approve(scene.campaign, seen=actions.digest_of(scene.campaign), by=both)
    with pytest.raises(IntegrityError), transaction.atomic():
        Decision.objects.update(approved_by=both)


def test_nothing_is_approved_twice_or_by_halves():
    scene = suggest(build_scene())
    with pytest.raises(Refused, match="还有述职人没有提出等次"):
        actions.approve(scene.campaign, seen="", by=scene.head)
    approve(scene)

    with pytest.raises(Refused, match="已经研究批准"):
        actions.approve(scene.campaign, seen=actions.digest_of(scene.campaign), by=scene.head)


@pytest.mark.parametrize("role", [Role.ORGANIZER, Role.APPROVER])
def test_nobody_who_debriefs_decides_in_that_campaign(role):
    scene = suggest(build_scene())
    propose(scene)
    RoleGrant.objects.create(person=scene.reviews[1].secretary, role=role, organization=scene.organizer)
    judge = Person.objects.get(pk=scene.reviews[1].secretary_id)
    acts = {
        Role.ORGANIZER: lambda: propose(scene, by=judge),
        Role.APPROVER: lambda: actions.approve(scene.campaign, seen=actions.digest_of(scene.campaign), by=judge),
    }

    with pytest.raises(PermissionDenied):
        acts[role]()


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ORGANIZER, Role.APPROVER}))
def test_no_other_role_decides(role):
    scene = suggest(build_scene())
    propose(scene)
    officer = make_officer(role, scene.organizer)

    for act in (
        lambda: actions.suggest(scene.campaign, by=officer),
        lambda: propose(scene, by=officer),
        lambda: actions.approve(scene.campaign, seen=actions.digest_of(scene.campaign), by=officer),
        lambda: actions.enter_fact(scene.reviews[0], code="ACCOUNTABILITY", evidence="文件", by=officer),
    ):
        with pytest.raises(PermissionDenied):
            act()


# Letters


def test_letters_show_the_problems_and_take_the_campaign_on():
    scene = build_scene()
    noted = note(scene.reviews[0], scene.clerk)

    send_letters(scene)

    noted.refresh_from_db()
    assert noted.state == Problem.State.OPEN
    assert scene.fresh().stage == Stage.RECTIFYING
    assert Letter.objects.count() == 2
    assert Trace.objects.filter(act="发出反馈函").get().facts == {"letters": 2}


def test_a_second_click_sends_no_second_letter():
    scene = send_letters(build_scene())

    with pytest.raises(Refused, match="处于“反馈整改”阶段"):
        feedback.send_letters(scene.campaign, rectify_by=in_days(30), by=scene.clerk)

    assert Letter.objects.count() == 2


def test_what_was_fed_back_is_neither_graded_nor_sent_again():
    scene = send_letters(build_scene())

    with pytest.raises(Refused, match="不能进入“评定”阶段"):
        move_campaign(scene.campaign, Stage.GRADING, by=scene.clerk, reason="复核")
    with pytest.raises(Refused, match="只有“评定”阶段"):
        feedback.send_letters(scene.campaign, rectify_by=in_days(30), by=scene.clerk)

    assert Letter.objects.count() == len(scene.reviews)


def test_no_letter_before_every_grade_is_approved():
    scene = suggest(build_scene())
    noted = note(scene.reviews[0], scene.clerk)
    propose(scene)

    with pytest.raises(Refused, match="尚未批准"):
        feedback.send_letters(scene.campaign, rectify_by=in_days(30), by=scene.clerk)

    noted.refresh_from_db()
    assert noted.state == Problem.State.NOTED
    assert scene.fresh().stage == Stage.GRADING


@pytest.mark.parametrize("days", [-1, 0, 20_000])
def test_the_time_limit_lies_ahead_but_not_beyond_all_years(days):
    scene = approve(build_scene())

    with pytest.raises(Refused, match="整改期限"):
        feedback.send_letters(scene.campaign, rectify_by=in_days(0) + timedelta(days=days), by=scene.clerk)

    assert not Letter.objects.exists()


def test_the_addressee_alone_signs_once():
    scene = send_letters(build_scene([{"A": GOOD}, {"A": FAIR}]))
    letter = Letter.objects.get(review=scene.reviews[0])
    for other in (scene.clerk, scene.reviews[1].secretary, make_person()):
        with pytest.raises(PermissionDenied):
            feedback.sign_letter(letter, by=other)

    feedback.sign_letter(letter, by=scene.reviews[0].secretary)

    letter.refresh_from_db()
    assert letter.signed_at is not None
    with pytest.raises(Refused, match="已经签收"):
        feedback.sign_letter(letter, by=scene.reviews[0].secretary)
