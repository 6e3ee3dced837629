"""A roster against the database: new, changed, same or refused, all in one go or not at all."""

import io
from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from organizations import trail
from organizations.errors import Refused
from organizations.importing import Roster, apply_roster, error_rows, plan_roster, read_roster
from organizations.models import Appointment, Organization, Person, Role, RoleGrant, Trace
from organizations.roster import Category, guess_header
from organizations.sheets import Grid
from tests.make import make_officer, make_organization, make_person, make_secretary
from tests.organizations.rosters import HEADER, TIDY, large, tidy, workbook
from tests.organizations.test_cells import ANY_CELL

pytestmark = pytest.mark.django_db
NARROW = ["党组织名称", "组织编码", "上级党组织", "书记姓名", "人员编码", "党内职务", "任职日期"]


def planned(content: bytes, by: Person | None = None):
    return plan_roster(read_roster(content), by=by)


def apply(content: bytes, by: Person | None = None, **how):
    return apply_roster(read_roster(content), by=by, filename="花名册.xlsx", **how)


def refusals(plan) -> dict[str, Category]:
    """Cell -> category of everything refused."""
    return {entry.cell: entry.category for row in plan.rows for entry in row.entries if entry.level == "error"}


def rows(*lines: list) -> bytes:
    return workbook([NARROW, *lines])


def test_a_tidy_roster_makes_the_tree_and_its_people():
    plan = apply(tidy())

    branch = Organization.objects.get(code="A11")
    assert plan.totals() == {"new": 4, "changed": 0, "same": 0, "refused": 0}
    assert [place.code for place in Organization.objects.all().above(branch)] == ["A0", "A1", "A11"]
    assert (branch.kind, branch.depth, branch.term_ends_on) == ("branch", 2, date(2025, 5, 1))
    post = branch.appointments.get()
    assert (post.person.name, post.person.username, post.position, post.duty) == ("白溪", "P02", "secretary", "科长")
    assert not post.person.has_usable_password()
    assert Person.objects.get(name="谷一鸣").appointments.count() == 2


def test_the_same_file_again_changes_nothing():
    apply(tidy())
    before = list(Organization.objects.values()), list(Person.objects.values()), list(Appointment.objects.values())

    plan = apply(tidy())

    assert plan.totals() == {"new": 0, "changed": 0, "same": 4, "refused": 0}
    after = list(Organization.objects.values()), list(Person.objects.values()), list(Appointment.objects.values())
    assert after == before


def test_a_superior_may_stand_below_its_subordinate():
    turned = workbook([HEADER, *reversed(TIDY)])

    apply(turned)

    assert Organization.objects.get(code="A12").depth == 2


def test_one_wrong_row_keeps_everything_out():
    content = tidy(["第三党支部", "A13", "党支部", "没有的党委"])

    with pytest.raises(Refused, match="有 1 行有错误，没有导入任何内容"):
        apply(content)

    assert Organization.objects.count() == Person.objects.count() == 0


def test_only_the_good_rows_on_request_and_never_what_hangs_on_a_bad_one():
    content = tidy(
        ["测绘中心党总支", "B0", "党总支", "没有的党委"],
        ["第五党支部", "B1", "党支部", "测绘中心党总支"],
        ["第六党支部", "B2", "党支部", "第五党支部"],
    )

    plan = apply(content, only_good=True)

    assert refusals(plan) == {
        "D6": Category.UNKNOWN_SUPERIOR,
        "D7": Category.DEPENDS,
        "D8": Category.DEPENDS,
    }
    assert sorted(Organization.objects.values_list("code", flat=True)) == ["A0", "A1", "A11", "A12"]


