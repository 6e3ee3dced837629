"""Excel sheets that Excel and WPS read, in which text stays text."""

import re
from collections.abc import Sequence
from datetime import datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.writer.excel import ExcelWriter

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|[\ud800-\udfff]")
LONGEST = 32_767  # characters that a cell can hold
THIN = Side(style="thin", color="FF888888")
EDGES = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
EPOCH = datetime(2000, 1, 1)  # a fixed stamp, in the properties and in the zip: the same data make the same file


def new_sheet(title: str, headings: Sequence[str], widths: Sequence[int], *, note: str = "") -> tuple[Workbook, object]:
    """A book with one landscape A4 sheet: title row, optional note, bold headings repeated on each page."""
    book = Workbook()
    sheet = book.active
    sheet.title = re.sub(r"[\[\]:*?/\\]", "", title)[:31]
    add_row(sheet, [title], font=Font(bold=True, size=16), center=True, framed=False)
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(headings))
    if note:
        add_row(sheet, [note], framed=False)
        sheet.merge_cells(start_row=2, start_column=1, end_row=2, end_column=len(headings))
    add_row(sheet, headings, font=Font(bold=True), center=True)
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = f"A{sheet.max_row + 1}"  # not a cell: asking for one would add an empty row
    sheet.print_title_rows = f"{sheet.max_row}:{sheet.max_row}"
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToHeight = 0
    sheet.oddFooter.center.text = "第 &P 页 共 &N 页"
    return book, sheet


def add_row(sheet, values: Sequence, *, font: Font | None = None, center: bool = False, framed: bool = True) -> None:
    """Add a row in which text stays text, even text that looks like a formula (SECURITY F2)."""
    sheet.append([_plain(value) if isinstance(value, str) else value for value in values])
    for cell in sheet[sheet.max_row][: len(values)]:
        if isinstance(cell.value, str):
            cell.data_type = "s"
            cell.quotePrefix = cell.value[:1] in "=+-@\t\r＝"
        cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal="center" if center else None)
        if framed:
            cell.border = EDGES
        if font:
            cell.font = font


def _plain(text: str) -> str:
    """A text as a cell can hold it: one kind of line end, nothing that XML forbids, not too long."""
    return CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))[:LONGEST]


def as_bytes(book: Workbook) -> bytes:
    """The finished file, without person or time of making: the same data make the same bytes (SECURITY S14)."""
    book.properties.creator = "述职评议考核系统"
    book.properties.created = book.properties.modified = EPOCH
    written, stamped = BytesIO(), BytesIO()
    # Not book.save(): that stamps the properties with the time of day. The zip has its own stamps.
    ExcelWriter(book, ZipFile(written, "w")).save()
    with ZipFile(written) as parts, ZipFile(stamped, "w") as package:
        for name in parts.namelist():
            package.writestr(ZipInfo(name, EPOCH.timetuple()[:6]), parts.read(name), ZIP_DEFLATED)
    return stamped.getvalue()
