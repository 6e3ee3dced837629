"""Clauses, worked examples and differences: whatever a policy holds is told, reckoned and named when it changes."""

import json
from dataclasses import fields, replace

import pytest
from hypothesis import HealthCheck, given, settings

from scoring import differences as telling
from scoring.clauses import CLAUSES, read_policy_in_words
from scoring.differences import differences
from scoring.document import answer
from scoring.examples import boundaries, examples_of, places
from scoring.policy import PRESETS, READERS, Policy
from tests.scoring.test_policy import OTHER_VALUES
from tests.scoring.test_rule_properties import policies

FIELDS = {each.name for each in fields(Policy)}
UNHURRIED = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)  # the machine may be busy


def test_every_parameter_belongs_to_exactly_one_clause():
    told = [field for clause in CLAUSES for field in clause.fields]

    assert sorted(told) == sorted(FIELDS)


def test_every_parameter_but_the_version_has_a_title_for_the_differences():
    assert set(telling.TITLES) == FIELDS - {"version"}


def test_the_command_reads_and_gives_back_every_parameter():
    given_back = answer(json.dumps({"policy": {}, "reviews": []}))["policy"]

    assert set(given_back) == FIELDS == set(READERS)


@pytest.mark.parametrize("policy", PRESETS.values(), ids=list(PRESETS))
def test_every_clause_has_a_source_and_all_but_its_name_an_example(policy):
    examples = examples_of(policy)

    assert all(clause.source.endswith("。") for clause in CLAUSES)
    assert set(examples) == {clause.key for clause in CLAUSES} - {"name"}
    assert all(examples.values())


@UNHURRIED
@given(policies())
def test_any_policy_can_be_told_with_examples_and_tables(policy):
    told = [*read_policy_in_words(policy), *(line for lines in examples_of(policy).values() for line in lines)]

    assert all(line.endswith("。") for line in told)
    assert [row.votes for row in boundaries(policy, 7)] == [7, 9, 20, 29, 30, 40]
    assert bool(places(policy, 12)) is bool(policy.quota_min_below_good_bp)


def test_the_boundary_table_of_the_rules():
    table = {row.votes: (row.triggers_at, row.share, row.below) for row in boundaries(Policy())}

    assert table[20] == (3, "3/20=15.00 %", "2/20=10.00 %")
    assert table[29] == (3, "3/29=10.34 %", "2/29=6.90 %")
    assert table[30] == (4, "4/30=13.33 %", "3/30=10.00 %")
    assert [(row.people, row.places, row.is_told_only) for row in places(Policy())] == [
        (4, 3, True),
        (5, 4, False),
        (6, 5, False),
        (7, 5, False),
        (18, 15, False),
    ]


@pytest.mark.parametrize(
    ("clause", "changes", "line"),
    [
        ("values", {}, "(100×7+80×2+60×1+40×0)/10 = 92.00 分。"),
        ("panels", {"panel_weights": {"A": 60, "B": 40}}, "得分 (60×96.00+40×90.00)/(60+40) = 93.60。"),
        ("panels", {"panel_weights": {"A": 60, "B": 40}, "empty_panel": "BLOCK"}, "B票全部弃权：不计得分"),
        ("composite", {"composite": {"ballot": 40, "routine": 30, "field": 30}}, " = 89.40。"),
        ("floors", {"score_floors": [95, 70, 50]}, "得分 95 为好，得分 94.99 为较好。"),
        ("caps", {"caps": {"LATE_REPORT": "AVERAGE"}}, "得分 100、有“迟交述职报告”情形：一般。"),
        ("facts", {}, "得分 100、有“重大失误造成严重影响”情形：差。"),
        (
            "limit",
            {"forced_poor_mode": "AVERAGE_PLUS_POOR"},
            "一般票和差票合计 5/40=12.50 %，超过 10.00 %，等次定为差。",
        ),
        ("few", {"min_valid_ballots": 8}, "7 张有效票、全部为好：好（待党组研究确定）。"),
        ("quota", {"quota_min_below_good_bp": 2000}, "取整为 14 个“好”，至少 4 人为较好及以下。"),
        ("tie", {"tie_policy": "INCLUDE_ALL"}, "名额 15 个：建议为好的 18 人。"),
        ("tie", {}, "建议为好的 0 人，全部留待党组研究确定。"),
        ("consequences", {"consecutive_years": 0}, "不提示连续靠后。"),
    ],
)
def test_an_example_reckons_with_the_policy(clause, changes, line):
    assert line in "".join(examples_of(Policy(**changes))[clause])


@UNHURRIED
@given(policies())
def test_a_policy_does_not_differ_from_itself(policy):
    assert differences(policy, replace(policy, version=policy.version + 1)) == []


@UNHURRIED
@given(policies(), policies())
def test_the_differences_name_exactly_the_parameters_that_differ(one, other):
    told = differences(one, other)

    assert {each.field for each in told} == {name for name in FIELDS if getattr(one, name) != getattr(other, name)}
    assert all(each.before != each.after for each in told)


@UNHURRIED
@given(policies(), policies())
def test_the_way_back_is_the_way_there_read_backwards(one, other):
    there = [(each.field, each.before, each.after) for each in differences(one, other)]

    assert [(each.field, each.after, each.before) for each in differences(other, one)] == there


@pytest.mark.parametrize(("field", "value"), OTHER_VALUES)
def test_each_parameter_that_changes_is_told_from_what_to_what(field, value):
    policy = Policy(**{field: value})

    assert [each.field for each in differences(Policy(), policy)] == ([field] if policy != Policy() else [])


def test_a_difference_reads_from_what_to_what():
    (change,) = differences(Policy(), Policy(forced_poor_threshold_bp=1500))

    assert str(change) == "低等次票比例上限：10.00 % → 15.00 %"
