"""Who may run, watch and comment: read like the regulation."""

import pytest

from organizations.models import Role, RoleGrant
from reviews.meeting.permissions import leaders_of, may_comment, may_enter_for_leader, may_run, may_watch
from reviews.plan.models import Stage
from tests.cast import build_town
from tests.make import make_campaign, make_officer, make_organization, make_review

pytestmark = pytest.mark.django_db

RUNNING = {Role.ORGANIZER}
WATCHING = {Role.ORGANIZER, Role.APPROVER, Role.SUPERVISOR, Role.SUPERIOR, Role.LEADER}
EVERYBODY = [*Role.values, "secretary", "stranger"]


@pytest.mark.parametrize("who", EVERYBODY)
@pytest.mark.parametrize(("place", "reached"), [("own", True), ("child", True), ("parent", False), ("sibling", False)])
def test_who_may_do_what_where(who, place, reached):
    town = build_town()
    person = town.people[who]
    review = make_review(make_campaign(town.places[place], stage=Stage.MEETING))

    answers = {
        "run": may_run(person, review.campaign),
        "watch": may_watch(person, review.campaign),
        "comment": may_comment(person, review),
        "type": may_enter_for_leader(person, review),
    }

    assert answers == {
        "run": reached and who in RUNNING,
        "watch": reached and who in WATCHING,
        "comment": reached and who == Role.LEADER,
        "type": reached and who in RUNNING,
    }


def test_nobody_comments_on_himself_nor_types_what_is_said_of_himself():
    town = build_town()
    leader, organizer = town.people[Role.LEADER], town.people[Role.ORGANIZER]
    campaign = make_campaign(town.places["own"], stage=Stage.MEETING)
    of_leader = make_review(campaign, secretary=leader)
    of_organizer = make_review(campaign, secretary=organizer)

    answers = (may_comment(leader, of_leader), may_enter_for_leader(organizer, of_organizer))

    assert answers == (False, False)
    assert may_comment(leader, of_organizer)
    assert may_enter_for_leader(organizer, of_leader)


def test_the_leaders_of_a_campaign_are_those_over_its_organizer():
    town = build_town()
    own, above = town.people[Role.LEADER], make_officer(Role.LEADER, town.places["parent"], "上级领导")
    make_officer(Role.LEADER, town.places["sibling"], "旁系领导")
    gone = make_officer(Role.LEADER, town.places["own"], "离任领导", is_active=False)
    campaign = make_campaign(town.places["own"])

    leaders = set(leaders_of(campaign))

    assert leaders == {own, above}
    assert gone not in leaders


def test_a_leader_granted_twice_is_one_leader():
    town = build_town()
    leader = town.people[Role.LEADER]
    RoleGrant.objects.create(person=leader, role=Role.LEADER, organization=town.places["parent"])

    leaders = leaders_of(make_campaign(town.places["own"]))

    assert list(leaders) == [leader]


def test_a_foreign_leader_reaches_nothing():
    town = build_town()
    review = make_review(make_campaign(town.places["own"], stage=Stage.MEETING))
    foreigner = make_officer(Role.LEADER, make_organization("外单位党委"))

    answers = (may_watch(foreigner, review.campaign), may_comment(foreigner, review))

    assert answers == (False, False)
