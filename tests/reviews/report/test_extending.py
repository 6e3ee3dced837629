"""个别延期: who gets more time, until when; and that it counts wherever a deadline is asked for."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from organizations.errors import Refused
from organizations.models import Trace
from reviews.desk.queries import laggards_for
from reviews.desk.waiting import todos_for
from reviews.plan.models import Campaign, Stage
from reviews.report.vetting.extending import extend, withdraw_extension
from reviews.report.vetting.extension import Extension, due_at, review_due_at
from tests.make import make_officer, make_review
from tests.reviews.report.pages import at, handed_in, queries_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(review):
    return make_officer("organizer", review.campaign.organizer)


@pytest.fixture
def over(review):
    """The common deadline has passed, the meeting is five days ahead."""
    now = timezone.now()
    Campaign.objects.update(report_due_at=now - timedelta(days=1), meets_on=timezone.localdate(now) + timedelta(days=5))
    review.campaign.refresh_from_db()
    return review


def in_days(days):
    return timezone.now() + timedelta(days=days)


def test_more_time_makes_a_late_report_punctual(over, clerk):
    extend(over.campaign, [over.pk], due_at=in_days(2), reason="住院", by=clerk)

    assert not handed_in(over).is_late
    assert Trace.objects.get(act="述职报告延期").facts["reason"] == "住院"


def test_without_it_the_report_is_late(over):
    assert handed_in(over).is_late


def test_who_was_given_more_time_no_longer_lags_behind(over, clerk):
    until = in_days(2)

    extend(over.campaign, [over.pk], due_at=until, reason="住院", by=clerk)

    [laggard], _ = laggards_for(clerk)
    [todo] = todos_for(over.secretary)
    assert (laggard.day, laggard.is_late) == (timezone.localdate(until), False)
    assert (todo.day, todo.is_late) == (timezone.localdate(until), False)


def test_the_expression_and_the_function_say_the_same(over, clerk):
    other = make_review(over.campaign)
    extend(over.campaign, [over.pk], due_at=in_days(2), reason="住院", by=clerk)

    said = dict(over.campaign.reviews.annotate(own=due_at()).values_list("pk", "own"))

    assert said == {review.pk: review_due_at(review) for review in (over, other)}


def test_a_later_common_deadline_outlasts_an_extension(over, clerk):
    extend(over.campaign, [over.pk], due_at=in_days(2), reason="住院", by=clerk)
    later = in_days(3)

    Campaign.objects.update(report_due_at=later)
    over.campaign.refresh_from_db()

    assert review_due_at(over) == later
    assert over.campaign.reviews.annotate(own=due_at()).get(pk=over.pk).own == later


@pytest.mark.parametrize(("days", "told"), [(-0.5, "已经过去"), (6.5, "不能晚于评议会当日"), (-2, "已经过去")])
def test_not_before_now_and_not_after_the_meeting(over, clerk, days, told):
    with pytest.raises(Refused, match=told):
        extend(over.campaign, [over.pk], due_at=in_days(days), reason="住院", by=clerk)

    assert not Extension.objects.exists()


def test_not_before_the_common_deadline(review, clerk):
    with pytest.raises(Refused, match="须晚于统一截止时间"):
        extend(review.campaign, [review.pk], due_at=in_days(1), reason="住院", by=clerk)


def test_all_or_none(over, clerk):
    other = make_review(over.campaign)
    handed_in(other)

    with pytest.raises(Refused, match="已经提交"):
        extend(over.campaign, [over.pk, other.pk], due_at=in_days(2), reason="住院", by=clerk)

    assert not Extension.objects.exists()


def test_a_new_one_replaces_the_one_before(over, clerk):
    for days in (1, 2):
        extend(over.campaign, [over.pk], due_at=in_days(days), reason="住院", by=clerk)

    assert (Extension.objects.count(), Extension.objects.standing().count()) == (2, 1)


def test_withdrawn_the_common_deadline_holds_again(over, clerk):
    [extension] = extend(over.campaign, [over.pk], due_at=in_days(2), reason="住院", by=clerk)

    withdraw_extension(extension, reason="已出院", by=clerk)

    assert review_due_at(over) == over.campaign.report_due_at
    with pytest.raises(Refused, match="已经取消"):
        withdraw_extension(extension, reason="再取消", by=clerk)


def test_what_was_handed_in_under_it_stays_punctual(over, clerk):
    [extension] = extend(over.campaign, [over.pk], due_at=in_days(2), reason="住院", by=clerk)
    handed_in(over)

    with pytest.raises(Refused, match="已经提交"):
        withdraw_extension(extension, reason="已出院", by=clerk)


def test_nobody_extends_his_own(over):
    clerk = make_officer("organizer", over.campaign.organizer)
    own = make_review(over.campaign, secretary=clerk)

    with pytest.raises(Refused, match="本人"):
        extend(over.campaign, [own.pk], due_at=in_days(2), reason="住院", by=clerk)


def test_a_vetter_and_a_later_stage_give_nothing(over, clerk, vetter):
    with pytest.raises(PermissionDenied):
        extend(over.campaign, [over.pk], due_at=in_days(2), reason="住院", by=vetter)
    Campaign.objects.update(stage=Stage.MEETING)
    with pytest.raises(Refused, match="只有在述职报告阶段"):
        extend(over.campaign, [over.pk], due_at=in_days(2), reason="住院", by=clerk)


def test_the_page_extends_for_several_and_keeps_what_was_typed_when_it_cannot(client, over, clerk):
    other = make_review(over.campaign)
    client.force_login(clerk)
    page = at("extend", over.campaign_id)
    day = f"{timezone.localdate() + timedelta(days=2):%Y-%m-%d}"

    wrong = client.post(page, {"reviews": [over.pk], "due_on": "2026-13-45", "reason": "住院"})
    right = client.post(page, {"reviews": [over.pk, other.pk], "due_on": day, "reason": "住院"})

    assert wrong.status_code == 422
    assert "住院" in wrong.content.decode()
    assert right.url == page
    assert Extension.objects.standing().count() == 2


def test_the_author_reads_until_when_and_why(client, over, clerk):
    extend(over.campaign, [over.pk], due_at=in_days(2), reason="住院治疗", by=clerk)
    client.force_login(over.secretary)

    page = client.get(at("write", over.pk)).content.decode()

    assert "已延期：住院治疗" in page
    assert "已逾期" not in page


def test_the_page_costs_the_same_for_one_or_three(client, over, clerk):
    client.force_login(clerk)
    extend(over.campaign, [over.pk], due_at=in_days(2), reason="住院", by=clerk)
    one = queries_of(client, at("extend", over.campaign_id))

    more = [make_review(over.campaign).pk for _ in range(2)]
    extend(over.campaign, more, due_at=in_days(2), reason="出差", by=clerk)

    assert queries_of(client, at("extend", over.campaign_id)) == one
