"""历年情况: transfers shown on both sides, nobody's grade before its time, nothing beyond one's reach."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from organizations.models import Role
from reviews.desk.history import NOT_TOLD, NOT_YET, history_of_organization, history_of_person
from reviews.grade.feedback.models import GradeChange, Letter, Objection
from reviews.grade.models import Decision, Suggestion
from reviews.meeting.models import Comment
from reviews.plan.models import Stage
from tests.make import (
    make_campaign,
    make_officer,
    make_organization,
    make_person,
    make_problem,
    make_review,
    make_secretary,
)
from tests.reviews.report.pages import queries_of

pytestmark = pytest.mark.django_db
COST = 12


@pytest.fixture
def bureau():
    return make_organization("云岭市水务局党组", kind="leading_party_group")


def year_of(bureau, year, organization, secretary, *, grade="GOOD", approved=True, told=True, stage=Stage.RECTIFYING):
    """One year of somebody, graded and told unless said."""
    campaign = make_campaign(bureau, year=year, stage=stage)
    review = make_review(campaign, organization=organization, secretary=secretary)
    clerk = make_person()
    if grade:
        Suggestion.objects.create(review=review, grade=grade, policy_hash="0" * 64)
        Decision.objects.create(
            review=review,
            grade=grade,
            reference="会议",
            decided_on=date(year, 12, 30),
            proposed_by=clerk,
            approved_by=make_person() if approved else None,
        )
    if told:
        Letter.objects.create(review=review, rectify_by=campaign.ends_on, sent_by=clerk)
    return review


def transferred(bureau):
    """Somebody who led one branch last year and another one this year, where somebody else led before."""
    old, new = make_organization("河湖党支部", parent=bureau), make_organization("灌区党支部", parent=bureau)
    person, predecessor = make_secretary(new, "尚文斌"), make_person("翟丽华")
    year_of(bureau, 2025, old, person, grade="FAIRLY_GOOD")
    year_of(bureau, 2025, new, predecessor, grade="AVERAGE")
    year_of(bureau, 2026, new, person)
    return person, new


def test_a_transfer_shows_both_places_in_the_persons_years(bureau):
    person, _ = transferred(bureau)

    lines = history_of_person(person, make_officer(Role.ORGANIZER, bureau)).lines

    assert [(line.review.organization.name, line.grade, line.move) for line in lines] == [
        ("灌区党支部", "好", "由河湖党支部调任"),
        ("河湖党支部", "较好", ""),
    ]


def test_an_organization_shows_who_led_it_then(bureau):
    _, organization = transferred(bureau)

    lines = history_of_organization(organization, make_officer(Role.SUPERVISOR, bureau)).lines

    assert [(line.review.secretary.name, line.grade, line.move) for line in lines] == [
        ("尚文斌", "好", "接任翟丽华"),
        ("翟丽华", "一般", ""),
    ]


def test_without_any_year_the_page_says_so(client, bureau):
    branch = make_organization(parent=bureau)
    client.force_login(make_officer(Role.ORGANIZER, bureau))

    pages = [
        client.get(reverse("desk:organization_history", args=[branch.pk])),
        client.get(reverse("desk:person_history", args=[make_secretary(branch).pk])),
    ]

    assert ["还没有述职评议的记录" in page.content.decode() for page in pages] == [True, True]


def test_years_beyond_the_lookers_reach_are_counted_and_not_shown(bureau):
    elsewhere = make_organization("林业局党组", kind="leading_party_group")
    branch = make_organization(parent=bureau)
    person = make_secretary(branch)
    year_of(elsewhere, 2025, make_organization(parent=elsewhere), person, grade="POOR")
    year_of(bureau, 2026, branch, person)

    history = history_of_person(person, make_officer(Role.ORGANIZER, bureau))

    assert [line.review.campaign.year for line in history.lines] == [2026]
    assert history.beyond == 1


def test_the_superior_sees_every_year_of_the_whole_tree(client, bureau):
    top = make_organization("云岭市委", kind="party_committee")
    bureaus = [make_organization(parent=top, kind="leading_party_group") for _ in range(2)]
    person = make_person("调任过的人")
    for year, each in zip((2025, 2026), bureaus, strict=True):
        year_of(each, year, make_organization(parent=each), person)

    history = history_of_person(person, make_officer(Role.SUPERIOR, top))

    assert [line.review.campaign.year for line in history.lines] == [2026, 2025]
    assert history.beyond == 0


@pytest.mark.parametrize(
    ("state", "grade", "lack"),
    [
        ({"told": False, "stage": Stage.GRADING}, "", NOT_TOLD),
        ({"grade": "", "told": False, "stage": Stage.MEETING}, "", NOT_TOLD),
        ({}, "好", ""),
    ],
    ids=["approved, not told", "no grade", "told"],
)
def test_the_person_sees_his_own_grade_after_the_letter(bureau, state, grade, lack):
    branch = make_organization(parent=bureau)
    person = make_secretary(branch)
    year_of(bureau, 2026, branch, person, **state)

    (line,) = history_of_person(person, person).lines

    assert (line.grade, line.lack) == (grade, lack)


@pytest.mark.parametrize("role", [Role.ORGANIZER, Role.APPROVER, Role.SUPERVISOR, Role.SUPERIOR])
def test_nobody_sees_a_grade_here_before_it_is_approved(client, bureau, role):
    branch = make_organization(parent=bureau)
    person = make_secretary(branch)
    year_of(bureau, 2026, branch, person, grade="POOR", approved=False, told=False, stage=Stage.GRADING)
    client.force_login(make_officer(role, bureau))

    (line,) = history_of_person(person, make_officer(role, bureau)).lines
    shown = client.get(reverse("desk:person_history", args=[person.pk])).content.decode()

    assert (line.grade, line.lack) == ("", NOT_YET)
    assert "<strong>差</strong>" not in shown


def test_a_clerk_who_debriefs_himself_waits_for_the_others_grades_too(bureau):
    branch, other = make_organization(parent=bureau), make_organization(parent=bureau)
    review = year_of(bureau, 2026, other, make_secretary(other), told=False, stage=Stage.GRADING)
    clerk = make_officer(Role.ORGANIZER, bureau)
    make_review(review.campaign, organization=branch, secretary=clerk)

    (line,) = history_of_person(review.secretary, clerk).lines

    assert line.lack == NOT_TOLD


def test_a_changed_grade_keeps_the_old_one_and_the_reason(client, bureau):
    branch = make_organization(parent=bureau)
    review = year_of(bureau, 2026, branch, make_secretary(branch))
    objection = Objection.objects.create(letter=review.letter, asks="grade", grounds="票数有误")
    GradeChange.objects.create(
        review=review,
        objection=objection,
        grade_before="FAIRLY_GOOD",
        grade_after="GOOD",
        reference_before="会议",
        decided_on_before=date(2026, 12, 30),
        proposed_by_before=make_person(),
        approved_by_before=make_person(),
        reason="一项事实经复核不成立",
    )
    client.force_login(make_officer(Role.APPROVER, bureau))

    shown = client.get(reverse("desk:organization_history", args=[branch.pk])).content.decode()

    assert "原为“较好”" in shown
    assert "改为“好”" in shown
    assert "一项事实经复核不成立" in shown


def test_figures_count_what_was_fed_back_and_released(bureau):
    branch = make_organization(parent=bureau)
    review = year_of(bureau, 2026, branch, make_secretary(branch))
    for state in ("noted", "open", "closed", "withdrawn"):
        make_problem(review, state=state)
    make_problem(review, state="claimed", due_on=date(2020, 1, 1))
    Comment.objects.create(review=review, by=make_person(), released_at=timezone.now())
    Comment.objects.create(review=review, by=make_person())

    (line,) = history_of_organization(branch, make_officer(Role.ORGANIZER, bureau)).lines

    found = line.review
    assert (found.problem_count, found.closed_count, found.overdue_count, found.comment_count) == (3, 1, 1, 1)


def test_another_secretary_finds_no_page_of_his_colleague(client, bureau):
    person, organization = transferred(bureau)
    colleague = make_secretary(make_organization(parent=bureau))
    client.force_login(colleague)

    pages = [
        reverse("desk:person_history", args=[person.pk]),
        reverse("desk:organization_history", args=[organization.pk]),
    ]

    assert [client.get(page).status_code for page in pages] == [404, 403]


@pytest.mark.parametrize("years", [1, 3])
def test_the_page_costs_the_same_for_one_year_or_three(client, bureau, years):
    branch = make_organization(parent=bureau)
    person = make_secretary(branch)
    for year in range(2027 - years, 2027):
        year_of(bureau, year, branch, person)
    client.force_login(make_officer(Role.ORGANIZER, bureau))

    cost = queries_of(client, reverse("desk:person_history", args=[person.pk]))

    assert cost == COST
