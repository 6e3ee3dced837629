"""An uploaded text cut into parts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.report.word.parts import (
    Part,
    cut_into_parts,
    merge_up,
    move_first_line_up,
    move_last_line_down,
    split_part,
)

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
        Part("drop", "2026年度述职报告\n各位领导："),
        Part("prior", "两个问题已经整改。", "一、上年问题整改情况"),
        Part("duty", "开会八次。", "二、履行职责情况"),
        Part("problems", "一是学习不实。", "三、存在问题及原因"),
        Part("plans", "每月学习一次。", "四、下一步打算"),
        Part("drop", "述职人：甲乙\n2026年12月1日"),
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


def test_what_leads_in_is_dropped_and_what_the_report_begins_with_waits_to_be_placed():
    parts = cut_into_parts("2026年度述职报告\n现将履职情况报告如下：\n这一年很忙。\n一、存在的问题\n一是慢。")

    assert parts[:2] == [Part("drop", "2026年度述职报告\n现将履职情况报告如下："), Part("", "这一年很忙。")]


PARTS = st.lists(
    st.builds(
        Part,
        st.sampled_from(["", "duty", "drop"]),
        st.lists(st.text(alphabet="甲乙。", min_size=1, max_size=4), min_size=1, max_size=4).map("\n".join),
        st.sampled_from(["", "一、标题"]),
    ),
    min_size=2,
    max_size=5,
)


def whole(parts):
    return "\n".join(part.whole for part in parts)


@given(PARTS, st.data())
def test_no_step_loses_a_letter_or_changes_the_order(parts, data):
    at = data.draw(st.integers(1, len(parts) - 1))
    row = data.draw(st.integers(0, 5))

    assert whole(merge_up(parts, at)) == whole(parts)
    assert whole(move_first_line_up(parts, at)) == whole(parts)
    assert whole(move_last_line_down(parts, at - 1)) == whole(parts)
    cut = split_part(parts, at, row)
    assert cut is None or whole(cut) == whole(parts)


@pytest.mark.parametrize(
    "headings",
    [
        ["一、上年整改情况", "二、履职尽责情况", "三、存在问题及原因", "四、下一步打算"],
        ["一．上年整改情况", "二．履职尽责情况", "三．存在问题及原因", "四．下一步打算"],
        ["一 、上年整改情况", "二、 履职尽责情况", "三,存在问题及原因", "四.下一步打算"],
        ["一上年整改情况", "二履职尽责情况", "三存在问题及原因", "四下一步打算"],
        ["一　上年整改情况", "二　履职尽责情况", "三　存在问题及原因", "四　下一步打算"],
        ["壹、上年整改情况", "贰、履职尽责情况", "叁、存在问题及原因", "肆、下一步打算"],
        ["（一）上年整改情况", "（二)履职尽责情况", "(三）存在问题及原因", "( 四 )下一步打算"],
        ["㈠上年整改情况", "㈡履职尽责情况", "㈢存在问题及原因", "㈣下一步打算"],
        ["【一】上年整改情况", "〔二〕履职尽责情况", "[三]存在问题及原因", "【四】下一步打算"],
        ["1.上年整改情况", "2．履职尽责情况", "3、存在问题及原因", "4) 下一步打算"],
        ["１．上年整改情况", "２．履职尽责情况", "３．存在问题及原因", "４．下一步打算"],
        ["⒈上年整改情况", "⒉履职尽责情况", "⒊存在问题及原因", "⒋下一步打算"],
        ["第一部分 上年整改情况", "第二部分：履职尽责情况", "第 三 部 分、存在问题及原因", "第四部分下一步打算"],
        ["上年整改情况", "履职尽责情况", "存在问题及原因", "下一步打算"],
        ["【上年整改情况】", "■履职尽责情况", "★存在问题及原因：", "●下一步打算"],
        ["一、上年整改情况。", "二、履职尽责情况：", "三、存在问题及原因；", "四、下一步打算"],
    ],
)
def test_headings_are_known_however_they_are_numbered(headings):
    text = "\n".join(f"{heading}\n正文甲乙丙丁，一年来做了不少事。" for heading in headings)

    assert [part.kind for part in cut_into_parts(text)] == ["prior", "duty", "problems", "plans"]


def test_a_bold_line_is_a_heading_by_its_words_alone():
    text = "一年来抓党建的探索\n做了不少事。\n问题在哪里，不足有哪些方面\n一是慢。"

    plain, strong = cut_into_parts(text), cut_into_parts(text, ["一年来抓党建的探索"])

    assert [part.kind for part in plain] == [""]
    assert [part.kind for part in strong] == ["duty"]
