"""manage.py import_roster: the row log, the totals, the exit codes."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from organizations.models import Organization
from tests.organizations.rosters import tidy

pytestmark = pytest.mark.django_db


def saved(tmp_path: Path, content: bytes) -> Path:
    file = tmp_path / "花名册.xlsx"
    file.write_bytes(content)
    return file


def test_it_prints_each_row_and_the_totals_and_imports(tmp_path, capsys):
    call_command("import_roster", saved(tmp_path, tidy()))

    printed = capsys.readouterr().out
    assert "第 4 行 新增 第一党支部 白溪任书记" in printed
    assert "合计：新增 4 行，变化 0 行，不变 0 行，错误 0 行" in printed
    assert Organization.objects.count() == 4


def test_a_dry_run_writes_nothing(tmp_path, capsys):
    call_command("import_roster", saved(tmp_path, tidy()), "--dry-run")

    assert "没有写入" in capsys.readouterr().out
    assert Organization.objects.count() == 0


@pytest.mark.parametrize("dry", [["--dry-run"], []])
def test_a_refused_row_ends_with_code_one_and_nothing_written(tmp_path, capsys, dry):
    file = saved(tmp_path, tidy(["第三党支部", "A13", "党支部", "没有的党委"]))

    with pytest.raises(CommandError) as ended:
        call_command("import_roster", file, *dry)

    assert ended.value.returncode == 1
    assert "D6 错误[unknown_superior]：上级党组织“没有的党委”" in capsys.readouterr().out
    assert Organization.objects.count() == 0


def test_the_good_rows_alone_on_request(tmp_path):
    file = saved(tmp_path, tidy(["第三党支部", "A13", "党支部", "没有的党委"]))

    call_command("import_roster", file, "--only-good")

    assert Organization.objects.count() == 4


@pytest.mark.parametrize("content", [b"", b"\x89PNG....", "党组织名称,上级\n".encode("gbk"), b"PK\x03\x04"])
def test_an_unreadable_file_ends_with_code_two(tmp_path, content):
    with pytest.raises(CommandError) as ended:
        call_command("import_roster", saved(tmp_path, content))

    assert ended.value.returncode == 2


def test_a_file_that_is_not_there_ends_with_code_two(tmp_path):
    with pytest.raises(CommandError, match="打不开") as ended:
        call_command("import_roster", tmp_path / "nichts.xlsx")

    assert ended.value.returncode == 2
