"""Sheets in which text stays text, and that say nothing of who made them when."""

import time
from io import BytesIO
from zipfile import ZipFile

from openpyxl import load_workbook

from reviews.documents.excel import add_row, as_bytes, new_sheet
from tests.reviews.documents.sheets import FORMULAS, formulas_in, rows_of, stamps_of


def make_book(*rows) -> bytes:
    book, sheet = new_sheet("台账", ["内容", "数"], [20, 8], note="单位")
    for row in rows:
        add_row(sheet, row)
    return as_bytes(book)


def test_no_text_becomes_a_formula_and_none_is_changed():
    content = make_book(*([text, 1] for text in FORMULAS))

    assert formulas_in(content) == 0
    kept = [text.replace("\r", "\n") for text in FORMULAS]  # XML knows one kind of line end
    assert [row[0] for row in rows_of(content)[3:]] == kept


def test_numbers_stay_numbers():
    assert rows_of(make_book(["一", 29]))[-1] == ["一", 29]


def test_characters_that_a_sheet_cannot_hold_are_left_out():
    content = make_book(["甲\x00乙\x0b丙\ufffe丁\ud800戊", 1], ["长" * 40_000, 2])

    assert [row[0] for row in rows_of(content)[3:]] == ["甲乙丙丁戊", "长" * 32_767]


def test_the_same_rows_make_the_same_bytes_at_another_time():
    first = make_book(["一", 1])
    time.sleep(2.1)  # a zip counts time in steps of two seconds

    assert make_book(["一", 1]) == first
    assert stamps_of(first) == {(2000, 1, 1, 0, 0, 0)}
    with ZipFile(BytesIO(first)) as parts:
        assert b"2000-01-01" in parts.read("docProps/core.xml")


def test_the_sheet_is_made_for_paper():
    sheet = load_workbook(BytesIO(make_book(["一", 1]))).active

    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert sheet.print_title_rows == "$3:$3"
    assert sheet.freeze_panes == "A4"
    assert sheet["A4"].alignment.wrap_text
