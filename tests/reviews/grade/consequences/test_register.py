"""What follows from the grades: opened with the letters, settled by another person, adjusted, never deleted."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from organizations.errors import Refused
from organizations.models import Role, Trace
from reviews.grade.consequences import actions, talking
from reviews.grade.consequences.models import Consequence, Talk
from reviews.grade.consequences.queries import totals_of
from reviews.ledger.evidence import Evidence
from reviews.models import Decision, Review
from tests.make import make_campaign, make_officer
from tests.reviews.grade.feedback.scene import answered, fed_back
from tests.reviews.grade.scene import FAIR, GOOD, POOR, approve, build_scene, confirmed_fact, in_days, suggest

pytestmark = pytest.mark.django_db

LOW = [{"A": GOOD}, {"A": POOR}]


def kinds_of(review: Review, *states: str) -> list[str]:
    lines = review.consequences.filter(state__in=states) if states else review.consequences.all()
    return list(lines.order_by("pk").values_list("kind", flat=True))


def line_of(feedback, kind: str) -> Consequence:
    return Consequence.objects.get(review=feedback.scene.reviews[1], kind=kind)


def test_nothing_follows_before_the_letters():
    approve(build_scene(LOW))

    assert not Consequence.objects.exists()


def test_the_letters_open_what_follows_from_each_decided_grade():
    feedback = fed_back(build_scene(LOW))

    good, poor = feedback.scene.reviews
    assert kinds_of(good) == ["AWARD"]
    assert kinds_of(poor) == ["BAR_ANNUAL_EXCELLENT", "ADMONITION_TALK", "ORDERED_RECTIFICATION"]
    assert line_of(feedback, "ORDERED_RECTIFICATION").due_on == in_days(30)  # as the letter says
    assert set(Consequence.objects.values_list("owner", flat=True)) == {feedback.scene.clerk.pk}


def test_the_decided_grade_counts_and_not_the_suggested_one():
    scene = suggest(build_scene([{"A": GOOD}, {"A": FAIR}]))
    fed_back(scene)
    review = scene.reviews[1]
    Decision.objects.filter(review=review).update(grade="AVERAGE")
    review = Review.objects.select_related("decision", "letter", "campaign__organizer").get(pk=review.pk)

    actions.adjust_lines(review, reason="集体研究", by=scene.clerk)

    assert kinds_of(review, "open") == ["BAR_ANNUAL_EXCELLENT", "ADMONITION_TALK", "ORDERED_RECTIFICATION"]


def test_a_major_failure_and_two_low_years_are_told():
    scene = build_scene(LOW)
    review = scene.reviews[1]
    last = make_campaign(scene.organizer, year=scene.campaign.year - 1)
    before = Review.objects.create(campaign=last, organization=review.organization, secretary=review.secretary, order=1)
    fields = {"reference": "上年会议", "decided_on": last.meets_on, "proposed_by": scene.clerk}
    Decision.objects.create(review=before, grade="AVERAGE", approved_by=scene.head, **fields)
    confirmed_fact(suggest(scene), 1, code="MAJOR_FAILURE")

    feedback = fed_back(scene)

    assert {"ACCOUNTABILITY_REVIEW", "CONSECUTIVE_LOW"} <= set(kinds_of(feedback.scene.reviews[1]))


def test_a_changed_grade_cancels_what_no_longer_follows_and_opens_what_does():
    feedback = answered()

    review = feedback.scene.reviews[1]
    (cancelled,) = review.consequences.filter(state="cancelled")
    assert (cancelled.kind, cancelled.grade) == ("BAR_ANNUAL_EXCELLENT", "FAIRLY_GOOD")
    assert cancelled.words == "异议复核后等次变更为“好”"
    assert kinds_of(review, "open") == ["AWARD"]


def test_a_cancelled_line_keeps_its_proof_and_says_that_it_was_closed():
    feedback = fed_back()
    line = line_of(feedback, "BAR_ANNUAL_EXCELLENT")
    actions.hand_in_proof(line, proof="已告知组织人事科。", by=feedback.scene.clerk)
    actions.confirm_done(line, words="", by=feedback.scene.head)

    answered(feedback)

    line.refresh_from_db()
    assert (line.state, line.proof) == ("cancelled", "已告知组织人事科。")
    assert "撤销前已办结" in line.words


def test_a_line_is_closed_by_another_person_than_the_one_who_handed_the_proof_in():
    feedback = fed_back()
    line = line_of(feedback, "BAR_ANNUAL_EXCELLENT")

    with pytest.raises(Refused, match="待办理"):
        actions.confirm_done(line, words="", by=feedback.scene.head)
    actions.hand_in_proof(line, proof="已告知组织人事科。", by=feedback.scene.clerk)
    with pytest.raises(PermissionDenied):
        actions.confirm_done(line, words="", by=feedback.scene.clerk)
    actions.confirm_done(line, words="", by=feedback.scene.head)

    line.refresh_from_db()
    assert (line.state, line.settled_by, line.words) == ("closed", feedback.scene.head, "办理情况属实，同意办结。")


def test_the_database_itself_refuses_a_line_closed_by_who_handed_it_in():
    line = line_of(fed_back(), "BAR_ANNUAL_EXCELLENT")

    with pytest.raises(IntegrityError), transaction.atomic():
        Consequence.objects.filter(pk=line.pk).update(state="closed", handed_by=line.owner, settled_by=line.owner)


@pytest.mark.parametrize("act", [actions.give_back, actions.waive_line])
def test_giving_back_and_waiving_want_a_reason(act):
    feedback = fed_back()
    line = line_of(feedback, "BAR_ANNUAL_EXCELLENT")

    with pytest.raises(Refused, match="须写明原因"):
        act(line, words=" ", by=feedback.scene.head)

    line.refresh_from_db()
    assert line.state == "open"


def test_what_was_given_back_is_handed_in_again():
    feedback = fed_back()
    line = line_of(feedback, "BAR_ANNUAL_EXCELLENT")
    evidence = Evidence(b"%PDF-1.4", "pdf", "告知函.pdf")
    actions.hand_in_proof(line, proof="已告知。", file=evidence, by=feedback.scene.clerk)

    actions.give_back(line, words="请附收文回执", by=feedback.scene.head)
    actions.hand_in_proof(line, proof="已告知，回执附后。", by=feedback.scene.clerk)

    line.refresh_from_db()
    assert (line.state, line.proof, line.file_name) == ("handed_in", "已告知，回执附后。", "告知函.pdf")


def test_a_line_is_waived_with_its_reason():
    feedback = fed_back()
    line = line_of(feedback, "BAR_ANNUAL_EXCELLENT")

    actions.waive_line(line, words="本人已退休，不参加年度考核", by=feedback.scene.head)

    line.refresh_from_db()
    assert (line.state, line.words) == ("waived", "本人已退休，不参加年度考核")
    assert Trace.objects.filter(act="结果运用事项不再办理", facts__reason=line.words).exists()


def test_a_task_is_given_to_a_leader_and_never_to_the_person_himself():
    feedback = fed_back(build_scene(LOW))
    line = line_of(feedback, "ADMONITION_TALK")
    feedback.secretary.grants.create(role=Role.LEADER, organization=feedback.scene.organizer)

    with pytest.raises(Refused, match="不是述职人本人"):
        actions.assign_line(line, owner=feedback.secretary, due_on=in_days(9), by=feedback.scene.clerk)
    with pytest.raises(Refused, match="不能早于今天"):
        actions.assign_line(line, owner=feedback.leader, due_on=in_days(-1), by=feedback.scene.clerk)
    actions.assign_line(line, owner=feedback.leader, due_on=in_days(9), by=feedback.scene.clerk)

    line.refresh_from_db()
    assert (line.owner, line.due_on) == (feedback.leader, in_days(9))


def test_a_talk_is_told_held_written_down_and_signed_before_it_is_done():
    feedback = fed_back(build_scene(LOW))
    line, clerk = line_of(feedback, "ADMONITION_TALK"), feedback.scene.clerk
    plan = {"place": "会议室", "held_by": "党组书记", "by": clerk}
    said = {"points": "要求逐条整改。", "statement": "接受。", "recorder": "经办", "by": clerk}

    with pytest.raises(Refused, match="先登记谈话记录"):
        actions.hand_in_proof(line, proof="已约谈。", by=clerk)
    with pytest.raises(Refused, match="请先登记谈话时间"):
        talking.record_talk(line, **said)
    talking.plan_talk(line, meets_at=timezone.now() + timedelta(hours=1), **plan)
    with pytest.raises(Refused, match="还没有到"):
        talking.record_talk(line, **said)
    with pytest.raises(Refused, match="还没有登记"):
        talking.sign_talk(line, by=feedback.secretary)
    talking.plan_talk(line, meets_at=timezone.now(), **plan)
    talking.record_talk(line, **said)
    with pytest.raises(Refused, match="不能再改谈话安排"):
        talking.plan_talk(line, meets_at=timezone.now(), **plan)
    with pytest.raises(PermissionDenied):
        talking.sign_talk(line, by=clerk)
    talking.sign_talk(line, by=feedback.secretary)
    with pytest.raises(Refused, match="不能再改"):
        talking.record_talk(line, **said)
    actions.hand_in_proof(line, proof="已约谈，记录已签字。", by=clerk)

    line.refresh_from_db()
    assert (line.state, line.talk.signed_at is not None) == ("handed_in", True)


@pytest.mark.parametrize("year", ["0001-01-01", "0026-12-20", "9999-12-31"])
def test_a_talk_in_a_mistyped_year_is_refused_with_what_was_typed(client, year):
    feedback = fed_back(build_scene(LOW))
    line = line_of(feedback, "ADMONITION_TALK")
    client.force_login(feedback.scene.clerk)

    typed = {"meets_at": f"{year}T00:00", "place": "三楼会议室", "held_by": "王书记"}
    answer = client.post(reverse("grade:consequence_talk", args=[line.pk]), typed)

    assert answer.status_code == 422
    assert "请核对年份" in answer.content.decode()
    assert "三楼会议室" in answer.content.decode()
    assert not Talk.objects.exists()


def test_only_a_talk_has_a_talk():
    feedback = fed_back()

    with pytest.raises(Refused, match="不是约谈提醒"):
        talking.plan_talk(
            line_of(feedback, "BAR_ANNUAL_EXCELLENT"),
            meets_at=timezone.now(),
            place="会议室",
            held_by="主任",
            by=feedback.scene.clerk,
        )


def test_totals_leave_out_what_was_cancelled_and_count_what_is_overdue():
    feedback = answered(fed_back(build_scene([{"A": GOOD}, {"A": FAIR}])))
    Consequence.objects.filter(review=feedback.scene.reviews[0]).update(due_on=in_days(-1))

    totals = [(each.kind, each.count, each.waiting, each.overdue) for each in totals_of(feedback.scene.campaign)]

    assert totals == [("AWARD", 2, 2, 1)]


def test_a_second_head_may_be_needed_where_the_head_handed_in_himself():
    feedback = fed_back()
    line = line_of(feedback, "BAR_ANNUAL_EXCELLENT")
    Consequence.objects.filter(pk=line.pk).update(state="handed_in", handed_by=feedback.scene.head)
    second = make_officer(Role.APPROVER, feedback.scene.organizer, "另一负责人")

    with pytest.raises(PermissionDenied):
        actions.confirm_done(line, words="", by=feedback.scene.head)
    actions.confirm_done(line, words="", by=second)

    line.refresh_from_db()
    assert line.settled_by == second
