"""Each line of the arithmetic stands beside its clause, none is lost, none invented."""

import re
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviews.grade.why.steps import FIRED, TESTED, steps_in_short, steps_of
from scoring.explanation import explain
from scoring.policy import Grade, Policy, from_document
from scoring.rules import suggest_grades
from scoring.standing import Standing
from scoring.tally import PanelCount

SPOKEN = {"得分就是现场测评得分。"}  # what a tested clause tells of itself
counts = st.integers(0, 40)


def votes(good, fairly_good=0, average=0, poor=0, abstain=0) -> PanelCount:
    returned = good + fairly_good + average + poor + abstain
    return PanelCount(returned, returned, good, fairly_good, average, poor, abstain)


panels = st.dictionaries(st.sampled_from("ABC"), st.builds(votes, counts, counts, counts, counts, counts), min_size=1)
policies = st.sampled_from(
    [
        Policy(),
        from_document({"forced_poor_mode": "EITHER"}),
        from_document({"composite": {"ballot": "40", "routine": "30", "field": "30"}}),
        from_document({"caps": {"LATE_REPORT": "FAIRLY_GOOD"}, "quota_min_below_good_bp": 0}),
    ]
)
facts = st.sampled_from([(), ("ACCOUNTABILITY",)])


def standings(count: int):
    built = st.builds(
        lambda p, f, score: {"panels": p, "facts": f, "routine": score, "field": score},
        panels,
        facts,
        st.one_of(st.none(), st.decimals(0, 100, places=1)),
    )
    return st.lists(built, min_size=count, max_size=count).map(
        lambda many: [Standing(str(n), **each) for n, each in enumerate(many)]
    )


@settings(deadline=None)
@given(standings(6), policies)
def test_every_line_of_the_arithmetic_stands_once_beside_a_clause_and_none_is_invented(field, policy):
    outcome = suggest_grades(field, policy)

    for standing in field:
        laid = [line for step in steps_of(standing, policy, outcome) for line in step.lines]

        spoken = SPOKEN | {f"有效票 {standing.expressed} 张。"}
        assert sorted(line for line in laid if line not in spoken) == sorted(explain(standing, policy, outcome)[:-1])


@pytest.mark.parametrize(
    ("standing", "clause", "verdict"),
    [
        (Standing("1", {"A": votes(20, 6, 0, 3)}), "低等次票过多", FIRED),
        (Standing("1", {"A": votes(20, 6, 0, 2)}), "低等次票过多", TESTED),
        (Standing("1", {"A": votes(20)}, facts=("ACCOUNTABILITY",)), "确定为差的情形", FIRED),
        (Standing("1", {"A": votes(20)}), "确定为差的情形", TESTED),
        (Standing("1", {"A": votes(4)}), "最少有效票数", FIRED),
    ],
)
def test_a_clause_says_whether_it_fired(standing, clause, verdict):
    steps = {step.title: step for step in steps_of(standing, Policy())}

    assert steps[clause].verdict == verdict


def test_the_score_can_be_reckoned_again_from_what_is_printed():
    standing = Standing("1", {"A": votes(7, 2, 1), "B": votes(10, 6, 1, 2)})
    policy = from_document({"panel_weights": {"A": "60", "B": "40"}})
    steps = {step.title: step.lines for step in steps_of(standing, policy)}

    printed = [line for line in steps["等次与分值"] if "/" in line and "=" in line]
    parts = [re.search(r"\((.+)\)/(\d+) = ", line).groups() for line in printed]
    by_hand = [
        Fraction(sum(Decimal(a) * Decimal(b) for a, b in re.findall(r"(\d+)×(\d+)", top))) / int(n) for top, n in parts
    ]

    score = (60 * by_hand[0] + 40 * by_hand[1]) / 100
    assert f"{score.numerator}/{score.denominator}" in steps["票种权重"][0]


def test_beside_a_small_panel_no_figure_of_the_votes_is_laid_out():
    reasons = [
        {"code": "BAND", "text": "已按得分划入等次"},
        {"code": "FORCED_BY_BALLOTS", "text": "低等次票的比例超过 10 %"},
    ]

    steps = {step.title: step for step in steps_in_short(reasons, Policy())}

    assert steps["等次与分值"].lines == []
    assert steps["低等次票过多"].verdict == FIRED
    assert steps["得分线"].lines == ["已按得分划入等次。"]


def test_every_step_shows_its_rule_and_where_it_comes_from():
    steps = steps_of(Standing("1", {"A": votes(20)}), Policy())

    assert all(step.words and step.source for step in steps)
    assert Grade.GOOD.label in "".join(steps[0].words)
