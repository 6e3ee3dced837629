"""RULES.md steps 8 and 9: the places of 好, and what follows from a grade."""

from decimal import Decimal

import pytest

from scoring.rules import Consequence, Grade, Malformed, Policy, suggest_grades
from tests.scoring.make import campaign, codes, count, standing, suggest

GOOD, FAIRLY_GOOD, AVERAGE, POOR = Grade.GOOD, Grade.FAIRLY_GOOD, Grade.AVERAGE, Grade.POOR


def grades(standings, **policy) -> list[Grade | None]:
    return [each.grade for each in suggest_grades(standings, Policy(**policy)).suggestions]


def test_those_below_the_line_are_lowered_with_a_reason():
    suggestions = suggest_grades(campaign(20, 19, 18, 17, 16), Policy()).suggestions

    assert [each.grade for each in suggestions] == [GOOD] * 4 + [FAIRLY_GOOD]
    assert codes(suggestions[4]) == ["BAND", "QUOTA"]
    assert (suggestions[4].own_grade, suggestions[4].rank, suggestions[4].is_open) == (GOOD, 5, False)


@pytest.mark.parametrize(
    ("tie_policy", "grade", "is_open", "reasons"),
    [
        ("DELIBERATE", FAIRLY_GOOD, True, ["BAND", "QUOTA_TIE"]),
        ("EXCLUDE_ALL", FAIRLY_GOOD, False, ["BAND", "QUOTA_TIE"]),
        ("INCLUDE_ALL", GOOD, False, ["BAND"]),
    ],
)
def test_those_who_tie_across_the_line_follow_the_tie_policy(tie_policy, grade, is_open, reasons):
    outcome = suggest_grades(
        campaign(20, 19, 18, 16, 16, 15), Policy(quota_min_below_good_bp=3000, tie_policy=tie_policy)
    )

    tied = outcome.suggestions[3:5]
    assert outcome.groups[0].places == 4
    assert [(each.grade, each.is_open, codes(each), each.rank) for each in tied] == [(grade, is_open, reasons, 4)] * 2
    assert [each.grade for each in outcome.suggestions[:3]] == [GOOD] * 3
    assert codes(outcome.suggestions[5]) == ["BAND", "QUOTA"]


def test_those_who_tie_right_below_the_line_do_not_tie_across_it():
    suggestions = suggest_grades(campaign(20, 20, 20, 20, 16, 16), Policy(quota_min_below_good_bp=3000)).suggestions

    assert [codes(each) for each in suggestions[4:]] == [["BAND", "QUOTA"]] * 2


def test_no_places_at_all_leave_nobody_tied_across_the_line():
    suggestions = suggest_grades(campaign(20, 20, 20, 20, 20), Policy(quota_min_below_good_bp=10000)).suggestions

    assert [codes(each) for each in suggestions] == [["BAND", "QUOTA"]] * 5


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        pytest.param({"good": 19, "fairly_good": 1}, {"good": 18, "fairly_good": 2}, id="score"),
        pytest.param({"good": 38, "fairly_good": 1, "average": 1}, {"good": 37, "fairly_good": 3}, id="share of good"),
        pytest.param({"good": 16, "average": 4}, {"good": 16, "fairly_good": 2, "poor": 2}, id="share of poor"),
        pytest.param(
            {"panels": {"B": count(18, 2), "A": count(20)}},
            {"panels": {"B": count(20), "A": count(18, 2)}},
            id="first panel",
        ),
        pytest.param(
            {"good": 20, "closure_rate": Decimal("0.81")}, {"good": 20, "closure_rate": Decimal("0.8")}, id="rate"
        ),
        pytest.param(
            {"good": 20, "closure_rate": Decimal("0.5")}, {"good": 20, "closure_rate": Decimal(0)}, id="nothing closed"
        ),
        pytest.param({"good": 20, "closure_rate": Decimal(0)}, {"good": 20}, id="no rate is the lowest"),
        pytest.param({"panels": {"A": count(20)}}, {"panels": {"B": count(20)}}, id="no first panel is the lowest"),
    ],
)
def test_keys_of_the_ranking_in_their_order(better, worse):
    """Two for one place; the better one is entered last and has the later name."""
    weights = {"A": 1, "B": 1}
    two = [standing("a", **worse), standing("z", **better)]
    policy = Policy(quota_min_group=0, quota_min_below_good_bp=5000, score_floors=[80, 70, 50], panel_weights=weights)

    suggestions = suggest_grades(two, policy).suggestions

    assert [each.grade for each in suggestions] == [FAIRLY_GOOD, GOOD]
    assert codes(suggestions[0]) == ["BAND", "QUOTA"]


