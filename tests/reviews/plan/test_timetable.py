"""The order of the dates (DOMAIN 4.9)."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from reviews.plan.timetable import SHANGHAI, Timetable, end_of_day

MEETING = date(2026, 12, 20)
USUAL = Timetable.around(MEETING)


def test_the_usual_days_follow_the_meeting():
    days = USUAL

    assert days == Timetable(date(2026, 11, 20), date(2026, 12, 13), MEETING, date(2026, 12, 27), date(2027, 6, 18))
    assert days.faults(2026) == {}


def test_a_deadline_is_the_last_second_of_its_day_in_shanghai():
    fields = USUAL.as_fields()

    assert fields["report_due_at"] == datetime(2026, 12, 13, 23, 59, 59, tzinfo=SHANGHAI)
    assert end_of_day(MEETING).utcoffset().total_seconds() == 8 * 3600


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"report_due_on": date(2026, 11, 19)}, "report_due_at", "述职报告截止日期（2026-11-19）不能早于启动日期"),
        ({"report_due_on": MEETING}, "meets_on", "评议会日期（2026-12-20）须晚于述职报告截止日期"),
        ({"filing_due_on": date(2026, 12, 19)}, "filing_due_at", "备案截止日期（2026-12-19）不能早于评议会日期"),
        ({"ends_on": date(2026, 12, 26)}, "ends_on", "结束日期（2026-12-26）不能早于备案截止日期"),
    ],
)
def test_a_date_out_of_order_is_named(change, field, words):
    days = replace(USUAL, **change)

    faults = days.faults(2026)

    assert list(faults) == [field]
    assert faults[field].startswith(words)


@pytest.mark.parametrize("change", [{"report_due_on": date(2026, 11, 20)}, {"filing_due_on": MEETING}])
def test_the_first_possible_day_is_accepted(change):
    assert replace(USUAL, **change).faults(2026) == {}


def test_the_mixed_years_of_the_source_plan_are_found():
    """001#6: a meeting in December 2023, everything finished by 13 January 2023."""
    days = replace(Timetable.around(date(2023, 12, 28)), ends_on=date(2023, 1, 13))

    assert days.faults(2023) == {"ends_on": "结束日期（2023-01-13）不能早于备案截止日期（2024-01-04）。"}


def test_a_date_of_another_year_is_told_to_be_so():
    faults = USUAL.faults(2024)

    assert set(faults) == {"starts_on", "report_due_at", "meets_on", "filing_due_at", "ends_on"}
    assert faults["meets_on"] == "评议会日期（2026-12-20）应在 2024 年或 2025 年，请核对年度。"