@pytest.mark.parametrize(
    ("line", "cell", "category"),
    [
        (["第三党支部", "A13", "党支部", None], "D6", Category.MISSING),
        ([None, "A13", "党支部", "云岭市测绘局机关党委"], "A6", Category.MISSING),
        (["测绘学会", "A13", None, "云岭市测绘局机关党委"], "C6", Category.MISSING),
        (["第三党支部", "A13", "党支部", "第三党支部"], "D6", Category.CYCLE),
        (["第一党支部", "A13", "党支部", "云岭市测绘局机关党委"], "A6", Category.DUPLICATE),
        (["别名党支部", "A11", "党支部", "云岭市测绘局机关党委"], "A6", Category.CONFLICT),
        (TIDY[2], "A6", Category.DUPLICATE),
        ([*TIDY[2][:4], "另一人", "P88", "书记"], "E6", Category.DUPLICATE),
        (["第三党支部", "A13", "党支部", "A1", "别人", "P02"], "F6", Category.CONFLICT),
        (["=A2", "A13", "党支部", "A1"], "A6", Category.FORMULA),
        (["长" * 300, "A13", "党支部", "A1"], "A6", Category.TOO_LONG),
        (["第三党支部", 1.5e17, "党支部", "A1"], "B6", Category.UNREADABLE),
    ],
)
def test_a_row_is_refused_with_its_cell_and_reason(line, cell, category):
    plan = planned(tidy(line))

    assert refusals(plan) == {cell: category}
    assert all(entry.reason.endswith("。") for row in plan.rows for entry in row.entries)


def test_a_circle_is_refused_at_each_of_its_rows():
    content = tidy(
        ["甲党总支", "C1", "党总支", "丙党总支"],
        ["乙党总支", "C2", "党总支", "甲党总支"],
        ["丙党总支", "C3", "党总支", "乙党总支"],
    )

    assert refusals(planned(content)) == dict.fromkeys(["D6", "D7", "D8"], Category.CYCLE)


def test_a_circle_through_what_exists_already_is_refused():
    apply(tidy())
    content = rows(["云岭市测绘局机关党委", "A1", "第一党支部"])

    assert refusals(planned(content)) == {"C2": Category.CYCLE}


def test_two_organizations_can_change_places():
    apply(tidy(["丙党总支", "C3", "党总支", "云岭市测绘局机关党委"], ["丁党支部", "C4", "党支部", "丙党总支"]))
    content = rows(["丁党支部", "C4", "云岭市测绘局机关党委"], ["丙党总支", "C3", "丁党支部"])

    apply(content)

    lower = Organization.objects.get(code="C3")
    assert [place.code for place in Organization.objects.all().above(lower)] == ["A0", "A1", "C4", "C3"]


def test_a_tree_too_deep_is_refused():
    chain = [[f"第{n}党总支", f"D{n}", f"第{n - 1}党总支" if n else "云岭市测绘局机关党委"] for n in range(15)]
    apply(tidy())

    plan = planned(rows(*chain))

    assert [row.number for row in plan.rows if row.is_refused] == [12, 13, 14, 15, 16]


def test_two_namesakes_are_told_apart_by_their_superiors():
    apply(tidy(["丙党总支", "C3", "党总支", "云岭市测绘局机关党委"]))

    plan = apply(rows(["第一党支部", None, "丙党总支"]))

    assert plan.totals()["new"] == 1
    assert Organization.objects.filter(name="第一党支部").count() == 2
    again = planned(rows(["第一党支部", None, None]))
    assert refusals(again) == {"A2": Category.AMBIGUOUS}
    assert refusals(planned(rows(["新党支部", None, "第一党支部"]))) == {"C2": Category.AMBIGUOUS}


def test_a_superior_may_be_named_by_its_code():
    apply(tidy())

    apply(rows(["第七党支部", "A17", "A1"]))

    assert Organization.objects.get(code="A17").parent.code == "A1"


def test_untidy_writing_finds_what_tidy_writing_made():
    apply(tidy())

    plan = planned(
        rows(["第　一 党支部", "Ａ11", " 云岭市测绘局机关党委", "白　溪", "P０2", "党支部书记", "2022年5月"])
    )

    assert plan.totals() == {"new": 0, "changed": 0, "same": 1, "refused": 0}


def test_changes_are_told_written_and_kept_in_the_trail():
    apply(tidy())

    plan = apply(rows(["第一党支部（机关）", "A11", "云岭市测绘局党组", "白溪", "P02", None, "2022.6"]))

    branch = Organization.objects.get(code="A11")
    assert plan.words(plan.rows[0]) == [
        "名称：第一党支部 → 第一党支部（机关）",
        "上级：云岭市测绘局机关党委 → 云岭市测绘局党组",
        "任职日期：2022-05-01 → 2022-06-01",
    ]
    assert (branch.name, branch.parent.code, branch.depth) == ("第一党支部（机关）", "A0", 1)
    assert Trace.objects.get(act="导入变更").facts["changes"] == plan.words(plan.rows[0])


