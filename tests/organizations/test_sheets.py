"""Workbooks are read within limits; written text stays text."""

import io
import zipfile

import pytest
from openpyxl import Workbook, load_workbook

from organizations import sheets
from organizations.cells import Broken, Formula
from organizations.errors import Refused
from organizations.sheets import address, read_workbook, write_workbook
from tests.organizations.rosters import saved, workbook


def test_a_sheet_becomes_a_grid_of_values():
    content = workbook([["名称", "编码"], [], ["甲", 7]])

    [grid] = read_workbook(content)

    assert grid.rows == [["名称", "编码"], [], ["甲", 7]]
    assert grid.at(9, 9) is None
    assert address(2, 1) == "B3"


def test_merged_cells_are_read_as_the_eye_reads_them():
    content = workbook([["上级", "名称"], ["局", "甲"], [None, "乙"]], merges=("A2:A3",))

    [grid] = read_workbook(content)

    assert grid.rows[2] == ["局", "乙"]


def test_formulas_and_errors_are_marked_and_their_text_is_kept():
    book = Workbook()
    book.active.append(["=1+1", "a", "=text"])
    book.active["B1"].value, book.active["B1"].data_type = "#REF!", "e"
    book.active["C1"].data_type = "s"

    [grid] = read_workbook(saved(book))

    assert grid.rows == [[Formula("=1+1"), Broken("#REF!"), "=text"]]


def test_empty_sheets_are_left_out_and_an_empty_book_is_refused():
    content = workbook([], others={"说明": [["甲"]]})

    assert [grid.name for grid in read_workbook(content)] == ["说明"]
    with pytest.raises(Refused, match="没有内容"):
        read_workbook(workbook([]))


def test_a_sheet_that_lies_about_its_size_costs_nothing():
    honest = workbook([["名称"]])
    lying = rewritten(
        honest, "xl/worksheets/sheet1.xml", lambda part: part.replace(b'ref="A1"', b'ref="A1:XFD1048576"')
    )

    [grid] = read_workbook(lying)

    assert grid.rows == [["名称"]]


def test_a_merge_over_the_whole_sheet_fills_only_what_is_there():
    content = rewritten(
        workbook([["名称", "编码"], ["甲"]], merges=("A1:B1",)),
        "xl/worksheets/sheet1.xml",
        lambda part: part.replace(b'ref="A1:B1"', b'ref="A1:XFD1048576"'),
    )

    [grid] = read_workbook(content)

    assert len(grid.rows) == 2
    assert grid.width <= sheets.MAX_COLUMNS


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr(sheets, "MAX_ROWS", 3)

    with pytest.raises(Refused, match="超过 3 行"):
        read_workbook(workbook([["a"]] * 4))


def test_a_row_far_down_is_refused():
    book = Workbook()
    book.active["A1048576"] = "最后一行"

    with pytest.raises(Refused, match="行"):
        read_workbook(saved(book))


def test_a_zip_bomb_is_refused():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/workbook.xml", "<workbook/>")
        with package.open("xl/worksheets/sheet1.xml", "w") as member:
            for _ in range(300):
                member.write(bytes(1024 * 1024))

    with pytest.raises(Refused, match="解压后过大"):
        read_workbook(packed.getvalue())


def test_a_package_that_is_no_workbook_is_refused_in_words():
    for broken in (
        b"",
        b"name,code\n",
        b"PK\x03\x04junk",
        rewritten(workbook([["a"]]), "xl/workbook.xml", lambda _: b"<x/>"),
    ):
        with pytest.raises(Refused):
            read_workbook(broken)


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml", "[Content_Types].xml"]
)
def test_any_part_cut_short_is_refused_in_words(part):
    content = rewritten(workbook([["a"]]), part, lambda whole: whole[: len(whole) // 2])

    with pytest.raises(Refused):
        read_workbook(content)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@a", "=HYPERLINK(1)", "＝1", "\t=1", "a\x0bb"])
def test_written_text_stays_text(text):
    content = write_workbook("错误行", ["原因"], [[text]])

    sheet = load_workbook(io.BytesIO(content)).active
    assert [cell.data_type for row in sheet.iter_rows() for cell in row] == ["s", "s"]


def rewritten(content: bytes, name: str, change) -> bytes:
    """The same package with one part changed."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.namelist():
            part = old.read(member)
            new.writestr(member, change(part) if member == name else part)
    return packed.getvalue()
