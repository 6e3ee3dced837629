"""Figures out of a spreadsheet: what is read, and what is said of every cell that cannot be."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reviews.grade.trial.pasted import COUNTS, MOST_LINES, ORDER, columns_in, read_pasted
from scoring.document import read_document
from tests.scoring.test_rule_properties import counts

HEADER = "\t".join(ORDER)
UNHURRIED = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)  # the machine may be busy


def lines(*rows: tuple) -> str:
    return "\n".join("\t".join(map(str, row)) for row in rows)


def test_a_table_with_its_title_its_numbers_and_the_grades_as_the_campaign_calls_them_is_read():
    words = ("优秀", "良好", "一般", "较差")
    table = lines(
        ("2026年测评结果", "", "", "", "", "", ""),
        ("序号", "述职人", "优秀", "良好", "一般", "较差", "上年等次"),
        (1, "一支部", 7, 2, 1, 0, "良好"),
    )

    read = read_pasted(table, words)

    (review,) = read.reviews
    assert read.faults == []
    assert [review["panels"]["A"][key] for key in ("good", "fairly_good", "average", "poor")] == [7, 2, 1, 0]
    assert review["previous_grade"] == "FAIRLY_GOOD"
    assert columns_in(words)[4:8] == list(words)


def test_lines_without_a_header_stand_in_the_usual_order():
    read = read_pasted(
        lines(("一支部", "A", 10, 10, 7, 2, 1, 0, 0, 0, 0), ("一支部", "B票", 20, 19, 10, 6, 1, 2, 0, 0, 0))
    )

    (review,) = read.reviews
    assert read.faults == []
    assert review["id"] == "一支部"
    assert review["panels"]["A"]["good"] == 7
    assert [review["panels"]["B"][key] for key in COUNTS.values()] == [20, 19, 10, 6, 1, 2, 0, 0, 0]


def test_a_header_names_the_columns_in_any_order_and_what_is_left_out_is_added_up():
    read = read_pasted(
        "差\t单位\t好\t较好\t一般\t平时\t上年等次\t情形\t销号率\n0\t二支部\t８\t1\t1\t91.5\t一般\t迟交述职报告\t80%\n"
    )

    (review,) = read.reviews
    assert [review["panels"]["A"][key] for key in COUNTS.values()] == [10, 10, 8, 1, 1, 0, 0, 0, 0]
    assert (review["routine"], review["previous_grade"], review["closure_rate"]) == ("91.5", "AVERAGE", "0.8")
    assert review["facts"] == ["LATE_REPORT"]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "没有填入票数"),
        ("述职人\t好\t较好\t一般\n一支部\t1\t1\t1", "表头缺少差。"),
        ("述职人\t好\t较好\t一般\t差\t备注\n一支部\t1\t1\t1\t1\tx", "不认识的表头：备注。"),
        ("述职人\t好\t较好\t一般\t差\t好\n", "表头重复：好。"),
        (
            lines(("一支部", "A", 10, 10, "七", 2, 1, 0)),
            "第 1 行第 5 列（好）写的是“七”，应为 0 或不超过 6 位的正整数。",
        ),
        (lines(("一支部", "A", 10, 10, 7, 2, 1, -1)), "第 1 行第 8 列（差）写的是“-1”"),
        (lines(("一支部", "A", 10, 10, 7, 2, 1, "1.5")), "第 1 行第 8 列（差）写的是“1.5”"),
        (lines(("一支部", "A", "", "", "5²", 2, 1, 0)), "第 1 行第 5 列（好）写的是“5²”"),
        (lines(("一支部", "A", "", "", "12①", 2, 1, 0)), "第 1 行第 5 列（好）写的是“12①”"),
        (lines(("一支部", "A", 10, 10, 7, 2, 1)), "第 1 行第 8 列（差）没有填写，没有票的填 0。"),
        (lines(("", "A", 10, 10, 7, 2, 1, 0)), "第 1 行第 1 列（述职人）没有填写。"),
        (lines(("一支部", "A", 9, 10, 7, 2, 1, 0)), "第 1 行：收回 10 张，多于发出 9 张，整个测评无效，应重新测评。"),
        (
            lines(("一支部", "A", 10, 9, 7, 2, 1, 0)),
            "第 1 行：好 7+较好 2+一般 1+差 0+弃权 0+无效 0+回避 0=10，与收回 9 张不符。",
        ),
        (lines(*[("一支部", "A", 1, 1, 1, 0, 0, 0)] * 2), "第 2 行第 2 列（票种）“一支部”的A票在前面已有一行。"),
        (lines((*["x"] * 11, "多")), "第 1 行有 12 列，多于表头的 11 列。"),
        (
            "述职人\t好\t较好\t一般\t差\t平时\n一\t1\t0\t0\t0\t101",
            "第 2 行第 6 列（平时）写的是“101”，应为 0 到 100 之间的数。",
        ),
        ("述职人\t好\t较好\t一般\t差\t平时\n一\t1\t0\t0\t0\t9_5", "第 2 行第 6 列（平时）写的是“9_5”"),
        ("述职人\t好\t较好\t一般\t差\t销号率\n一\t1\t0\t0\t0\t1e-999", "第 2 行第 6 列（销号率）写的是“1e-999”"),
        ("述职人\t好\t较好\t一般\t差\t上年等次\n一\t1\t0\t0\t0\t优", "第 2 行第 6 列（上年等次）写的是“优”"),
        ("一\n" * (MOST_LINES + 1), f"一次最多 {MOST_LINES} 行"),
    ],
)
def test_what_cannot_be_read_is_told_by_line_and_column(text, fault):
    read = read_pasted(text)

    assert read.reviews == []
    assert any(fault in each for each in read.faults), read.faults


def test_all_faults_are_told_at_once():
    read = read_pasted(lines(("一支部", "A", "x", 10, 7, 2, 1, "y"), ("二支部", "A", 1, 2, 1, 1, 0, 0)))

    assert [fault[:6] for fault in read.faults] == ["第 1 行第", "第 1 行第", "第 2 行："]


@UNHURRIED
@given(st.lists(counts(), min_size=1, max_size=6), st.booleans())
def test_figures_that_can_be_true_come_back_as_they_were(panels, with_header):
    rows = [
        (f"支部{number}", "A", *(getattr(panel, key) for key in COUNTS.values())) for number, panel in enumerate(panels)
    ]

    read = read_pasted(lines(*([ORDER] if with_header else []), *rows))

    assert read.faults == []
    _, standings = read_document({"policy": None, "reviews": read.reviews})
    assert [each.panels["A"] for each in standings] == panels


@UNHURRIED
@given(st.text(alphabet="一好差0159-.\t\n\r %\x00", max_size=60))
def test_no_text_is_too_strange_to_be_answered(text):
    read = read_pasted(text)

    assert bool(read.reviews) is not bool(read.faults)
