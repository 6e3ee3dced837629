"""花名册: which column holds what, and each row as typed values with what is wrong in it. Pure, no database."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from organizations.cells import Unreadable, clean_text, read_code, read_date, read_text
from organizations.models import Appointment, Organization
from organizations.sheets import Grid, address

HEADER_SEARCHED_ROWS = 15
Kind, Position = Organization.Kind, Appointment.Position


class Level(StrEnum):
    ERROR = "error"
    WARNING = "warning"


class Category(StrEnum):
    """What kind of thing an entry of the import log tells of."""

    MISSING = "missing"
    TOO_LONG = "too_long"
    UNREADABLE = "unreadable"
    FORMULA = "formula"
    UNKNOWN_SUPERIOR = "unknown_superior"
    AMBIGUOUS = "ambiguous"
    CYCLE = "cycle"
    DUPLICATE = "duplicate"
    CONFLICT = "conflict"
    OUT_OF_REACH = "out_of_reach"
    DEPENDS = "depends"
    SKIPPED = "skipped"
    NAMESAKE = "namesake"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the import log: where, how grave, and why in Chinese."""

    level: Level
    category: Category
    cell: str
    reason: str


@dataclass(frozen=True, slots=True)
class Column:
    """A thing a roster can tell: its identifier, its Chinese name, other headings it goes by, its greatest length."""

    key: str
    label: str
    synonyms: tuple[str, ...]
    longest: int = 0


COLUMNS = [
    Column(
        "name",
        "党组织名称",
        (
            "党组织",
            "组织名称",
            "党组织全称",
            "组织全称",
            "支部名称",
            "党支部名称",
            "党支部",
            "单位名称",
            "名称",
            "全称",
        ),
        100,
    ),
    Column("short_name", "党组织简称", ("简称", "组织简称"), 40),
    Column(
        "code",
        "组织编码",
        ("组织代码", "党组织编码", "党组织代码", "组织编号", "党组织编号", "编码", "代码", "支部编码"),
        40,
    ),
    Column("kind", "类型", ("组织类型", "党组织类型", "党组织类别", "组织类别", "类别", "组织形式")),
    Column(
        "parent",
        "上级党组织",
        (
            "上级党组织名称",
            "上级组织",
            "上级组织名称",
            "上级单位",
            "上级",
            "隶属党组织",
            "隶属关系",
            "所属党组织",
            "隶属于",
        ),
        100,
    ),
    Column(
        "parent_code", "上级组织编码", ("上级党组织编码", "上级党组织代码", "上级组织代码", "上级编码", "上级代码"), 40
    ),
    Column(
        "secretary",
        "书记姓名",
        (
            "书记",
            "党组织书记",
            "党组织书记姓名",
            "支部书记",
            "党支部书记",
            "姓名",
            "负责人",
            "负责人姓名",
            "任职人",
            "现任书记",
        ),
        60,
    ),
    Column(
        "employee_code",
        "人员编码",
        ("人员编号", "人员代码", "书记编码", "书记人员编码", "工号", "职工编号", "干部编号", "书记工号"),
        40,
    ),
    Column("position", "党内职务", ("职务", "书记职务", "党组织职务", "党务职务", "党内任职", "书记党内职务")),
    Column("duty", "行政职务", ("书记行政职务", "单位职务", "单位及职务", "行政任职", "工作单位及职务"), 60),
    Column(
        "starts_on",
        "任职日期",
        (
            "任职时间",
            "任现职时间",
            "任现职日期",
            "书记任职时间",
            "书记任职日期",
            "任书记时间",
            "现任职务时间",
            "任命时间",
        ),
    ),
    Column(
        "term_ends_on",
        "届满日期",
        (
            "届满时间",
            "任期届满",
            "任期届满日期",
            "任期届满时间",
            "换届日期",
            "换届时间",
            "应换届时间",
            "届次到期",
            "到期日期",
        ),
    ),
]
COLUMN = {column.key: column for column in COLUMNS}


def _heading(value: object) -> str:
    """A heading without spaces, remarks in brackets, stars and colons."""
    text = unicodedata.normalize("NFKC", clean_text(value if value is not None else ""))
    return re.sub(r"\(.*?\)|[\s*:;、,.]", "", text)


