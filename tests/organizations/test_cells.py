"""Whatever a clerk typed becomes tidy text, a code or a day, or a reason why not."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizations.cells import Broken, Formula, Unreadable, clean_text, read_code, read_date, read_text

ANY_CELL = st.one_of(
    st.none(),
    st.text(max_size=30),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.builds(Formula, st.text(max_size=5)),
    st.builds(Broken, st.just("#REF!")),
)


@pytest.mark.parametrize(
    ("typed", "tidy"),
    [
        ("　第１党支部　", "第1党支部"),
        ("张　三", "张三"),
        ("张 三", "张三"),
        ("Ａ－01", "A－01"),
        ("测绘局(本级)党支部", "测绘局（本级）党支部"),
        ("a  b", "a b"),
        ("党\n支\u200b部\x00", "党支部"),
        ("RCS (north)", "RCS (north)"),
    ],
)
def test_text_has_one_tidy_form(typed, tidy):
    assert clean_text(typed) == tidy


@given(st.text())
def test_tidy_text_is_tidy_already(text):
    once = clean_text(text)

    assert clean_text(once) == once


@pytest.mark.parametrize("nothing", [None, "", "　", "-", "—", "／", "无", "空缺", "待定"])
def test_a_word_for_nothing_is_nothing(nothing):
    text = read_text(nothing)

    assert text in ("", "／")


@pytest.mark.parametrize(
    ("cell", "code"),
    [(1001, "1001"), (1001.0, "1001"), ("００12", "0012"), (" a 1 ", "a1"), ("'007", "007"), (None, "")],
)
def test_codes_survive_as_numbers_and_as_text(cell, code):
    assert read_code(cell) == code


def test_a_code_that_excel_has_rounded_is_refused():
    with pytest.raises(Unreadable, match="超过 15 位"):
        read_code(1.23456789012345e17)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        (datetime(2023, 5, 1, 8), date(2023, 5, 1)),
        (date(2023, 5, 1), date(2023, 5, 1)),
        ("2023.5", date(2023, 5, 1)),
        ("2023.05.17", date(2023, 5, 17)),
        ("2023年5月", date(2023, 5, 1)),
        ("2023年5月17日", date(2023, 5, 17)),
        ("２０２３－５－１７", date(2023, 5, 17)),
        ("2023/5/17 00:00:00", date(2023, 5, 17)),
        ("20230517", date(2023, 5, 17)),
        (20230517, date(2023, 5, 17)),
        ("202305", date(2023, 5, 1)),
        (2023.5, date(2023, 5, 1)),
        (2023.11, date(2023, 11, 1)),
        (45047, date(2023, 5, 1)),
        ("2024.2.29", date(2024, 2, 29)),
        (None, None),
        ("空缺", None),
    ],
)
def test_a_day_is_read_however_it_is_written(cell, day):
    assert read_date(cell) == day


def test_a_month_may_mean_its_last_day():
    assert read_date("2024.2", month_end=True) == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("2023", "只有年份"),
        (2023, "只有年份"),
        (2023.1, "分不清"),
        ("2023.13", "不是日期"),
        ("2023.2.30", "没有 30 日"),
        ("去年五月", "不是日期"),
        ("0023.5", "不是日期"),
        (datetime(1800, 1, 1), "年份不在"),
        (Formula("=TODAY()"), "是公式"),
        (Broken("#REF!"), "错误值"),
        (float("nan"), "不是日期"),
        (True, "不是日期"),
    ],
)
def test_what_is_no_day_says_why(cell, reason):
    with pytest.raises(Unreadable, match=reason):
        read_date(cell)


@given(ANY_CELL, st.sampled_from([read_text, read_code, read_date]))
def test_no_cell_breaks_a_reader(cell, reader):
    try:
        value = reader(cell)
    except Unreadable as unreadable:
        value = str(unreadable) or None

    assert isinstance(value, str | date) or (value is None and reader is read_date)
