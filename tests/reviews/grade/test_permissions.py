"""Who may read, propose, confirm and approve, read like the regulation."""

import pytest

from organizations.models import Person, Role, RoleGrant
from reviews.grade import permissions
from reviews.grade.feedback.models import Letter
from reviews.grade.feedback.permissions import may_sign
from reviews.grade.models import Fact
from reviews.plan.models import Stage
from tests.make import make_campaign, make_officer, make_organization, make_review
from tests.reviews.grade.scene import approve, build_scene, in_days, propose, suggest

pytestmark = pytest.mark.django_db

READERS = {Role.ORGANIZER, Role.APPROVER, Role.SUPERVISOR, Role.SUPERIOR}


@pytest.mark.parametrize("role", Role.values)
@pytest.mark.parametrize("place", ["own", "parent", "child", "sibling"])
def test_roles_reach_their_own_organization_and_what_lies_below(role, place):
    parent = make_organization(kind="party_committee")
    places = {"parent": parent, "own": make_organization(parent=parent), "sibling": make_organization(parent=parent)}
    places["child"] = make_organization(parent=places["own"])
    campaign = make_campaign(places["own"], stage=Stage.GRADING)
    officer = make_officer(role, places[place])
    reaches = place in {"own", "parent"}

    assert permissions.may_read(officer, campaign) == (reaches and role in READERS)
    assert permissions.may_propose(officer, campaign) == (reaches and role == Role.ORGANIZER)
    assert permissions.may_approve(officer, campaign) == (reaches and role == Role.APPROVER)


def test_a_superior_sees_results_once_they_are_approved():
    scene = suggest(build_scene())
    superior = make_officer(Role.SUPERIOR, scene.organizer)
    assert permissions.may_see_results(scene.supervisor, scene.campaign)
    propose(scene)
    assert "尚未批准" in permissions.why_not_yet(superior, scene.campaign)

    approve(scene)

    assert permissions.may_see_results(superior, scene.campaign)


@pytest.mark.parametrize("stage", [Stage.BALLOT, Stage.GRADING, Stage.RECTIFYING])
def test_a_clerk_who_debriefs_waits_for_the_feedback_like_everybody(stage):
    campaign = make_campaign(stage=stage)
    secretary = make_review(campaign).secretary
    RoleGrant.objects.create(person=secretary, role=Role.ORGANIZER, organization=campaign.organizer)
    clerk = Person.objects.get(pk=secretary.pk)

    assert permissions.may_see_results(clerk, campaign) == (stage == Stage.RECTIFYING)
    assert not permissions.may_propose(clerk, campaign)


def test_the_person_graded_sees_his_own_after_the_letter_and_nobody_elses():
    campaign = make_campaign(stage=Stage.GRADING)
    review, other = make_review(campaign), make_review(campaign)
    assert not permissions.may_see_own(review.secretary, review)

    letter = Letter.objects.create(
        review=review, rectify_by=in_days(9), sent_by=make_officer("organizer", campaign.organizer)
    )

    review.refresh_from_db()
    assert permissions.may_see_own(review.secretary, review)
    assert not permissions.may_see_own(other.secretary, review)
    assert may_sign(review.secretary, letter)
    assert not may_sign(other.secretary, letter)


@pytest.mark.parametrize("role", Role.values)
def test_a_fact_is_confirmed_by_a_head_who_did_not_enter_it_and_withdrawn_by_clerk_or_head(role):
    campaign = make_campaign(stage=Stage.GRADING)
    officer = make_officer(role, campaign.organizer)
    review, somebody = make_review(campaign), make_officer(Role.ORGANIZER, campaign.organizer)
    of_another = Fact.objects.create(review=review, code="MAJOR_FAILURE", evidence="通报", entered_by=somebody)
    his_own = Fact.objects.create(review=review, code="MAJOR_FAILURE", evidence="通报", entered_by=officer)

    confirming = [permissions.may_confirm(officer, fact) for fact in (of_another, his_own)]

    assert confirming == [role == Role.APPROVER, False]
    assert permissions.may_withdraw(officer, of_another) == (role in {Role.ORGANIZER, Role.APPROVER})


def test_grades_approved_elsewhere_show_a_superior_nothing_here():
    scene = approve(build_scene())
    other = make_campaign(scene.organizer, stage=Stage.GRADING, title="另一场述职评议")
    superior = make_officer(Role.SUPERIOR, scene.organizer)

    shown = [permissions.may_see_results(superior, campaign) for campaign in (scene.campaign, other)]

    assert shown == [True, False]


@pytest.mark.parametrize("role", [Role.TELLER, Role.LEADER, Role.CUSTODIAN, Role.VETTER])
def test_whoever_has_another_duty_sees_no_results_even_when_they_are_approved(role):
    scene = approve(build_scene())

    assert not permissions.may_see_results(make_officer(role, scene.organizer), scene.campaign)
