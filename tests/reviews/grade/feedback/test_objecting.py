"""An objection from its grounds to the changed grade: by others than before, and nothing that stood is lost."""

from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from organizations.errors import Refused
from organizations.models import Role, Trace
from reviews.grade.consequences.models import Consequence
from reviews.grade.feedback import objecting
from reviews.grade.feedback.answering import places_after
from reviews.grade.feedback.models import GradeChange, Objection
from reviews.grade.feedback.objecting import Answer
from reviews.grade.models import Decision, Fact
from tests.make import make_officer
from tests.reviews.grade.feedback.scene import (
    FINDING,
    RAISED,
    UPHELD,
    acknowledged,
    answered,
    approve,
    fed_back,
    raised,
    reviewed,
)
from tests.reviews.grade.scene import FAIR, GOOD, POOR, build_scene, confirmed_fact, in_days, suggest

pytestmark = pytest.mark.django_db


def decision_of(feedback) -> Decision:
    return Decision.objects.get(review=feedback.scene.reviews[1])


def test_only_the_addressee_objects():
    feedback = fed_back()

    for other in (feedback.scene.reviews[0].secretary, feedback.scene.clerk, feedback.scene.head):
        with pytest.raises(PermissionDenied):
            objecting.raise_objection(feedback.letter, asks="grade", grounds="理由充分，可以核对。", by=other)

    assert not Objection.objects.exists()


@pytest.mark.parametrize(("asks", "grounds"), [("grade", "不公"), ("money", "理由充分，可以核对。")])
def test_an_objection_says_what_it_asks_and_why(asks, grounds):
    feedback = fed_back()

    with pytest.raises(Refused):
        objecting.raise_objection(feedback.letter, asks=asks, grounds=grounds, by=feedback.secretary)

    assert not Objection.objects.exists()


def test_one_objection_at_a_time_and_none_after_the_answer():
    feedback = raised()

    with pytest.raises(Refused, match="正在办理"):
        raised(feedback)
    due_on = in_days(5)
    objecting.acknowledge(feedback.objection(), due_on=due_on, by=feedback.scene.clerk)
    objecting.propose_answer(feedback.objection(), UPHELD, by=feedback.reviewer)
    approve(feedback)
    with pytest.raises(Refused, match="上级党组织"):
        raised(feedback)

    assert Objection.objects.count() == 1


def test_what_was_withdrawn_may_be_raised_again():
    feedback = raised()

    objecting.withdraw_objection(feedback.objection(), by=feedback.secretary)
    raised(feedback)

    assert sorted(Objection.objects.values_list("state", flat=True)) == ["raised", "withdrawn"]


@pytest.mark.parametrize("who", ["clerk", "head"])
def test_who_had_a_part_in_the_grade_neither_reviews_nor_approves(who):
    feedback = acknowledged()
    person = getattr(feedback.scene, who)

    with pytest.raises(PermissionDenied):
        objecting.propose_answer(feedback.objection(), UPHELD, by=person)
    objecting.propose_answer(feedback.objection(), UPHELD, by=feedback.reviewer)
    with pytest.raises(PermissionDenied):
        approve(feedback, by=person)

    assert feedback.objection().state == "proposed"


def test_who_reviewed_does_not_approve():
    feedback = acknowledged()
    both = make_officer(Role.VETTER, feedback.scene.organizer, "身兼两职")
    both.grants.create(role=Role.LEADER, organization=feedback.scene.organizer)
    objecting.propose_answer(feedback.objection(), UPHELD, by=both)

    with pytest.raises(PermissionDenied):
        approve(feedback, by=both)

    assert feedback.objection().approved_by is None


def test_nobody_who_debriefs_in_the_campaign_decides_on_an_objection_in_it():
    feedback = acknowledged()
    colleague = feedback.scene.reviews[0].secretary
    colleague.grants.create(role=Role.VETTER, organization=feedback.scene.organizer)

    with pytest.raises(PermissionDenied):
        objecting.propose_answer(feedback.objection(), UPHELD, by=colleague)

    assert feedback.objection().reviewed_by is None


