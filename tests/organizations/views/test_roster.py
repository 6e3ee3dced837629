"""The import wizard: upload, columns, dry run, apply, the refused rows back."""

import io
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from organizations.importing import apply_roster, read_roster
from organizations.models import Organization, Person, Role, RosterFile, Trace
from tests.make import make_officer
from tests.organizations.counting import cost_of
from tests.organizations.rosters import HEADER, TIDY, tidy, workbook

pytestmark = pytest.mark.django_db
UPLOAD = "/organizations/import/"
MORE = ["第三党支部", "A13", "党支部", "云岭市测绘局机关党委", "冷杉", "P04", "书记"]
WRONG = ["第四党支部", "A14", "党支部", "没有的党委"]


@pytest.fixture
def organizer(client) -> Person:
    apply_roster(read_roster(tidy()), by=None, filename="起始.xlsx")
    person = make_officer(Role.ORGANIZER, Organization.objects.get(code="A0"))
    client.force_login(person)
    return person


def upload(client, content: bytes, name: str = "花名册.xlsx"):
    return client.post(UPLOAD, {"file": SimpleUploadedFile(name, content)})


def door(name: str) -> str:
    return reverse(f"organizations:{name}", args=[RosterFile.objects.latest("pk").pk])


def shown(client, **asked):
    return client.get(door("import_file"), asked)


def apply(client, **more):
    return client.post(door("import_apply"), {"expected": shown(client).context["plan"].fingerprint, **more})


def test_an_upload_leads_to_its_dry_run_and_then_into_the_tree(client, organizer):
    answer = upload(client, tidy(MORE))
    page = client.get(answer.url)

    assert page.context["totals"] == {"new": 1, "changed": 0, "same": 4, "refused": 0}
    assert not Organization.objects.filter(code="A13").exists()

    assert apply(client).url == door("import_file")

    assert Organization.objects.get(code="A13").appointments.get().person.name == "冷杉"
    assert Trace.objects.filter(act="导入花名册", person=organizer).exists()
    assert "没有需要导入的变化" in shown(client).content.decode()
    assert "已导入：新增 1" in client.get(UPLOAD).content.decode()


def test_the_same_file_a_second_time_offers_nothing_to_import(client, organizer):
    upload(client, tidy())

    page = shown(client).content.decode()

    assert "没有需要导入的变化" in page
    assert door("import_apply") not in page


def test_errors_are_shown_with_cell_and_reason_and_keep_the_import_shut(client, organizer):
    upload(client, tidy(MORE, WRONG))

    page = shown(client).content.decode()

    assert "<strong>D7</strong>" in page
    assert "没有的党委" in page
    answer = apply(client)
    assert answer.status_code == 409
    assert "没有导入任何内容" in answer.content.decode()
    assert not Organization.objects.filter(code="A13").exists()


def test_the_good_rows_alone_when_asked(client, organizer):
    upload(client, tidy(MORE, WRONG))

    apply(client, only_good="1")

    assert Organization.objects.filter(code="A13").exists()
    assert not Organization.objects.filter(code="A14").exists()


def test_the_refused_rows_are_downloaded(client, organizer):
    upload(client, tidy(MORE, WRONG))

    answer = client.get(door("import_errors"))

    _, line = load_workbook(io.BytesIO(answer.content)).active.iter_rows(values_only=True)
    assert line[0] == "第四党支部"
    assert line[-2] == "D7"
    assert "attachment" in answer.headers["Content-Disposition"]


@pytest.mark.parametrize(
    ("only", "numbers"), [("new", [6]), ("refused", [7]), ("same", [2, 3, 4, 5]), ("", [2, 3, 4, 5, 6, 7])]
)
def test_the_rows_are_filtered_by_what_becomes_of_them(client, organizer, only, numbers):
    upload(client, tidy(MORE, WRONG))

    assert [row.number for row in shown(client, only=only).context["page"]] == numbers


def columns(client, **changes) -> dict:
    form = shown(client).context["form"]
    said = {name: value for name, value in form.initial.items() if value is not None}
    return {key: value for key, value in (said | changes).items() if value is not None}


def test_a_wrong_guess_is_corrected(client, organizer):
    content = workbook([["单位", "党组织名称", "上级党组织"], ["第五党支部", "忽略", "A1"]])
    upload(client, content)
    assert shown(client).context["plan"].rows[0].name == "忽略"

    client.post(door("import_columns"), columns(client, column_name=0))

    assert shown(client).context["plan"].rows[0].name == "第五党支部"


def test_a_file_without_a_known_header_waits_for_its_columns(client, organizer):
    upload(client, workbook([["甲", "乙"], ["第五党支部", "A1"]]))
    page = shown(client)
    assert page.status_code == 200
    assert "没有找到表头" in page.content.decode()

    said = {"sheet": "花名册", "header_start": 1, "header_end": 1, "column_name": 0, "column_parent": 1}
    client.post(door("import_columns"), said)

    assert shown(client).context["totals"]["new"] == 1