def test_the_first_panel_is_the_first_one_named():
    """Without weights the first one in the document, with them the first one there."""
    two = [
        standing("x", panels={"A": count(20), "B": count(18, 2)}),
        standing("y", panels={"B": count(20), "A": count(18, 2)}),
    ]
    policy = {"quota_min_group": 0, "quota_min_below_good_bp": 5000}

    assert grades(two, **policy) == [GOOD, FAIRLY_GOOD]
    assert grades(two, **policy, panel_weights={"B": 1, "A": 1}) == [FAIRLY_GOOD, GOOD]


def test_groups_by_organization_type_have_their_own_places():
    branches = campaign(20, 19, 18, 17, 16, org_type="BRANCH")
    others = [standing("s1", 15, 5, org_type="COMMITTEE")]

    outcome = suggest_grades([*others, *branches], Policy(quota_group_by="ORG_TYPE"))

    assert [(group.name, group.size, group.places) for group in outcome.groups] == [
        ("COMMITTEE", 1, 0),
        ("BRANCH", 5, 4),
    ]
    assert outcome.of("s1").grade is GOOD
    assert outcome.of("r4").grade is FAIRLY_GOOD


def test_grouping_by_type_wants_a_type():
    with pytest.raises(Malformed, match=r"reviews\[0\]\.org_type"):
        suggest_grades([standing(good=9)], Policy(quota_group_by="ORG_TYPE"))


def test_without_a_quota_nobody_is_lowered_and_nobody_warned():
    outcome = suggest_grades(campaign(20, 20), Policy(quota_min_below_good_bp=0))

    assert [each.grade for each in outcome.suggestions] == [GOOD, GOOD]
    assert (outcome.groups[0].places, outcome.groups[0].notices) == (2, ())


def test_forced_reviews_take_no_place():
    everybody = [*campaign(20, 19, 18, 17), standing("forced", 20, facts=("ACCOUNTABILITY",))]

    assert grades(everybody) == [GOOD] * 4 + [POOR]


def test_a_review_with_few_votes_stays_open_below_the_line():
    everybody = [*campaign(20, 20, 20, 20), standing("few", 3, 1)]

    suggestion = suggest_grades(everybody, Policy(tie_policy="EXCLUDE_ALL")).of("few")

    assert (codes(suggestion), suggestion.is_open) == (["BAND", "FEW_BALLOTS", "QUOTA"], True)


def test_nobody_at_all_is_no_group():
    outcome = suggest_grades([], Policy())

    assert (outcome.suggestions, outcome.groups) == ((), ())


# -- step 9: consequences ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("marks", "previous", "expected"),
    [
        ({"good": 10}, POOR, []),
        ({"fairly_good": 10}, POOR, ["BAR_ANNUAL_EXCELLENT"]),
        ({"average": 10}, GOOD, ["BAR_ANNUAL_EXCELLENT", "ADMONITION_TALK", "ORDERED_RECTIFICATION"]),
        (
            {"average": 10},
            AVERAGE,
            ["BAR_ANNUAL_EXCELLENT", "ADMONITION_TALK", "ORDERED_RECTIFICATION", "CONSECUTIVE_LOW"],
        ),
        ({"poor": 10}, None, ["BAR_ANNUAL_EXCELLENT", "ADMONITION_TALK", "ORDERED_RECTIFICATION"]),
    ],
)
def test_consequences_of_a_grade(marks, previous, expected):
    assert list(suggest(standing(**marks, previous_grade=previous)).consequences) == expected


def test_consequences_follow_the_grade_after_the_quota():
    suggestions = suggest_grades(campaign(20, 19, 18, 17, 16), Policy()).suggestions

    assert suggestions[3].consequences == ()
    assert suggestions[4].consequences == (Consequence.BAR_ANNUAL_EXCELLENT,)


def test_a_run_of_low_years_can_be_left_out():
    one = standing(average=10, previous_grade=POOR)

    assert Consequence.CONSECUTIVE_LOW not in suggest(one, consecutive_years=0).consequences


def test_a_major_failure_asks_for_accountability_only_where_it_forces():
    one = standing(good=10, facts=("MAJOR_FAILURE",))

    assert Consequence.ACCOUNTABILITY_REVIEW in suggest(one).consequences
    assert suggest(one, forcing_facts=[]).consequences == ()


def test_every_consequence_has_words():
    assert all(each.label for each in Consequence)


def test_a_cap_lowers_only_whom_its_fact_is_about():
    two = [standing("late", good=20, facts=("LATE_REPORT",)), standing("in time", good=20)]

    assert grades(two, caps={"LATE_REPORT": FAIRLY_GOOD}) == [FAIRLY_GOOD, GOOD]


def test_as_many_votes_as_the_policy_wants_leave_nothing_open():
    (four, five) = suggest_grades(
        [standing("a", good=4), standing("b", good=5)], Policy(min_valid_ballots=5)
    ).suggestions

    assert (four.is_open, five.is_open) == (True, False)


def test_panels_that_all_voted_are_not_held_up_by_the_rule_on_empty_ones():
    both = standing("a", panels={"A": count(20), "B": count(20)})

    assert grades([both], empty_panel="BLOCK") == [GOOD]
