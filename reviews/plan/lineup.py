"""述职人名单: who debriefs in a campaign, how, and in which order. Second half of the actions of this slice."""

import random
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max

from organizations import trail
from organizations.errors import Refused
from organizations.models import Appointment, Organization, Person
from reviews.plan.actions import hold_campaign
from reviews.plan.models import Campaign, Review
from reviews.plan.permissions import REVIEWS_OPEN


def leading_posts(organizations) -> dict[int, Appointment]:
    """Organization key -> the post of whoever leads it today; a secretary goes before an acting one."""
    posts = (
        Appointment.objects.current()
        .filter(organization__in=organizations, position__in=Appointment.LEADING)
        .select_related("person")
        .order_by("-position", "-starts_on", "-pk")
    )
    found: dict[int, Appointment] = {}
    for post in posts:  # "secretary" sorts after "acting_secretary", so it comes first here
        found.setdefault(post.organization_id, post)
    return found


@transaction.atomic
def pick_reviews(campaign: Campaign, modes: dict[int, str], *, by: Person) -> list[Review]:
    """Add those who debrief: organization key -> 现场 or 书面. They are put at the end of the order.

    Raises Refused, naming the organizations, for one that is not below the organizer, has no
    secretary in office or is on the list already; then nobody is added.
    """
    campaign = _hold(campaign, by=by)
    if not modes:
        raise Refused("没有选择述职人。请先勾选单位，再点“加入名单”。")
    organizations = list(
        Organization.objects.below(campaign.organizer)
        .filter(pk__in=modes, is_active=True)
        .exclude(pk=campaign.organizer_id)
    )
    if len(organizations) < len(modes):
        raise Refused("所选单位中有的不是本单位的在册下级党组织，请刷新页面后重选。")
    present = set(campaign.reviews.filter(organization__in=organizations).values_list("organization_id", flat=True))
    _refuse_named([each for each in organizations if each.pk in present], "已在述职人名单中，请刷新页面。")
    posts = leading_posts(organizations)
    _refuse_named([each for each in organizations if each.pk not in posts], "没有在任书记，请先登记任职。")
    last = campaign.reviews.aggregate(last=Max("order"))["last"] or 0
    reviews = [
        Review(
            campaign=campaign,
            organization=organization,
            secretary=posts[organization.pk].person,
            duty=posts[organization.pk].duty or posts[organization.pk].get_position_display(),
            mode=Review.Mode(modes[organization.pk]),
            order=last + place,
        )
        for place, organization in enumerate(tree_order(organizations), start=1)
    ]
    Review.objects.bulk_create(reviews)
    _record("加入述职人", campaign, reviews, by=by)
    return reviews


@transaction.atomic
def remove_review(review: Review, *, by: Person) -> None:
    """Take somebody off the list. Raises Refused once a later stage has written anything about him."""
    campaign = _hold(review.campaign, by=by)
    review = campaign.reviews.filter(pk=review.pk).select_related("organization", "secretary").first()
    if review is None:
        raise Refused("该述职人已不在名单中，请刷新页面。")
    if has_begun(review):
        raise Refused(f"{review}已有述职报告等材料，不能移出名单。")
    review.delete()
    _record("移出述职人", campaign, [review], by=by)
    _number(_lined_up(campaign))


def has_begun(review: Review) -> bool:
    """True if a later stage holds a row about the review. Asked of the tables, since plan knows no later stage."""
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: review}).exists()
        for relation in Review._meta.related_objects
    )


@transaction.atomic
def arrange_reviews(campaign: Campaign, numbers: dict[int, int], modes: dict[int, str], *, by: Person) -> None:
    """Write order and mode of the whole list as typed: review key -> number; equal numbers keep their order.

    Raises Refused if the list has changed since the form was shown.
    """
    campaign = _hold(campaign, by=by)
    reviews = _lined_up(campaign)
    if {review.pk for review in reviews} != set(numbers):
        raise Refused("打开本页之后名单已变动，请刷新页面后重新排序。")
    for review in reviews:
        review.mode = Review.Mode(modes.get(review.pk, review.mode))
    _number(sorted(reviews, key=lambda review: numbers[review.pk]))
    _record("调整述职顺序", campaign, _lined_up(campaign), by=by)


@transaction.atomic
def shift_review(review: Review, step: int, *, by: Person) -> None:
    """Move somebody one place up (-1) or down (+1). At the end of the list nothing happens."""
    campaign = _hold(review.campaign, by=by)
    reviews = _lined_up(campaign)
    place = next((place for place, each in enumerate(reviews) if each.pk == review.pk), None)
    if place is None:
        raise Refused("该述职人已不在名单中，请刷新页面。")
    target = place + step
    if 0 <= target < len(reviews):
        reviews[place], reviews[target] = reviews[target], reviews[place]
        _number(reviews)
        _record("调整述职顺序", campaign, reviews, by=by)


@transaction.atomic
def sort_reviews(campaign: Campaign, *, by: Person) -> None:
    """支部排序: put the list into the order of the organization tree (004: 按照支部排序进行)."""
    campaign = _hold(campaign, by=by)
    reviews = _lined_up(campaign)
    places = {each.pk: place for place, each in enumerate(tree_order([review.organization for review in reviews]))}
    _number(sorted(reviews, key=lambda review: places[review.organization_id]))
    _record("按支部排序", campaign, _lined_up(campaign), by=by)


@transaction.atomic
def draw_lots(campaign: Campaign, *, by: Person) -> None:
    """抽签: a random order from the system's entropy; the result stands on the trail, every draw of it."""
    campaign = _hold(campaign, by=by)
    reviews = _lined_up(campaign)
    random.SystemRandom().shuffle(reviews)
    _number(reviews)
    _record("抽签排序", campaign, reviews, by=by)


def tree_order(organizations: Sequence[Organization]) -> list[Organization]:
    """Organizations as the tree is read: by the sort order of each level, parents before children."""
    keys = {key for organization in organizations for key in organization.lineage}
    ranks = dict(Organization.objects.filter(pk__in=keys).values_list("pk", "sort_order"))
    return sorted(organizations, key=lambda each: [(ranks.get(key, 0), key) for key in each.lineage])


def _hold(campaign: Campaign, *, by: Person) -> Campaign:
    return hold_campaign(campaign, by=by, open_in=REVIEWS_OPEN, part="述职人名单")


def _lined_up(campaign: Campaign) -> list[Review]:
    return list(campaign.reviews.select_related("organization", "secretary").order_by("order", "pk"))


def _number(reviews: Sequence[Review]) -> None:
    for place, review in enumerate(reviews, start=1):
        review.order = place
    Review.objects.bulk_update(reviews, ["order", "mode"])


def _record(act: str, campaign: Campaign, reviews: Sequence[Review], *, by: Person) -> None:
    trail.record(
        act, campaign, by=by, organization=campaign.organizer, reviews=[f"{each.order}. {each}" for each in reviews]
    )


def _refuse_named(organizations: Sequence[Organization], why: str) -> None:
    if organizations:
        raise Refused("、".join(map(str, organizations)) + why)
