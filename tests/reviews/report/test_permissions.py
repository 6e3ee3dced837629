"""Who may write, vet and read a report, as a table."""

import pytest

from organizations.models import Role
from reviews.plan.models import Stage
from reviews.report import permissions
from tests.cast import build_town
from tests.make import make_campaign, make_officer, make_report, make_review

pytestmark = pytest.mark.django_db

DRAFT, SUBMITTED, RETURNED, APPROVED = "draft", "submitted", "returned", "approved"
WHOLE = {"organizer", "approver", "supervisor", "superior", "vetter"}
READERS = {
    DRAFT: {"secretary"},
    SUBMITTED: WHOLE | {"secretary"},
    RETURNED: WHOLE | {"secretary"},
    APPROVED: WHOLE | {"secretary", "leader"},
}


def report_in(town, state, *, place="own", stage=Stage.REPORTING):
    review = make_review(
        make_campaign(town.places[place], stage=stage),
        organization=town.places["child"],
        secretary=town.people["secretary"],
    )
    return make_report(review, state=state)


@pytest.mark.parametrize("state", [DRAFT, SUBMITTED, RETURNED, APPROVED])
def test_who_may_read(state):
    town = build_town()
    report = report_in(town, state)

    may = {name for name, person in town.people.items() if permissions.may_read(person, report)}

    assert may == READERS[state]


@pytest.mark.parametrize("place", ["parent", "sibling", "foreign"])
def test_nobody_of_the_bureau_reads_or_vets_what_another_organizer_collects(place):
    town = build_town()
    report = report_in(town, SUBMITTED, place=place)

    officers = [town.people[role] for role in Role.values]

    assert not any(permissions.may_read(person, report) or permissions.may_vet(person, report) for person in officers)


@pytest.mark.parametrize("state", [DRAFT, SUBMITTED, RETURNED, APPROVED])
@pytest.mark.parametrize("stage", list(Stage))
def test_who_may_write_and_when(state, stage):
    town = build_town()
    report = report_in(town, state, stage=stage)

    may = {name for name, person in town.people.items() if permissions.may_write(person, report)}

    assert may == ({"secretary"} if stage == Stage.REPORTING and state in {DRAFT, RETURNED} else set())


@pytest.mark.parametrize("state", [DRAFT, SUBMITTED, RETURNED, APPROVED])
@pytest.mark.parametrize("stage", [Stage.REPORTING, Stage.MEETING])
def test_who_may_vet_and_when(state, stage):
    town = build_town()
    report = report_in(town, state, stage=stage)

    may = {name for name, person in town.people.items() if permissions.may_vet(person, report)}

    assert may == ({"vetter", "approver"} if (state, stage) == (SUBMITTED, Stage.REPORTING) else set())


@pytest.mark.parametrize("role", ["vetter", "approver"])
def test_a_vetter_reads_his_own_report_but_does_not_vet_it(role):
    campaign = make_campaign(stage=Stage.REPORTING)
    vetter = make_officer(role, campaign.organizer)
    report = make_report(make_review(campaign, secretary=vetter), state=SUBMITTED)

    answers = (permissions.may_read(vetter, report), permissions.may_vet(vetter, report))

    assert answers == (True, False)


STAGED = {
    "may_publish": ({"organizer", "approver"}, {Stage.GRADING, Stage.RECTIFYING, Stage.CLOSED}),
    "may_extend": ({"organizer", "approver"}, {Stage.REPORTING}),
    "may_edit_opinions": ({"organizer", "approver", "vetter"}, set(Stage)),
}


@pytest.mark.parametrize("verb", STAGED)
@pytest.mark.parametrize("stage", list(Stage))
def test_who_steers_the_reports_and_when(verb, stage):
    town = build_town()
    campaign = make_campaign(town.places["own"], stage=stage)
    who, stages = STAGED[verb]

    may = {name for name, person in town.people.items() if getattr(permissions, verb)(person, campaign)}

    assert may == (who if stage in stages else set())


@pytest.mark.parametrize("state", [DRAFT, SUBMITTED, RETURNED, APPROVED])
@pytest.mark.parametrize("stage", [Stage.REPORTING, Stage.MEETING])
def test_who_takes_a_report_back_or_opens_it_again(state, stage):
    town = build_town()
    report = report_in(town, state, stage=stage)

    recall = {name for name, person in town.people.items() if permissions.may_recall(person, report)}
    reopen = {name for name, person in town.people.items() if permissions.may_reopen(person, report)}

    assert recall == ({"secretary"} if (state, stage) == (SUBMITTED, Stage.REPORTING) else set())
    assert reopen == ({"vetter", "approver"} if (state, stage) == (APPROVED, Stage.REPORTING) else set())
