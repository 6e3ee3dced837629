"""到会人数要求: whole numbers, no rounding; stated in the plan as one sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviews.plan.quorum import Quorum

shares = st.tuples(st.integers(1, 100), st.integers(1, 100)).filter(lambda share: share[0] <= share[1])
quorums = st.builds(lambda share, strict: Quorum(*share, is_strict=strict), shares, st.booleans())


@given(quorums, st.integers(1, 10_000))
def test_so_many_as_are_needed_are_enough_and_one_fewer_is_not(quorum, expected):
    needed = quorum.needed(expected)

    assert quorum.is_reached(needed, expected)
    assert not quorum.is_reached(needed - 1, expected)


@given(quorums, st.integers(1, 10_000))
def test_when_all_have_come_the_quorum_is_reached(quorum, expected):
    assert 0 < quorum.needed(expected) <= expected


@pytest.mark.parametrize(
    ("quorum", "expected", "needed"),
    [
        (Quorum(), 30, 16),
        (Quorum(), 1, 1),
        (Quorum(1, 2, is_strict=False), 30, 15),
        (Quorum(2, 3, is_strict=False), 9, 6),
        (Quorum(2, 3), 9, 7),
        (Quorum(80, 100, is_strict=False), 7, 6),
        (Quorum(1, 1), 7, 7),
        (Quorum(), 0, 0),
    ],
)
def test_the_readings_of_the_field(quorum, expected, needed):
    assert quorum.needed(expected) == needed


def test_the_rule_reads_as_one_sentence():
    strict, binding = Quorum(), Quorum(2, 3, is_strict=False, is_binding=True)

    assert strict.sentence == "各票种实到人数须超过应到人数的半数；未达到的，须写明理由方可开始测评。"
    assert binding.sentence == "各票种实到人数须不少于应到人数的2/3；未达到的，不得开始测评。"
