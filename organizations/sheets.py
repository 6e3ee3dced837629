"""Workbooks as plain grids of values: read within limits, merged cells filled in, written so that text stays text."""

import io
import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass, field
from zipfile import ZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import column_index_from_string, get_column_letter

from organizations.cells import Broken, Formula
from organizations.errors import Refused
from organizations.uploads import MEGABYTE, check_office_zip, parse_part

MAX_ROWS = 20_000
MAX_COLUMNS = 60
MAX_SHEETS = 20
# 5,000 rows of 12 columns inflate to about 5 MB; the reader is slow beyond this.
MAX_ROSTER_BYTES = 40 * MEGABYTE
MAX_FILLED_CELLS = 200_000
MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
RELATIONS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(slots=True)
class Grid:
    """One sheet: ``rows[r][c]`` counted from 0; rows may differ in length."""

    name: str
    rows: list[list] = field(default_factory=list)

    def at(self, row: int, column: int) -> object:
        """The value of a cell, None outside the sheet."""
        if 0 <= row < len(self.rows) and 0 <= column < len(self.rows[row]):
            return self.rows[row][column]
        return None

    @property
    def width(self) -> int:
        return max((len(row) for row in self.rows), default=0)


def address(row: int, column: int) -> str:
    """A cell as Excel names it: (0, 0) is A1."""
    return f"{get_column_letter(column + 1)}{row + 1}"


def read_workbook(content: bytes) -> list[Grid]:
    """Every sheet of an xlsx file that holds anything.

    Raises Refused, in one sentence, for everything that is not a harmless workbook of bearable size (SECURITY F3).
    """
    package = check_office_zip(content, must_hold="xl/workbook.xml", kind="Excel 工作簿（xlsx）")
    if sum(member.file_size for member in package.infolist()) > MAX_ROSTER_BYTES:
        raise Refused(f"工作簿展开后超过 {MAX_ROSTER_BYTES // MEGABYTE} MB，请只保留花名册一张表，另存后重新上传。")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and validations that openpyxl does not know
            grids = _read_grids(content)
    except Refused:
        raise
    except Exception as error:  # openpyxl lets any kind of error out of a malformed part
        raise Refused(
            "文件不能读取，可能已损坏或不是 Excel 工作簿；请用 Excel 或 WPS 打开后另存为 xlsx 再上传。"
        ) from error
    parts = _parts(package)
    for grid in grids:
        part = parts.get(grid.name, b"")
        if len(grid.rows) > MAX_ROWS or _last_filled_row(part) > MAX_ROWS:
            raise Refused(f"工作表“{grid.name}”超过 {MAX_ROWS} 行，请分成几个文件导入。")
        _fill(grid, (_range(hit.groups()) for hit in MERGE.finditer(part)))
    grids = [grid for grid in grids if grid.rows]  # after the count: a sheet may begin too far down
    if not grids:
        raise Refused("工作簿里没有内容，请检查后重新上传。")
    return grids


def prove_workbook(content: bytes) -> int:
    """How many sheets an uploaded workbook holds: asked of a process of its own, before this one reads it.

    Raises as ``read_workbook`` does.
    """
    return len(read_workbook(content))


def _read_grids(content: bytes) -> list[Grid]:
    book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
    try:
        if len(book.worksheets) > MAX_SHEETS:
            raise Refused(f"工作簿有 {len(book.worksheets)} 张表，最多 {MAX_SHEETS} 张；请只保留花名册后重新上传。")
        return [_read_sheet(sheet) for sheet in book.worksheets]
    finally:
        book.close()


def _read_sheet(sheet) -> Grid:
    sheet.reset_dimensions()  # what the file says of its size may be a lie
    grid = Grid(sheet.title)
    for cells in sheet.iter_rows(max_row=MAX_ROWS + 1, max_col=MAX_COLUMNS):
        row = [_value(cell) for cell in cells]
        while row and row[-1] is None:
            row.pop()
        grid.rows.append(row)
    while grid.rows and not grid.rows[-1]:
        grid.rows.pop()
    return grid


def _value(cell) -> object:
    value = cell.value
    if value is None or value == "":
        return None
    if cell.data_type == "f":
        return Formula(str(getattr(value, "text", value) or "="))
    if cell.data_type == "e":
        return Broken(str(value))
    return value


def _parts(package: ZipFile) -> dict[str, bytes]:
    """Sheet name -> its XML, for what the read-only reader does not tell: merged cells and rows far down."""
    targets = {
        relation.get("Id"): relation.get("Target", "").lstrip("/").removeprefix("xl/")
        for relation in parse_part(package, "xl/_rels/workbook.xml.rels")
    }
    found: dict[str, bytes] = {}
    for sheet in parse_part(package, "xl/workbook.xml").iter():
        part = f"xl/{targets.get(sheet.get(RELATIONS))}"
        if sheet.tag.endswith("}sheet") and part in package.namelist():
            found[sheet.get("name")] = package.read(part)
    return found


def _last_filled_row(part: bytes) -> int:
    """The number of the last row with a value; rows that are only coloured do not count."""
    value = max(part.rfind(tag) for tag in (b"<v>", b":v>", b"<is>", b":is>"))
    row = max(part.rfind(tag, 0, max(value, 0)) for tag in (b"<row ", b":row "))
    number = re.search(rb'\br="(\d{1,7})"', part[row : row + 200]) if row >= 0 else None
    return int(number[1]) if number else 0


def _range(found: tuple[bytes, ...]) -> tuple[int, int, int, int]:
    first_column, first_row, last_column, last_row = (part.decode() for part in found)
    return (
        int(first_row) - 1,
        column_index_from_string(first_column) - 1 if len(first_column) < 3 else MAX_COLUMNS,
        int(last_row) - 1,
        column_index_from_string(last_column) - 1 if len(last_column) < 3 else MAX_COLUMNS,
    )


def _fill(grid: Grid, ranges: Iterable[tuple[int, int, int, int]]) -> None:
    """Write a merged range's value into each of its cells, as the eye reads it."""
    left = MAX_FILLED_CELLS
    for top, start, bottom, end in ranges:
        value = grid.at(top, start)
        bottom, end = min(bottom, len(grid.rows) - 1), min(end, MAX_COLUMNS - 1)
        left -= max(0, bottom - top + 1) * max(0, end - start + 1)
        if value is None or left < 0:
            continue
        for row in grid.rows[top : bottom + 1]:
            row.extend([None] * (end + 1 - len(row)))
            row[start : end + 1] = [value] * (end + 1 - start)


def write_workbook(title: str, header: list[str], rows: Iterable[list[str]]) -> bytes:
    """A one-sheet workbook of text. Text stays text, even text that looks like a formula (SECURITY F2)."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for number in range(1, len(header) + 1):
        sheet.column_dimensions[get_column_letter(number)].width = 18
    sheet.append([_text_cell(sheet, word, bold=True) for word in header])
    for row in rows:
        sheet.append([_text_cell(sheet, word) for word in row])
    packed = io.BytesIO()
    book.save(packed)
    return packed.getvalue()


def _text_cell(sheet, text: str, *, bold: bool = False) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=ILLEGAL_CHARACTERS_RE.sub("", text)[:32_000])
    cell.data_type = "s"
    cell.quotePrefix = True
    if bold:
        cell.font = Font(bold=True)
    return cell
