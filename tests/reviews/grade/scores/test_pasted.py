"""Pasted rows find the secretaries they are about, and every bad cell is named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.grade.scores.pasted import MOST_LINES, fault_of, read_scores, rows_of

NAMES = {"城东党支部": [1], "张三": [1], "城西党支部": [2], "李四": [2, 3], "城南党支部": [3]}


def test_a_row_is_found_by_organization_or_by_name_and_a_heading_is_passed_over():
    read = read_scores(rows_of("序号\t单位\t分数\n1\t城东党支部\t91.5\n\n2\t城西党支部\t８８"), NAMES)

    assert read.values == {1: "91.5", 2: "88"}
    assert read.faults == []


def test_two_of_one_name_are_told_apart_by_their_organization():
    read = read_scores([["李四", "城南党支部", 90]], NAMES)

    assert read.values == {3: "90"}


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (["王五", "90"], "第 1 行“王五”不在本次述职人名单中。"),
        (["李四", "90"], "第 1 行“李四”不止一人，请同时写明单位和姓名。"),
        (["城东党支部", "李四", "90"], "第 1 行“城东党支部、李四”不在本次述职人名单中。"),
        (["张三", "9l"], "第 1 行“张三”的分数“9l”不是数。"),
        (["张三", "101"], "第 1 行“张三”的分数“101”不在 0 到 100 之间。"),
        (["张三", "-1"], "第 1 行“张三”的分数“-1”不在 0 到 100 之间。"),
        (["张三", "90.005"], "第 1 行“张三”的分数“90.005”多于两位小数。"),
        (["张三", "9_5"], "第 1 行“张三”的分数“9_5”不是数。"),
        (["张三", "1e1"], "第 1 行“张三”的分数“1e1”不是数。"),
        (["张三", "9²"], "第 1 行“张三”的分数“9²”不是数。"),
        (["张三", "NaN"], "第 1 行“张三”的分数“NaN”不是数。"),
        (["张三"], "第 1 行“张三”的分数“张三”不是数。"),
    ],
)
def test_a_bad_cell_is_named_with_its_line(row, fault):
    read = read_scores([row], NAMES)

    assert read.faults == [fault]
    assert read.values == {}


def test_the_good_rows_are_kept_beside_the_bad_ones():
    read = read_scores(rows_of("张三 90\n王五 80\n张三 85"), NAMES)

    assert read.values == {1: "90"}
    assert [fault[:7] for fault in read.faults] == ["第 2 行“王", "第 3 行“张"]
    assert "前面已经写过" in read.faults[1]


@pytest.mark.parametrize(("rows", "words"), [([], "没有读到成绩"), ([["张三", "90"]] * (MOST_LINES + 1), "一次最多")])
def test_nothing_and_too_much_are_told(rows, words):
    (fault,) = read_scores(rows, NAMES).faults

    assert words in fault


@given(st.decimals(min_value=0, max_value=100, places=2))
def test_every_score_with_two_decimals_is_read(value):
    assert fault_of(str(value)) == ""


@given(st.text())
def test_any_text_is_read_without_breaking(text):
    read = read_scores(rows_of(text), NAMES)

    assert read.faults or read.values
