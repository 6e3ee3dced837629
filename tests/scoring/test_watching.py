"""I8, S17: what watches over an open box: checkpoints in a chain, and the program's files against the release."""

import logging
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.utils import timezone

from scoring import booth, closing, manifest, watching
from scoring.models import Box, Checkpoint, Envelope, Lid, Token
from tests.scoring.boxes import make_open, vote
from tests.scoring.owner import as_owner

pytestmark = pytest.mark.django_db


def a_minute_later(box: Box) -> None:
    """Staff look at the turnout again when the last figure is old."""
    Lid.objects.filter(box=box).update(turnout_read_at=timezone.now() - closing.TURNOUT_PAUSE)
    booth.turnout(box)


def watched(voters: int = 12):
    """A box with two checkpoints: after seven ballots and after all."""
    filled = make_open({"A": 20})
    slips = iter(filled.slips["A"])
    for many in (7, voters - 7):
        for _ in range(many):
            vote(next(slips))
        a_minute_later(filled.box)
    return filled


def test_checkpoints_are_as_coarse_as_the_turnout_and_one_a_minute_at_most():
    filled = watched(12)

    for _ in range(10):
        booth.turnout(filled.box)

    points = list(Checkpoint.objects.order_by("place").values_list("place", "shown", "is_balanced"))
    assert points == [(1, 5, True), (2, 10, True)]
    assert all(len(at) == 16 for at in Checkpoint.objects.values_list("at", flat=True))  # a minute, no second


def test_every_checkpoint_goes_to_the_log_for_a_machine_elsewhere(caplog):
    with caplog.at_level(logging.INFO, logger="scoring.watching"):
        filled = watched()

    told = [record.getMessage() for record in caplog.records if " checkpoint " in record.getMessage()]
    assert len(told) == 2
    assert filled.box.checkpoints.last().hash in told[-1]


def test_one_deleted_envelope_keeps_the_box_from_being_sealed_and_the_checkpoint_is_named():
    filled = watched(12)
    Envelope.objects.first().delete()
    a_minute_later(filled.box)

    box = booth.close(filled.box, by=filled.by)

    assert box.state == Box.State.INVALID
    assert "第 3 个检查点" in box.reason
    assert "起票数不平，第 2 个检查点" in box.reason


def test_fewer_ballots_than_a_checkpoint_showed_are_named_although_slips_and_envelopes_agree():
    filled = watched(12)
    Envelope.objects.filter(pk__in=[each.pk for each in Envelope.objects.all()[:3]]).delete()
    Token.objects.filter(pk__in=[each.pk for each in Token.objects.filter(state="spent")[:3]]).update(state="issued")

    box = booth.close(filled.box, by=filled.by)

    assert box.state == Box.State.INVALID
    assert "第 2 个检查点" in box.reason
    assert "已投约 10，现在箱内只有 9 张" in box.reason


def test_a_box_nobody_touched_is_sealed():
    filled = watched(12)

    assert booth.close(filled.box, by=filled.by).state == Box.State.CLOSED


@pytest.mark.parametrize(
    "change", [{"shown": 0}, {"is_balanced": False}, {"hash": "0" * 64}, {"at": "2026-01-01T00:00"}]
)
def test_a_changed_checkpoint_is_found(change):
    filled = watched(12)
    with as_owner():
        Checkpoint.objects.filter(place=1).update(**change)

    assert "第 1 个检查点" in watching.first_fault(filled.box, 12)


def test_without_a_checkpoint_the_same_theft_would_pass():
    """Negative control: slips and envelopes agree, so only the checkpoint knew."""
    filled = watched(12)
    with as_owner():
        Checkpoint.objects.all().delete()
    Envelope.objects.filter(pk__in=[each.pk for each in Envelope.objects.all()[:3]]).delete()
    Token.objects.filter(pk__in=[each.pk for each in Token.objects.filter(state="spent")[:3]]).update(state="issued")

    assert booth.close(filled.box, by=filled.by).state == Box.State.CLOSED


# --- S17: the files of the program --------------------------------------------------------------


@pytest.fixture
def release(tmp_path, settings):
    """A released program of three files."""
    settings.BASE_DIR = tmp_path
    (tmp_path / "scoring").mkdir()
    (tmp_path / "manage.py").write_text("print(1)")
    for name in ("rules", "casting"):
        (tmp_path / "scoring" / f"{name}.py").write_text(name)
    call_command("manifest", write=True)
    return tmp_path


CHANGES = {
    "改动 scoring/rules.py": lambda root: (root / "scoring/rules.py").write_text("rules "),
    "多出 scoring/extra.py": lambda root: (root / "scoring/extra.py").write_text("x"),
    "缺少 scoring/casting.py": lambda root: (root / "scoring/casting.py").unlink(),
}


@pytest.mark.parametrize("told", CHANGES)
def test_an_altered_file_is_told_within_five_minutes_while_a_box_is_open(release, told, caplog):
    filled = make_open({"A": 20})
    booth.turnout(filled.box)
    clean = Lid.objects.get(box=filled.box).altered
    CHANGES[told](release)

    a_minute_later(filled.box)
    too_soon = Lid.objects.get(box=filled.box).altered
    Lid.objects.filter(box=filled.box).update(manifest_read_at=timezone.now() - timedelta(minutes=5))
    a_minute_later(filled.box)

    assert (clean, too_soon, Lid.objects.get(box=filled.box).altered) == ("", "", told)
    assert told in caplog.text
    with pytest.raises(CommandError, match=told.replace(".", "[.]")):
        call_command("manifest")


def test_a_release_as_it_was_made_agrees_and_a_missing_list_is_no_agreement(release, capsys):
    call_command("manifest")
    agreed = capsys.readouterr().out
    (release / manifest.NAME).unlink()

    assert "一致" in agreed
    assert watching.altered_files() == watching.NO_LIST


def test_the_list_of_this_program_names_every_room():
    names = manifest.files_of(watching.settings.BASE_DIR)

    assert {"manage.py", "scoring/casting.py", "reviews/ballot/ceremony/actions.py", "static/js/vote.js"} <= set(names)
    assert not any("__pycache__" in name for name in names)
