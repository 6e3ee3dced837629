"""docs/安全说明.md names a test for every promise: each of them exists."""

import re

from tests.production.stack import ROOT

NAMES = re.compile(r"`(test_[a-z0-9_]+)`")


def test_every_test_named_beside_a_promise_exists():
    told = NAMES.findall((ROOT / "docs" / "安全说明.md").read_text())
    code = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("test_*.py"))

    missing = [name for name in told if f"def {name}(" not in code]

    assert len(told) > 50
    assert missing == []


def test_every_threat_has_its_row():
    page = (ROOT / "docs" / "安全说明.md").read_text()
    rows = re.findall(r"^\| ([SI]\d+) \|", page, flags=re.MULTILINE)

    assert rows == [f"S{n}" for n in range(1, 18)] + [f"I{n}" for n in range(1, 16)]
