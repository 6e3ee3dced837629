"""Counts over all stages, deadlines in words, and the rail that shows them."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from reviews.desk.figures import deadline_in_words, figures_of
from reviews.desk.permissions import STAGE_DOORS, door_of
from reviews.desk.rail import rail_of
from reviews.grade.feedback.models import Letter
from reviews.grade.models import Decision
from reviews.meeting.models import Comment
from reviews.plan.models import Stage
from reviews.plan.timetable import end_of_day
from reviews.report.models import Report
from tests.cast import build_town
from tests.make import make_campaign, make_person, make_problem, make_report, make_review

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 11, 23), "还有 3 天"),
        (date(2026, 11, 21), "还有 1 天"),
        (TODAY, "今天截止"),
        (date(2026, 11, 18), "逾期 2 天"),
    ],
)
def test_a_deadline_is_told_in_words(day, words):
    assert deadline_in_words(day, TODAY) == words


def decide(review, *, approved=True):
    people = make_person(), make_person()
    return Decision.objects.create(
        review=review,
        grade="GOOD",
        reference="党组会",
        decided_on=TODAY,
        proposed_by=people[0],
        approved_by=people[1] if approved else None,
    )


@pytest.mark.django_db
def test_every_stage_is_counted_and_other_campaigns_are_not():
    campaign, other = make_campaign(stage=Stage.RECTIFYING), make_campaign()
    reviews = [make_review(campaign) for _ in range(4)]
    for review, state in zip(reviews, ["approved", "submitted", "draft", "returned"], strict=True):
        make_report(review, state=state)
    leaders = make_person(), make_person()
    Comment.objects.create(review=reviews[0], by=leaders[0])
    Comment.objects.create(review=reviews[0], by=leaders[1])
    decide(reviews[0])
    decide(reviews[1], approved=False)
    Letter.objects.create(review=reviews[0], rectify_by=date(2027, 3, 1), sent_by=leaders[0])
    Letter.objects.create(review=reviews[1], rectify_by=date(2027, 4, 1), sent_by=leaders[0])
    for state in ("noted", "open", "closed", "withdrawn"):
        make_problem(reviews[0], state=state)
    make_report(make_review(other), state=Report.State.APPROVED)

    figures = figures_of([campaign, other])

    whole = figures[campaign.pk]
    assert (whole.reviews, whole.handed_in, whole.approved, whole.commented) == (4, 2, 1, 1)
    assert (whole.decided, whole.problems, whole.closed, whole.box_state) == (1, 2, 1, "")
    assert whole.rectify_by == date(2027, 4, 1)
    assert (figures[other.pk].reviews, figures[other.pk].handed_in) == (1, 1)


@pytest.mark.django_db
@pytest.mark.parametrize("count", [1, 3])
def test_figures_cost_one_query(count, django_assert_num_queries):
    campaigns = [make_campaign() for _ in range(count)]
    for campaign in campaigns:
        make_report(make_review(campaign), state=Report.State.APPROVED)

    with django_assert_num_queries(1):
        figures_of(campaigns)


def rail(campaign, person=None):
    return rail_of(campaign, figures_of([campaign])[campaign.pk], person or make_person())


def moved_to(days):
    """A campaign in its reports whose deadline is so many days away."""
    due = timezone.localdate() + timedelta(days=days)
    return make_campaign(
        stage=Stage.REPORTING,
        report_due_at=end_of_day(due),
        meets_on=due + timedelta(days=7),
        filing_due_at=end_of_day(due + timedelta(days=14)),
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("days", "words", "late"), [(3, "还有 3 天", False), (0, "今天截止", False), (-2, "逾期 2 天", True)]
)
def test_the_rail_says_where_we_are_and_by_when(days, words, late):
    campaign = moved_to(days)
    make_report(make_review(campaign), state=Report.State.SUBMITTED)
    make_review(campaign)

    steps = rail(campaign)

    assert [step.position for step in steps] == ["done", "current", *["next"] * 5]
    assert (steps[1].figure, steps[1].deadline, steps[1].is_late) == ("已交 1/2", words, late)
    assert steps[0].figure == "述职人 2"
    meeting = campaign.meets_on
    assert steps[2].deadline.endswith(f"{meeting.month}月{meeting.day}日开会")


@pytest.mark.django_db
def test_nobody_is_late_once_all_have_handed_in():
    campaign = moved_to(-2)
    make_report(make_review(campaign), state=Report.State.SUBMITTED)

    step = rail(campaign)[1]

    assert (step.figure, step.deadline, step.is_late) == ("已交 1/1", "已交齐", False)


@pytest.mark.django_db
def test_an_archived_campaign_has_nothing_left_to_do():
    steps = rail(make_campaign(stage=Stage.CLOSED))

    assert {step.position for step in steps} == {"done"}


ALL = {"organizer", "approver", "supervisor", "superior"}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("stage", "door", "who"),
    [
        (Stage.PLANNING, "plan:edit", ALL),
        (Stage.PLANNING, "plan:preview", {"vetter", "leader", "secretary"}),
        (Stage.REPORTING, "report:vet_list", ALL | {"vetter"}),
        (Stage.MEETING, "meeting:console", ALL | {"leader"}),
        (Stage.BALLOT, "ballot:console", ALL | {"custodian", "teller", "scrutineer"}),
        (Stage.GRADING, "grade:table", ALL),
        (Stage.RECTIFYING, "ledger:list", ALL | {"vetter", "leader", "secretary"}),
        (Stage.CLOSED, "documents:index", {"organizer", "approver"}),
    ],
)
def test_the_rail_leads_each_to_what_is_his(stage, door, who):
    town = build_town()
    campaign = make_campaign(town.places["own"], stage=Stage.REPORTING)

    led = {name for name, person in town.people.items() if door_of(person, campaign, stage) == door}

    assert led == who


@pytest.mark.django_db
def test_the_rail_leads_nowhere_in_other_peoples_campaigns():
    town = build_town()
    campaign = make_campaign(town.places["sibling"], stage=Stage.REPORTING)

    led = {
        (name, stage)
        for name, person in town.people.items()
        for stage in STAGE_DOORS
        if name != "secretary" and door_of(person, campaign, stage)
    }

    assert led == set()
