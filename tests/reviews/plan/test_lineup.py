"""Who debriefs, how, and in which order."""

import pytest
from django.core.exceptions import PermissionDenied

from organizations.errors import Refused
from organizations.models import Appointment, Role, Trace
from reviews.plan import lineup
from reviews.plan.models import Review, Stage
from tests.make import (
    make_campaign,
    make_officer,
    make_organization,
    make_person,
    make_report,
    make_review,
    make_secretary,
)

pytestmark = pytest.mark.django_db
ONSITE, WRITTEN = Review.Mode.ONSITE, Review.Mode.WRITTEN


@pytest.fixture
def campaign():
    return make_campaign()


@pytest.fixture
def clerk(campaign):
    return make_officer(Role.ORGANIZER, campaign.organizer)


def branch(campaign, name, **fields):
    organization = make_organization(name, parent=campaign.organizer, **fields)
    make_secretary(organization, name=f"{name}书记")
    return organization


def names(campaign):
    return [review.organization.name for review in campaign.reviews.order_by("order")]


def test_ticked_organizations_join_the_list_with_their_secretaries(campaign, clerk):
    one, two = branch(campaign, "甲支部"), branch(campaign, "乙支部")

    lineup.pick_reviews(campaign, {one.pk: ONSITE, two.pk: WRITTEN}, by=clerk)

    reviews = campaign.reviews.order_by("order")
    assert [(r.order, r.secretary.name, r.duty, r.mode) for r in reviews] == [
        (1, "甲支部书记", "书记", "onsite"),
        (2, "乙支部书记", "书记", "written"),
    ]


def test_a_second_click_adds_nobody_twice(campaign, clerk):
    one, two = branch(campaign, "甲支部"), branch(campaign, "乙支部")
    lineup.pick_reviews(campaign, {one.pk: ONSITE}, by=clerk)

    with pytest.raises(Refused, match="甲支部已在述职人名单中"):
        lineup.pick_reviews(campaign, {one.pk: ONSITE, two.pk: ONSITE}, by=clerk)

    assert names(campaign) == ["甲支部"]


def test_an_organization_without_a_secretary_is_named(campaign, clerk):
    vacant = make_organization("空缺支部", parent=campaign.organizer)

    with pytest.raises(Refused, match="空缺支部没有在任书记"):
        lineup.pick_reviews(campaign, {vacant.pk: ONSITE}, by=clerk)


def test_organizations_of_others_and_the_organizer_itself_are_refused(campaign, clerk):
    foreign = make_organization("外单位")
    make_secretary(foreign)
    make_secretary(campaign.organizer)

    for organization in (foreign, campaign.organizer):
        with pytest.raises(Refused, match="不是本单位的在册下级"):
            lineup.pick_reviews(campaign, {organization.pk: ONSITE}, by=clerk)


def test_nothing_ticked_is_told(campaign, clerk):
    with pytest.raises(Refused, match="没有选择述职人"):
        lineup.pick_reviews(campaign, {}, by=clerk)


def test_a_secretary_goes_before_an_acting_one_and_former_ones_do_not_count(campaign):
    organization = make_organization(parent=campaign.organizer)
    for position, ends in [("acting_secretary", None), ("secretary", None), ("secretary", "2020-01-01")]:
        Appointment.objects.create(
            person=make_person(f"{position}{ends}"), organization=organization, position=position, ends_on=ends
        )

    posts = lineup.leading_posts([organization])

    assert posts[organization.pk].person.name == "secretaryNone"


def test_removing_closes_the_gap(campaign, clerk):
    reviews = [make_review(campaign) for _ in range(3)]

    lineup.remove_review(reviews[1], by=clerk)

    assert list(campaign.reviews.order_by("order").values_list("pk", "order")) == [
        (reviews[0].pk, 1),
        (reviews[2].pk, 2),
    ]


def test_nobody_is_removed_once_he_has_a_report(campaign, clerk):
    review = make_review(campaign)
    make_report(review)

    with pytest.raises(Refused, match="已有述职报告等材料"):
        lineup.remove_review(review, by=clerk)

    assert campaign.reviews.get() == review


