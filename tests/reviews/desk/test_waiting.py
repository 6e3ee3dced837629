"""我的待办: each errand waits for the right person, once, and for nobody else."""

from datetime import timedelta

import pytest
from django.utils import timezone

from organizations.models import Person, Role, RoleGrant
from reviews.ballot.models import Round, SlipBatch
from reviews.desk.errands import ERRANDS
from reviews.desk.waiting import heaps_for, todos_for
from reviews.grade.feedback.models import Letter
from reviews.grade.models import Decision, Fact
from reviews.meeting.models import Comment
from reviews.plan.models import Reminder, Stage
from scoring.models import Box
from tests.make import (
    make_campaign,
    make_officer,
    make_organization,
    make_panel,
    make_person,
    make_problem,
    make_report,
    make_review,
    make_secretary,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def bureau():
    return make_organization("测试局党组", kind="leading_party_group")


@pytest.fixture
def officers(bureau):
    """One person a role at the bureau."""
    return {role: make_officer(role, bureau) for role in Role.values}


def review_in(bureau, stage):
    return make_review(make_campaign(bureau, stage=stage))


def sealed_round(campaign, state):
    box = Box.objects.create(title="票箱", state=state)
    return Round.objects.create(campaign=campaign, number=1, box=box, created_by=make_person())


def decide(review, *, approved):
    return Decision.objects.create(
        review=review,
        grade="GOOD",
        reference="党组会",
        decided_on=timezone.localdate(),
        proposed_by=make_person(),
        approved_by=make_person() if approved else None,
    )


def write(bureau):
    return review_in(bureau, Stage.REPORTING)


def rewrite(bureau):
    return make_report(write(bureau), state="returned").review


def vet(bureau):
    return make_report(write(bureau), state="submitted").review


def gather(bureau):
    return make_report(write(bureau), state="approved").review


def sign(bureau):
    review = review_in(bureau, Stage.CLOSED)
    Letter.objects.create(review=review, rectify_by=timezone.localdate(), sent_by=make_person())
    return review


def claim(bureau):
    return make_problem(review_in(bureau, Stage.RECTIFYING)).review


def rectify(bureau):
    due = timezone.localdate() + timedelta(days=30)
    return make_problem(review_in(bureau, Stage.RECTIFYING), state="claimed", due_on=due).review


def rectify_later(bureau):
    due = timezone.localdate() + timedelta(days=31)
    return make_problem(review_in(bureau, Stage.RECTIFYING), state="claimed", due_on=due).review


def accept(bureau):
    review = review_in(bureau, Stage.RECTIFYING)
    return make_problem(review, state="closing", requested_by=review.secretary).review


def plan(bureau):
    return review_in(bureau, Stage.PLANNING)


def meet(bureau):
    return review_in(bureau, Stage.MEETING)


def vote(bureau):
    return review_in(bureau, Stage.BALLOT)


def settle(bureau):
    return review_in(bureau, Stage.GRADING)


def approve(bureau):
    review = settle(bureau)
    decide(review, approved=False)
    return review


def send(bureau):
    review = settle(bureau)
    decide(review, approved=True)
    return review


def confirm(bureau):
    review = approve(bureau)
    Fact.objects.create(review=review, code="MAJOR_FAILURE", evidence="通报", entered_by=make_person())
    return review


def scores(bureau):
    review = approve(bureau)
    source = {"kind": "routine", "scored_by": "组织科", "basis": "记实表", "scored_on": review.campaign.meets_on}
    review.campaign.score_batches.create(entered_by=make_person(), **source)
    return review


def cosign(bureau):
    review = meet(bureau)
    panel = make_panel(review.campaign)
    sealed = sealed_round(review.campaign, Box.State.FROZEN)
    SlipBatch.objects.create(round=sealed, panel=panel, count=10, by=make_person())
    return review


def unseal(bureau):
    review = vote(bureau)
    sealed_round(review.campaign, Box.State.CLOSED)
    return review


def reminded(bureau):
    review = review_in(bureau, Stage.CLOSED)
    Reminder.objects.create(review=review, to=review.secretary, about="letter", text="请签收", by=make_person())
    return review


def nothing(bureau):
    return review_in(bureau, Stage.CLOSED)


def waiting_for(person):
    return {heap.errand for heap in heaps_for(Person.objects.get(pk=person.pk))}


@pytest.mark.parametrize(
    ("scene", "expected"),
    [
        (plan, {"organizer": {"plan"}}),
        (write, {"secretary": {"write"}}),
        (rewrite, {"secretary": {"rewrite"}}),
        (vet, {"vetter": {"vet"}}),
        (gather, {"organizer": {"gather"}, "leader": {"comment"}}),
        (meet, {"organizer": {"meet"}, "leader": {"comment"}}),
        (vote, {"organizer": {"vote"}}),
        (
            cosign,
            {"organizer": {"meet"}, "leader": {"comment"}, "supervisor": {"cosign"}, "custodian": {"fetch"}},
        ),
        (unseal, {"organizer": {"vote"}, "custodian": {"unseal"}}),
        (settle, {"organizer": {"settle"}}),
        (approve, {"approver": {"approve"}}),
        (confirm, {"approver": {"approve", "confirm"}}),
        (scores, {"approver": {"approve", "scores"}}),
        (send, {"organizer": {"send"}}),
        (sign, {"secretary": {"sign"}}),
        (claim, {"secretary": {"claim"}}),
        (rectify, {"secretary": {"rectify"}}),
        (rectify_later, {}),
        (accept, {"organizer": {"accept"}, "approver": {"accept"}}),
        (reminded, {"secretary": {"reminded"}}),
        (nothing, {}),
    ],
)
def test_what_waits_waits_for_the_right_people(bureau, officers, scene, expected):
    review = scene(bureau)
    people = {**officers, "secretary": review.secretary}

    found = {name: waiting_for(person) for name, person in people.items()}

    assert {name: errands for name, errands in found.items() if errands} == expected


def test_every_errand_is_tried_above():
    scenes = {plan, write, rewrite, vet, gather, meet, vote, cosign, unseal, settle, approve, confirm, send, sign}
    scenes |= {claim, rectify, accept, reminded, scores}

    elsewhere = {"object", "sign_answer", "talk", "acknowledge", "review_again", "answer", "carry_out"}

    at_the_meeting = {"key", "decide", "fetch", "release", "record", "sign_minutes"}
    # test_waiting_feedback.py tries what waits after the letters, test_waiting_meeting.py what waits at the meeting.
    tried = {scene.__name__ for scene in scenes} | {"comment", "settle_consequence"} | elsewhere | at_the_meeting

    assert tried == set(ERRANDS)


@pytest.mark.parametrize("scene", [vet, gather, meet, accept, settle, approve, confirm, scores, send])
def test_nothing_of_a_sibling_bureau_waits(bureau, officers, scene):
    scene(make_organization("外局", kind="leading_party_group"))

    assert {name: waiting_for(person) for name, person in officers.items() if waiting_for(person)} == {}


@pytest.mark.parametrize(
    ("scene", "role"),
    [(vet, "vetter"), (accept, "organizer"), (accept, "approver"), (confirm, "approver"), (settle, "organizer")],
)
def test_nobody_has_to_act_on_himself(bureau, scene, role):
    secretary = scene(bureau).secretary
    RoleGrant.objects.create(person=secretary, role=role, organization=bureau)

    assert waiting_for(secretary) <= {"plan", "meet", "gather"}


def test_a_leader_who_has_commented_is_done(bureau, officers):
    review = meet(bureau)
    Comment.objects.create(review=review, by=officers["leader"])

    assert waiting_for(officers["leader"]) == set()


def test_many_things_of_a_kind_are_one_line_with_the_nearest_day(bureau):
    review = review_in(bureau, Stage.RECTIFYING)
    today = timezone.localdate()
    for days in (9, -2, 5):
        make_problem(review, state="claimed", due_on=today + timedelta(days=days))

    (todo,) = todos_for(review.secretary)

    assert (todo.words, todo.deadline, todo.is_late) == ("落实整改 3 条", "逾期 2 天", True)
    assert todo.url == f"/ledger/?campaign={review.campaign_id}&state=claimed"


def test_the_most_urgent_comes_first(bureau):
    late, soon = write(bureau), write(bureau)
    soon.secretary = late.secretary
    soon.save()
    late.campaign.report_due_at = timezone.now() - timedelta(days=3)
    late.campaign.save()

    todos = todos_for(late.secretary)

    assert [todo.campaign for todo in todos] == [late.campaign_id, soon.campaign_id]
    assert todos[0].url == f"/reports/of/{late.pk}/write/"


@pytest.mark.parametrize("rows", [1, 3])
def test_all_errands_of_a_busy_person_cost_one_query(bureau, rows, django_assert_num_queries):
    busy = make_person()
    for role in ("organizer", "vetter", "leader"):
        RoleGrant.objects.create(person=busy, role=role, organization=bureau)
    for _ in range(rows):
        vet(bureau)
        settle(bureau)
        claim(bureau)
    busy = Person.objects.get(pk=busy.pk)

    with django_assert_num_queries(3):  # grants, posts, all errands in one
        heaps = heaps_for(busy)

    assert {heap.errand for heap in heaps} == {"vet", "settle"}


def test_a_new_secretary_is_told_of_the_problems_he_takes_over(bureau):
    review = claim(bureau)
    review.secretary.appointments.update(ends_on=timezone.localdate() - timedelta(days=1))
    successor = make_secretary(review.organization)

    assert {heap.errand for heap in heaps_for(successor)} == {"claim"}


def test_who_runs_a_campaign_is_not_asked_to_accept_what_he_took_over(bureau):
    review = accept(bureau)
    successor = make_secretary(review.organization)
    RoleGrant.objects.create(person=successor, role="organizer", organization=bureau)

    assert "accept" not in {heap.errand for heap in heaps_for(successor)}


def test_who_has_no_duties_asks_only_whether_anything_is_public(django_assert_num_queries):
    stranger = make_person()

    with django_assert_num_queries(3):  # grants, posts, what is public
        assert heaps_for(stranger) == []
