"""``manage.py suggest_grades``: exit codes, streams, one line an answer. No test here may touch a database."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.scoring.test_document import example

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def run(monkeypatch):
    """Run the command in this process: what it printed, what it complained about, how it ended."""

    def run_with(*arguments: str, given: bytes = b"") -> tuple[str, str, int]:
        out, err = io.StringIO(), io.StringIO()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
        try:
            call_command("suggest_grades", *arguments, stdout=out, stderr=err)
        except SystemExit as end:
            return out.getvalue(), err.getvalue(), end.code
        return out.getvalue(), err.getvalue(), 0

    return run_with


@pytest.mark.parametrize("arguments", [["-"], []])
def test_a_document_piped_in_is_answered(run, arguments):
    out, err, code = run(*arguments, given=json.dumps(example()).encode())

    assert (json.loads(out)["reviews"][0]["score_exact"], err, code) == ("8484/95", "", 0)


def test_a_file_is_answered_in_readable_chinese(run, tmp_path):
    file = tmp_path / "去年.json"
    file.write_text(json.dumps(example()), encoding="utf-8-sig")

    out, _, code = run(str(file))

    assert "达到较好" in out
    assert code == 0


@pytest.mark.parametrize(
    ("written", "path"),
    [
        (json.dumps(example()).replace('"good": 7', '"good": -7').encode(), "reviews[0].panels.A.good: "),
        (json.dumps(example()).replace('"good": 7', '"good": 8').encode(), "reviews[0].panels.A: "),
        (b"{", "$: "),
        (b"", "$: "),
        ('{"reviews": []}'.encode("utf-16"), "$: "),
        ('{"reviews": "好"}'.encode("gbk"), "$: "),
    ],
)
def test_what_is_malformed_ends_with_two_and_one_line_and_no_answer(run, written, path):
    out, err, code = run(given=written)

    assert (out, code) == ("", 2)
    assert err.startswith(path)
    assert err.count("\n") == 1
    assert err.endswith("\n")


@pytest.mark.parametrize("lines", [[], ["--lines"]])
def test_a_file_that_cannot_be_read_ends_with_two(run, tmp_path, lines):
    missing = tmp_path / "nobody.json"

    for name in (missing, tmp_path):
        out, err, code = run(str(name), *lines)

        assert (out, code, err.count("\n")) == ("", 2, 1)
        assert str(name) in err


def test_lines_are_answered_one_by_one_and_in_order(run):
    good, empty = json.dumps(example()), '{"reviews": []}'
    wrong = good.replace('"good": 7', '"good": 8')
    lines = [good, "no json", empty, "", wrong, "   ", '"好"', empty + "\r", good]

    out, err, code = run("--lines", given="\n".join(lines).encode())

    answers = [json.loads(line) for line in out.splitlines()]
    assert ["error" in each for each in answers] == [False, True, False, True, True, True, True, False, False]
    assert answers[0] == answers[-1]
    assert answers[4]["error"].startswith("reviews[0].panels.A: ")
    assert all(list(each) == ["error"] for each in answers if "error" in each)
    assert (err, code) == ("", 0)


def test_lines_that_are_no_text_are_answered_too(run):
    out, _, code = run("--lines", given=b'\xff\xfe\n{"reviews": []}\n')

    assert ["error" in json.loads(line) for line in out.splitlines()] == [True, False]
    assert code == 0


def test_a_line_may_hold_any_character_but_a_line_feed(run):
    """A line separator of Unicode inside a string ends no line."""
    document = json.dumps(example()).replace('"r1"', '"r\u2028\x851"').encode()

    out, _, _ = run("--lines", given=document + b"\n" + document)

    assert [json.loads(line)["reviews"][0]["id"] for line in out.rstrip("\n").split("\n")] == ["r\u2028\x851"] * 2


def test_no_lines_give_no_answers(run):
    assert run("--lines") == ("", "", 0)


@pytest.mark.parametrize(("given", "code"), [(json.dumps(example()).encode(), 0), (b'{"reviews": [], "polcy": {}}', 2)])
def test_from_a_real_command_line_that_speaks_no_utf_8_and_has_no_database(given, code):
    environment = os.environ | {
        "DEMO": "1",
        "PYTHONIOENCODING": "latin-1:backslashreplace",
        "DATABASE_URL": "postgresql://nobody:none@127.0.0.1:1/none",
    }

    ended = subprocess.run(
        [sys.executable, "manage.py", "suggest_grades"], cwd=ROOT, input=given, capture_output=True, env=environment
    )

    assert ended.returncode == code
    assert bool(ended.stdout) == (code == 0)
    assert len(ended.stderr.splitlines()) == (code != 0)
    assert not ended.stdout or "较好" in json.loads(ended.stdout.decode("utf-8"))["reviews"][0]["reasons"][0]["text"]
