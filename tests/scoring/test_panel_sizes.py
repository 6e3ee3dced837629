"""Small panels: not frozen, counted together, or not shown (SECURITY S8, S9, S11)."""

from datetime import timedelta
from random import Random

import pytest

from organizations.errors import Refused
from scoring import booth, count, terms
from scoring.models import Box, Lid
from scoring.tally import PanelCount
from tests.scoring.boxes import (
    make_clerk,
    make_draft,
    make_open,
    vote,
)

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("size", [1, 4])
def test_a_secret_panel_of_fewer_than_five_cannot_be_frozen(size):
    box = make_draft({"A": 10, "B": size})

    with pytest.raises(Refused, match=r"合并.*实名"):
        booth.freeze(box, by=make_clerk())

    assert Box.objects.get(pk=box.pk).state == Box.State.DRAFT


def test_a_small_panel_may_vote_by_name():
    box = make_draft({"A": 2}, each_panel={"is_secret": False})

    assert booth.freeze(box, by=make_clerk()).state == Box.State.FROZEN


def test_turnout_moves_in_steps_of_five_and_once_a_minute():
    filled = make_open({"A": 40})
    seen = []
    for slip in filled.slips["A"][:36]:
        vote(slip)
        seen.append(booth.turnout(filled.box).cast)
    at_first = set(seen)
    Lid.objects.update(turnout_read_at=Lid.objects.get(box=filled.box).turnout_read_at - timedelta(seconds=61))
    later = booth.turnout(filled.box)
    booth.close(filled.box, by=filled.by)
    after = booth.turnout(filled.fresh())

    assert at_first == {0}
    assert (later.cast, later.is_nearly_all, str(later)) == (35, True, "已投 90 % 以上")
    assert (after.cast, after.is_exact, str(after)) == (36, True, "收回 36 / 40")


@pytest.mark.parametrize(
    ("returned", "joined"),
    [
        ({"A": 10, "B": 10}, {}),
        ({"A": 4, "B": 10}, {"B": "A"}),
        ({"A": 10, "B": 4, "C": 30}, {"B": "A"}),
        ({"A": 30, "B": 4, "C": 10}, {"C": "B"}),
        ({"A": 3, "B": 10, "C": 2}, {"C": "A"}),
        ({"A": 1, "B": 0}, {}),
        ({"A": 4}, {}),
        ({"A": 2, "B": 2, "C": 9, "D": 7}, {"B": "A", "D": "A"}),
    ],
)
def test_panels_with_fewer_than_five_ballots_are_counted_together(returned, joined):
    panels = [{"code": code, "is_secret": True, "returned": many} for code, many in returned.items()]

    assert terms.merged(panels) == joined


def test_merged_panels_are_weighted_together():
    filled = make_open({"A": 5, "B": 6}, policy={"forced_poor_scope": "PANEL:B"}, each_panel={"weight": 30})
    for slip in filled.slips["A"][:3]:
        vote(slip, "444")
    for slip in filled.slips["B"]:
        vote(slip, "111")
    booth.close(filled.box, by=filled.by)
    box = booth.unseal(filled.box, filled.codes, by=filled.by)

    counted, policy = count.standings_input(box), terms.policy_of(box)

    assert counted[1] == {"A+B": PanelCount(issued=11, returned=9, good=3, poor=6)}
    assert dict(policy.panel_weights) == {"A+B": 60}
    assert policy.forced_poor_scope == "PANEL:A+B"
    assert count.suggestions_for(box).of("1").grade.name == "POOR"


@pytest.mark.parametrize(
    ("ballots", "is_secret", "shown"),
    [
        (0, True, "hidden"),
        (4, True, "hidden"),
        (5, True, "band"),
        (9, True, "band"),
        (10, True, "histogram"),
        (2, False, "histogram"),
    ],
)
def test_how_much_is_shown_depends_on_how_many_voted(ballots, is_secret, shown):
    assert booth.display_of(ballots, is_secret=is_secret) == shown


def test_no_random_plan_freezes_a_secret_panel_of_fewer_than_five():
    chance, policy = Random(9), terms.complete_policy(Box())
    frozen_small = 0
    for _ in range(10_000):
        panels = [
            {"code": code, "label": code, "is_secret": chance.random() < 0.8, "eligible": chance.randint(0, 9)}
            for code in "ABC"[: chance.randint(1, 3)]
        ]
        try:
            terms.check_terms({"panels": panels, "entries": [{"number": 1}], "policy": policy})
        except Refused:
            continue
        frozen_small += any(panel["is_secret"] and panel["eligible"] < 5 for panel in panels)

    assert frozen_small == 0
