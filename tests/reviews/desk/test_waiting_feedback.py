"""我的待办 after the letters: objections and what follows from grades wait for the right people, once."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from organizations.models import Person, Role
from reviews.desk.waiting import heaps_for, todos_for
from reviews.grade.consequences.models import Consequence, Talk
from reviews.grade.feedback.models import Letter, Objection
from reviews.grade.models import Decision
from reviews.plan.models import Stage
from tests.make import make_campaign, make_officer, make_organization, make_person, make_review

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate


@pytest.fixture
def bureau():
    return make_organization("测试局党组", kind="leading_party_group")


@pytest.fixture
def officers(bureau):
    """One person a role at the bureau, and a second clerk."""
    return {role: make_officer(role, bureau) for role in Role.values} | {"second": make_officer("organizer", bureau)}


def letter_in(bureau, officers, **fields) -> Letter:
    """A signed letter; clerk and head decided on its grade."""
    review = make_review(make_campaign(bureau, stage=Stage.RECTIFYING))
    Decision.objects.create(
        review=review,
        grade="GOOD",
        reference="党组会",
        decided_on=TODAY(),
        proposed_by=officers["organizer"],
        approved_by=officers["approver"],
    )
    fields = {"signed_at": timezone.now(), "objection_until": TODAY(), **fields}
    return Letter.objects.create(review=review, rectify_by=TODAY(), sent_by=make_person(), **fields)


def objection(bureau, officers, **fields):
    letter = letter_in(bureau, officers, objection_until=TODAY() - timedelta(days=1))
    Objection.objects.create(letter=letter, asks="grade", grounds="请核对", **fields)
    return letter.review


def window(bureau, officers):
    return letter_in(bureau, officers).review


def closed_window(bureau, officers):
    return letter_in(bureau, officers, objection_until=TODAY() - timedelta(days=1)).review


def raised(bureau, officers):
    return objection(bureau, officers)


def reviewing(bureau, officers):
    return objection(bureau, officers, state="reviewing", due_on=TODAY())


def proposed(bureau, officers):
    return objection(bureau, officers, state="proposed", due_on=TODAY(), reviewed_by=officers["second"])


def decided(bureau, officers):
    return objection(bureau, officers, state="decided")


def line(bureau, officers, **fields):
    review = closed_window(bureau, officers)
    fields = {"owner": officers["leader"], "due_on": TODAY() + timedelta(days=30), **fields}
    return Consequence.objects.create(review=review, kind="ADMONITION_TALK", grade="POOR", **fields)


def carry_out(bureau, officers):
    return line(bureau, officers).review


def carry_out_later(bureau, officers):
    return line(bureau, officers, due_on=TODAY() + timedelta(days=31)).review


def handed_in(bureau, officers):
    return line(bureau, officers, state="handed_in", handed_by=officers["leader"]).review


def talk(bureau, officers):
    handed = line(bureau, officers, state="handed_in", handed_by=officers["leader"])
    Talk.objects.create(
        consequence=handed, meets_at=timezone.now(), place="会议室", held_by="主任", planned_by=officers["leader"]
    )
    return handed.review


def waiting_for(person):
    return {heap.errand for heap in heaps_for(Person.objects.get(pk=person.pk))}


@pytest.mark.parametrize(
    ("scene", "expected"),
    [
        (window, {"secretary": {"object"}}),
        (closed_window, {}),
        (raised, {"organizer": {"acknowledge"}, "second": {"acknowledge"}}),
        (reviewing, {"second": {"review_again"}, "vetter": {"review_again"}}),
        (proposed, {"leader": {"answer"}}),
        (decided, {"secretary": {"sign_answer"}}),
        (carry_out, {"leader": {"carry_out"}}),
        (carry_out_later, {}),
        (handed_in, {"approver": {"settle_consequence"}}),
        (talk, {"approver": {"settle_consequence"}, "secretary": {"talk"}}),
    ],
)
def test_what_waits_after_the_letters_waits_for_the_right_people(bureau, officers, scene, expected):
    review = scene(bureau, officers)
    people = {**officers, "secretary": review.secretary}

    found = {name: waiting_for(person) for name, person in people.items()}

    assert {name: errands for name, errands in found.items() if errands} == expected


@pytest.mark.parametrize("scene", [raised, reviewing, proposed, handed_in])
def test_nothing_of_a_sibling_bureau_waits_after_the_letters(bureau, officers, scene):
    scene(make_organization("外局", kind="leading_party_group"), officers)

    assert {name for name, person in officers.items() if waiting_for(person)} == set()


def test_an_overdue_line_is_told_with_its_day(bureau, officers):
    review = line(bureau, officers, due_on=TODAY() - timedelta(days=2)).review

    (todo,) = todos_for(Person.objects.get(pk=officers["leader"].pk))

    assert (todo.words, todo.is_late, todo.deadline) == ("办理结果运用事项 1 项", True, "逾期 2 天")
    assert todo.url == reverse("grade:consequences", args=[review.campaign_id])