def test_a_changed_grade_stands_and_what_stood_before_is_kept_with_its_people():
    feedback = answered()
    scene = feedback.scene

    decision, change = decision_of(feedback), GradeChange.objects.get()

    assert (decision.grade, decision.reference) == ("GOOD", "局党组第5次会议")
    assert (decision.proposed_by, decision.approved_by) == (feedback.reviewer, feedback.leader)
    assert FINDING in decision.reason
    assert (change.grade_before, change.grade_after) == ("FAIRLY_GOOD", "GOOD")
    assert (change.proposed_by_before, change.approved_by_before) == (scene.clerk, scene.head)
    assert change.opinion_before == "工作扎实。"
    assert feedback.letter.grade == "FAIRLY_GOOD"  # what was sent is never rewritten


def test_an_upheld_grade_leaves_the_decision_as_it_was():
    before = Decision.objects.values_list("pk", "grade", "proposed_by", "reference")

    feedback = fed_back()
    stood = list(before)
    answered(feedback, UPHELD)

    assert list(before) == stood
    assert not GradeChange.objects.exists()


def test_an_amended_opinion_keeps_the_grade_and_the_old_opinion():
    answer = Answer(
        "amended", FINDING, opinion="工作扎实，创新不够。", reference="局党组第5次会议", decided_on=in_days(0)
    )

    feedback = answered(answer=answer)

    decision, change = decision_of(feedback), GradeChange.objects.get()
    assert (decision.grade, decision.opinion) == ("FAIRLY_GOOD", "工作扎实，创新不够。")
    assert change.opinion_before == "工作扎实。"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"finding": "不同意"}, "不少于 10 个字"),
        ({"outcome": "perhaps"}, "请选择复核结论"),
        ({"reference": " "}, "须经集体研究"),
        ({"decided_on": None}, "须经集体研究"),
        ({"decided_on": in_days(1)}, "不能晚于今天"),
        ({"decided_on": date(26, 12, 1)}, "请核对年份"),
        ({"grade": "FAIRLY_GOOD"}, "不同的等次"),
        ({"grade": ""}, "不同的等次"),
        ({"grade": "AVERAGE"}, "不加重评价"),  # who objects risks nothing
        ({"unfounded": (999,)}, "不属于本人"),
        ({"outcome": "amended", "opinion": "工作扎实。"}, "更正后的综合评价意见"),
    ],
)
def test_an_answer_that_lacks_something_is_refused(fields, words):
    feedback = acknowledged()

    with pytest.raises(Refused, match=words):
        objecting.propose_answer(feedback.objection(), replace(RAISED, **fields), by=feedback.reviewer)

    assert feedback.objection().state == "reviewing"


def test_what_was_looked_at_is_what_is_approved():
    feedback = reviewed()
    Objection.objects.update(grade="POOR")

    with pytest.raises(Refused, match="有改动"):
        objecting.approve_answer(feedback.objection(), seen="0" * 16, by=feedback.leader)

    assert decision_of(feedback).grade == "FAIRLY_GOOD"


def test_an_answer_given_back_is_reviewed_again():
    feedback = reviewed()

    objecting.return_answer(feedback.objection(), reason="请找签到人核实", by=feedback.leader)
    objecting.propose_answer(feedback.objection(), UPHELD, by=feedback.reviewer)
    approve(feedback)

    assert (feedback.objection().outcome, decision_of(feedback).grade) == ("upheld", "FAIRLY_GOOD")


def test_a_poor_forced_by_ballots_is_not_lifted_by_an_objection():
    feedback = acknowledged(fed_back(build_scene([{"A": GOOD}, {"A": POOR}])))

    with pytest.raises(Refused, match="按测评票数"):
        objecting.propose_answer(feedback.objection(), replace(RAISED, grade="AVERAGE"), by=feedback.reviewer)

    assert decision_of(feedback).grade == "POOR"


