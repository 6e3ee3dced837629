"""Scores count once a second person confirmed them, flow into the composite, and are withdrawn with a reason."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from organizations.errors import Refused
from reviews.grade.models import Decision
from reviews.grade.scores import actions
from reviews.grade.scores.actions import Source
from reviews.grade.scores.models import ScoreBatch
from reviews.grade.scores.queries import values_of
from reviews.plan.models import Campaign, Stage
from tests.make import make_review
from tests.reviews.grade.scene import FAIR, GOOD, approve, build_scene, in_days, propose, suggest

pytestmark = pytest.mark.django_db

COMPOSITE = {"composite": {"ballot": "40", "routine": "30", "field": "30"}}
ROUTINE = Source("routine", "局机关党委", "平时考核记实表", date(2025, 12, 20))
FIELD = Source("field", "考核组", "实地考核评分表", date(2025, 12, 22))


def enter(scene, source=ROUTINE, *values, by=None):
    scores = {review.pk: Decimal(value) for review, value in zip(scene.reviews, values, strict=False)}
    return actions.enter_scores(scene.campaign, source, scores, by=by or scene.clerk)


def confirmed(scene, source, *values):
    batch = enter(scene, source, *values)
    actions.confirm_scores(batch, by=scene.head)
    return batch


def test_the_same_batch_sent_twice_is_entered_once():
    scene = build_scene()
    enter(scene, ROUTINE, "90", "85.5")

    with pytest.raises(Refused, match="不必重复登记"):
        enter(scene, ROUTINE, "90.00", "85.50")
    enter(scene, ROUTINE, "90", "86")

    assert ScoreBatch.objects.count() == 2


def test_ballot_routine_and_field_make_the_composite_score():
    scene = build_scene([{"A": GOOD}, {"A": FAIR}], policy=COMPOSITE)
    confirmed(scene, ROUTINE, "90", "85.5")
    confirmed(scene, FIELD, "80", "70")

    suggest(scene)

    # 40 % of 100.00 and of 86.00 in the hall, 30 % of the rest each
    assert [scene.suggestion(place).score for place in (0, 1)] == ["91.00", "81.05"]
    assert scene.suggestion(1).standing["routine"] == "85.5"


def test_a_missing_part_is_named_and_gives_no_grade():
    scene = build_scene(policy=COMPOSITE)
    confirmed(scene, ROUTINE, "90", "90")

    suggest(scene)

    assert scene.suggestion().grade is None
    assert [reason["code"] for reason in scene.suggestion().reasons] == ["MISSING_COMPONENT"]


def test_what_nobody_confirmed_does_not_count():
    scene = build_scene()

    enter(scene, ROUTINE, "90")

    assert values_of(scene.campaign) == {}


def test_confirming_makes_suggestions_anew_and_drops_what_was_proposed_on_old_ones():
    scene = build_scene([{"A": GOOD}, {"A": FAIR}], policy={**COMPOSITE, "missing_component": "RENORMALIZE"})
    suggest(scene)
    propose(scene)

    confirmed(scene, ROUTINE, "60")

    assert scene.suggestion().score == "82.86"  # (40·100 + 30·60) / 70
    assert set(Decision.objects.values_list("review", flat=True)) == {scene.reviews[1].pk}


def test_the_batch_entered_last_stands_until_it_is_withdrawn():
    scene = build_scene()
    review = scene.reviews[0].pk
    confirmed(scene, ROUTINE, "90", "91")
    later = confirmed(scene, ROUTINE, "70")
    assert values_of(scene.campaign)[review] == {"routine": "70"}

    actions.withdraw_scores(later, reason="评分表版本有误", by=scene.head)

    assert values_of(scene.campaign)[review] == {"routine": "90"}
    later.refresh_from_db()
    assert (later.withdrawn_reason, later.withdrawn_by) == ("评分表版本有误", scene.head)


def test_who_entered_does_not_confirm_and_a_stranger_does_nothing():
    scene = build_scene()
    batch = enter(scene, ROUTINE, "90")

    for person in (scene.clerk, scene.supervisor, scene.reviews[0].secretary):
        with pytest.raises(PermissionDenied):
            actions.confirm_scores(batch, by=person)
    with pytest.raises(PermissionDenied):
        enter(scene, ROUTINE, "90", by=scene.head)

    assert not ScoreBatch.objects.counting().exists()


def test_a_batch_is_confirmed_and_withdrawn_once():
    scene = build_scene()
    batch = confirmed(scene, ROUTINE, "90")
    with pytest.raises(Refused, match="已经确认或撤回"):
        actions.confirm_scores(batch, by=scene.head)
    with pytest.raises(Refused, match="须写明原因"):
        actions.withdraw_scores(batch, reason=" ", by=scene.clerk)
    actions.withdraw_scores(batch, reason="重评", by=scene.clerk)

    with pytest.raises(Refused, match="已经撤回"):
        actions.withdraw_scores(batch, reason="重评", by=scene.clerk)


@pytest.mark.parametrize(
    ("source", "value", "words"),
    [
        (ROUTINE, "100.01", "0 到 100"),
        (ROUTINE, "-0.01", "0 到 100"),
        (ROUTINE, "90.005", "两位小数"),
        (Source("other", "组", "表", date(2025, 1, 1)), "90", "请选择成绩类别"),
        (Source("routine", " ", "表", date(2025, 1, 1)), "90", "评分单位"),
        (Source("routine", "组", "", date(2025, 1, 1)), "90", "评分依据"),
        (Source("routine", "组", "表", in_days(1)), "90", "日期不能晚于今天"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(source, value, words):
    scene = build_scene()

    with pytest.raises(Refused, match=words):
        enter(scene, source, value)

    assert not ScoreBatch.objects.exists()


def test_no_scores_and_scores_of_another_campaign_are_refused():
    scene = build_scene()

    with pytest.raises(Refused, match="至少填写一人"):
        actions.enter_scores(scene.campaign, ROUTINE, {}, by=scene.clerk)
    with pytest.raises(Refused, match="名单已变化"):
        actions.enter_scores(scene.campaign, ROUTINE, {make_review().pk: Decimal(90)}, by=scene.clerk)


def test_after_the_approval_and_before_the_reports_nothing_moves():
    scene = build_scene()
    batch = enter(scene, ROUTINE, "90")
    approve(scene)

    with pytest.raises(Refused, match="已经研究批准"):
        actions.confirm_scores(batch, by=scene.head)
    with pytest.raises(Refused, match="已经研究批准"):
        enter(scene, FIELD, "90")
    Campaign.objects.update(stage=Stage.PLANNING)
    with pytest.raises(Refused, match="阶段才能这样做"):
        enter(scene, FIELD, "90")
