"""Who sees a problem and who may do what to it: every role of the cast, each place, read like the regulation."""

import pytest

from organizations.models import Role, RoleGrant
from reviews.ledger.models import Act, Problem
from reviews.ledger.permissions import RIGHTS, may_add, open_acts
from reviews.plan.models import Stage
from tests.cast import build_town
from tests.make import make_campaign, make_problem, make_review, make_secretary
from tests.reviews.ledger.town import in_days

pytestmark = pytest.mark.django_db
State = Problem.State
OWNER = {Act.CLAIM, Act.REVISE, Act.PROGRESS, Act.REQUEST}
JUDGE = {Act.ACCEPT, Act.RETURN, Act.REOPEN}
BOOKS = {Act.WITHDRAW, Act.LINK}
MAY = {Role.ORGANIZER: JUDGE | BOOKS, Role.APPROVER: JUDGE, "secretary": OWNER}
SEES = {Role.ORGANIZER, Role.APPROVER, Role.SUPERVISOR, Role.SUPERIOR, Role.VETTER, Role.LEADER}
EVERYBODY = [*Role.values, "secretary", "stranger"]
OPEN_ACTS = {
    State.NOTED: {Role.ORGANIZER: {Act.WITHDRAW, Act.LINK}},
    State.OPEN: {Role.ORGANIZER: {Act.WITHDRAW, Act.LINK}, "secretary": {Act.CLAIM}},
    State.CLAIMED: {Role.ORGANIZER: {Act.LINK}, "secretary": {Act.REVISE, Act.PROGRESS, Act.REQUEST}},
    State.CLOSING: {Role.ORGANIZER: {Act.ACCEPT, Act.RETURN, Act.LINK}, Role.APPROVER: {Act.ACCEPT, Act.RETURN}},
    State.CLOSED: {Role.ORGANIZER: {Act.REOPEN, Act.LINK}, Role.APPROVER: {Act.REOPEN}},
    State.WITHDRAWN: {},
}


def problem_at(town, place: str, state: str = State.CLAIMED) -> Problem:
    """A problem of a campaign of the place; at the bureau the cast's secretary debriefs."""
    campaign = make_campaign(town.places[place], stage=Stage.RECTIFYING)
    if place == "own":
        review = make_review(campaign, organization=town.places["child"], secretary=town.people["secretary"])
    else:
        review = make_review(campaign)
    return make_problem(review, state=state)


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("place", ["own", "child", "parent", "sibling", "foreign"])
def test_who_may_do_what(who, place):
    town = build_town()
    problem = problem_at(town, place)
    person = town.people[who]
    reached = place == "own" or (place == "child" and who != "secretary")

    allowed = {act for act, may in RIGHTS.items() if may(person, problem)}

    assert allowed == (MAY.get(who, set()) if reached else set())
    assert may_add(person, problem.review) == (reached and who == Role.ORGANIZER)


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize("place", ["own", "child", "parent", "sibling", "foreign"])
def test_who_sees_a_problem(who, place):
    town = build_town()
    problem = problem_at(town, place)
    reached = (who in SEES and place in {"own", "child"}) or (who == "secretary" and place == "own")

    seen = Problem.objects.visible_to(town.people[who]).filter(pk=problem.pk).exists()

    assert seen == reached


@pytest.mark.parametrize("state", State)
def test_the_secretary_sees_a_problem_once_it_was_fed_back(state):
    town = build_town()
    problem = problem_at(town, "own", state)

    seen = Problem.objects.visible_to(town.people["secretary"]).contains(problem)

    assert seen == (state not in {State.NOTED, State.WITHDRAWN})


def test_an_organizer_who_debriefs_waits_for_the_feedback_too():
    town = build_town()
    noted, opened = problem_at(town, "own", State.NOTED), problem_at(town, "own", State.OPEN)
    RoleGrant.objects.create(person=town.people["secretary"], role=Role.ORGANIZER, organization=town.places["own"])

    seen = Problem.objects.visible_to(town.people["secretary"])

    assert noted not in seen
    assert opened in seen


def taken_over(town, *, since: int = -1, until: int | None = None):
    """A problem of the child branch's former secretary, and who leads the branch from ``since`` to ``until``."""
    problem = problem_at(town, "own", State.CLAIMED)
    problem.review.secretary.appointments.update(ends_on=in_days(-2))
    ends_on = None if until is None else in_days(until)
    successor = make_secretary(problem.review.organization)
    successor.appointments.update(starts_on=in_days(since), ends_on=ends_on)
    return problem, successor


def test_a_new_secretary_takes_over_the_problems_of_the_organization():
    problem, successor = taken_over(build_town())

    allowed = {act for act, may in RIGHTS.items() if may(successor, problem)}

    assert allowed == OWNER
    assert Problem.objects.visible_to(successor).contains(problem)


@pytest.mark.parametrize(("since", "until"), [(1, None), (-9, -1)])
def test_who_does_not_lead_the_organization_today_takes_nothing_over(since, until):
    problem, other = taken_over(build_town(), since=since, until=until)

    allowed = {act for act, may in RIGHTS.items() if may(other, problem)}

    assert allowed == set()
    assert not Problem.objects.visible_to(other).contains(problem)


def test_a_deputy_secretary_takes_nothing_over():
    problem, deputy = taken_over(build_town())
    deputy.appointments.update(position="deputy_secretary")

    assert not any(may(deputy, problem) for may in RIGHTS.values())


def test_a_new_secretary_who_runs_the_campaign_does_not_judge_what_he_took_over():
    town = build_town()
    problem, successor = taken_over(town)
    RoleGrant.objects.create(person=successor, role=Role.ORGANIZER, organization=town.places["own"])

    allowed = {act for act, may in RIGHTS.items() if may(successor, problem)}

    assert allowed == OWNER
    assert not may_add(successor, problem.review)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("who", EVERYBODY)
def test_the_buttons_of_a_page(who, state):
    town = build_town()
    problem = problem_at(town, "own", state)

    assert open_acts(town.people[who], problem) == OPEN_ACTS[state].get(who, set())
