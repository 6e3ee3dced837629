"""An uploaded text cut into parts."""

from hypothesis import given
from hypothesis import strategies as st

from reviews.report.parts import Part, cut_into_parts

REPORT = """2026年度述职报告
各位领导：
一、上年问题整改情况
两个问题已经整改。
二、履行职责情况
开会八次。
三、存在问题及原因：一是学习不实。
四、下一步打算
每月学习一次。
述职人：甲乙
2026年12月1日"""


def test_each_heading_begins_a_part_and_title_and_signature_are_for_no_section():
    parts = cut_into_parts(REPORT)

    assert parts == [
        Part("", "2026年度述职报告\n各位领导："),
        Part("prior", "两个问题已经整改。"),
        Part("duty", "开会八次。"),
        Part("problems", "一是学习不实。"),
        Part("plans", "每月学习一次。"),
        Part("", "述职人：甲乙\n2026年12月1日"),
    ]


def test_headings_of_one_kind_that_say_something_stay():
    parts = cut_into_parts("一、党建工作抓学习\n学了。\n二、党建工作抓队伍\n带了。\n三、存在问题\n一是慢。")

    assert [part.text for part in parts if part.kind == "duty"] == [
        "一、党建工作抓学习\n学了。",
        "二、党建工作抓队伍\n带了。",
    ]


def test_a_text_without_headings_is_one_part_for_no_section():
    assert cut_into_parts("就是一段话。") == [Part("", "就是一段话。")]


@given(
    st.lists(st.text(alphabet="甲乙，", min_size=1, max_size=30).map(lambda text: text + "。"), min_size=4, max_size=4)
)
def test_no_body_is_lost(bodies):
    headings = ["一、上年问题整改情况", "二、履行职责情况", "三、存在问题及原因", "四、下一步打算"]
    text = "\n".join(line for pair in zip(headings, bodies, strict=True) for line in pair)

    parts = cut_into_parts(text)

    assert [part.text for part in parts] == bodies


def test_a_list_of_headings_is_no_report_and_stays_whole():
    text = "一、存在问题\n" * 40_000

    assert cut_into_parts(text) == [Part("", text.strip())]
