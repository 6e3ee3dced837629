"""The rules are a function of their input: exact, no clock, no chance, nothing of the application."""

import ast
import sys
from pathlib import Path

import pytest

SCORING = Path(__file__).resolve().parents[2] / "scoring"
PURE = ["strict", "exact", "tally", "policy", "standing", "sentences", "rules", "explanation", "document"]
PURE += ["clauses", "differences", "examples"]
CLOCK_AND_CHANCE = {"time", "datetime", "random", "secrets", "os", "uuid"}


@pytest.mark.parametrize("name", PURE)
def test_a_pure_module_leans_on_the_standard_library_and_pure_modules_only(name):
    tree = ast.parse((SCORING / f"{name}.py").read_text())
    named = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            named |= {f"scoring.{alias.name}" for alias in node.names} if node.module == "scoring" else {node.module}

    own = {module for module in named if module.startswith("scoring")}

    assert own <= {f"scoring.{module}" for module in PURE}
    assert named - own <= sys.stdlib_module_names | {"collections.abc"}
    assert not named & CLOCK_AND_CHANCE


@pytest.mark.parametrize("name", PURE)
def test_a_pure_module_makes_no_float(name):
    """``float`` may be named where one is refused, never called; no number is written with a point."""
    tree = ast.parse((SCORING / f"{name}.py").read_text())

    written = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, float)]
    called = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "float"]

    assert written + called == []
