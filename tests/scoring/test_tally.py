"""Marks into counts, counts into exact scores."""

from collections import Counter
from dataclasses import astuple
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.tally import (
    MARKS,
    PanelCount,
    UnreadableBallots,
    count_marks,
    panel_count,
    panel_score,
    weighted_mean,
)

VALUES = [Fraction(value) for value in (100, 80, 60, 40)]


@given(st.integers(0, 6).flatmap(lambda wide: st.lists(st.text("43210x-", min_size=wide, max_size=wide), max_size=30)))
def test_counting_is_counting_column_by_column(ballots):
    assert count_marks(ballots) == [Counter(column) for column in zip(*ballots, strict=True)]


def test_an_empty_box_has_a_count_for_every_entry():
    assert count_marks([], entries=3) == [Counter(), Counter(), Counter()]
    assert count_marks([]) == []


def test_ballots_may_come_one_by_one():
    assert count_marks(iter(["4", "4", "1"])) == [{"4": 2, "1": 1}]


@pytest.mark.parametrize(
    ("ballots", "entries"),
    [(["44", "4"], None), (["4", "44"], None), (["44", ""], None), (["44"], 3), (["444", "4"], 2), (["4"], 0)],
)
def test_a_ballot_of_another_length_stops_the_count(ballots, entries):
    with pytest.raises(UnreadableBallots):
        count_marks(ballots, entries)


def test_the_ballot_of_another_length_is_named_and_not_its_neighbour():
    with pytest.raises(UnreadableBallots, match="每张票应有 2 项，发现一张有 1 项"):
        count_marks(["44", "4"])


@pytest.mark.parametrize("unknown", ["5", "X", " ", "４", "好"])
def test_an_unknown_mark_stops_the_count_and_is_named(unknown):
    with pytest.raises(UnreadableBallots, match=f"第 2 项.*{unknown}"):
        count_marks(["44", "4" + unknown])


def test_every_mark_has_its_place_in_the_count_of_a_panel():
    marks = Counter({"4": 1, "3": 2, "2": 3, "1": 4, "0": 5, "x": 6, "-": 7})

    count = panel_count(marks, issued=30)

    assert count == PanelCount(30, 28, good=1, fairly_good=2, average=3, poor=4, abstain=5, invalid=6, recused=7)
    assert (count.expressed, count.marked, count.breach()) == (10, 28, "")
    assert set(MARKS) == set(marks)


def test_sheets_returned_can_be_told_apart_from_marks():
    count = panel_count({"4": 9}, issued=10, returned=10)

    assert count.returned == 10
    assert "9" in count.breach()


def test_a_panel_has_no_unknown_marks():
    with pytest.raises(UnreadableBallots):
        panel_count({"5": 1}, issued=1)


def test_a_panel_of_which_nothing_is_said_counts_nothing():
    assert astuple(PanelCount()) == (0,) * 9


@pytest.mark.parametrize(
    ("count", "told"),
    [
        (PanelCount(4, 5, good=5), "收回 5 张，多于发出 4 张"),
        (PanelCount(5, 5, good=4), "=4，与收回 5 张不符"),
        (PanelCount(5, 5, good=6, poor=-1), "poor 为 -1"),
        (PanelCount(-1, -1), "issued 为 -1"),
    ],
)
def test_a_breach_tells_the_figures(count, told):
    assert told in count.breach()


def test_a_panel_score_is_exact():
    assert panel_score(PanelCount(29, 29, 24, 2, 0, 3), VALUES) == Fraction(2680, 29)
    assert panel_score(PanelCount(3, 3, abstain=3), VALUES) is None


def test_a_panel_score_wants_a_value_for_each_of_the_four_grades():
    with pytest.raises(ValueError, match="longer"):
        panel_score(PanelCount(3, 3, good=3), VALUES[:3])


def test_a_mean_over_no_weight_is_none():
    assert weighted_mean([]) is None
    assert weighted_mean([(Fraction(1), Fraction(90)), (Fraction(2), Fraction(60))]) == 70
