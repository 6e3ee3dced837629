"""The header is found and the columns are named, however the sheet is laid out."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizations.roster import COLUMNS, Category, guess_header, guess_layout, headings_of, kind_of_name, read_rows
from organizations.sheets import Grid
from tests.organizations.rosters import HEADER, TIDY
from tests.organizations.test_cells import ANY_CELL


def test_a_plain_header_names_every_column():
    layout = guess_header(Grid("花名册", [HEADER, *TIDY]))

    assert (layout.header_start, layout.header_end) == (0, 1)
    assert list(layout.columns) == [
        "name", "code", "kind", "parent", "secretary", "employee_code", "position", "duty", "starts_on", "term_ends_on",
    ]  # fmt: skip


def test_title_rows_and_a_header_of_two_lines_are_seen_through():
    title = ["云岭市测绘局党组织花名册"] * 6
    upper = ["序号", "党组织名称", "上级党组织", "书记", "书记", "届满日期"]
    lower = ["序号", "党组织名称", "上级党组织", "姓名", "任职时间", "届满日期"]
    grid = Grid("表", [title, [], upper, lower, [1, "甲党支部", "局党委", "林一", "2023.5", "2026.5"]])

    layout = guess_header(grid)
    [row] = read_rows(grid, layout)

    assert layout.columns == {"name": 1, "parent": 2, "secretary": 3, "starts_on": 4, "term_ends_on": 5}
    assert (row.number, row.name, row.secretary, row.starts_on) == (5, "甲党支部", "林一", date(2023, 5, 1))


def test_a_header_of_two_lines_without_merged_cells_is_found_too():
    upper = ["党组织名称", "上级党组织", "书记", None]
    lower = [None, None, "姓名", "任职日期"]
    grid = Grid("表", [upper, lower, ["甲党支部", "局党委", "林一", "2023.5"]])

    layout = guess_header(grid)

    assert (layout.header_start, layout.header_end) == (0, 2)
    assert layout.columns == {"name": 0, "parent": 1, "secretary": 2, "starts_on": 3}


@pytest.mark.parametrize("heading", ["党 组 织 名 称", "党组织名称（全称）", "*党组织名称：", "支部名称", "单位名称"])
def test_headings_are_known_by_other_words(heading):
    layout = guess_header(Grid("表", [[heading, "上级组织"]]))

    assert layout.columns == {"name": 0, "parent": 1}


def test_the_sheet_that_knows_most_is_taken():
    grids = [Grid("说明", [["填表说明"]]), Grid("党员", [["姓名", "支部名称"]]), Grid("组织", [HEADER])]

    assert guess_layout(grids).sheet == "组织"
    assert guess_layout(grids[:1]) is None


def test_the_columns_are_shown_by_their_headings():
    grid = Grid("表", [["书记", "书记", "党组织名称"], ["姓名", "任职时间", "党组织名称"]])

    assert headings_of(grid, guess_header(grid))[-1] == "党组织名称"


def test_blank_rows_repeated_headers_and_footers_are_no_rows():
    grid = Grid("表", [HEADER, TIDY[0], [], [" "], HEADER, ["合计", 1], ["备注：以上为准"], TIDY[1]])

    rows = list(read_rows(grid, guess_header(grid)))

    assert [row.number for row in rows] == [2, 8]


def test_every_cell_that_cannot_be_taken_is_named_with_its_reason():
    line = ["甲" * 300, "B1", "俱乐部", "局党委", None, "P9", "科员", "", "去年", "2023.13"]
    grid = Grid("表", [HEADER, line])

    [row] = read_rows(grid, guess_header(grid))

    found = {entry.cell: entry.category for entry in row.entries}
    assert found == {
        "A2": Category.TOO_LONG,
        "C2": Category.UNREADABLE,
        "E2": Category.MISSING,
        "G2": Category.UNREADABLE,
        "I2": Category.UNREADABLE,
        "J2": Category.UNREADABLE,
    }


@pytest.mark.parametrize(
    ("words", "position"),
    [("书记", "secretary"), ("党支部书记、主任", "secretary"), ("副书记（主持工作）", "acting_secretary"),
     ("主持工作的副书记", "acting_secretary"), ("副书记", "deputy_secretary"), ("组织委员", "member"),
     ("", "secretary")],
)  # fmt: skip
def test_a_post_is_known_by_the_words_for_it(words, position):
    grid = Grid("表", [["党组织名称", "书记姓名", "党内职务"], ["甲党支部", "林一", words]])

    [row] = read_rows(grid, guess_header(grid))

    assert row.position == position


@pytest.mark.parametrize(
    ("name", "kind"),
    [("某局党组", "leading_party_group"), ("某局机关党委", "organ_committee"), ("中共某局委员会", "party_committee"),
     ("甲乙联合党支部", "joint_branch"), ("第一党支部", "branch"), ("机关党支部（本级）", "branch"),
     ("信息中心党总支", "general_branch"), ("项目临时党支部", "temporary_branch"), ("测绘学会", "")],
)  # fmt: skip
def test_a_name_tells_its_type(name, kind):
    assert kind_of_name(name) == kind


@given(st.lists(st.lists(ANY_CELL | st.sampled_from(HEADER), max_size=12), max_size=12))
def test_no_grid_breaks_the_reading(rows):
    grid = Grid("表", rows)
    layout = guess_header(grid)

    read = list(read_rows(grid, layout)) if layout else []

    assert all(row.name or row.is_refused for row in read)
    assert all(
        len(getattr(row, column.key)) <= column.longest or row.is_refused
        for row in read
        for column in COLUMNS
        if column.longest
    )