def test_a_poor_forced_by_a_fact_is_lifted_with_the_fact_and_only_so():
    scene = suggest(build_scene([{"A": GOOD}, {"A": FAIR}]))
    fact = confirmed_fact(scene, 1)
    feedback = acknowledged(fed_back(scene))
    answer = replace(RAISED, grade="FAIRLY_GOOD")

    with pytest.raises(Refused, match="勾选该事实"):
        objecting.propose_answer(feedback.objection(), answer, by=feedback.reviewer)
    objecting.propose_answer(feedback.objection(), replace(answer, unfounded=(fact.pk,)), by=feedback.reviewer)
    stood = Fact.objects.get().withdrawn_reason
    approve(feedback)

    assert stood == ""  # nothing is withdrawn by a proposal
    assert "异议复核认定不成立" in Fact.objects.get().withdrawn_reason
    assert decision_of(feedback).grade == "FAIRLY_GOOD"


def test_a_fact_found_wrong_is_withdrawn_also_where_the_grade_stays(client):
    scene = suggest(build_scene([{"A": GOOD}, {"A": POOR}]))
    fact = confirmed_fact(scene, 1, "MAJOR_FAILURE")
    feedback = acknowledged(fed_back(scene))
    kept = Answer(
        "amended", FINDING, opinion="工作扎实，更正。", unfounded=(fact.pk,), reference="会", decided_on=in_days(0)
    )

    with pytest.raises(Refused, match="不能勾选"):
        objecting.propose_answer(feedback.objection(), replace(UPHELD, unfounded=(fact.pk,)), by=feedback.reviewer)
    objecting.propose_answer(feedback.objection(), kept, by=feedback.reviewer)
    client.force_login(feedback.leader)
    last_look = client.get(reverse("grade:handle_objection", args=[feedback.objection().pk])).content.decode()
    approve(feedback)

    assert "认定不成立的事实</dt>" in last_look
    assert "异议复核认定不成立" in Fact.objects.get().withdrawn_reason
    assert decision_of(feedback).grade == "POOR"
    accountability = Consequence.objects.get(review=scene.reviews[1], kind="ACCOUNTABILITY_REVIEW")
    assert (accountability.state, accountability.words) == ("cancelled", "异议复核认定事实不成立")


@pytest.mark.parametrize(
    ("enforcement", "binds", "words"), [("WARN_WITH_REASON", False, "规则允许"), ("BLOCK", True, "不能批准")]
)
def test_the_last_look_says_what_becomes_of_the_places_of_good(enforcement, binds, words):
    scene = build_scene([{"A": FAIR}, {"A": FAIR}] + [{"A": GOOD}] * 4, policy={"quota_enforcement": enforcement})
    feedback = reviewed(fed_back(scene))
    Decision.objects.filter(review=scene.reviews[0]).update(grade="GOOD")  # five of six places are taken

    places = places_after(feedback.objection())

    assert (places.is_over, places.binds) == (True, binds)
    assert "变更前 5 个，变更后 6 个" in places.words
    assert words in places.words


def test_a_binding_quota_stops_the_approval_and_nothing_is_half_done():
    scene = build_scene([{"A": FAIR}, {"A": FAIR}] + [{"A": GOOD}] * 4, policy={"quota_enforcement": "BLOCK"})
    feedback = reviewed(fed_back(scene))
    Decision.objects.filter(review=scene.reviews[0]).update(grade="GOOD")

    with pytest.raises(Refused, match="超出名额"):
        approve(feedback)

    assert decision_of(feedback).grade == "FAIRLY_GOOD"
    assert feedback.objection().state == "proposed"
    assert not GradeChange.objects.exists()


def test_every_step_is_on_the_trail():
    feedback = answered()

    objecting.sign_answer(feedback.objection(), by=feedback.secretary)

    acts = list(Trace.objects.order_by("pk").values_list("act", flat=True))
    told = ["提出异议", "受理异议", "提出异议复核意见", "答复异议", "签收异议答复"]
    assert [act for act in acts if act in told] == told
    with pytest.raises(Refused, match="已经签收"):
        objecting.sign_answer(feedback.objection(), by=feedback.secretary)