def test_the_chain_of_the_trail_holds_after_an_import(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        apply(tidy())
    with django_capture_on_commit_callbacks(execute=True):
        apply(rows(["第一党支部", "A11", None, "新来人", "P99"], ["第二党支部", "A12", None, "后来人", "P98"]))

    assert Trace.objects.filter(place__isnull=False).count() == 4
    assert list(trail.breaks()) == []


def test_a_parent_renamed_in_the_same_file_is_found_by_both_names():
    apply(tidy())

    plan = planned(
        rows(
            ["云岭市测绘局机关委员会", "A1", "云岭市测绘局党组"],
            ["第一党支部", None, "云岭市测绘局机关委员会"],
            ["第二党支部", None, "云岭市测绘局机关党委"],
        )
    )

    assert plan.totals() == {"new": 0, "changed": 1, "same": 2, "refused": 0}


def test_a_new_secretary_ends_the_old_one_the_day_before():
    apply(tidy())

    apply(rows(["第一党支部", "A11", None, "新来人", "P99", "主持工作的副书记", "2024.3.1"]))

    old, new = Organization.objects.get(code="A11").appointments.order_by("pk")
    assert (old.person.name, old.ends_on) == ("白溪", date(2024, 2, 29))
    assert (new.person.name, new.position, new.ends_on) == ("新来人", "acting_secretary", None)


def test_a_secretary_of_tomorrow_is_not_imported_twice():
    apply(tidy())
    start = timezone.localdate() + timedelta(days=30)
    content = rows(["第一党支部", "A11", None, "新来人", "P99", "书记", start])
    apply(content)

    plan = apply(content)

    assert plan.totals() == {"new": 0, "changed": 0, "same": 1, "refused": 0}
    assert Organization.objects.get(code="A11").appointments.count() == 2


def test_further_rows_of_an_organization_are_further_people():
    content = tidy([*TIDY[2][:4], "温舟", "P21", "副书记"], [*TIDY[2][:4], "程野", "P22", "组织委员"])

    apply(content)

    posts = Organization.objects.get(code="A11").appointments.order_by("person__employee_code")
    assert [post.position for post in posts] == ["secretary", "deputy_secretary", "member"]
    assert planned(content).totals()["same"] == 6


def test_a_person_without_a_code_gets_one_later():
    apply(rows(["局党委", "R", None, "石岩"]))

    plan = apply(rows(["局党委", "R", None, "石岩", "P55"]))

    assert plan.totals()["changed"] == 1
    assert Person.objects.get(name="石岩").employee_code == "P55"
    assert planned(rows(["局党委", "R", None, "石岩"])).totals()["same"] == 1


def test_a_namesake_without_a_code_is_somebody_else_and_said_so():
    apply(tidy())

    plan = planned(rows(["第九党支部", "A19", "A1", "白溪"]))

    assert [entry.category for entry in plan.rows[0].entries] == [Category.NAMESAKE]
    assert plan.totals()["new"] == 1


def test_an_administrator_cannot_become_secretary_by_import():
    place = make_organization("局党委", kind="party_committee", code="R")
    make_officer(Role.AUDIT_ADMIN, place, name="审计者", employee_code="P1")

    plan = planned(rows(["局党委", "R", None, "审计者", "P1"]))

    assert refusals(plan) == {"D2": Category.CONFLICT}


def test_an_organizer_writes_only_below_his_own_organization():
    apply(tidy())
    other = make_organization("云岭市林业局党组", kind="leading_party_group", code="F0")
    make_organization("林业党支部", parent=other, code="F1")
    organizer = make_officer(Role.ORGANIZER, Organization.objects.get(code="A1"))

    plan = planned(
        rows(
            ["第八党支部", "A18", "云岭市测绘局机关党委"],
            ["第十党支部", "A20", "云岭市林业局党组"],
            ["林业党支部改名", "F1", None],
            ["新的党组", "G0", None],
            ["云岭市测绘局机关党委", "A1", "第八党支部"],
        ),
        by=organizer,
    )

    assert [row.is_refused for row in plan.rows] == [False, True, True, True, True]
    assert refusals(plan)["C3"] == Category.UNKNOWN_SUPERIOR
    assert refusals(plan)["B4"] == Category.OUT_OF_REACH
    assert refusals(plan)["C6"] == Category.OUT_OF_REACH


def test_the_top_of_an_organizers_own_roster_may_name_its_superior():
    apply(tidy())
    organizer = make_officer(Role.ORGANIZER, Organization.objects.get(code="A1"))
    content = workbook([HEADER, *TIDY[1:]])

    assert planned(content, by=organizer).totals() == {"new": 0, "changed": 0, "same": 3, "refused": 0}


def test_a_closed_organization_does_not_come_back_by_import():
    apply(tidy())
    Organization.objects.filter(code="A12").update(is_active=False)

    plan = planned(rows(["第二党支部", "A12", None], ["新党支部", "A21", "第二党支部"]))

    assert refusals(plan) == {"B2": Category.CONFLICT, "C3": Category.DEPENDS}


def test_what_was_shown_is_what_is_applied_or_nothing():
    shown = planned(tidy())
    make_organization("云岭市测绘局党组", kind="leading_party_group", code="A0")

    with pytest.raises(Refused, match="试算以后花名册数据有变化"):
        apply(tidy(), expected=shown.fingerprint)

    assert Organization.objects.count() == 1


def test_a_file_without_header_or_rows_is_refused_in_words():
    with pytest.raises(Refused, match="没有找到表头"):
        planned(workbook([["甲", "乙"], ["丙", "丁"]]))
    with pytest.raises(Refused, match="没有内容"):
        planned(workbook([HEADER]))


def test_the_refused_rows_come_back_as_a_workbook():
    roster = read_roster(tidy(["第三党支部", "007", "党支部", "没有的党委", "=1+1"]))

    content = error_rows(roster, plan_roster(roster, by=None))

    header, line = load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)
    assert header[-2:] == ("单元格", "原因")
    assert line[:4] == ("第三党支部", "007", "党支部", "没有的党委")
    assert line[-2] == "E6、D6"
    assert "找不到" in line[-1]


