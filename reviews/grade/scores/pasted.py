"""PURE: scores copied out of a spreadsheet, matched to the secretaries they belong to. Every bad cell is named."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from organizations.cells import half_width
from scoring.strict import NUMBER

MOST_LINES = 2_000
HIGHEST = 100
HEADINGS = {"单位", "党组织", "姓名", "述职人", "书记", "分数", "得分", "成绩", "平时", "实地", "序号"}


@dataclass(slots=True)
class PastedScores:
    """What was read: the score as text by review; and what could not be read, a sentence a cell."""

    values: dict[int, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)


def rows_of(text: str) -> list[list[str]]:
    """Pasted text as rows of cells: split at tabs, else at commas or spaces."""
    rows = []
    for line in half_width(text).replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        rows.append([cell.strip() for cell in (line.split("\t") if "\t" in line else line.replace(",", " ").split())])
    return rows


def read_scores(rows: Sequence[Sequence[object]], names: Mapping[str, Sequence[int]]) -> PastedScores:
    """Each row names one secretary, by organization or by name, and ends in his score.

    ``names``: what a row may call a review -> the reviews called so. A row that names both narrows them down.
    Blank rows and a heading are passed over.
    """
    read = PastedScores()
    if len(rows) > MOST_LINES:
        read.faults.append(f"共 {len(rows)} 行，一次最多 {MOST_LINES} 行，请分次登记。")
        return read
    for number, row in enumerate(rows, start=1):
        cells = [_plain(cell) for cell in row]
        if any(cells) and not (number == 1 and HEADINGS & set(cells)):
            _take(number, [cell for cell in cells if cell], names, read)
    if not read.values and not read.faults:
        read.faults.append("没有读到成绩。每行写单位或姓名，最后一格写分数。")
    return read


def _take(number: int, cells: list[str], names: Mapping[str, Sequence[int]], read: PastedScores) -> None:
    """One row into the values, or its fault into the faults."""
    named = [set(names[cell]) for cell in cells if cell in names]
    called = "、".join(cell for cell in cells[:-1] if not cell.isdigit()) or cells[0]
    reviews = set.intersection(*named) if named else set()
    if not reviews:
        read.faults.append(f"第 {number} 行“{called[:40]}”不在本次述职人名单中。")
        return
    if len(reviews) > 1:
        read.faults.append(f"第 {number} 行“{called[:40]}”不止一人，请同时写明单位和姓名。")
        return
    (review,) = reviews
    if wrong := fault_of(cells[-1]):
        read.faults.append(f"第 {number} 行“{called[:40]}”的分数“{cells[-1][:20]}”{wrong}。")
    elif review in read.values:
        read.faults.append(f"第 {number} 行“{called[:40]}”前面已经写过，一人只能有一个分数。")
    else:
        read.values[review] = cells[-1]


def fault_of(value: str) -> str:
    """What is wrong with a score as text, in words; "" for 0 to 100 with at most two decimals.

    >>> fault_of("91.5"), fault_of("101"), fault_of("9l")
    ('', '不在 0 到 100 之间', '不是数')
    """
    if not NUMBER.fullmatch(value):
        return "不是数"
    score = Decimal(value)
    if not 0 <= score <= HIGHEST:
        return f"不在 0 到 {HIGHEST} 之间"
    return "" if score == round(score, 2) else "多于两位小数"


def _plain(cell: object) -> str:
    """A cell as text; a whole number of a spreadsheet without its .0."""
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return "" if cell is None else half_width(str(cell)).strip()
