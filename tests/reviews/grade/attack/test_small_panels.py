"""S9, S14: no secret panel is frozen small, none is counted small, and the same data make the same bytes."""

from contextlib import suppress
from random import Random

import pytest

from organizations.errors import Refused
from reviews.documents.grade_sheet import build_grade_sheet
from reviews.grade import suggesting
from scoring import terms
from scoring.policy import Policy, to_document
from scoring.terms import FEWEST_FOR_ANY_NUMBER, FEWEST_IN_A_SECRET_PANEL
from tests.reviews.grade.scene import FAIR, GOOD, approve, build_scene

CONFIGS = 10_000


def a_config(random: Random) -> dict:
    """What somebody might want to freeze: one to five panels of zero to forty voters, some of them by name."""
    panels = [
        {
            "code": code,
            "label": f"{code}票",
            "eligible": random.choice([random.randint(0, 8), random.randint(0, 40)]),
            "is_secret": random.random() < 0.8,
        }
        for code in "ABCDE"[: random.randint(1, 5)]
    ]
    return {"panels": panels, "entries": [{"number": 1}], "policy": to_document(Policy())}


def test_no_secret_panel_with_fewer_than_five_is_frozen():
    random, frozen = Random(9), []

    for config in (a_config(random) for _ in range(CONFIGS)):
        with suppress(Refused):
            terms.check_terms(config)
            frozen += [panel for panel in config["panels"] if panel["is_secret"]]

    assert len(frozen) > 1_000
    assert min(panel["eligible"] for panel in frozen) == FEWEST_IN_A_SECRET_PANEL


def test_no_secret_panel_is_counted_with_one_to_four_ballots_if_others_can_cover_it():
    random, counted = Random(10), 0

    for config in (a_config(random) for _ in range(CONFIGS)):
        panels = [panel | {"returned": panel["eligible"]} for panel in config["panels"]]
        merged = terms.merged(panels)
        ballots: dict[str, int] = {}
        for panel in panels:
            if panel["is_secret"] and panel["returned"]:
                head = merged.get(panel["code"], panel["code"])
                ballots[head] = ballots.get(head, 0) + panel["returned"]
        counted += len(merged)
        if sum(ballots.values()) >= FEWEST_FOR_ANY_NUMBER:
            assert min(ballots.values()) >= FEWEST_FOR_ANY_NUMBER

    assert counted > 500


@pytest.mark.django_db
def test_two_exports_of_the_same_data_are_the_same_bytes():
    scene = approve(build_scene([{"A": GOOD, "B": FAIR}, {"A": FAIR, "B": FAIR}]))

    sheets = [build_grade_sheet(scene.fresh(), lambda done, total: None) for _ in range(2)]
    packages = [suggesting.package_of(scene.fresh()) for _ in range(2)]

    assert sheets[0] == sheets[1]
    assert packages[0] == packages[1]
