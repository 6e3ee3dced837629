"""A whole text uploaded or pasted: divided, corrected, then taken."""

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from reviews.report.actions import save_report
from reviews.report.models import Report
from tests.reviews.report.packages import docx_of, paragraph
from tests.reviews.report.pages import at
from tests.reviews.report.texts import SECTIONS

pytestmark = pytest.mark.django_db


WHOLE = "\n".join(
    [
        "2026年度抓基层党建述职报告",
        "各位领导、同志们：",
        "一、上年问题整改情况",
        SECTIONS["prior"],
        "二、履职尽责情况",
        SECTIONS["duty"],
        "三、存在的问题及原因",
        SECTIONS["problems"],
        "四、下一步打算",
        SECTIONS["plans"],
    ]
)


def parts_of(page):
    formset = page.context["parts"]
    posted = {
        "part-TOTAL_FORMS": len(formset.forms),
        "part-INITIAL_FORMS": 0,
        "edition": page.context["form"]["edition"].value(),
    }
    for number, part in enumerate(formset.forms):
        names = ("kind", "text", "heading")
        posted |= {f"part-{number}-{name}": part[name].value() or "" for name in names}
    return posted


def test_a_pasted_report_is_divided_for_correction_and_nothing_is_kept_yet(author, review):
    page = author.post(at("upload", review.pk), {"text": WHOLE})

    kinds = [part["kind"].value() for part in page.context["parts"].forms]
    assert kinds == ["drop", "prior", "duty", "problems", "plans"]
    assert not Report.objects.exists()


def test_the_corrected_parts_become_the_draft(author, review):
    posted = parts_of(author.post(at("upload", review.pk), {"text": WHOLE}))

    answer = author.post(at("take", review.pk), posted)

    assert answer.url == at("write", review.pk)
    assert Report.objects.get().sections == SECTIONS | {"self_evaluation": ""}


def test_parts_of_one_section_stand_one_after_the_other(author, review):
    posted = {
        "part-TOTAL_FORMS": 2,
        "part-INITIAL_FORMS": 0,
        "edition": 0,
        "part-0-kind": "duty",
        "part-0-text": "甲",
        "part-1-kind": "duty",
        "part-1-text": "乙",
    }

    author.post(at("take", review.pk), posted)

    assert Report.objects.get().duty == "甲\n乙"


def test_taking_asks_before_it_replaces_and_keeps_what_was_typed(author, review):
    save_report(review, sections=SECTIONS | {"plans": "旧的打算"}, edition=0, by=review.secretary)
    posted = parts_of(author.post(at("upload", review.pk), {"text": WHOLE}))

    asked = author.post(at("take", review.pk), posted)
    agreed = author.post(at("take", review.pk), posted | {"overwrite": "on"})

    assert asked.status_code == 409
    assert "下一步打算" in asked.content.decode()
    assert SECTIONS["plans"] in asked.content.decode()
    assert agreed.status_code == 302
    assert Report.objects.get().plans == SECTIONS["plans"]


def test_a_text_file_is_read(author, review):
    file = SimpleUploadedFile("述职报告.txt", WHOLE.encode("gbk"))

    page = author.post(at("upload", review.pk), {"file": file})

    assert len(page.context["parts"].forms) == 5


@pytest.mark.parametrize(
    ("posted", "told"),
    [
        ({}, "请选择"),
        ({"file": ("述职.doc", b"x")}, "旧版 Word 文件（.doc）"),
        ({"text": "  \u200b "}, "请选择"),
        ({"file": ("空.txt", b"")}, "空"),
        ({"file": ("图.docx", b"\x89PNG\r\n\x1a\n" + b"0" * 100)}, "图片"),
        ({"file": ("述职.exe", b"MZ" + b"0" * 100)}, "docx"),
        ({"text": "正文", "file": ("述职.txt", "正文".encode())}, "只能选一种"),
        ({"text": "长" * 300_001}, "300,000"),
    ],
)
def test_what_cannot_be_read_is_told_in_words(author, review, posted, told):
    if "file" in posted:
        posted = posted | {"file": SimpleUploadedFile(*posted["file"])}

    answer = author.post(at("upload", review.pk), posted)

    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert not Report.objects.exists()


