"""Facts count once a second person has confirmed them, and force or cap until they are withdrawn with a reason."""

from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from organizations.errors import Refused
from organizations.models import Person, Role, RoleGrant, Trace
from reviews.grade import actions
from reviews.grade.models import Decision, Fact
from tests.reviews.grade.scene import (
    GOOD,
    POOR,
    approve,
    as_suggested,
    build_scene,
    confirmed_fact,
    propose,
    suggest,
)

pytestmark = pytest.mark.django_db

TIED = [{"A": GOOD}] * 5  # four places of 好, five who are equal in everything


def acts_on(subject: object) -> list[str]:
    return list(Trace.objects.filter(subject=str(subject)).order_by("pk").values_list("act", flat=True))


def test_the_same_fact_sent_twice_is_entered_once():
    scene = suggest(build_scene())
    said = {"code": "MAJOR_FAILURE", "evidence": "通报〔2026〕1号", "by": scene.clerk}
    fact = actions.enter_fact(scene.reviews[0], **said)

    with pytest.raises(Refused, match="不必重复登记"):
        actions.enter_fact(scene.reviews[0], **said)
    actions.withdraw_fact(fact, reason="登记有误", by=scene.clerk)
    actions.enter_fact(scene.reviews[0], **said)

    assert Fact.objects.count() == 2


def test_a_fact_counts_only_once_another_person_has_confirmed_it():
    scene = suggest(build_scene())
    fact = actions.enter_fact(scene.reviews[0], code="MAJOR_FAILURE", evidence="通报〔2026〕1号", by=scene.clerk)
    assert scene.suggestion().grade == "GOOD"

    actions.confirm_fact(fact, by=scene.head)

    suggestion = scene.suggestion()
    assert (suggestion.grade, [r["code"] for r in suggestion.reasons]) == ("POOR", ["BAND", "FORCED_BY_FACT"])
    assert "重大失误造成严重影响" in suggestion.reasons[1]["text"]
    assert acts_on(scene.reviews[0]) == ["登记事实", "确认事实"]


def test_nobody_confirms_what_he_entered_himself():
    scene = build_scene()
    RoleGrant.objects.create(person=scene.head, role=Role.ORGANIZER, organization=scene.organizer)
    both = Person.objects.get(pk=scene.head.pk)
    fact = actions.enter_fact(scene.reviews[0], code="ACCOUNTABILITY", evidence="文件", by=both)

    with pytest.raises(PermissionDenied):
        actions.confirm_fact(fact, by=both)
    with pytest.raises(IntegrityError), transaction.atomic():
        Fact.objects.filter(pk=fact.pk).update(confirmed_by=both)


def test_a_fact_is_confirmed_once():
    scene = build_scene()
    fact = confirmed_fact(scene)

    with pytest.raises(Refused, match="已经确认或撤回"):
        actions.confirm_fact(fact, by=scene.head)


@pytest.mark.parametrize(
    ("code", "evidence", "words"), [("NOT_A_FACT", "文件", "没有这一类"), ("ACCOUNTABILITY", "  ", "写明依据")]
)
def test_a_fact_is_one_of_the_rules_and_has_evidence(code, evidence, words):
    scene = build_scene()

    with pytest.raises(Refused, match=words):
        actions.enter_fact(scene.reviews[0], code=code, evidence=evidence, by=scene.clerk)

    assert not Fact.objects.exists()


def test_a_forced_grade_is_lifted_only_by_withdrawing_the_fact_with_a_reason():
    scene = suggest(build_scene())
    fact = confirmed_fact(scene)
    with pytest.raises(Refused, match="只有撤回相应事实"):
        propose(scene, as_suggested(scene, r0="GOOD")[:1] + as_suggested(scene)[1:])
    with pytest.raises(Refused, match="写明原因"):
        actions.withdraw_fact(fact, reason="  ", by=scene.head)
    assert scene.suggestion().grade == "POOR"

    actions.withdraw_fact(fact, reason="申诉成立，问责决定已撤销", by=scene.head)

    fact.refresh_from_db()
    assert (fact.counts, fact.withdrawn_by) == (False, scene.head)
    assert scene.suggestion().grade == "GOOD"
    with pytest.raises(Refused, match="已经撤回"):
        actions.withdraw_fact(fact, reason="再撤", by=scene.head)


def test_a_forced_grade_by_ballots_cannot_be_lifted_even_with_a_reason():
    scene = suggest(build_scene([{"A": POOR}, {"A": GOOD}]))
    raised = replace(as_suggested(scene)[0], grade="AVERAGE", reason="集体研究认为应从宽")

    with pytest.raises(Refused, match="确定为差"):
        propose(scene, [raised, as_suggested(scene)[1]])

    assert not Decision.objects.exists()


def test_after_the_approval_no_fact_moves_any_more():
    scene = build_scene()
    fact = confirmed_fact(scene)
    approve(scene)

    for act in (
        lambda: actions.enter_fact(scene.reviews[1], code="ACCOUNTABILITY", evidence="文件", by=scene.clerk),
        lambda: actions.withdraw_fact(fact, reason="原因", by=scene.head),
        lambda: actions.suggest(scene.campaign, by=scene.clerk),
        lambda: propose(scene),
    ):
        with pytest.raises(Refused, match="已经研究批准"):
            act()
