"""A file of evidence is what its name says, or it is refused in a sentence."""

import io
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizations.errors import Refused
from reviews.ledger.evidence import check_evidence

PNG = b"\x89PNG\r\n\x1a\n\0"
BIG = 20 * 1024 * 1024


def office(member: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as package:
        package.writestr(member, b"<w/>")
    return packed.getvalue()


ACCEPTED = [
    (b"%PDF-1.7 x", "总结.pdf", "总结.pdf"),
    (b"\xff\xd8\xff\xe0", "照片.JPEG", "照片.jpg"),
    (PNG, "C:\\桌面\\截图.png", "截图.png"),
    (office("word/document.xml"), "记录.docx", "记录.docx"),
    (office("xl/workbook.xml"), "名单.xlsx", "名单.xlsx"),
    (b"%PDF-" + bytes(BIG - 5), "长" * 300 + ".pdf", "长" * 116 + ".pdf"),
]
REFUSED = [
    (b"", "空.pdf", "空的"),
    (b"%PDF-" + bytes(BIG), "大.pdf", "超过 20 MB"),
    (PNG, "图片.docx", "看起来是PNG"),
    (b"MZ\0\0", "工具.pdf", "程序文件"),
    (b"<html>", "网页.png", "不是 PNG"),
    (office("xl/workbook.xml"), "表格.docx", "没有Word"),
    (office("word/document.xml"), "包.zip", "只接收"),
    (b"<svg/>", "图.svg", "只接收"),
    (b"x", "没有扩展名", "只接收"),
    (b"x", "", "只接收"),
]


@pytest.mark.parametrize(("content", "name", "shown"), ACCEPTED, ids=[shown[:8] for *_, shown in ACCEPTED])
def test_an_accepted_file_keeps_its_content_and_a_clean_name(content, name, shown):
    checked = check_evidence(io.BytesIO(content), name)

    assert checked.content == content
    assert checked.shown_name == shown
    assert checked.stored_name() != checked.stored_name()


@pytest.mark.parametrize(("content", "name", "told"), REFUSED, ids=[name for _, name, _ in REFUSED])
def test_any_other_file_is_refused_in_words(content, name, told):
    with pytest.raises(Refused, match=told):
        check_evidence(io.BytesIO(content), name)


@given(st.binary(max_size=200), st.text(max_size=30), st.sampled_from(["pdf", "png", "docx", "xlsx", "exe", ""]))
def test_any_bytes_under_any_name_are_checked_or_refused(content, stem, suffix):
    with suppress(Refused):
        checked = check_evidence(io.BytesIO(content), f"{stem}.{suffix}")

        assert len(checked.shown_name) <= 120
        assert checked.shown_name.isprintable()
        assert checked.kind in {"pdf", "png"}  # random bytes are no Office package