@pytest.mark.parametrize("branches", [200, 400])
def test_a_dry_run_costs_a_query_a_chunk_not_a_row(branches, django_assert_max_num_queries):
    roster = read_roster(large(branches))

    with django_assert_max_num_queries(12):
        plan = plan_roster(roster, by=None)

    assert plan.totals()["refused"] == 0


def test_five_thousand_rows_are_imported_in_one_go():
    content = large(5000)

    plan = apply(content)

    assert plan.totals()["new"] == Organization.objects.count() == 5051
    assert not Organization.objects.filter(path="").exists()


WORDS = st.sampled_from(
    [*"甲乙丙丁", "甲党支部", "乙党总支", "A1", "A2", "书记", "副书记", "2023.5", "局党委", " ", "无"]
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.lists(WORDS | ANY_CELL, min_size=7, max_size=7), min_size=1, max_size=12))
def test_no_grid_breaks_an_import_and_no_import_is_half_done(lines):
    make_organization(f"局党委{Organization.objects.count()}", kind="party_committee")
    grid = Grid("表", [NARROW, *lines])
    roster = Roster([grid], guess_header(grid))
    before = Organization.objects.count()

    try:
        plan = apply_roster(roster, by=None, filename="乱.xlsx", only_good=True)
    except Refused as refused:
        assert "没有内容" in str(refused)  # noqa: PT017 -- the only refusal that a whole grid may meet
        return

    new = {node.row.number for node in plan.nodes if node.is_new and node.is_written}
    assert Organization.objects.count() == before + len(new)
    assert plan.totals()["refused"] == sum(row.is_refused for row in plan.rows)


def test_roles_and_posts_of_others_are_left_alone():
    apply(tidy())
    branch = Organization.objects.get(code="A11")
    make_secretary(branch, "旁人")
    RoleGrant.objects.create(person=make_person("检查者"), role=Role.SUPERVISOR, organization=branch)

    apply(rows(["第二党支部", "A12", None, "后来人", "P98"]))

    assert branch.appointments.filter(ends_on=None).count() == 2
    assert RoleGrant.objects.count() == 1