def test_another_sheet_is_guessed_afresh(client, organizer):
    upload(client, workbook([HEADER, *TIDY], others={"第二张": [["党组织名称", "上级党组织"], ["第五党支部", "A1"]]}))

    client.post(door("import_columns"), columns(client, sheet="第二张"))

    assert shown(client).context["totals"] == {"new": 1, "changed": 0, "same": 0, "refused": 0}


@pytest.mark.parametrize(
    "changes", [{"column_name": 3}, {"header_end": 9}, {"header_start": 0}, {"sheet": "没有"}, {"column_name": 99}]
)
def test_an_impossible_mapping_comes_back_and_changes_nothing(client, organizer, changes):
    upload(client, tidy())
    before = RosterFile.objects.get().layout

    answer = client.post(door("import_columns"), columns(client, **changes))

    assert answer.status_code == 422
    assert RosterFile.objects.get().layout == before


def test_a_mapping_without_a_name_says_so(client, organizer):
    upload(client, tidy())

    client.post(door("import_columns"), columns(client, column_name=None))

    assert "没有指定哪一列是“党组织名称”" in shown(client).content.decode()
    assert client.get(door("import_errors")).status_code == 409
    assert client.post(door("import_apply"), {}).status_code == 409


def test_data_changed_since_the_dry_run_stops_the_import(client, organizer):
    upload(client, tidy(MORE))
    expected = shown(client).context["plan"].fingerprint
    Organization.objects.filter(code="A12").update(is_active=False)

    answer = client.post(door("import_apply"), {"expected": expected})

    assert answer.status_code == 409
    assert "试算以后" in answer.content.decode()


def bomb() -> bytes:
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package,
        package.open("xl/workbook.xml", "w") as member,
    ):
        for _ in range(300):
            member.write(bytes(1024 * 1024))
    return packed.getvalue()


HOSTILE = {
    "empty": b"",
    "picture": b"\x89PNG\r\n\x1a\n....",
    "gbk text": "党组织名称,上级党组织\n".encode("gbk"),
    "old xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1....",
    "cut short": tidy()[:2000],
    "bomb": bomb(),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_is_refused_in_one_sentence(client, organizer, kind):
    answer = upload(client, HOSTILE[kind])

    assert answer.status_code == 422
    assert "invalid-feedback" in answer.content.decode()
    assert RosterFile.objects.count() == 0


@pytest.mark.parametrize("name", ["../../etc/passwd", "a\u202exslx.exe", "长" * 250 + ".xlsx", "CON"])
def test_a_hostile_name_stays_a_name(client, organizer, settings, name):
    upload(client, tidy(), name)

    kept = RosterFile.objects.get()
    assert kept.file.path.startswith(str(settings.MEDIA_ROOT))
    assert kept.file.name == f"rosters/{kept.sha256[:16]}.xlsx"


def test_no_file_at_all_is_told(client, organizer):
    assert client.post(UPLOAD, {}).status_code == 422


@pytest.mark.parametrize("name", ["import_file", "import_errors"])
def test_the_uploads_of_others_are_not_found(client, organizer, name):
    upload(client, tidy())
    client.force_login(make_officer(Role.ORGANIZER, Organization.objects.get(code="A0")))

    assert client.get(door(name)).status_code == 404
    assert client.post(door("import_apply"), {}).status_code == 404
    assert client.post(door("import_columns"), {}).status_code == 404


def test_an_upload_whose_file_is_gone_says_so(client, organizer):
    upload(client, tidy())
    RosterFile.objects.get().file.delete(save=False)
    RosterFile.objects.update(file="rosters/gone.xlsx")

    answer = shown(client)

    assert answer.status_code == 409
    assert "重新上传" in answer.content.decode()


@pytest.mark.parametrize("role", [role for role in Role.values if role not in {Role.ORGANIZER, Role.SYS_ADMIN}])
def test_the_import_opens_for_the_keepers_of_the_roster_only(client, organizer, role):
    client.force_login(make_officer(role, Organization.objects.get(code="A0")))

    assert client.get(UPLOAD).status_code == 403
    assert upload(client, tidy()).status_code == 403


def test_a_dry_run_costs_the_same_for_one_row_or_three(client, organizer):
    more = [[f"第{number + 3}党支部", f"A{number}9", "党支部", "A1", f"书记{number}"] for number in range(3)]
    costs = []

    for rows in (1, 3):
        upload(client, workbook([HEADER, *more[:rows]]))
        costs.append(cost_of(client, door("import_file")))

    assert costs[0] == costs[1]
