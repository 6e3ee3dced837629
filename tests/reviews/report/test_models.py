"""What a report knows of itself, and who sees it at all."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from reviews.plan.models import Stage
from reviews.report.models import Report
from tests.cast import build_town
from tests.make import make_campaign, make_report, make_review

pytestmark = pytest.mark.django_db


def test_the_sections_come_in_the_order_of_the_field():
    report = Report(prior="甲", duty="乙", problems="丙", plans="丁", self_evaluation="戊")

    assert list(report.sections.values()) == ["甲", "乙", "丙", "丁", "戊"]


@pytest.mark.parametrize("state", ["draft", "submitted", "returned", "approved"])
def test_a_draft_is_its_author_s_alone(state):
    town = build_town()
    review = make_review(
        make_campaign(town.places["own"], stage=Stage.REPORTING),
        organization=town.places["child"],
        secretary=town.people["secretary"],
    )
    make_report(review, state=state)

    seeing = {name for name, person in town.people.items() if Report.objects.visible_to(person).exists()}

    others = {"organizer", "approver", "supervisor", "superior", "vetter", "leader"}
    assert seeing == {"secretary"} | (others if state != "draft" else set())


def test_the_author_does_not_see_a_report_of_a_campaign_in_planning():
    report = make_report(make_review(make_campaign(stage=Stage.PLANNING)))

    assert not Report.objects.visible_to(report.review.secretary).exists()


def test_what_others_read_is_the_version_handed_in_last():
    report = make_report()
    for number, occasion in enumerate(["submitted", "saved", "submitted", "saved"], start=1):
        report.versions.create(number=number, occasion=occasion, by=report.review.secretary)

    assert report.handed_in.number == 3


def test_a_report_is_late_when_it_came_after_the_deadline():
    report = make_report()
    due = report.review.campaign.report_due_at

    late = [Report(review=report.review, submitted_at=at).is_late for at in (None, due, due + timedelta(seconds=1))]

    assert late == [False, False, True]


def test_a_version_number_is_given_once():
    report = make_report()
    report.versions.create(number=1, by=report.review.secretary)

    with pytest.raises(IntegrityError), transaction.atomic():
        report.versions.create(number=1, by=report.review.secretary)


@pytest.mark.parametrize("broken", [{"state": "lost"}])
def test_an_unknown_state_is_refused_by_the_database(broken):
    report = make_report()

    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.filter(pk=report.pk).update(**broken)


def test_an_unknown_occasion_is_refused_by_the_database():
    report = make_report()

    with pytest.raises(IntegrityError), transaction.atomic():
        report.versions.create(number=1, occasion="guessed", by=report.review.secretary)
