"""The solver finds what can be found, and claims nothing that cannot."""

from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.reviews.grade.attack.solver import between, determined, exactly

FOUR = ("good", "fairly_good", "average", "poor")
FIVE = exactly(dict.fromkeys(FOUR, 1), 5)
VALUES = dict(zip(FOUR, (100, 80, 60, 40), strict=True))


def test_what_is_hidden_beside_a_total_is_found_by_subtracting():
    facts = [exactly({"hidden": 1, "shown": 1}, 23), exactly({"shown": 1}, 20)]

    assert determined(facts, most=23) == {"hidden": 3, "shown": 20}


def test_two_unknown_panels_beside_their_total_stay_unknown():
    assert determined([exactly({"A": 1, "B": 1}, 23)], most=23) == {}


def test_two_equations_solve_two_panels():
    facts = [exactly({"A": 1, "B": 1}, 23), exactly({"A": 60, "B": 40}, 1000)]

    assert determined(facts, most=23) == {"A": 4, "B": 19}


@pytest.mark.parametrize(("score", "found"), [(100, 4), (96, 4), (92, 1), (72, 0)])
def test_the_score_of_five_ballots_has_few_histograms(score, found):
    """100 and 96 have one; of 92 only that nobody said 差; in the middle all stays open."""
    facts = [FIVE, between(VALUES, 5 * (score - 1), 5 * (score + 1))]

    assert len(determined(facts, most=5)) == found


def test_a_majority_determines_nothing():
    facts = [FIVE, *(between({"good": 1, other: -1}, 0, None) for other in FOUR[1:])]

    assert determined(facts, most=5) == {}


def test_facts_that_contradict_each_other_were_read_wrongly():
    with pytest.raises(ValueError, match="no counts fit"):
        determined([FIVE, exactly({"good": 1}, 6)], most=9)


small = st.integers(min_value=-3, max_value=3)


@settings(max_examples=300, deadline=None)
@given(
    truth=st.tuples(*[st.integers(0, 4)] * 3),
    rows=st.lists(st.tuples(small, small, small, st.integers(0, 3)), max_size=4),
)
def test_the_answer_is_what_trying_all_counts_says(truth, rows):
    kept = list(product(range(5), repeat=3))
    facts = [between({"a": 1, "b": 1, "c": 1}, 0, 12)]
    for *times, slack in rows:
        value = sum(t * n for t, n in zip(times, truth, strict=True))
        named = {cell: t for cell, t in zip("abc", times, strict=True) if t}
        if named:
            facts.append(between(named, value - slack, value + slack))
            kept = [c for c in kept if abs(sum(t * n for t, n in zip(times, c, strict=True)) - value) <= slack]

    found = determined(facts, most=4)

    assert found == {cell: truth[n] for n, cell in enumerate("abc") if len({counts[n] for counts in kept}) == 1}
