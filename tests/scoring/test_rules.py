"""RULES.md step by step; its boundary table stands here as a table."""

import dataclasses
import doctest
from decimal import Decimal
from fractions import Fraction

import pytest

from scoring import exact, policy, rules, tally
from scoring.rules import Consequence, Grade, Malformed, Policy, suggest_grades
from tests.scoring.make import campaign, codes, count, standing, suggest

GOOD, FAIRLY_GOOD, AVERAGE, POOR = Grade.GOOD, Grade.FAIRLY_GOOD, Grade.AVERAGE, Grade.POOR
LITERAL = "AVERAGE_PLUS_POOR"


def forced(one, **policy) -> bool:
    return "FORCED_BY_BALLOTS" in codes(suggest(one, **policy))


@pytest.mark.parametrize("module", [rules, exact, policy, tally])
def test_the_examples_in_the_docstrings_are_true(module):
    result = doctest.testmod(module)

    assert result.attempted > 0
    assert result.failed == 0


# -- section 4: the boundary table ---------------------------------------------------------------


@pytest.mark.parametrize(
    ("marks", "setting", "poor_only", "literal"),
    [
        ({"good": 18, "poor": 2}, {}, False, False),
        ({"good": 26, "poor": 3}, {}, True, True),
        ({"good": 27, "poor": 3}, {}, False, False),
        ({"good": 27, "poor": 3}, {"forced_poor_comparator": "GTE"}, True, True),
        ({"good": 35, "average": 4, "poor": 1}, {}, False, True),
        ({"good": 26, "poor": 3, "abstain": 1}, {}, True, True),
        ({"good": 26, "poor": 3, "abstain": 1}, {"forced_poor_denominator": "EXPRESSED_PLUS_ABSTAIN"}, False, False),
        ({"good": 8, "poor": 1}, {}, True, True),
        ({"good": 3, "poor": 1}, {}, True, True),
    ],
)
def test_boundary_table_of_the_ballots_that_force_a_grade(marks, setting, poor_only, literal):
    one = standing(**marks)

    assert forced(one, **setting) is poor_only
    assert forced(one, **setting, forced_poor_mode=LITERAL) is literal


@pytest.mark.parametrize(
    ("marks", "sentence"),
    [
        ({"good": 26, "poor": 3}, "差票 3/29=10.34 %，超过 10.00 %，等次定为差"),
        ({"good": 8, "poor": 1}, "差票 1/9=11.11 %，超过 10.00 %，等次定为差"),
        ({"good": 22490, "poor": 2500 - 1}, "差票 2499/24989=10.00 %，超过 10.00 %，等次定为差"),
    ],
)
def test_a_share_is_printed_with_its_fraction_and_may_trigger_at_a_printed_ten_per_cent(marks, sentence):
    suggestion = suggest(standing(**marks))

    assert suggestion.reasons[-1].text == sentence
    assert suggestion.grade is POOR


def test_readings_that_differ_are_told():
    suggestion = suggest(standing(good=35, average=4, poor=1))

    assert suggestion.grade is GOOD
    assert [notice.code for notice in suggestion.notices] == ["READINGS_DIFFER"]
    assert "5/40=12.50 %" in suggestion.notices[0].text
    assert "1/40=2.50 %" in suggestion.notices[0].text


def test_readings_that_agree_are_not_told():
    assert suggest(standing(good=26, poor=3)).notices == ()
    assert suggest(standing(good=29)).notices == ()


def test_four_votes_are_few_and_leave_even_a_forced_grade_open():
    suggestion = suggest(standing(good=3, poor=1))

    assert codes(suggestion) == ["BAND", "FORCED_BY_BALLOTS", "FEW_BALLOTS"]
    assert (suggestion.grade, suggestion.is_open) == (POOR, True)


