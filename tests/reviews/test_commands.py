"""The same parts from the command line: JSON for programs, Chinese for people, exit 2 for a bad file."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

REPORT = (
    "一、上年整改情况\n已整改。\n二、履职情况\n开会x次。\n"
    "三、存在问题\n学习不深。\n四、下一步打算\n多学。\n自我评价\n尚可。"
)
SCRIPT = (
    "逐一点评\n1、清河镇党支部书记林青禾同志\n主要不足：一是学习不深；二是创新不够。\n第二项，领导讲话：\n一是要学。"
)


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


@pytest.fixture
def report(tmp_path):
    path = tmp_path / "报告.txt"
    path.write_bytes(REPORT.encode("gb18030"))
    return str(path)


@pytest.fixture
def script(tmp_path):
    path = tmp_path / "点评.txt"
    path.write_text(SCRIPT, encoding="utf-8")
    return str(path)


def test_a_report_is_checked_as_json(report):
    answer = json.loads(run("check_report", report, "--json"))

    assert set(answer) == {"figures", "findings"}
    (crosses,) = [finding for finding in answer["findings"] if finding["code"] == "PLACEHOLDER"]
    assert (crosses["severity"], crosses["text"]) == ("block", "x")
    assert REPORT[crosses["start"] : crosses["end"]] == "x"
    assert answer["figures"]["problem_chars"] == 11


def test_a_report_is_checked_in_words(report):
    answer = run("check_report", report)

    assert "第 4 行：“x”是没有填写的占位符" in answer
    assert "自我评价 3 字" in answer


def test_a_script_is_split_as_json(script):
    assert json.loads(run("split_comments", script, "--json")) == [
        {"number": 1, "organization": "清河镇党支部", "person": "林青禾", "points": ["学习不深", "创新不够"]}
    ]


def test_a_script_is_split_in_words(script, report):
    assert run("split_comments", script).startswith("共 1 人、2 条。\n1. 清河镇党支部 林青禾（2 条）\n   1）学习不深")
    assert run("split_comments", report).startswith("没有找到点评")
    assert json.loads(run("split_comments", report, "--json")) == []


@pytest.mark.parametrize("command", ["check_report", "split_comments"])
@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("空.txt", b"", "空的"),
        ("旧.doc", b"x", "另存为"),
        ("图.docx", b"\x89PNG" + bytes(99), "PNG 图片"),
        (".", None, "打不开"),
        ("没有.txt", None, "打不开"),
    ],
)
def test_a_bad_file_ends_with_two_and_one_sentence(tmp_path, command, name, content, words):
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(CommandError, match=words) as refusal:
        run(command, str(path))

    assert refusal.value.returncode == 2
    assert "\n" not in str(refusal.value)
