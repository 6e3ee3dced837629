"""Who sees a problem and who may do what to it: every role of the cast, each place, read like the regulation."""

import pytest

from organizations.models import Role, RoleGrant
from reviews.ledger.models import Act, Problem
from reviews.ledger.permissions import RIGHTS, may_add, open_acts
from reviews.plan.models import Stage
from tests.cast import build_town
from tests.make import make_campaign, make_problem, make_review

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


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("who", EVERYBODY)
def test_the_buttons_of_a_page(who, state):
    town = build_town()
    problem = problem_at(town, "own", state)

    assert open_acts(town.people[who], problem) == OPEN_ACTS[state].get(who, set())
