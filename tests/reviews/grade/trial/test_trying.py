"""Two policies on the same figures."""

from dataclasses import replace

from hypothesis import HealthCheck, given, settings

from reviews.grade.trial.trying import fitted, try_policy
from scoring.policy import Policy
from scoring.rules import suggest_grades
from tests.scoring.make import campaign, count, standing
from tests.scoring.test_rule_properties import policies, standings

UNHURRIED = settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)


@UNHURRIED
@given(standings(), policies())
def test_the_same_policy_changes_nobody(everybody, policy):
    trial = try_policy(everybody, policy, replace(policy, name="另一个名称"))

    assert trial.changed == 0
    assert all(line.why == () and line.before == line.after for line in trial.lines)


@UNHURRIED
@given(standings(), policies(), policies())
def test_a_trial_says_what_the_rules_say_of_everybody(everybody, before, after):
    trial = try_policy(everybody, before, after)

    old, new = suggest_grades(everybody, before), suggest_grades(everybody, after)
    changed = {
        each.id
        for each in new.suggestions
        if (old.of(each.id).grade, old.of(each.id).is_open) != (each.grade, each.is_open)
    }
    assert {line.id for line in trial.lines if line.is_changed} == changed
    assert len(trial.lines) == len(everybody)
    assert sum(number for _, _, number in trial.counts) <= len(everybody)


def test_who_changes_is_told_why():
    one = standing("王", 35, 0, 4, 1)

    trial = try_policy([one], Policy(), Policy(forced_poor_mode="AVERAGE_PLUS_POOR"))

    (line,) = trial.lines
    assert (line.before, line.after, line.is_changed) == ("好", "差", True)
    assert "一般票和差票合计 5/40=12.50 %，超过 10.00 %，等次定为差" in line.why


def test_the_line_of_the_quota_stands_above_the_first_it_lowers():
    trial = try_policy(
        campaign(20, 19, 18, 17, 16), Policy(quota_min_below_good_bp=0), Policy(quota_min_below_good_bp=4000)
    )

    assert [line.id for line in trial.lines if line.is_below_quota_line] == ["r3"]
    assert trial.places == ("全体 5 人，“好”的名额 3 个，试算 3 个",)
    assert trial.counts[:2] == (("好", 5, 3), ("较好", 0, 2))


def test_a_merged_panel_weighs_what_its_parts_weigh():
    policy = Policy(panel_weights={"A": 50, "B": 30, "C": 20}, forced_poor_scope="PANEL:C")

    over, notes = fitted(policy, ["A+C", "B"], Policy())

    assert {code: int(weight) for code, weight in over.panel_weights} == {"A+C": 70, "B": 30}
    assert over.forced_poor_scope == "PANEL:A+C"
    assert notes == []


def test_panels_that_the_policy_does_not_know_keep_their_weights_and_it_is_told():
    own = Policy(panel_weights={"甲": 70, "乙": 30})

    over, notes = fitted(Policy(panel_weights={"A": 1}, forced_poor_scope="PANEL:A"), ["甲", "乙"], own)

    assert over.panel_weights == own.panel_weights
    assert over.forced_poor_scope == "POOLED"
    assert len(notes) == 2
    assert try_policy([standing(panels={"甲": count(9, 1), "乙": count(5, 5)})], own, over).changed == 0