def test_a_second_removal_is_told(campaign, clerk):
    review = make_review(campaign)
    lineup.remove_review(review, by=clerk)
    review.pk = 10_000_000

    with pytest.raises(Refused, match="已不在名单中"):
        lineup.remove_review(review, by=clerk)


def test_numbers_and_modes_are_written_as_typed(campaign, clerk):
    a, b, c = (make_review(campaign) for _ in range(3))

    lineup.arrange_reviews(campaign, {a.pk: 30, b.pk: 20, c.pk: 20}, {a.pk: WRITTEN}, by=clerk)

    assert list(campaign.reviews.order_by("order").values_list("pk", "order", "mode")) == [
        (b.pk, 1, "onsite"),
        (c.pk, 2, "onsite"),
        (a.pk, 3, "written"),
    ]


def test_an_order_for_a_list_that_has_changed_is_refused(campaign, clerk):
    a = make_review(campaign)
    make_review(campaign)

    with pytest.raises(Refused, match="名单已变动"):
        lineup.arrange_reviews(campaign, {a.pk: 1}, {}, by=clerk)


@pytest.mark.parametrize(("place", "step", "after"), [(1, -1, "bac"), (1, 1, "acb"), (0, -1, "abc"), (2, 1, "abc")])
def test_one_place_up_or_down(campaign, clerk, place, step, after):
    for name in "abc":
        make_review(campaign, organization=make_organization(name, parent=campaign.organizer))

    lineup.shift_review(campaign.reviews.order_by("order")[place], step, by=clerk)

    assert "".join(names(campaign)) == after


def test_branch_order_is_the_order_of_the_tree(campaign, clerk):
    last = make_organization("后", parent=campaign.organizer, sort_order=2)
    first = make_organization("先", parent=campaign.organizer, sort_order=1)
    below = make_organization("先之下", parent=first, sort_order=9)
    for organization in (last, below, first):
        make_review(campaign, organization=organization)

    lineup.sort_reviews(campaign, by=clerk)

    assert names(campaign) == ["先", "先之下", "后"]


def test_lots_keep_everybody_and_stand_on_the_trail(campaign, clerk):
    everybody = {make_review(campaign).pk for _ in range(8)}

    lineup.draw_lots(campaign, by=clerk)

    drawn = list(campaign.reviews.order_by("order").select_related("organization", "secretary"))
    assert {review.pk for review in drawn} == everybody
    assert [review.order for review in drawn] == list(range(1, 9))
    line = Trace.objects.get(act="抽签排序")
    assert line.facts["reviews"] == [f"{review.order}. {review}" for review in drawn]


def test_lots_do_change_the_order(campaign, clerk):
    """Eight people drawn five times: the chance that nothing ever moves is 1 in 40320 to the fifth."""
    for _ in range(8):
        make_review(campaign)
    before, seen = names(campaign), set()

    for _ in range(5):
        lineup.draw_lots(campaign, by=clerk)
        seen.add(tuple(names(campaign)))

    assert seen != {tuple(before)}


@pytest.mark.parametrize("stage", [Stage.MEETING, Stage.BALLOT, Stage.GRADING, Stage.RECTIFYING, Stage.CLOSED])
def test_the_list_is_fixed_from_the_meeting_on(stage):
    campaign = make_campaign(stage=stage)
    clerk = make_officer(Role.ORGANIZER, campaign.organizer)
    organization = branch(campaign, "甲支部")

    with pytest.raises(Refused, match="述职人名单不能再修改"):
        lineup.pick_reviews(campaign, {organization.pk: ONSITE}, by=clerk)


@pytest.mark.parametrize("role", sorted(set(Role.values) - {Role.ORGANIZER}))
def test_only_the_clerk_changes_the_list(campaign, role):
    make_review(campaign)

    with pytest.raises(PermissionDenied):
        lineup.draw_lots(campaign, by=make_officer(role, campaign.organizer))