@pytest.mark.parametrize(("size", "places", "stay"), [(18, 15, 15), (7, 5, 5), (6, 5, 5), (5, 4, 4), (4, 3, 4)])
def test_boundary_table_of_the_places_for_good(size, places, stay):
    everybody = campaign(*range(20, 20 - size, -1), closure_rate=Decimal(1))

    outcome = suggest_grades(everybody, Policy(score_floors=[70, 60, 50]))

    assert outcome.groups[0].places == places
    assert [each.grade for each in outcome.suggestions].count(GOOD) == stay
    assert [notice.code for notice in outcome.groups[0].notices] == ["QUOTA_GROUP_TOO_SMALL"] * (size < 5)


# -- section 1: identities -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("panel", "path", "figures"),
    [
        (count(5, returned=6), "reviews[1].panels.B", ("=5", "6")),
        (count(5, returned=4), "reviews[1].panels.B", ("=5", "4")),
        (count(5, issued=4), "reviews[1].panels.B", ("收回 5", "发出 4")),
        (count(6, -1), "reviews[1].panels.B", ("fairly_good", "-1")),
    ],
)
def test_a_broken_identity_names_panel_and_figures_and_nobody_gets_a_grade(panel, path, figures):
    sound = standing("r1", 10)

    with pytest.raises(Malformed) as caught:
        suggest_grades([sound, standing("r2", panels={"A": count(10), "B": panel})], Policy())

    assert caught.value.path == path
    assert all(figure in caught.value.reason for figure in figures)


def test_recused_marks_belong_to_the_balance_and_not_to_the_votes():
    suggestion = suggest(standing(good=9, recused=1, invalid=2, abstain=3))

    assert (suggestion.expressed, suggestion.score) == (9, 100)


def test_the_identities_are_checked_before_any_weight_is_missed():
    unweighted = standing("r1", panels={"Z": count(5)})
    broken = standing("r2", panels={"A": count(5, returned=6)})

    with pytest.raises(Malformed, match=r"reviews\[1\]\.panels\.A"):
        suggest_grades([unweighted, broken], Policy(panel_weights={"A": 1}))


def test_a_panel_without_a_weight_and_a_review_twice_are_refused():
    with pytest.raises(Malformed, match=r"reviews\[0\]\.panels\.B"):
        suggest_grades([standing(panels={"A": count(5), "B": count(5)})], Policy(panel_weights={"A": 1}))
    with pytest.raises(Malformed, match=r"reviews\[1\]\.id"):
        suggest_grades([standing("r1", 5), standing("r1", 6)], Policy())


# -- steps 1 to 4: score and band ----------------------------------------------------------------


def test_panels_are_weighed_exactly():
    panels = {"A": count(7, 2, 1), "B": count(10, 6, 1, 2)}

    suggestion = suggest(standing(panels=panels), panel_weights={"A": 60, "B": 40})

    assert suggestion.score == Fraction(8484, 95)
    assert suggestion.reasons[0].text == "得分 89.31，达到较好（≥70）"


def test_without_weights_every_panel_weighs_the_same():
    assert suggest(standing(panels={"A": count(10), "B": count(fairly_good=1)})).score == 90


def test_a_panel_without_votes_drops_out_or_blocks():
    one = standing(panels={"A": count(10), "B": count(abstain=3)})

    dropped, blocked = suggest(one), suggest(one, empty_panel="BLOCK")

    assert (dropped.score, dropped.grade) == (100, GOOD)
    assert (blocked.score, blocked.grade, codes(blocked)) == (None, None, ["EMPTY_PANEL"])
    assert "B票" in blocked.reasons[0].text


def test_composite_of_ballot_routine_and_field():
    one = standing(good=10, routine=Decimal("91.5"), field=Decimal(80))

    suggestion = suggest(one, composite={"ballot": 40, "routine": 30, "field": 30})

    assert suggestion.score == Fraction(9145, 100)


def test_a_missing_component_blocks_or_is_left_out():
    one = standing(good=10, routine=Decimal(80))
    composite = {"ballot": 40, "routine": 30, "field": 30}

    blocked = suggest(one, composite=composite)
    renormalized = suggest(one, composite=composite, missing_component="RENORMALIZE")

    assert (blocked.score, blocked.grade, codes(blocked)) == (None, None, ["MISSING_COMPONENT"])
    assert "实地考核" in blocked.reasons[0].text
    assert renormalized.score == Fraction(6400, 70)


