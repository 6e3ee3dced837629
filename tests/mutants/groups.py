"""What is mutated, and by which tests it has to be found out: those that stand nearest, and not the whole suite.

The slow ones (ten thousand documents, random rules, every URL x every role) are left out, so a share that is printed
is the least that is true.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Group:
    """Modules that are tried together, and the tests that must find their mutants. Texts (``sentences``) are not."""

    modules: list[str]
    tests: list[str]


GROUPS = {
    "rules": Group(
        [f"scoring/{name}.py" for name in ("tally", "exact", "rules", "standing", "strict", "policy")],
        [
            f"tests/scoring/test_{name}.py"
            for name in ("tally", "exact", "strict", "rules", "quota", "policy", "document")
        ],
    ),
    "box": Group(
        [f"scoring/{name}.py" for name in ("casting", "closing", "opening")],
        [
            f"tests/scoring/test_{name}.py"
            for name in ("booth", "casting", "closing", "opening", "panel_sizes", "known_terms", "guessing")
        ]
        + [f"tests/scoring/test_{name}.py" for name in ("paper", "verdicts", "recount")],
    ),
    "permissions": Group(
        ["organizations/access.py", "organizations/permissions.py"]
        + [f"reviews/{stage}/permissions.py" for stage in ("report", "meeting", "ledger", "ballot", "grade")],
        ["tests/organizations/test_access.py"]
        + [
            f"tests/reviews/{stage}/test_permissions.py" for stage in ("report", "meeting", "ledger", "ballot", "grade")
        ],
    ),
}
