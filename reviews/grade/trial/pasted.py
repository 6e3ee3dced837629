"""PURE: figures copied out of a spreadsheet (tab-separated lines) into reviews that the rules read.

One line a review and panel. A header line names the columns in any order, the grades as usual or as the campaign calls
them; without one they stand in the order of ``ORDER``. Whatever is wrong is told in one sentence a cell, with its line
and column, and all at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from organizations.cells import half_width
from scoring import sentences
from scoring.policy import GRADE_LABELS, GRADES
from scoring.strict import NUMBER
from scoring.tally import PanelCount

ORDER = ("述职人", "票种", "发出", "收回", "好", "较好", "一般", "差", "弃权", "无效", "回避")
COUNTS = {
    "发出": "issued",
    "收回": "returned",
    "好": "good",
    "较好": "fairly_good",
    "一般": "average",
    "差": "poor",
    "弃权": "abstain",
    "无效": "invalid",
    "回避": "recused",
}
NEEDED = ("述职人", "好", "较好", "一般", "差")
BESIDE = ("组织类型", "平时", "实地", "上年等次", "销号率", "情形")  # of the review, said once or on each of its lines
KNOWN = {*ORDER, *BESIDE}
OTHER_WORDS = {
    "序号": "",
    "姓名": "述职人",
    "单位": "述职人",
    "党组织": "述职人",
    "平时考核": "平时",
    "实地考核": "实地",
}
SCORES = {"平时": ("routine", 100), "实地": ("field", 100), "销号率": ("closure_rate", 1)}
BY_LABEL = {label: grade.name for label, grade in zip(GRADE_LABELS, GRADES, strict=True)}
BY_WORD = {word: code for code, word in sentences.FACTS.items()}
MOST_LINES = 600
TITLE_LINES = 4  # so many may stand above the header
MOST_DIGITS = 6
LONGEST_NAME = 100
ONLY_PANEL = "A"


@dataclass(slots=True)
class Pasted:
    """What was read: reviews in the shape of RULES.md section 5, or the faults for which nothing is reckoned."""

    reviews: list[dict] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Line:
    """One line with its number and its cells by column; ``places``: in which column each stands."""

    number: int
    cells: dict[str, str]
    places: dict[str, int]

    def fault(self, column: str, wrong: str) -> str:
        return f"第 {self.number} 行第 {self.places.get(column, 0) + 1} 列（{column}）{wrong}。"


def columns_in(words: Sequence[str]) -> list[str]:
    """``ORDER`` with the four grades as a campaign calls them."""
    own = dict(zip(GRADE_LABELS, words, strict=True))
    return [own.get(column, column) for column in ORDER]


def read_pasted(text: str, words: Sequence[str] = GRADE_LABELS) -> Pasted:
    """Read lines of cells; ``words``: what the campaign calls the grades.

    Nothing is guessed: with one fault anywhere no review is given back.
    """
    read = Pasted()
    lines = _lines_of(text, dict(zip(words, GRADE_LABELS, strict=True)), read.faults)
    reviews: dict[str, dict] = {}
    for line in lines:
        _take(line, reviews, read.faults)
    if not lines and not read.faults:
        read.faults.append("没有填入票数。从表格中复制后粘贴，或在下面的表中逐行填写。")
    read.reviews = [] if read.faults else list(reviews.values())
    return read


def _lines_of(text: str, usual: dict[str, str], faults: list[str]) -> list[_Line]:
    rows = [
        (number, [half_width(cell).strip() for cell in row.split("\t")])
        for number, row in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1)
        if row.strip()
    ]
    if len(rows) > MOST_LINES:
        faults.append(f"共 {len(rows)} 行，一次最多 {MOST_LINES} 行，请分次试算。")
        return []
    columns = ORDER
    top = [{usual.get(cell, cell) for cell in cells} for _, cells in rows[: TITLE_LINES + 1]]
    if header := next((place for place, names in enumerate(top, start=1) if "好" in names), 0):
        words = OTHER_WORDS | usual
        columns = tuple(words.get(cell, cell) for cell in rows[header - 1][1])
        rows = rows[header:]
        _check_header(columns, faults)
    return [] if faults else [_line(number, cells, columns, usual, faults) for number, cells in rows]


def _check_header(columns: tuple[str, ...], faults: list[str]) -> None:
    missing = [name for name in NEEDED if name not in columns]
    if missing:
        faults.append(f"表头缺少{'、'.join(missing)}。")
    unknown = [name for name in columns if name and name not in KNOWN]
    if unknown:
        faults.append(f"不认识的表头：{'、'.join(unknown)}。可以用的有{'、'.join([*ORDER, *BESIDE])}。")
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    if twice:
        faults.append(f"表头重复：{'、'.join(twice)}。")


def _line(number: int, cells: list[str], columns: tuple[str, ...], usual: dict[str, str], faults: list[str]) -> _Line:
    if any(cells[len(columns) :]):
        faults.append(f"第 {number} 行有 {len(cells)} 列，多于表头的 {len(columns)} 列。")
    places = {name: place for place, name in enumerate(columns) if name}
    named = {name: cells[place] for name, place in places.items() if place < len(cells)}
    if last := named.get("上年等次"):
        named["上年等次"] = usual.get(last, last)
    return _Line(number, named, places)


def _take(line: _Line, reviews: dict[str, dict], faults: list[str]) -> None:
    """One line into the review it is about."""
    name, code = line.cells.get("述职人", ""), line.cells.get("票种", "") or ONLY_PANEL
    if not name or len(name) > LONGEST_NAME:
        faults.append(line.fault("述职人", "没有填写" if not name else f"超过 {LONGEST_NAME} 字"))
        return
    review = reviews.setdefault(name, {"id": name, "panels": {}})
    code = code.removesuffix("票") or ONLY_PANEL
    if code in review["panels"]:
        faults.append(line.fault("票种", f"“{name}”的{code}票在前面已有一行"))
    count = _count(line, faults)
    if count is not None:
        review["panels"][code] = count
    _take_beside(line, review, faults)


def _count(line: _Line, faults: list[str]) -> dict | None:
    """The nine figures of a panel; 收回 and 发出 left empty are what the marks add up to."""
    before = len(faults)
    read = {key: _whole(line, column, faults) for column, key in COUNTS.items()}
    if len(faults) > before:
        return None
    marked = sum(read[key] or 0 for key in COUNTS.values() if key not in ("issued", "returned"))
    returned = marked if read["returned"] is None else read["returned"]
    issued = max(returned, 0) if read["issued"] is None else read["issued"]
    count = {key: read[key] or 0 for key in read} | {"returned": returned, "issued": issued}
    breach = PanelCount(**count).breach()
    if breach:
        faults.append(f"第 {line.number} 行：{breach}。")
        return None
    return count


def _whole(line: _Line, column: str, faults: list[str]) -> int | None:
    cell = line.cells.get(column, "")
    if not cell:
        if column in NEEDED:
            faults.append(line.fault(column, "没有填写，没有票的填 0"))
        return None
    if not (cell.isascii() and cell.isdecimal()) or len(cell) > MOST_DIGITS:
        faults.append(line.fault(column, f"写的是“{cell[:20]}”，应为 0 或不超过 {MOST_DIGITS} 位的正整数"))
        return None
    return int(cell)


def _take_beside(line: _Line, review: dict, faults: list[str]) -> None:
    """What stands beside the ballot: kind, scores, last year's grade, facts."""
    cells = {name: line.cells.get(name, "") for name in BESIDE}
    if cells["组织类型"]:
        review["org_type"] = cells["组织类型"]
    for column, (key, most) in SCORES.items():
        if cells[column]:
            review[key] = _score(line, column, most, faults)
    if cells["上年等次"]:
        if cells["上年等次"] not in BY_LABEL:
            faults.append(
                line.fault("上年等次", f"写的是“{cells['上年等次'][:20]}”，应为{'、'.join(GRADE_LABELS)}之一")
            )
        review["previous_grade"] = BY_LABEL.get(cells["上年等次"])
    if cells["情形"]:
        named = [part.strip() for part in cells["情形"].replace("；", "、").split("、") if part.strip()]
        review["facts"] = [BY_WORD.get(word, word) for word in named]


def _score(line: _Line, column: str, most: int, faults: list[str]) -> str | None:
    cell = line.cells[column]
    share = cell.endswith("%") and most == 1
    written = cell.removesuffix("%").strip() if share else cell
    value = Decimal(written) / (100 if share else 1) if NUMBER.fullmatch(written) else Decimal(-1)
    if not 0 <= value <= most or len(cell) > LONGEST_NAME:
        faults.append(line.fault(column, f"写的是“{cell[:20]}”，应为 0 到 {most} 之间的数"))
        return None
    return format(value, "f")
