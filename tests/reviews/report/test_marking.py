"""The checks laid over the sections."""

import pytest

from reviews.plan.models import Stage
from reviews.report.marking import MOST_MARKS, inspect, recall
from tests.make import make_campaign, make_review
from tests.reviews.report.texts import SECTIONS


@pytest.mark.django_db
def test_a_mark_stands_in_its_section_at_the_place_of_its_words():
    review = make_review(make_campaign(stage=Stage.REPORTING))
    plans = "明年召开会议x次。"

    inspection = inspect(review, SECTIONS | {"plans": plans})

    [found] = inspection.blocking
    assert (found.section, plans[found.start : found.end], found.place) == ("plans", "x", "下一步打算")


@pytest.mark.django_db
def test_more_findings_than_anyone_reads_are_counted_and_those_that_block_come_first():
    review = make_review(make_campaign(stage=Stage.REPORTING, report_limits={"blocking": ["MISSING_SECTION"]}))
    text = "召开会议x次。" * (MOST_MARKS + 50)

    inspection = inspect(review, {"duty": text})

    missing = {each.section for each in inspection.blocking if each.code == "MISSING_SECTION"}
    assert len(inspection.marks) == MOST_MARKS
    assert inspection.left_out == inspection.figures["findings"] - MOST_MARKS
    assert missing == {"problems", "plans"}


@pytest.mark.django_db
def test_what_is_kept_with_a_version_is_the_same_inspection():
    review = make_review(make_campaign(stage=Stage.REPORTING))
    inspection = inspect(review, SECTIONS | {"plans": "x次"})

    assert recall(inspection.figures, inspection.documents) == inspection
