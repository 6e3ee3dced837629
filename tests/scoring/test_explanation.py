"""The arithmetic line by line, and a policy in plain sentences."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given

from scoring.explanation import explain, read_policy_in_words
from scoring.policy import PRESETS, Policy
from scoring.rules import suggest_grades
from tests.scoring.make import campaign, count, standing
from tests.scoring.test_policy import OTHER_VALUES
from tests.scoring.test_rule_properties import policies, standings


def test_the_arithmetic_of_two_weighed_panels():
    one = standing(panels={"A": count(7, 2, 1), "B": count(10, 6, 1, 2, issued=20)})
    policy = Policy(panel_weights={"A": "60", "B": "40"})

    assert explain(one, policy) == [
        "A票：发出 10 张，收回 10 张，有效票 10，弃权 0，无效 0，回避 0。",
        "A票：(100×7+80×2+60×1+40×0)/10 = 92.00",
        "B票：发出 20 张，收回 19 张，有效票 19，弃权 0，无效 0，回避 0。",
        "B票：(100×10+80×6+60×1+40×2)/19 = 1620/19 ≈ 85.26",
        "现场测评得分：(60×92.00+40×85.26)/(60+40) = 8484/95 ≈ 89.31",
        "得分 89.31，达到较好（≥70）。",
        "差票 2/29=6.90 %，未超过 10.00 %，不触发。",
        "建议等次：较好。",
    ]


def test_the_composite_and_what_is_missing_of_it():
    policy = Policy(composite={"ballot": 40, "routine": 30, "field": 30})
    whole = standing(good=10, routine=Decimal("91.5"), field=Decimal(80))

    assert "综合得分（现场测评 100.00、平时考核 91.50、实地考核 80.00）：" in "".join(explain(whole, policy))
    assert "(40×100.00+30×91.50+30×80.00)/(40+30+30) = 91.45" in "".join(explain(whole, policy))
    assert "缺少平时考核、实地考核得分" in "".join(explain(standing(good=10), policy))
    assert explain(standing(good=10), policy)[-1] == "建议等次：无。"


def test_caps_facts_and_few_votes():
    one = standing(good=3, facts=("LATE_REPORT", "ACCOUNTABILITY"))

    told = "".join(explain(one, Policy(caps={"LATE_REPORT": "FAIRLY_GOOD"})))

    assert "有“迟交述职报告”情形，等次最高为较好" in told
    assert "有“被问责追责”情形，等次定为差" in told
    assert "有效票 3 张，少于 5 张" in told
    assert "建议等次：差（待党组研究确定）" in told


@pytest.mark.parametrize(
    ("policy", "line"),
    [
        ({}, "差票 2/12=16.67 %，超过 10.00 %，等次定为差。"),
        ({"forced_poor_comparator": "GTE"}, "差票 2/12=16.67 %，达到 10.00 %，等次定为差。"),
        ({"forced_poor_mode": "AVERAGE_PLUS_POOR"}, "一般票和差票合计 3/12=25.00 %，超过 10.00 %，等次定为差。"),
        ({"forced_poor_mode": "EITHER"}, "一般票 1/12=8.33 %，未超过 10.00 %，不触发。"),
        ({"forced_poor_scope": "PANEL:B"}, "B票中差票 0/2=0.00 %，未超过 10.00 %，不触发。"),
        ({"forced_poor_scope": "ANY_PANEL"}, "A票中差票 2/10=20.00 %，超过 10.00 %，等次定为差。"),
        ({"forced_poor_scope": "WEIGHTED"}, "按票种权重加权，差票 1/10=10.00 %，未超过 10.00 %，不触发。"),
        ({"forced_poor_denominator": "ISSUED"}, "差票（占发出票） 2/20=10.00 %，未超过 10.00 %，不触发。"),
        ({"forced_poor_scope": "PANEL:C"}, "低等次票：没有可计算比例的票，不触发。"),
    ],
)
def test_every_share_that_is_held_against_the_limit_is_told(policy, line):
    one = standing(panels={"A": count(7, average=1, poor=2, issued=15), "B": count(2, issued=5)})

    assert line in explain(one, Policy(**policy))


def test_the_place_among_those_who_are_good():
    everybody = campaign(20, 19, 18, 17, 16)
    outcome = suggest_grades(everybody, Policy())

    told = explain(everybody[4], outcome.policy, outcome)

    assert "“好”的名额（全体 5 人）：5×(100 %−15.00 %) 取整 = 4 个，本人排在第 5 位。" in told
    assert "同组 5 人中“好”的名额为 4 个，排在第 5 位，名额之外，定为较好。" in told
    assert told[-1] == "建议等次：较好。"


@given(standings(), policies())
def test_everybody_can_be_told_everything(everybody, policy):
    outcome = suggest_grades(everybody, policy)

    for one in everybody:
        told = "".join(explain(one, policy, outcome))
        assert all(reason.text in told for reason in outcome.of(one.id).reasons if reason.code != "FORCED_BY_BALLOTS")


def test_the_limit_in_words():
    assert "差票超过有效票的 10.00 % 的，等次确定为差。" in read_policy_in_words(Policy())
    assert "一般票和差票合计超过有效票的 10.00 % 的，等次确定为差。" in read_policy_in_words(PRESETS["source"])


@pytest.mark.parametrize(("field", "value"), OTHER_VALUES)
def test_whatever_differs_from_the_defaults_reads_differently(field, value):
    """What is to be done about a missing component is only told where there is a composite."""
    parts = {"ballot": 1, "routine": 1, "field": 1}
    plain = Policy(composite=parts) if field == "missing_component" else Policy()
    policy = replace(plain, **{field: value})

    assert (read_policy_in_words(policy) != read_policy_in_words(plain)) is (policy != plain)
