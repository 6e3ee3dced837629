"""What the pages of grading are made of."""

import pytest

from organizations.errors import Refused
from reviews.grade import queries
from reviews.grade.feedback.queries import letter_rows
from reviews.ledger.actions import add_problem, withdraw_problem
from reviews.plan.models import Stage
from tests.make import make_campaign
from tests.reviews.grade.scene import (
    FAIR,
    GOOD,
    POOR,
    build_scene,
    confirmed_fact,
    note,
    send_letters,
    suggest,
)

pytestmark = pytest.mark.django_db


def order_of(scene) -> list[int]:
    """The places of the scene's reviews in the order of the table."""
    return [scene.reviews.index(line.review) for line in queries.table_of(scene.campaign).lines]


def test_the_best_come_first_and_those_without_a_score_last():
    votes = [{"A": FAIR}, {"A": GOOD}, {"A": "0" * 10}, {"A": POOR}, {"A": "4444444443"}]

    scene = suggest(build_scene(votes))

    assert order_of(scene) == [1, 4, 0, 3, 2]
    assert [line.rank for line in queries.table_of(scene.campaign).lines] == [1, 2, None, None, None]


def test_the_line_is_drawn_above_the_first_whom_the_quota_lowers():
    votes = [{"A": GOOD[:-n] + "3" * n} for n in range(1, 6)]
    scene = suggest(build_scene(votes))

    table = queries.table_of(scene.campaign)

    assert [line.is_below_quota_line for line in table.lines] == [False, False, False, False, True]
    assert table.places == ["全体 5 人，“好”的名额 4 个，建议 4 个"]


def test_who_is_forced_down_takes_no_place_above_the_line():
    votes = [{"A": GOOD}, *({"A": GOOD[:-n] + "3" * n} for n in range(1, 5))]
    scene = suggest(build_scene(votes))

    confirmed_fact(scene, place=0)

    assert order_of(scene) == [1, 2, 3, 4, 0]
    assert not any(line.is_below_quota_line for line in queries.table_of(scene.campaign).lines)


def test_quota_groups_stand_apart_under_their_names():
    votes = [{"A": GOOD}] * 2 + [{"A": FAIR}] * 2
    kinds = ["branch", "general_branch"] * 2

    scene = suggest(build_scene(votes, policy={"quota_group_by": "ORG_TYPE"}, kinds=kinds))

    table = queries.table_of(scene.campaign)
    assert [line.group for line in table.lines] == ["党支部（2 人）", "", "党总支（2 人）", ""]
    assert all("仅 2 人" in sentence for sentence in table.places)


def test_without_a_quota_no_places_are_told():
    scene = suggest(build_scene(policy={"quota_min_below_good_bp": 0}))

    assert queries.table_of(scene.campaign).places == []


def test_before_the_opening_there_is_no_table_and_before_the_suggestion_an_empty_one():
    with pytest.raises(Refused, match="尚未开箱"):
        queries.table_of(make_campaign(stage=Stage.BALLOT))

    assert queries.table_of(build_scene().campaign).lines == []


def test_grades_are_counted():
    campaign = suggest(build_scene([{"A": GOOD}, {"A": FAIR}, {"A": POOR}])).campaign

    counts = queries.counts_of_grades(queries.table_of(campaign).lines, campaign)

    assert counts == [("好", 1), ("较好", 1), ("一般", 0), ("差", 1)]


def test_a_letter_tells_what_was_fed_back_with_it_and_nothing_later():
    scene = build_scene()
    told, taken_back = (note(scene.reviews[0], scene.clerk, text) for text in ("形式单一", "后来撤回"))
    before = letter_rows(scene.campaign)[0].problems
    send_letters(scene)
    withdraw_problem(taken_back, reason="重复", by=scene.clerk)

    add_problem(scene.reviews[0], source="inspection", text="巡察后来指出", by=scene.clerk)

    assert before == [told, taken_back]
    rows = letter_rows(scene.campaign)
    assert [row.problems for row in rows] == [[told, taken_back], []]
    assert [row.is_approved for row in rows] == [True, True]


def test_beside_a_small_panel_there_is_no_rank_and_the_order_tells_no_score():
    votes = [{"A": "44444"}, {"A": "44443"}, {"A": "33333"}, {"A": "44444"}]
    scene = suggest(build_scene(votes))

    lines = queries.table_of(scene.campaign).lines

    assert [line.rank for line in lines] == [None] * 4
    assert [line.suggestion.score for line in lines] == [""] * 4
    assert [scene.reviews.index(line.review) for line in lines] == [0, 1, 3, 2]  # by grade, then as they debriefed