HEADINGS = {_heading(word): column.key for column in COLUMNS for word in (column.label, *column.synonyms)}


@dataclass(slots=True)
class Layout:
    """Where the table stands: sheet, header rows (from 0, the end not included), column key -> column number."""

    sheet: str
    header_start: int
    header_end: int
    columns: dict[str, int]

    def as_json(self) -> dict:
        return {
            "sheet": self.sheet,
            "header": [self.header_start, self.header_end],
            "columns": self.columns,
        }

    @classmethod
    def from_json(cls, kept: dict) -> "Layout":
        """The layout that ``as_json`` wrote."""
        return cls(kept["sheet"], *kept["header"], kept["columns"])


def guess_layout(grids: list[Grid]) -> Layout | None:
    """The best reading over all sheets: the most headings known, at least 党组织名称 and one more."""
    guesses = [guess for grid in grids if (guess := guess_header(grid))]
    return max(guesses, key=lambda guess: len(guess.columns), default=None)


def guess_header(grid: Grid) -> Layout | None:
    """The header of one sheet, one or two rows high, however many title rows stand above it."""
    best = None
    for start in range(min(HEADER_SEARCHED_ROWS, len(grid.rows))):
        for end in (start + 1, start + 2):
            columns = _known_columns(grid, start, end)
            # A later or higher header must know more, else a row of the table would pass for its second line.
            if "name" in columns and len(columns) >= 2 and (best is None or len(columns) > len(best.columns)):
                best = Layout(grid.name, start, end, columns)
    return best


def _known_columns(grid: Grid, start: int, end: int) -> dict[str, int]:
    found: dict[str, int] = {}
    for number in range(grid.width):
        words = [_heading(grid.at(row, number)) for row in range(start, end)]
        if end - start == 2 and words[0] == words[1]:
            words = words[:1]
        for word in ("".join(words), words[-1], words[0]):
            key = HEADINGS.get(word)
            if key and key not in found:
                found[key] = number
                break
    return found


def headings_of(grid: Grid, layout: Layout) -> list[str]:
    """What stands over each column, for the person who corrects the mapping."""
    titles = []
    for number in range(grid.width):
        words = [clean_text(grid.at(row, number) or "") for row in range(layout.header_start, layout.header_end)]
        titles.append(" ".join(dict.fromkeys(word for word in words if word)))
    return titles


@dataclass(slots=True, eq=False)
class Row:
    """One row of the roster as typed values; "" or None where the cell is empty."""

    number: int  # as Excel counts
    cells: dict[str, str]  # column key -> address
    name: str = ""
    short_name: str = ""
    code: str = ""
    kind: str = ""
    guessed_kind: str = ""  # what the name says; for a new organization whose type is not given
    parent: str = ""
    parent_code: str = ""
    secretary: str = ""
    employee_code: str = ""
    position: str = ""
    duty: str = ""
    starts_on: date | None = None
    term_ends_on: date | None = None
    entries: list[Entry] = field(default_factory=list)

    @property
    def is_refused(self) -> bool:
        return any(entry.level is Level.ERROR for entry in self.entries)

    def refuse(self, category: Category, key: str, reason: str) -> None:
        """Write down why the row cannot be taken, at the cell of ``key``."""
        self.entries.append(Entry(Level.ERROR, category, self.cell(key), reason))

    def remark(self, category: Category, key: str, reason: str) -> None:
        """Write down something that the clerk should look at; the row is taken all the same."""
        self.entries.append(Entry(Level.WARNING, category, self.cell(key), reason))

    def cell(self, key: str) -> str:
        return self.cells.get(key) or self.cells.get("name", f"第{self.number}行")

    def content(self) -> tuple:
        """Everything the row says, to find the same row twice."""
        return tuple(getattr(self, column.key) for column in COLUMNS)


def read_rows(grid: Grid, layout: Layout) -> Iterator[Row]:
    """Every row under the header that holds something; what cannot be read is written down in its entries."""
    header = [_heading(grid.at(layout.header_end - 1, number)) for number in layout.columns.values()]
    for index in range(layout.header_end, len(grid.rows)):
        values = {key: grid.at(index, number) for key, number in layout.columns.items()}
        if all(value is None or not str(value).strip() for value in values.values()):
            continue
        if [_heading(value) for value in values.values()] == header:
            continue  # a header printed again on each page
        if _is_footer(grid.rows[index]):
            continue
        cells = {key: address(index, number) for key, number in layout.columns.items()}
        yield read_row(Row(index + 1, cells), values)


