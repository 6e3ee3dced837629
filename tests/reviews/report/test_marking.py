"""The checks laid over the sections."""

import pytest

from reviews.plan.models import Stage
from reviews.report.marking import MOST_MARKS, context_of, inspect, recall, strangers
from tests.make import make_campaign, make_organization, make_problem, make_review
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


@pytest.mark.django_db
def test_the_checks_know_the_year_the_organizations_around_and_last_years_problems():
    bureau = make_organization("清源局党组")
    own = make_organization("监测中心党支部", parent=bureau)
    make_organization("红岭乡党委")
    make_problem(
        make_review(make_campaign(bureau, year=2025), organization=own), text="谈心谈话不够经常，了解思想不及时"
    )
    review = make_review(make_campaign(bureau, year=2026, stage=Stage.REPORTING), organization=own)
    sections = SECTIONS | {
        "duty": "红岭乡党委坚持抓基层。监测中心党支部开会八次。" + SECTIONS["duty"],
        "problems": SECTIONS["problems"] + "四是谈心谈话还不够经常，了解思想不够及时。",
        "plans": "2024年6月底前完成整顿。" + SECTIONS["plans"],
    }

    found = {mark.code: mark.text for mark in inspect(review, sections).marks}

    assert found["OTHER_UNIT"] == "红岭乡党委"
    assert found["RECURRING"].startswith("谈心谈话还不够经常")
    assert found["WRONG_YEAR"] == "2024"


@pytest.mark.django_db
def test_a_name_that_several_bear_or_that_is_of_the_own_line_is_no_stranger():
    bureau = make_organization("清源局党组")
    own = make_organization("监测中心党总支", parent=bureau)
    below = make_organization("第一党支部", parent=own)
    for name in ("甲局党组", "乙局党组"):
        make_organization("机关党支部", parent=make_organization(name))

    assert strangers(own, f"{bureau}、{own}、{below}和机关党支部，另有甲局党组。") == ("甲局党组",)


@pytest.mark.django_db
def test_a_report_that_names_more_organizations_costs_no_more_queries(django_assert_num_queries):
    review = make_review(make_campaign(stage=Stage.REPORTING))
    for number in range(3):
        make_organization(f"红岭{number}乡党委")

    for text in ("红岭0乡党委开会。", "红岭0乡党委、红岭1乡党委和红岭2乡党委开会。"):
        with django_assert_num_queries(3):
            context_of(review, text)
