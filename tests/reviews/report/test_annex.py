"""数据附表: the parts of every group add up to their total."""

from hypothesis import given
from hypothesis import strategies as st

from reviews.report.beside.annex import GROUPS, LABELS, faults, rows

WHOLE = {"branches": 3, "excellent": 2, "qualified": 1, "members": 10, "formal": 9, "probationary": 1}
WHOLE |= {"in_service": 7, "retired": 2, "floating": 1, "to_35": 10, "bachelor": 6, "college": 4}
counts = st.integers(0, 1_000)


def test_a_table_that_adds_up_has_no_faults():
    assert list(faults(WHOLE)) == []


def test_a_fault_names_the_group_both_sums_and_the_difference():
    told = dict(faults(WHOLE | {"retired": 4}))

    assert told == {"by_employment": "在职情况各项合计 12，与党员总数 10 不符，多 2。请核对各项。"}


def test_a_total_without_parts_is_a_fault_of_every_group_of_it():
    assert [name for name, _ in faults({"members": 1})] == ["by_standing", "by_employment", "by_age", "by_education"]


@given(st.fixed_dictionaries(dict.fromkeys(LABELS, counts)))
def test_exactly_the_groups_that_do_not_add_up_are_told(cells):
    wrong = [group.name for group in GROUPS if sum(cells[name] for name, _ in group.parts) != cells[group.total]]

    assert [name for name, _ in faults(cells)] == wrong


@given(st.fixed_dictionaries(dict.fromkeys(LABELS, counts)), st.dictionaries(st.sampled_from([*LABELS]), counts))
def test_every_cell_is_shown_once_with_last_year_s_beside(cells, before):
    shown = [part for row in rows(cells, before) for part in row["parts"]]

    names = [name for group in GROUPS for name, _ in group.parts]
    assert [part["count"] for part in shown] == [cells[name] for name in names]
    assert [part["before"] for part in shown] == [before.get(name) for name in names]
