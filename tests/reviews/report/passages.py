"""The corpus of invented passages: each family has a dirty file and a clean one of hard near-misses.

In a dirty passage what must be found stands in double square brackets; where a family judges the passage as a
whole there are none. ``@plans`` puts a passage into the plans, ``a || b`` gives a family its two texts.
"""

import re
from dataclasses import dataclass, replace
from pathlib import Path

from reviews.report.checks.check import Context, check_report
from reviews.report.checks.findings import Code, Finding
from reviews.report.checks.limits import ReportLimits
from reviews.report.checks.sections import DUTY, PLANS, PRIOR, PROBLEMS, SELF_EVALUATION

CORPUS = Path(__file__).parent / "corpus"
MARKED = re.compile(r"\[\[(.+?)\]\](?!\])")
FAMILIES = {
    "placeholders": Code.PLACEHOLDER,
    "residue": Code.TEMPLATE_RESIDUE,
    "classified": Code.CLASSIFIED,
    "spun": Code.SPUN_TEXT,
    "other_units": Code.OTHER_UNIT,
    "wrong_years": Code.WRONG_YEAR,
    "praise": Code.PRAISE_HEAVY,
    "subjectless": Code.SUBJECTLESS,
    "vague": Code.VAGUE_PLAN,
    "recurring": Code.RECURRING,
    "typos": Code.TYPO,
}
SECTION_OF = {"subjectless": PROBLEMS, "vague": PLANS}
# The families that judge a passage by its shape, not by single words.
WHOLE = {"spun", "praise", "recurring"}
# Single passages are judged one by one: no family waits for a second of its kind.
STRICT = ReportLimits(vague_plans_allowed=0)
AROUND = Context(
    year=2026,
    own_units=("清源县水务局水文监测中心党支部", "清源县水务局党组"),
    other_units=("红岭乡党委", "长风机械厂党支部", "白鹭洲小学党支部", "市第三医院党委", "云台山管理处党总支"),
    place="县水务局二楼会议室",
)


@dataclass(frozen=True, slots=True)
class Passage:
    """One invented passage, brought into the shape in which its family reads it."""

    family: str
    written: str
    report: str | dict
    context: Context
    expected: tuple[str, ...]

    def found(self) -> list[Finding]:
        """What its own family finds in it; not the remarks on a section as a whole."""
        outcome = check_report(self.report, STRICT, context=self.context)
        return [one for one in outcome.findings if one.code == FAMILIES[self.family]]


# The common clean passages tell of a town.
TOWN = Context(year=2025, own_units=("清河镇党委", "清河县委"), other_units=AROUND.other_units)


def lines_of(name: str) -> list[str]:
    return (CORPUS / f"{name}.txt").read_text(encoding="utf-8").splitlines()


def read(family: str, line: str) -> Passage:
    """A line of a corpus file as a passage of a family."""
    plain, expected, context = MARKED.sub(r"\1", line), tuple(MARKED.findall(line)), AROUND
    report: str | dict = plain
    if plain.startswith("@plans "):
        report = {PLANS: plain.removeprefix("@plans ")}
    elif family == "praise":
        told, problems = plain.split(" || ")
        report = {DUTY: told, PROBLEMS: problems}
    elif family == "recurring":
        last, problems = plain.split(" || ")
        report, context = {PROBLEMS: problems}, Context(last_problems=(last,))
    elif family in SECTION_OF:
        report = {SECTION_OF[family]: plain}
    return Passage(family, line, report, context, expected)


def dirty(family: str, folder: str = "") -> list[Passage]:
    return [read(family, line) for line in lines_of(folder + family)]


def clean(family: str, folder: str = "") -> list[Passage]:
    """The hard near-misses of a family; of those that judge single words, the common clean passages too."""
    name = f"{folder}clean_{family}"
    near = lines_of(name) if (CORPUS / f"{name}.txt").exists() else []
    common = [] if folder or family in {*WHOLE, *SECTION_OF} else lines_of("clean")
    return [
        *(read(family, line) for line in near),
        *(replace(read(family, line), context=TOWN) for line in common),
    ]


def whole_reports() -> dict[str, dict[str, str]]:
    """The clean reports of the corpus, by name, each by its sections."""
    kinds = {
        "上年整改情况": PRIOR,
        "履职尽责情况": DUTY,
        "存在问题及原因": PROBLEMS,
        "下一步打算": PLANS,
        "自我评价": SELF_EVALUATION,
    }
    reports = {}
    for path in sorted((CORPUS / "reports").glob("*.txt")):
        parts = re.split(r"^【(.+?)】$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
        reports[path.stem] = {kinds[name]: body.strip() for name, body in zip(parts[1::2], parts[2::2], strict=True)}
    return reports
