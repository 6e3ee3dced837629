"""Who may run, watch and comment: read like the regulation."""

import pytest

from organizations.models import Role, RoleGrant
from reviews.meeting import permissions
from reviews.meeting.models import Meeting
from reviews.meeting.permissions import leaders_of, may_comment, may_enter_for_leader, may_run, may_watch
from reviews.plan.models import Stage
from reviews.report.models import Report
from tests.cast import build_town
from tests.make import make_campaign, make_officer, make_organization, make_report, make_review

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


OF_THE_MINUTES = {
    "may_read_minutes": WATCHING,
    "may_edit_minutes": RUNNING,
    "may_reopen_minutes": {Role.APPROVER},
    "may_release": RUNNING,
}


@pytest.mark.parametrize("verb", OF_THE_MINUTES)
def test_who_may_do_what_with_the_minutes(verb):
    town = build_town()
    campaign = make_campaign(town.places["own"], stage=Stage.MEETING)

    let_in = {who for who, person in town.people.items() if getattr(permissions, verb)(person, campaign)}

    assert let_in == OF_THE_MINUTES[verb]


@pytest.mark.parametrize("verb", ["may_read_minutes", "may_edit_minutes", "may_reopen_minutes"])
def test_nobody_who_is_reviewed_reads_or_writes_the_minutes(verb):
    town = build_town()
    campaign = make_campaign(town.places["own"], stage=Stage.MEETING)
    for who in OF_THE_MINUTES[verb]:
        make_review(campaign, secretary=town.people[who])

    let_in = [who for who, person in town.people.items() if getattr(permissions, verb)(person, campaign)]

    assert let_in == []


def meeting_of(town, chair=None) -> Meeting:
    return Meeting.objects.create(campaign=make_campaign(town.places["own"], stage=Stage.MEETING), chair=chair)


def test_the_chair_signs_and_where_none_is_named_an_approver():
    town = build_town()
    named, unnamed = meeting_of(town, town.people[Role.LEADER]), meeting_of(town)

    signing = [
        {who for who, person in town.people.items() if permissions.may_sign_as_chair(person, meeting)}
        for meeting in (named, unnamed)
    ]

    assert signing == [{Role.LEADER}, {Role.APPROVER}]


def test_a_chair_who_is_reviewed_himself_does_not_sign():
    town = build_town()
    meeting = meeting_of(town, town.people[Role.LEADER])
    make_review(meeting.campaign, secretary=town.people[Role.LEADER])

    assert not permissions.may_sign_as_chair(town.people[Role.LEADER], meeting)


def test_the_chair_releases_while_he_is_a_leader_and_no_other_leader_does():
    town = build_town()
    chair, other = town.people[Role.LEADER], make_officer(Role.LEADER, town.places["own"], "副职领导")
    not_a_leader = town.people[Role.SUPERIOR]

    in_his_meeting = [permissions.may_release(person, meeting_of(town, chair).campaign) for person in (chair, other)]
    in_a_strangers = permissions.may_release(not_a_leader, meeting_of(town, not_a_leader).campaign)

    assert in_his_meeting == [True, False]
    assert not in_a_strangers
    assert not permissions.chairs(chair, make_campaign(town.places["own"]))


def test_under_the_lock_a_right_taken_meanwhile_is_gone():
    town = build_town()
    organizer, campaign = town.people[Role.ORGANIZER], make_campaign(town.places["own"])
    before = permissions.still(may_run, organizer, campaign)
    RoleGrant.objects.filter(person=organizer).delete()

    after = permissions.still(may_run, organizer, campaign)

    assert (before, after) == (True, False)


def test_a_report_that_is_not_approved_stands_in_the_way_of_the_meeting():
    campaign = make_campaign(build_town().places["own"])
    approved, handed_in, without = (make_review(campaign, order=order) for order in (3, 2, 1))
    make_report(approved, state=Report.State.APPROVED)
    make_report(handed_in, state=Report.State.SUBMITTED)

    unready = list(permissions.unready_reviews(campaign))

    assert unready == [without, handed_in]
