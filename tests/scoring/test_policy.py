"""The policy: the defaults of RULES.md section 2, what it refuses, and its one canonical form."""

import json
from dataclasses import FrozenInstanceError, fields, replace
from decimal import Decimal

import pytest
from hypothesis import given

from scoring.policy import PRESETS, Grade, Policy, canonical, fingerprint, from_document, to_document
from scoring.strict import Malformed
from tests.scoring.test_rule_properties import policies

TABLE = {  # field: default, as the table of RULES.md section 2 has it
    "grade_values": ["100", "80", "60", "40"],
    "panel_weights": None,
    "empty_panel": "RENORMALIZE",
    "composite": None,
    "missing_component": "BLOCK",
    "score_floors": {"GOOD": "90", "FAIRLY_GOOD": "70", "AVERAGE": "50"},
    "forced_poor_mode": "POOR_ONLY",
    "forced_poor_threshold_bp": 1000,
    "forced_poor_comparator": "GT",
    "forced_poor_denominator": "EXPRESSED",
    "forced_poor_scope": "POOLED",
    "forcing_facts": ["MAJOR_FAILURE", "ACCOUNTABILITY"],
    "caps": {},
    "min_valid_ballots": 5,
    "quota_min_below_good_bp": 1500,
    "quota_group_by": "CAMPAIGN",
    "quota_min_group": 5,
    "quota_enforcement": "WARN_WITH_REASON",
    "tie_policy": "DELIBERATE",
    "consecutive_years": 2,
}
OTHER_VALUES = [
    ("grade_values", ["95", 85, "70.5", 0]),
    ("grade_values", {"GOOD": 4, "FAIRLY_GOOD": 3, "AVERAGE": 2, "POOR": 1}),
    ("panel_weights", {"A": "50", "B": 30, "C": "0.5"}),
    ("empty_panel", "BLOCK"),
    ("composite", {"ballot": "40", "routine": 30, "field": "0"}),
    ("missing_component", "RENORMALIZE"),
    ("score_floors", {"GOOD": 90, "FAIRLY_GOOD": "80", "AVERAGE": 70}),
    ("score_floors", [90, 80, 70]),
    ("forced_poor_mode", "AVERAGE_PLUS_POOR"),
    ("forced_poor_mode", "EITHER"),
    ("forced_poor_threshold_bp", 0),
    ("forced_poor_threshold_bp", "10000"),
    ("forced_poor_comparator", "GTE"),
    ("forced_poor_denominator", "EXPRESSED_PLUS_ABSTAIN"),
    ("forced_poor_denominator", "RETURNED"),
    ("forced_poor_denominator", "ISSUED"),
    ("forced_poor_scope", "ANY_PANEL"),
    ("forced_poor_scope", "PANEL:A"),
    ("forced_poor_scope", "WEIGHTED"),
    ("forcing_facts", []),
    ("forcing_facts", ["ANYTHING"]),
    ("caps", {"LATE_REPORT": "FAIRLY_GOOD", "ABSENT_WITHOUT_LEAVE": "AVERAGE"}),
    ("caps", None),
    ("min_valid_ballots", 0),
    ("quota_min_below_good_bp", 0),
    ("quota_group_by", "ORG_TYPE"),
    ("quota_min_group", 0),
    ("quota_enforcement", "BLOCK"),
    ("tie_policy", "EXCLUDE_ALL"),
    ("tie_policy", "INCLUDE_ALL"),
    ("consecutive_years", 0),
    ("grade_labels", ["优秀", "合格", "基本合格", "不合格"]),
]
WRONG = [
    ("grade_values", [100, 80, 60], "policy.grade_values"),
    ("grade_values", [100, 80, 80, 40], "policy.grade_values"),
    ("grade_values", [100, 80, 60, True], "policy.grade_values[3]"),
    ("grade_values", {"GOOD": 4, "FAIRLY_GOOD": 3, "AVERAGE": 2}, "policy.grade_values.POOR"),
    ("panel_weights", {"A": 0}, "policy.panel_weights.A"),
    ("panel_weights", {"A": 1, "B": "-1"}, "policy.panel_weights.B"),
    ("panel_weights", ["A"], "policy.panel_weights"),
    ("panel_weights", {"": 1}, "policy.panel_weights"),
    ("empty_panel", "IGNORE", "policy.empty_panel"),
    ("composite", {"ballot": 40, "routine": 30}, "policy.composite.field"),
    ("composite", {"ballot": 0, "routine": "0", "field": "0.0"}, "policy.composite"),
    ("composite", {"ballot": 1, "routine": -1, "field": 0}, "policy.composite.routine"),
    ("composite", {"ballot": 1, "routine": 1, "field": 0, "bonus": 5}, "policy.composite.bonus"),
    ("missing_component", None, "policy.missing_component"),
    ("score_floors", {"GOOD": 70, "FAIRLY_GOOD": 80, "AVERAGE": 50}, "policy.score_floors"),
    ("score_floors", {"GOOD": 90, "FAIRLY_GOOD": 80, "AVERAGE": 50, "POOR": 0}, "policy.score_floors.POOR"),
    ("forced_poor_mode", "poor_only", "policy.forced_poor_mode"),
    ("forced_poor_mode", 1, "policy.forced_poor_mode"),
    ("forced_poor_threshold_bp", 10001, "policy.forced_poor_threshold_bp"),
    ("forced_poor_threshold_bp", -1, "policy.forced_poor_threshold_bp"),
    ("forced_poor_threshold_bp", "10.5", "policy.forced_poor_threshold_bp"),
    ("forced_poor_threshold_bp", True, "policy.forced_poor_threshold_bp"),
    ("forced_poor_comparator", ">", "policy.forced_poor_comparator"),
    ("forced_poor_denominator", "E", "policy.forced_poor_denominator"),
    ("forced_poor_scope", "PANEL:", "policy.forced_poor_scope"),
    ("forced_poor_scope", "PANEL", "policy.forced_poor_scope"),
    ("forced_poor_scope", 7, "policy.forced_poor_scope"),
    ("forcing_facts", "MAJOR_FAILURE", "policy.forcing_facts"),
    ("forcing_facts", ["A", 7], "policy.forcing_facts[1]"),
    ("caps", {"LATE_REPORT": "EXCELLENT"}, "policy.caps.LATE_REPORT"),
    ("min_valid_ballots", -1, "policy.min_valid_ballots"),
    ("quota_min_below_good_bp", 10001, "policy.quota_min_below_good_bp"),
    ("quota_group_by", "ALL", "policy.quota_group_by"),
    ("quota_min_group", "five", "policy.quota_min_group"),
    ("quota_enforcement", "", "policy.quota_enforcement"),
    ("tie_policy", "NAME", "policy.tie_policy"),
    ("consecutive_years", 3, "policy.consecutive_years"),
    ("grade_labels", ["好", "好", "一般", "差"], "policy.grade_labels"),
    ("version", 0, "policy.version"),
    ("name", " ", "policy.name"),
    ("forced_poor_treshold_bp", 1000, "policy.forced_poor_treshold_bp"),
]


