"""A foreign file is read by a child that cannot take the machine with it."""

import os

import pytest

from organizations import apart
from organizations.apart import BROKEN, TOO_LARGE, TOO_SLOW, run_apart
from organizations.errors import Refused

HERE = "tests.organizations.apart_works"


def test_the_answer_of_the_child_comes_back():
    assert run_apart(f"{HERE}:count", b"\x00\n\xff", "甲\n乙") == [3, "甲\n乙"]


@pytest.mark.parametrize(
    ("work", "told"),
    [
        ("refuse", "这一行不对。"),
        ("eat_memory", TOO_LARGE),
        ("recur", TOO_LARGE),
        ("be_killed", TOO_LARGE),
        ("break_down", BROKEN),
        ("leave_quietly", BROKEN),
        ("say_nonsense", BROKEN),
    ],
)
def test_a_child_that_fails_costs_one_sentence(work, told):
    with pytest.raises(Refused) as refused:
        run_apart(f"{HERE}:{work}", b"x")

    assert str(refused.value) == told


def test_a_child_that_takes_too_long_is_ended(monkeypatch):
    monkeypatch.setattr(apart, "MAX_SECONDS", 1)

    with pytest.raises(Refused) as refused:
        run_apart(f"{HERE}:wait", b"x")

    assert str(refused.value) == TOO_SLOW


def test_too_many_at_once_are_asked_to_come_again(monkeypatch):
    monkeypatch.setattr(apart, "MAX_SECONDS", 0)
    monkeypatch.setattr(apart, "_places", apart.BoundedSemaphore(1))
    apart._places.acquire()

    with pytest.raises(Refused, match="过半分钟再试"):
        run_apart(f"{HERE}:count", b"x", "")


def test_the_place_of_a_child_that_failed_is_free_again(monkeypatch):
    monkeypatch.setattr(apart, "_places", apart.BoundedSemaphore(1))
    with pytest.raises(Refused):
        run_apart(f"{HERE}:refuse", b"x")

    assert run_apart(f"{HERE}:count", b"x", "y") == [1, "y"]


def test_the_child_has_no_secrets_and_writes_no_file(monkeypatch, tmp_path):
    monkeypatch.setenv("SECRET_KEY", "a secret that must stay here")

    seen = run_apart(f"{HERE}:look_around", b"x", str(tmp_path / "left.txt"))

    assert seen["is_written"] is False
    assert "SECRET_KEY" in os.environ
    assert "SECRET_KEY" not in seen["environment"]