def _is_footer(cells: list) -> bool:
    """合计, 说明, 填表人: lines under the table, with at most a few cells filled."""
    words = list(dict.fromkeys(_heading(value) for value in cells if value is not None and str(value).strip()))
    return (
        bool(words) and len(words) <= 3 and bool(re.match(r"合计|总计|共计|注$|备注|说明|填表|制表|审核人", words[0]))
    )


def read_row(row: Row, values: dict[str, object]) -> Row:
    """Fill a row from raw cell values; every cell that cannot be taken leaves an entry."""
    for key, value in values.items():
        try:
            setattr(row, key, _read(key, value))
        except Unreadable as unreadable:
            category = Category.FORMULA if "是公式" in str(unreadable) else Category.UNREADABLE
            row.refuse(category, key, f"{COLUMN[key].label}{unreadable}。")
    if not row.name and not any(entry.cell == row.cells.get("name") for entry in row.entries):
        row.refuse(Category.MISSING, "name", "缺党组织名称。")
    row.guessed_kind = row.kind or kind_of_name(row.name)
    if row.secretary and not row.position:
        row.position = Position.SECRETARY
    if row.employee_code and not row.secretary:
        row.refuse(Category.MISSING, "secretary", "有人员编码但没有姓名，请补上姓名。")
    _check_lengths(row)
    return row


def _read(key: str, value: object):
    if key in {"starts_on", "term_ends_on"}:
        return read_date(value, month_end=key == "term_ends_on")
    if key in {"code", "parent_code", "employee_code"}:
        return read_code(value)
    text = read_text(value)
    if key == "kind":
        return _read_kind(text)
    return _read_position(text) if key == "position" else text


def _check_lengths(row: Row) -> None:
    for column in COLUMNS:
        length = len(getattr(row, column.key)) if column.longest else 0
        if length > column.longest:
            row.refuse(Category.TOO_LONG, column.key, f"{column.label}超过 {column.longest} 字（现有 {length} 字）。")


# The longer words first: 机关党委 is no 党委, 联合党支部 no 党支部.
KIND_WORDS = [
    ("机关党委", Kind.ORGAN_COMMITTEE),
    ("机关委员会", Kind.ORGAN_COMMITTEE),
    ("党工委", Kind.WORKING_COMMITTEE),
    ("工作委员会", Kind.WORKING_COMMITTEE),
    ("联合党支部", Kind.JOINT_BRANCH),
    ("联合支部", Kind.JOINT_BRANCH),
    ("临时党支部", Kind.TEMPORARY_BRANCH),
    ("临时支部", Kind.TEMPORARY_BRANCH),
    ("总支", Kind.GENERAL_BRANCH),
    ("支部", Kind.BRANCH),
    ("党组", Kind.LEADING_PARTY_GROUP),
    ("党委", Kind.PARTY_COMMITTEE),
    ("委员会", Kind.PARTY_COMMITTEE),
]


def kind_of_name(name: str) -> str:
    """The type that a name ends in ("…第一党支部" is a 党支部); "" when it does not say."""
    ends = re.sub(r"（[^）]*）$", "", name)
    return next((kind for word, kind in KIND_WORDS if ends.endswith((word, f"{word}委员会"))), "")


def _read_kind(text: str) -> str:
    if not text:
        return ""
    known = {kind.label: kind.value for kind in Kind} | {"工委": Kind.WORKING_COMMITTEE.value}
    kind = known.get(text) or next((kind for word, kind in KIND_WORDS if word in text), "")
    if not kind:
        raise Unreadable(f"“{text[:20]}”不认识，可填：{'、'.join(Kind.labels)}")
    return kind


def _read_position(text: str) -> str:
    if not text:
        return ""
    if "副书记" in text:
        return Position.ACTING_SECRETARY if "主持" in text else Position.DEPUTY_SECRETARY
    if "书记" in text:
        return Position.SECRETARY
    if "委员" in text:
        return Position.MEMBER
    raise Unreadable(f"“{text[:20]}”不认识，可填：{'、'.join(Position.labels)}")
