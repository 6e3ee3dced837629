"""S12: how the marks of one ballot go together is nowhere once a box is opened, hence on no page and in no file."""

from random import Random

import pytest

from scoring.count import document_of, export_package
from scoring.models import Envelope, Mark
from tests.scoring.boxes import make_opened
from tests.scoring.test_recount import files_of

pytestmark = pytest.mark.django_db

VOTERS, ENTRIES = 12, 6
# What every box has of its own, whatever was voted: its key, receipts and the chain that names both.
OWN = {"receipts.txt", "events.jsonl", "roots.json", "session.json"}


def ballots(random: Random) -> list[str]:
    return ["".join(random.choices("4321", weights=(12, 4, 2, 1), k=ENTRIES)) for _ in range(VOTERS)]


def paired_anew(ballots: list[str], random: Random) -> list[str]:
    """The same marks for every entry, dealt to the voters in another way."""
    columns = [random.sample(column, len(column)) for column in zip(*ballots, strict=True)]
    return ["".join(line) for line in zip(*columns, strict=True)]


def left_of(voted: list[str]) -> tuple[set, dict, dict]:
    """Everything that a vote leaves behind: its rows, the document that is graded, the files of its package."""
    box = make_opened({"A": VOTERS}, ENTRIES, ballots={"A": voted}, title="测评").box
    rows = set(Mark.objects.filter(panel__box=box).values_list("panel__code", "entry__number", "choice", "votes"))
    files = {name: content for name, content in files_of(export_package(box)).items() if name not in OWN}
    return rows, document_of(box), files


def test_however_marks_went_together_on_ballots_an_opened_box_is_the_same():
    random = Random(12)
    voted = ballots(random)
    other = paired_anew(voted, random)

    assert sorted(voted) != sorted(other)
    assert left_of(voted) == left_of(other)
    assert not Envelope.objects.exists()


def test_one_mark_changed_is_seen_in_all_of_them():
    voted = ballots(Random(12))
    changed = [("3" if voted[0][0] == "4" else "4") + voted[0][1:], *voted[1:]]

    one, other = left_of(voted), left_of(changed)

    assert all(mine != theirs for mine, theirs in zip(one, other, strict=True))
