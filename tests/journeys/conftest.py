"""A journey's speakers are brief."""

import pytest

from reviews.meeting import floor


@pytest.fixture(autouse=True)
def _speeches_may_be_short(monkeypatch):
    """The guard against a double press waits some seconds; tests/reviews/meeting/test_floor.py is about it."""
    monkeypatch.setattr(floor, "SHORTEST_SPEECH_SECONDS", 0)