@pytest.mark.parametrize(
    "posted",
    [
        {},
        {"part-TOTAL_FORMS": "abc", "part-INITIAL_FORMS": 0, "edition": 0},
        {"part-TOTAL_FORMS": 999_999, "part-INITIAL_FORMS": 0, "edition": 0},
        {"part-TOTAL_FORMS": 1, "part-INITIAL_FORMS": 0, "edition": 0, "part-0-kind": "", "part-0-text": "甲"},
        {"part-TOTAL_FORMS": 1, "part-INITIAL_FORMS": 0, "edition": 0, "part-0-kind": "else", "part-0-text": "甲"},
        {"part-TOTAL_FORMS": 1, "part-INITIAL_FORMS": 0, "part-0-kind": "duty", "part-0-text": "甲"},
    ],
)
def test_a_broken_correction_is_told_and_nothing_is_taken(author, review, posted):
    answer = author.post(at("take", review.pk), posted)

    assert answer.status_code == 422
    assert not Report.objects.exists()


def shifted(author, review, step, *texts, **more):
    """The texts of the parts after one step on a page of these parts, all of one section, and the page."""
    posted = {"part-TOTAL_FORMS": len(texts), "part-INITIAL_FORMS": 0, "edition": 0, "shift": step} | more
    for number, text in enumerate(texts):
        posted |= {f"part-{number}-kind": "duty", f"part-{number}-text": text}
    page = author.post(at("take", review.pk), posted)
    return [part["text"].value() for part in page.context["parts"].forms], page


@pytest.mark.parametrize(
    ("step", "row", "after"),
    [
        ("up-1", "", ["甲\n乙\n丙", "丁"]),
        ("down-0", "", ["甲", "乙\n丙\n丁"]),
        ("merge-1", "", ["甲\n乙\n丙\n丁"]),
        ("split-0", 1, ["甲", "乙", "丙\n丁"]),
        ("count-0", "", ["甲\n乙", "丙\n丁"]),
    ],
)
def test_a_border_is_shifted_by_a_button_and_nothing_is_kept(author, review, step, row, after):
    texts, page = shifted(author, review, step, "甲\n乙", "丙\n丁", **{"part-0-row": row})

    assert texts == after
    assert page.status_code == 200
    assert not Report.objects.exists()


def test_a_part_is_cut_without_a_script_where_equals_signs_stand(author, review):
    texts, page = shifted(author, review, "split-0", "甲\n====\n乙")

    assert texts == ["甲", "乙"]
    assert [part["kind"].value() for part in page.context["parts"].forms] == ["duty", ""]


@pytest.mark.parametrize("step", ["up-0", "merge-0", "down-1", "split-0", "up-9", "merge-77", "fly-1", "", "up--1"])
def test_a_step_that_cannot_be_done_leaves_the_text_as_it_is(author, review, step):
    texts, page = shifted(author, review, step, "甲\n乙", "丙")

    assert texts == ["甲\n乙", "丙"]
    assert page.status_code == 422


def test_a_part_without_a_place_is_asked_for_before_anything_is_taken(author, review):
    posted = parts_of(author.post(at("upload", review.pk), {"text": WHOLE}))

    answer = author.post(at("take", review.pk), posted | {"part-2-kind": ""})

    assert answer.status_code == 422
    assert "第 3 块还没有选择归入哪一部分" in answer.content.decode()
    assert not Report.objects.exists()


def test_every_character_of_the_file_stands_in_one_line_of_the_sums(author, review):
    page = author.post(at("upload", review.pk), {"text": WHOLE})

    assert sum(one.chars for one in page.context["sums"]) == page.context["total"]
    headings = sum(len(part["heading"].value() or "") for part in page.context["parts"].forms)
    assert page.context["total"] + headings == len("".join(WHOLE.split()))


def test_what_was_left_out_of_a_file_is_told_and_stays_told(author, review):
    body = (
        paragraph("一、上年整改情况") + paragraph("已改。") + "<w:p><w:r><w:drawing><a:blip/></w:drawing></w:r></w:p>"
    )
    file = SimpleUploadedFile("述职报告.docx", docx_of(body, margins=(paragraph("机密★1年"),)))

    page = author.post(at("upload", review.pk), {"file": file})
    told = {name: page.context["form"][name].value() for name in ("grave", "notices")}
    _, again = shifted(author, review, "count-0", "甲", **told)

    for answer in (page, again):
        assert "机密★1年" in answer.content.decode()
        assert "图片 1 张没有读入" in answer.content.decode()


def test_nothing_of_an_uploaded_file_stays_on_disk(author, review, settings, tmp_path):
    settings.FILE_UPLOAD_TEMP_DIR = str(tmp_path)
    settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 0

    author.post(at("upload", review.pk), {"file": SimpleUploadedFile("述职报告.txt", WHOLE.encode())})

    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert not Path(settings.MEDIA_ROOT).exists()