def test_the_defaults_are_those_of_the_regulation():
    shape = to_document(Policy())

    assert {name: shape[name] for name in TABLE} == TABLE
    assert set(shape) == set(TABLE) | {"name", "version", "grade_labels"}


@pytest.mark.parametrize("document", [{}, None])
def test_an_empty_policy_is_all_defaults(document):
    assert from_document(document) == Policy()


@pytest.mark.parametrize(("field", "value"), OTHER_VALUES)
def test_a_partial_policy_keeps_the_defaults_beside_its_own_values(field, value):
    policy = from_document({field: value})

    assert {name for name in TABLE if to_document(policy)[name] != TABLE[name]} <= {field}
    assert from_document(json.loads(canonical(policy))) == policy


@pytest.mark.parametrize(("field", "value", "path"), WRONG)
def test_what_the_table_does_not_allow_is_refused_with_its_path(field, value, path):
    with pytest.raises(Malformed) as caught:
        from_document({field: value})

    assert caught.value.path == path
    assert caught.value.reason


@given(policies())
def test_the_canonical_form_gives_back_the_same_policy(policy):
    again = from_document(json.loads(canonical(policy)))

    assert again == policy
    assert canonical(again) == canonical(policy)
    assert fingerprint(again) == fingerprint(policy)


def test_the_same_policy_written_in_another_way_has_the_same_fingerprint():
    one = from_document(
        {"panel_weights": {"A": "60.00"}, "caps": {"Y": "POOR", "X": "AVERAGE"}, "grade_values": [4, 3, 2, 1]}
    )
    other = Policy(
        caps={"X": Grade.AVERAGE, "Y": Grade.POOR},
        grade_values={"GOOD": "4.0", "FAIRLY_GOOD": 3, "AVERAGE": Decimal(2), "POOR": 1},
        panel_weights={"A": 60},
    )

    assert canonical(one) == canonical(other)
    assert len(fingerprint(one)) == 64


def test_every_field_changes_the_fingerprint():
    changed = [replace(Policy(), **{field: value}) for field, value in OTHER_VALUES if value is not None]

    assert fingerprint(Policy()) not in {fingerprint(each) for each in changed}
    assert {field for field, _ in OTHER_VALUES} == set(TABLE) | {"grade_labels"}


def test_the_order_of_the_weights_changes_the_fingerprint_because_it_breaks_ties():
    one, other = Policy(panel_weights={"A": 1, "B": 1}), Policy(panel_weights={"B": 1, "A": 1})

    assert fingerprint(one) != fingerprint(other)


def test_a_policy_cannot_be_changed():
    with pytest.raises(FrozenInstanceError):
        Policy().tie_policy = "INCLUDE_ALL"


def test_a_panel_has_one_weight():
    with pytest.raises(Malformed, match="panel_weights"):
        Policy(panel_weights=(("A", 1), ("A", 2)))


def test_presets_are_those_of_the_regulation():
    weights = {name: PRESETS[name].panel_weights for name in ("panels_50_30_20", "panels_60_40")}

    assert {name: [(code, int(weight)) for code, weight in each] for name, each in weights.items()} == {
        "panels_50_30_20": [("A", 50), ("B", 30), ("C", 20)],
        "panels_60_40": [("A", 60), ("B", 40)],
    }
    assert PRESETS["source"].forced_poor_mode == "AVERAGE_PLUS_POOR"
    assert [int(weight) for _, weight in PRESETS["composite_40_30_30"].composite] == [40, 30, 30]
    assert replace(PRESETS["default"], name=Policy().name) == Policy()


def test_presets_have_different_names():
    assert len({preset.name for preset in PRESETS.values()}) == len(PRESETS)


def test_grades_are_ordered_and_named():
    assert Grade.GOOD > Grade.FAIRLY_GOOD > Grade.AVERAGE > Grade.POOR == 1
    assert [grade.label for grade in Grade] == ["差", "一般", "较好", "好"]
    assert [Policy(grade_labels=list("甲乙丙丁")).label(grade) for grade in Grade] == list("丁丙乙甲")


def test_every_field_has_a_reader():
    """A field without one would take anything."""
    for field in fields(Policy):
        with pytest.raises(Malformed):
            from_document({field.name: object()})
