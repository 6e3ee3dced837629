"""联系点: one leader an organization a year, set one by one or out of a pasted table."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from organizations.errors import Refused
from reviews.visit.contacts import import_contacts, read_table, remove_contact, set_contact
from reviews.visit.models import ContactPoint
from reviews.visit.queries import contact_of, suggested_organizations
from tests.cast import build_town
from tests.make import make_officer, make_organization, make_visit

pytestmark = pytest.mark.django_db
YEAR = 2026


@pytest.fixture
def town():
    return build_town()


@pytest.fixture
def clerk(town):
    return town.people["organizer"]


@pytest.fixture
def pei(town):
    return make_officer("leader", town.places["own"], "裴正国")


def outcomes(lines):
    return [(line.number, line.outcome) for line in lines]


def test_a_pasted_table_is_tried_first_and_then_done(town, clerk, pei):
    second = make_organization("水库管理所党支部", parent=town.places["own"])
    table = "领导\t单位\r\n裴正国\t供水中心党支部、水库管理所党支部\r\n"

    lines = read_table(table, year=YEAR, by=clerk)

    assert outcomes(lines) == [(2, "新增"), (2, "新增")]
    assert not ContactPoint.objects.exists()
    assert import_contacts(table, year=YEAR, by=clerk) == {"新增": 2, "改派": 0, "不变": 0}
    assert contact_of(second, YEAR) == pei
    assert contact_of(second, YEAR + 1) is None
    assert import_contacts(table, year=YEAR, by=clerk) == {"新增": 0, "改派": 0, "不变": 2}


def test_a_merged_first_column_stays_with_the_lines_below(town, clerk, pei):
    make_organization("水库管理所党支部", parent=town.places["own"])

    lines = read_table("裴正国\t供水中心党支部\n\t水库管理所党支部", year=YEAR, by=clerk)

    assert [(line.leader, line.outcome) for line in lines] == [(pei, "新增"), (pei, "新增")]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("裴正国", "没有写单位"),
        ("裴正国\t不存在的支部", "没有找到"),
        ("裴大国\t供水中心党支部", "不是“供水中心党支部”的点评领导"),
        ("裴正国\t云岭市林业局党组", "没有找到"),  # a sibling: out of the clerk's reach
        ("裴正国\t同名党支部", "不止一个"),
    ],
)
def test_a_wrong_line_says_why_and_nothing_is_imported(town, clerk, pei, row, fault):
    for number in (1, 2):
        parent = make_organization(f"上级{number}", parent=town.places["own"])
        make_organization("同名党支部", parent=parent)
    table = f"裴正国\t供水中心党支部\n{row}"

    line = read_table(table, year=YEAR, by=clerk)[1]

    assert fault in line.fault
    with pytest.raises(Refused, match="第 2 行有误"):
        import_contacts(table, year=YEAR, by=clerk)
    assert not ContactPoint.objects.exists()


def test_one_unit_twice_in_a_table_is_told(clerk, pei):
    lines = read_table("裴正国\t供水中心党支部\n裴正国\t供水中心党支部", year=YEAR, by=clerk)

    assert "第 1 行已经出现" in lines[1].fault


def test_another_leader_takes_a_contact_point_over(town, clerk, pei):
    set_contact(town.places["child"], town.people["leader"], year=YEAR, by=clerk)

    lines = read_table("裴正国 供水中心党支部", year=YEAR, by=clerk)
    import_contacts("裴正国 供水中心党支部", year=YEAR, by=clerk)

    assert (lines[0].outcome, lines[0].before) == ("改派", "点评领导")
    assert contact_of(town.places["child"], YEAR) == pei


@pytest.mark.parametrize("role", ["leader", "approver", "supervisor", "vetter"])
def test_only_the_clerk_sets_contact_points(town, pei, role):
    with pytest.raises(Refused, match="只有组织部经办人"):
        set_contact(town.places["child"], pei, year=YEAR, by=town.people[role])


def test_whoever_is_no_leader_has_no_contact_point(town, clerk):
    with pytest.raises(Refused, match="不是“供水中心党支部”的点评领导"):
        set_contact(town.places["child"], town.people["vetter"], year=YEAR, by=clerk)


@pytest.mark.parametrize("year", [1900, 9999])
def test_a_year_far_off_is_refused(town, clerk, pei, year):
    with pytest.raises(Refused, match="年度应在"):
        set_contact(town.places["child"], pei, year=year, by=clerk)


def test_ones_contact_points_come_first_then_where_one_was_last(town, clerk, pei):
    visited = make_organization("去过的党支部", parent=town.places["own"])
    make_visit(visited, by=pei)
    set_contact(town.places["child"], pei, year=YEAR, by=clerk)

    suggested = suggested_organizations(pei, YEAR)

    assert suggested[:2] == [town.places["child"], visited]
    assert len(suggested) == len(set(suggested))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
@given(st.text(alphabet="裴正国供水中心党支部\t\r\n ,，、；：x\x00", max_size=60))
def test_no_table_does_anything_but_lines_or_a_sentence(clerk, pei, table):
    try:
        lines = read_table(table, year=YEAR, by=clerk)
    except Refused as refused:
        assert str(refused)  # noqa: PT017 -- either a sentence or a result
    else:
        assert all(line.fault or (line.leader and line.organization) for line in lines)


def test_a_contact_point_is_taken_back_once(town, clerk, pei):
    point = set_contact(town.places["child"], pei, year=YEAR, by=clerk)

    remove_contact(point, by=clerk)

    with pytest.raises(Refused, match="已经取消"):
        remove_contact(point, by=clerk)
    assert not ContactPoint.objects.exists()


def test_a_leader_whose_account_was_closed_gets_no_contact_point(town, clerk, pei):
    pei.is_active = False
    pei.save()

    with pytest.raises(Refused, match="请先由安全管理员授权"):
        set_contact(town.places["child"], pei, year=YEAR, by=clerk)
