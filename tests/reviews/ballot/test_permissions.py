"""Who runs, witnesses, opens and counts a vote: every role of the cast, read like the regulation."""

from contextlib import nullcontext

import pytest
from django.core.exceptions import PermissionDenied

from organizations.errors import Refused
from organizations.models import Role, RoleGrant
from reviews.ballot import actions, permissions, slip_batches
from scoring.models import Box
from tests.cast import build_town
from tests.make import make_campaign, make_officer, make_person, make_review
from tests.reviews.ballot.hall import closed, prepared

pytestmark = pytest.mark.django_db

ORGANIZER, APPROVER, SUPERVISOR, SUPERIOR = Role.ORGANIZER, Role.APPROVER, Role.SUPERVISOR, Role.SUPERIOR
CUSTODIAN, TELLER, SCRUTINEER = Role.CUSTODIAN, Role.TELLER, Role.SCRUTINEER
WHO_MAY = {
    "may_watch": {ORGANIZER, APPROVER, SUPERVISOR, SUPERIOR, CUSTODIAN, TELLER, SCRUTINEER},
    "may_run": {ORGANIZER},
    "may_cosign": {SUPERVISOR},
    "may_keep": {CUSTODIAN, ORGANIZER},
    "may_unseal": {CUSTODIAN, ORGANIZER},
    "may_turn": {CUSTODIAN},
    "may_forgive": {APPROVER},
    "may_see_paper": {TELLER, SCRUTINEER, ORGANIZER, SUPERVISOR},
    "may_key": {TELLER},
    "may_decide": {SCRUTINEER},
    "may_count": {ORGANIZER, APPROVER, SUPERVISOR},
}
NOT_ABOUT_HIMSELF = [
    "may_run",
    "may_cosign",
    "may_unseal",
    "may_turn",
    "may_forgive",
    "may_key",
    "may_decide",
    "may_count",
]


@pytest.mark.parametrize("verb", WHO_MAY)
def test_who_may(verb):
    town = build_town()
    campaign = make_campaign(town.places["own"])

    let_in = {role for role, person in town.people.items() if getattr(permissions, verb)(person, campaign)}

    assert let_in == WHO_MAY[verb]


@pytest.mark.parametrize("verb", WHO_MAY)
@pytest.mark.parametrize("place", ["parent", "sibling", "foreign"])
def test_nobody_has_a_say_in_the_vote_of_a_place_that_is_not_below_his_own(verb, place):
    town = build_town()
    campaign = make_campaign(town.places[place])

    let_in = [role for role, person in town.people.items() if getattr(permissions, verb)(person, campaign)]

    assert let_in == []


@pytest.mark.parametrize("verb", NOT_ABOUT_HIMSELF)
def test_nobody_has_a_hand_in_the_vote_about_himself(verb):
    town = build_town()
    campaign = make_campaign(town.places["own"])
    for role in WHO_MAY[verb]:
        make_review(campaign, secretary=town.people[role])

    let_in = [role for role, person in town.people.items() if getattr(permissions, verb)(person, campaign)]

    assert let_in == []


def test_the_organizer_cannot_witness_his_own_slips():
    hall = prepared()
    slip_batches.ask_for_slips(hall.round, by=hall.clerk)

    with pytest.raises(PermissionDenied):
        slip_batches.cosign_slips(hall.round, by=hall.clerk)

    assert hall.round.batches.get().cosigned_by is None


def test_a_custodian_of_another_bureau_does_not_open_the_box_even_with_the_codes():
    hall, town = closed(), build_town()

    with pytest.raises(PermissionDenied):
        actions.unseal_round(hall.round, hall.codes, by=town.people[CUSTODIAN])

    assert hall.box.state == Box.State.CLOSED


def test_a_custodian_who_is_rated_himself_does_not_open_the_box():
    hall = closed()
    RoleGrant.objects.create(person=hall.reviews[0].secretary, role=CUSTODIAN, organization=hall.bureau)

    with pytest.raises(PermissionDenied):
        actions.unseal_round(hall.round, hall.codes, by=hall.reviews[0].secretary)

    assert hall.box.state == Box.State.CLOSED


def test_somebody_without_any_role_is_nobody_here():
    campaign, stranger = make_campaign(), make_person()

    assert not any(getattr(permissions, verb)(stranger, campaign) for verb in WHO_MAY)


@pytest.mark.parametrize(("voters", "let_in"), [(9, {SUPERVISOR}), (10, {ORGANIZER, APPROVER, SUPERVISOR})])
def test_beside_a_small_panel_the_package_is_for_the_supervisor_alone(voters, let_in):
    hall = closed(voters=voters, panels={"A": 10})
    town_of = {role: make_officer(role, hall.bureau) for role in WHO_MAY["may_watch"]}

    taking = {role for role, person in town_of.items() if permissions.may_take_package(person, hall.round)}

    assert taking == let_in
    with pytest.raises(Refused, match="只交纪检监督人员") if voters < 10 else nullcontext():
        permissions.refuse_package(town_of[APPROVER], hall.round)
