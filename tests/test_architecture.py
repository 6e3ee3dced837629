"""The plan of the house is a test: no import runs up, pure modules stay pure, files stand in their order."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# From the ground up. A module may import its own floor and those before it.
FLOORS = [
    "organizations",
    "scoring",
    "reviews.plan",
    "reviews.ledger",
    "reviews.visit",
    "reviews.report",
    "reviews.meeting",
    "reviews.ballot",
    "reviews.grade",
    "reviews.models",  # the index of tables, for those above it
    "reviews.documents",
    "reviews.desk",
    "reviews.demo",
    "reviews.templatetags",
    "reviews.management",
    "reviews",
    "config",
]
# The order of files inside a stage: each imports only those before it. Other names are free of it.
ORDER = ["models", "permissions", "tasks", "actions", "queries", "forms", "views", "urls"]
PURE = [
    "organizations/cells.py",
    *(
        f"scoring/{name}.py"
        for name in ("rules", "tally", "policy", "standing", "document", "explanation", "sentences")
    ),
    *(f"scoring/{name}.py" for name in ("exact", "strict", "recount", "health")),
    *(f"scoring/{name}.py" for name in ("clauses", "examples", "differences")),
    *(f"reviews/grade/trial/{name}.py" for name in ("pasted", "trying")),
    # The checks of a report know no database: one file a family of findings.
    *(str(path.relative_to(ROOT)) for path in sorted((ROOT / "reviews/report/checks").glob("[a-z]*.py"))),
    *(f"reviews/report/copying/{name}.py" for name in ("wording", "fingerprints", "alignment")),
    "reviews/grade/why/steps.py",
    "reviews/ledger/points.py",
    "reviews/ledger/themes.py",
    "reviews/ledger/wording.py",
    *(f"reviews/report/{name}.py" for name in ("compare", "speaking", "tidy")),
    "reviews/meeting/merging.py",
    "reviews/meeting/likeness.py",
    "reviews/meeting/points.py",
    *(f"reviews/grade/opinion/{name}.py" for name in ("frames", "composing")),
    *(f"reviews/grade/health/{name}.py" for name in ("variety", "spread")),
    "reviews/plan/asks.py",
    "reviews/plan/timetable.py",
    "reviews/report/beside/annex.py",
    "reviews/report/word/decoding.py",
    "reviews/report/word/parts.py",
    "reviews/report/vetting/margin.py",
    "reviews/report/publishing/masking.py",
]
CODE = sorted(
    path
    for folder in ("organizations", "scoring", "reviews", "config")
    for path in (ROOT / folder).rglob("*.py")
    if "migrations" not in path.parts
)
LONGEST_FILE = 600
LONGEST_FUNCTION = 60


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports(path: Path) -> list[str]:
    """Every module named by an import anywhere in the file, function bodies included."""
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found += [f"{node.module}.{alias.name}" for alias in node.names]
    return found


def floor(module: str) -> int:
    """Height of a module; -1 for what is not ours."""
    stands_on = [n for n, name in enumerate(FLOORS) if module == name or module.startswith(name + ".")]
    return max(stands_on, key=lambda n: len(FLOORS[n])) if stands_on else -1


@pytest.mark.parametrize("path", CODE, ids=module_of)
def test_no_import_runs_up(path):
    here = floor(module_of(path))

    upward = [name for name in imports(path) if floor(name) > here]

    # config.settings is reached through django.conf, never by import; config itself may import all.
    assert upward == []


@pytest.mark.parametrize("path", [p for p in CODE if p.stem in ORDER], ids=module_of)
def test_files_of_a_stage_stand_in_their_order(path):
    stage = module_of(path).rpartition(".")[0]
    later = {f"{stage}.{name}" for name in ORDER[ORDER.index(path.stem) + 1 :]}

    forward = [name for name in imports(path) if any(name == m or name.startswith(m + ".") for m in later)]

    assert forward == []


@pytest.mark.parametrize("name", PURE)
def test_pure_modules_import_the_standard_library_and_each_other_only(name):
    path = ROOT / name
    siblings = {module_of(p) for p in path.parent.glob("*.py")}

    pure = siblings | {module_of(ROOT / other) for other in PURE}
    foreign = [
        module
        for module in imports(path)
        if module.split(".")[0] not in sys.stdlib_module_names
        and not any(module == s or module.startswith(s + ".") for s in pure)
    ]

    assert foreign == []


@pytest.mark.parametrize("name", PURE)
def test_pure_modules_lean_on_pure_modules_only(name):
    seen, waiting = set(), [ROOT / name]
    while waiting:
        path = waiting.pop()
        seen.add(path)
        for module in imports(path):
            parts = module.split(".")
            for depth in (len(parts), len(parts) - 1):
                candidate = ROOT.joinpath(*parts[:depth]).with_suffix(".py")
                if candidate.is_file() and candidate not in seen:
                    waiting.append(candidate)

    impure = [
        m for path in seen for m in imports(path) if m.split(".")[0] not in sys.stdlib_module_names and floor(m) < 0
    ]

    assert impure == []


@pytest.mark.parametrize("path", CODE, ids=module_of)
def test_imports_stand_at_the_top(path):
    """One library is loaded late: weasyprint, whose import fails where its system libraries are missing."""
    tree = ast.parse(path.read_text())
    top = {id(node) for node in tree.body}
    late = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom) and id(node) not in top]

    names = {getattr(node, "module", None) or node.names[0].name for node in late}

    assert {name.split(".")[0] for name in names} <= {"weasyprint"}


@pytest.mark.parametrize("path", CODE, ids=module_of)
def test_files_and_functions_stay_short(path):
    text = path.read_text()

    long_functions = [
        f"{node.name}: {node.end_lineno - node.lineno + 1}"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef) and node.end_lineno - node.lineno + 1 > LONGEST_FUNCTION
    ]

    assert len(text.splitlines()) <= LONGEST_FILE
    assert long_functions == []


def test_every_module_says_what_room_it_is():
    silent = [
        module_of(path)
        for path in CODE
        if path.name not in {"__init__.py", "apps.py"} and not ast.get_docstring(ast.parse(path.read_text()))
    ]

    assert silent == []
