"""A whole text uploaded or pasted: divided, corrected, then taken."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from reviews.report.actions import save_report
from reviews.report.models import Report
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
        posted |= {f"part-{number}-kind": part["kind"].value(), f"part-{number}-text": part["text"].value()}
    return posted


def test_a_pasted_report_is_divided_for_correction_and_nothing_is_kept_yet(author, review):
    page = author.post(at("upload", review.pk), {"text": WHOLE})

    kinds = [part["kind"].value() for part in page.context["parts"].forms]
    assert kinds == ["", "prior", "duty", "problems", "plans"]
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
