"""I6, I15: thousands of random histories and ballots, judged by the product and by a second reading that must agree."""

from collections import Counter
from random import Random

import pytest

from organizations.errors import Refused
from scoring.casting import ballot_of
from scoring.closing import _faults_of
from scoring.models import Box, Panel
from scoring.opening import valid_or_spoilt
from tests.scoring.boxes import marks_of

HISTORIES, BALLOTS = 10_000, 2_000


def random_history(chance: Random) -> tuple[Panel, int]:
    """A panel as slips were made, used, voided and exchanged, then perhaps one number put in by hand."""
    eligible, spare = chance.randint(5, 40), chance.randint(0, 5)
    paper_issued = chance.randint(0, 5)
    issued = chance.randint(0, eligible + spare - paper_issued)
    spent = chance.randint(0, issued)
    history = {
        "issued": issued,
        "spent": spent,
        "voided": issued - spent,
        "paper_issued": paper_issued,
        "paper_returned": chance.randint(0, paper_issued),
        "exchanged": chance.randint(0, min(issued - spent, 3)),
    }
    envelopes = spent + history["paper_returned"]
    if chance.random() < 0.5:
        name = chance.choice([*history, "envelopes"])
        step = chance.choice((-2, -1, 1, 2))
        envelopes += step if name == "envelopes" else 0
        if name != "envelopes":
            history[name] = max(0, history[name] + step)
    return Panel(code="A", label="A票", eligible=eligible, spare=spare, **history), envelopes


def balances(panel: Panel, envelopes: int) -> bool:
    """The second reading of SECURITY I6-I9 and I14."""
    returned = panel.spent + panel.paper_returned
    return (
        panel.issued == panel.spent + panel.voided
        and envelopes == returned
        and panel.paper_returned <= panel.paper_issued
        and panel.exchanged <= panel.voided
        and returned <= panel.eligible + panel.spare
    )


def test_ten_thousand_random_histories_are_sealed_exactly_when_they_balance():
    chance, seen = Random(6), Counter()

    for _ in range(HISTORIES):
        panel, envelopes = random_history(chance)
        is_sound = balances(panel, envelopes)
        seen[is_sound] += 1
        assert (not list(_faults_of(panel, envelopes))) is is_sound, (vars(panel), envelopes)

    assert min(seen.values()) > HISTORIES // 10


def is_taken(ballot: str, entries: int, recusals: int) -> bool:
    try:
        return ballot_of(marks_of(ballot), entries=entries, recusals=recusals) == ballot
    except Refused:
        return False


@pytest.mark.parametrize("recusals", [0, 1])
def test_what_the_cast_takes_the_opening_counts_and_nothing_else_of_a_phone(recusals):
    """A spoilt line (x) is a paper's alone: the cast refuses it, the opening counts it as invalid."""
    chance, seen, entries = Random(15), Counter(), 4
    box, panel = Box(entry_count=entries), Panel(recusals=recusals)

    for _ in range(BALLOTS):
        ballot = "".join(chance.choices("43210-x9", weights=(6, 6, 6, 6, 3, 1, 1, 1), k=chance.choice((3, 4, 4, 4, 5))))
        taken = is_taken(ballot, entries, recusals)
        counted = valid_or_spoilt(ballot, box, panel) == ballot
        by_hand = len(ballot) == entries and not set(ballot) & set("9x") and ballot.count("-") <= recusals
        seen[taken] += 1
        assert taken is by_hand
        assert taken is (counted and "x" not in ballot)

    assert min(seen.values()) > BALLOTS // 10