def test_a_component_of_weight_zero_is_not_wanted():
    suggestion = suggest(standing(good=10), composite={"ballot": 1, "routine": 0, "field": 0})

    assert suggestion.score == 100


def test_an_empty_panel_does_not_matter_where_the_ballots_are_not_wanted():
    one = standing(panels={"A": count(10), "B": count()}, routine=Decimal(75))

    suggestion = suggest(one, composite={"ballot": 0, "routine": 1, "field": 0}, empty_panel="BLOCK")

    assert (suggestion.score, suggestion.grade) == (75, FAIRLY_GOOD)


def test_nothing_left_to_renormalize_over_is_a_missing_component():
    policy = {"composite": {"ballot": 0, "routine": 1, "field": 1}, "missing_component": "RENORMALIZE"}

    assert codes(suggest(standing(good=10), **policy)) == ["MISSING_COMPONENT"]


@pytest.mark.parametrize("panels", [{}, {"A": count()}, {"A": count(abstain=2, invalid=1, recused=1)}])
def test_no_valid_votes_give_no_grade(panels):
    suggestion = suggest(standing(panels=panels))

    assert (suggestion.score, suggestion.grade, suggestion.is_open) == (None, None, False)
    assert codes(suggestion) == ["NO_VALID_BALLOTS"]
    assert suggestion.consequences == ()


def test_no_valid_votes_give_no_grade_even_where_the_other_components_give_a_score():
    one = standing(panels={"A": count(abstain=2)}, routine=Decimal(95))

    suggestion = suggest(one, composite={"ballot": 0, "routine": 1, "field": 0})

    assert (suggestion.score, suggestion.grade, codes(suggestion)) == (95, None, ["NO_VALID_BALLOTS"])


def test_a_review_without_votes_still_counts_in_the_group():
    group = [*campaign(20, 20, 20, 20), standing("none", panels={})]

    outcome = suggest_grades(group, Policy())

    assert (outcome.groups[0].size, outcome.groups[0].places) == (5, 4)
    assert outcome.groups[0].notices == ()


@pytest.mark.parametrize(
    ("marks", "grade"),
    [
        ({"good": 10, "fairly_good": 10}, GOOD),  # 90 exactly
        ({"good": 9, "fairly_good": 10}, FAIRLY_GOOD),  # 89.47
        ({"fairly_good": 10, "average": 10}, FAIRLY_GOOD),  # 70 exactly
        ({"fairly_good": 9, "average": 10}, AVERAGE),
        ({"average": 10, "poor": 10}, AVERAGE),  # 50 exactly
        ({"average": 9, "poor": 10}, POOR),
    ],
)
def test_a_score_equal_to_a_floor_reaches_it(marks, grade):
    suggestion = suggest(standing(**marks), forced_poor_threshold_bp=10000)

    assert (suggestion.grade, suggestion.band) == (grade, grade)
    assert codes(suggestion) == ["BAND"]


# -- step 5: caps --------------------------------------------------------------------------------


def test_each_capping_fact_lowers_the_grade_and_is_named():
    caps = {"LATE_REPORT": "FAIRLY_GOOD", "ABSENT_WITHOUT_LEAVE": "AVERAGE"}

    suggestion = suggest(standing(good=10, facts=("LATE_REPORT", "ABSENT_WITHOUT_LEAVE")), caps=caps)

    assert (suggestion.band, suggestion.grade) == (GOOD, AVERAGE)
    assert codes(suggestion) == ["BAND", "CAP", "CAP"]
    assert "迟交述职报告" in "".join(reason.text for reason in suggestion.reasons)


def test_a_cap_above_the_grade_and_a_fact_without_a_rule_change_nothing():
    one = standing(fairly_good=10, facts=("LATE_REPORT", "HEARSAY"))

    suggestion = suggest(one, caps={"LATE_REPORT": "FAIRLY_GOOD"})

    assert (suggestion.grade, codes(suggestion)) == (FAIRLY_GOOD, ["BAND"])


