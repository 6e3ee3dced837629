"""How long a text takes to read out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.plan.models import Review, Stage
from reviews.report.marking import inspect, reading_of
from reviews.report.speaking import Reading, beats, read_out, time_to_read
from tests.make import make_campaign, make_review


@pytest.mark.parametrize(
    ("text", "spoken"),
    [
        ("", 0),
        ("开会三次。", 5),
        ("“党建”（试行）", 4),  # nobody reads out quotation marks
        ("2023年", 5),  # 二零二三年
        ("2023 年", 5),
        ("2023", 6),  # 二千零二十三: no year without its word
        ("2315", 7),
        ("1,234名", 8),  # 一千二百三十四名
        ("41.5%", 8),  # 百分之四十一点五
        ("100%", 5),  # 百分之一百
        ("13812345678901", 14),  # a code, digit by digit
        ("GDP", 3),
        ("Windows", 2),
        ("党员e家", 4),
        ("😀\u200b\x00 \n", 0),
        ("，" * 3, 3),
    ],
)
def test_how_many_beats_a_text_takes(text, spoken):
    assert beats(text) == spoken


@pytest.mark.parametrize(
    ("digits", "words"),
    [
        ("0", "零"),
        ("007", "七"),
        ("10", "十"),
        ("110", "一百一十"),
        ("10010", "一万零一十"),
        ("100008", "十万零八"),
        ("100000000", "一亿"),
        ("20230000", "二千零二十三万"),
        ("300000000000", "三千亿"),
    ],
)
def test_a_number_is_read_by_its_value(digits, words):
    assert read_out(digits) == words


@given(st.text(max_size=200))
def test_every_text_can_be_read_out(text):
    assert beats(text) >= 0


@given(st.text(alphabet="甲乙，。12年", max_size=40), st.text(alphabet="丙。", min_size=1, max_size=40))
def test_more_text_takes_longer(text, more):
    assert beats(f"{text}。{more}") > beats(f"{text}。")


@pytest.mark.parametrize(
    ("reading", "told"),
    [
        (Reading(340, 300, 260), "预计朗读 5 分 40 秒，超出 5 分钟时限 40 秒；约需删去 180 字。"),
        (Reading(300, 300, 260), "预计朗读 5 分钟，在 5 分钟时限之内。"),
        (Reading(40, 0, 260), "预计朗读 40 秒。"),
    ],
)
def test_the_reading_is_told_in_a_sentence(reading, told):
    assert reading.sentence == told


@given(st.integers(1, 9_000), st.integers(60, 600), st.integers(1, 30))
def test_what_one_is_told_to_leave_out_is_enough(spoken, pace, minutes):
    reading = time_to_read(["字" * spoken], pace=pace, minutes=minutes)

    left = time_to_read(["字" * max(0, spoken - reading.to_cut)], pace=pace, minutes=minutes)

    assert left.over == 0


@pytest.mark.django_db
def test_the_campaign_says_how_fast_a_report_is_read_and_the_self_evaluation_is_not():
    review = make_review(make_campaign(stage=Stage.REPORTING, report_limits={"chars_read_a_minute": 200}))

    figures = inspect(review, {"duty": "字" * 300, "plans": "字" * 100, "self_evaluation": "字" * 150}).figures

    assert figures["reading_seconds"] == 120


@pytest.mark.django_db
def test_who_debriefs_in_writing_has_no_time_to_keep():
    review = make_review(make_campaign(stage=Stage.REPORTING), mode=Review.Mode.WRITTEN)

    assert reading_of(review, {"duty": "字" * 9_000}).over == 0