# -- step 6: forced ------------------------------------------------------------------------------


def test_a_forcing_fact_beats_score_and_caps():
    suggestion = suggest(standing(good=30, facts=("ACCOUNTABILITY",)), caps={"ACCOUNTABILITY": "FAIRLY_GOOD"})

    assert (suggestion.band, suggestion.grade) == (GOOD, POOR)
    assert codes(suggestion) == ["BAND", "CAP", "FORCED_BY_FACT"]
    assert "被问责追责" in suggestion.reasons[-1].text


def test_a_forcing_fact_needs_no_votes():
    suggestion = suggest(standing(panels={}, facts=("MAJOR_FAILURE", "ACCOUNTABILITY")))

    assert (suggestion.grade, codes(suggestion)) == (POOR, ["NO_VALID_BALLOTS", "FORCED_BY_FACT"])
    assert Consequence.ACCOUNTABILITY_REVIEW in suggestion.consequences


@pytest.mark.parametrize(
    ("denominator", "triggers"),
    [("EXPRESSED", True), ("EXPRESSED_PLUS_ABSTAIN", True), ("RETURNED", True), ("ISSUED", False)],
)
def test_denominators(denominator, triggers):
    one = standing(good=17, poor=3, abstain=5, invalid=3, recused=1, issued=30)

    assert forced(one, forced_poor_denominator=denominator) is triggers


@pytest.mark.parametrize(
    ("scope", "triggers"),
    [("POOLED", False), ("ANY_PANEL", True), ("PANEL:A", True), ("PANEL:B", False), ("PANEL:Z", False)],
)
def test_scopes(scope, triggers):
    one = standing(panels={"A": count(9, poor=2), "B": count(20)})

    assert forced(one, forced_poor_scope=scope) is triggers


@pytest.mark.parametrize(("weights", "triggers"), [({"A": 11, "B": 9}, False), ({"A": "11.0001", "B": 9}, True)])
def test_weighted_scope_is_compared_exactly(weights, triggers):
    one = standing(panels={"A": count(9, poor=2), "B": count(20), "C": count(abstain=5)})

    assert forced(one, forced_poor_scope="WEIGHTED", panel_weights={**weights, "C": 80}) is triggers


def test_either_reading_wants_one_kind_of_votes_alone_above_the_limit():
    assert not forced(standing(good=34, average=4, poor=2), forced_poor_mode="EITHER")
    assert forced(standing(good=33, average=5, poor=2), forced_poor_mode="EITHER")
    assert forced(standing(good=33, average=2, poor=5), forced_poor_mode="EITHER")


@pytest.mark.parametrize("denominator", ["EXPRESSED", "EXPRESSED_PLUS_ABSTAIN", "RETURNED", "ISSUED"])
def test_a_denominator_of_nothing_never_triggers(denominator):
    policy = {"forced_poor_denominator": denominator, "forced_poor_comparator": "GTE", "forced_poor_threshold_bp": 0}

    for scope in ("POOLED", "ANY_PANEL", "PANEL:A", "WEIGHTED"):
        assert not forced(standing(panels={"A": count()}), **policy, forced_poor_scope=scope)


# -- form ----------------------------------------------------------------------------------------


def test_results_cannot_be_changed():
    suggestion = suggest(standing(good=10))

    with pytest.raises(dataclasses.FrozenInstanceError):
        suggestion.grade = POOR


def test_an_unknown_review_has_no_suggestion():
    with pytest.raises(KeyError):
        suggest_grades([], Policy()).of("nobody")


def test_labels_of_the_place_are_used_in_every_sentence():
    suggestion = suggest(standing(good=26, poor=3), grade_labels=["优秀", "良好", "合格", "不合格"])

    assert suggestion.reasons[0].text == "得分 93.79，达到优秀（≥90）"
    assert suggestion.reasons[1].text == "不合格票 3/29=10.34 %，超过 10.00 %，等次定为不合格"
