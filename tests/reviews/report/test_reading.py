"""Any upload becomes plain text or one clear sentence."""

import io
import re
import tracemalloc
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from organizations.errors import Refused
from reviews.report.word.decoding import UNSURE
from reviews.report.word.reading import MAX_TEXT_CHARS, read_apart, read_report, read_text, reading_from
from tests.reviews.report.packages import docx_of, pack, paragraph, part

TEXT = "一、上年整改情况\n已全部整改到位。\n二、履职情况\n走访群众 32 户。"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"


def refusal(content: bytes, filename: str) -> str:
    with pytest.raises(Refused) as refused:
        read_text(content, filename)
    return str(refused.value)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be", "gb2312"]
)
def test_txt_is_read_in_every_usual_encoding(encoding):
    assert read_text(TEXT.replace("\n", "\r\n").encode(encoding), "报告.TXT") == TEXT


def test_rare_characters_of_gb18030_are_read():
    assert read_text("书记䶮𠮷同志".encode("gb18030"), "a.txt") == "书记䶮𠮷同志"


def test_control_characters_and_blanks_at_line_ends_are_removed():
    dirty = "\ufeff  \n一\0是\x08学习 \t\r\n\r\n\r\n\r\n\x0b二是\x1b实干　\u2028三是奉献\n\n"

    assert read_text(dirty.encode(), "a.txt") == "一是学习\n\n二是实干\n三是奉献"


@pytest.mark.parametrize(
    ("content", "filename", "words"),
    [
        (b"", "a.txt", "空的"),
        (b"", "a.docx", "空的"),
        (b" \r\n\t\x00 ", "a.txt", "没有文字"),
        (b"x", "a.doc", "旧版 Word 文件（.doc）"),
        (b"x", "A.DOC", "“另存为”，“文件类型”选“Microsoft Word 文件（*.docx）”"),
        (b"x", "a.wps", "WPS 文字文件"),
        (b"x", "a.pages", "苹果 Pages"),
        (b"x", "a.pdf", "原来的 Word 或 WPS 文件"),
        (b"x", "a.ofd", "不能读取OFD文件"),
        (b"x", "a.xlsx", "这是表格"),
        (b"{\\rtf1", "a.doc", "RTF 文件（有些 .doc 文件其实是这种）"),
        (b"<html><body>x", "a.doc", "网页文件"),
        (b"%PDF-1.4", "a.txt", "不能读取PDF文件"),
        (OLE + "WordDocument".encode("utf-16-le"), "a.docx", "旧版 Word 文件（.doc），扩展名.docx是后来改的"),
        (OLE + "WordDocument".encode("utf-16-le"), "a.wps", "WPS 文字文件（.wps）"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "a.docx", "设有打开密码"),
        (OLE + "Workbook".encode("utf-16-le"), "a.docx", "旧版 Office 文件"),
        (b"x", "a", "只能接收 docx 或 txt"),
        (b"x", "", "只能接收 docx 或 txt"),
        (PNG * 50, "a.docx", "PNG 图片"),
        (PNG * 50, "a.txt", "PNG 图片"),
        (b"\xff\xfe\x00\xd8a", "a.txt", "编码"),
        (b"\x81\x20\xff\xff" * 20, "a.txt", "编码"),
        (bytes(range(1, 32)) * 20, "a.txt", "编码"),
        (b"%PDF-1.4", "a.docx", "PDF文件"),
        (TEXT.encode(), "a.docx", "不是 docx 文档"),
        (b"a" * (20 * 1024 * 1024 + 1), "a.txt", "超过 20 MB"),
        (pack({"word/document.xml": b"<a/>", "big": bytes(101 * 1024 * 1024)}), "a.docx", "解压后过大"),
        (("字" * (MAX_TEXT_CHARS + 1)).encode(), "a.txt", "超过 20 万字"),
        (docx_of(paragraph("字" * (MAX_TEXT_CHARS + 1))), "a.docx", "超过 20 万字"),
        (docx_of(""), "a.docx", "没有文字"),
        (pack({"xl/workbook.xml": b"<a/>"}), "a.docx", "Excel 工作簿"),
        (pack({"ppt/presentation.xml": b"<a/>"}), "a.docx", "演示文稿"),
        (pack({"content.xml": b"<a/>"}), "a.docx", "没有 docx 文档应有的内容"),
        (pack({"word/document.xml": b"<html><body>x</body></html>"}), "a.docx", "没有 docx 文档应有的正文"),
        (pack({"word/document.xml": part("document", "")}), "a.docx", "没有 docx 文档应有的正文"),
        (docx_of(paragraph("好"))[:-30], "a.docx", "损坏"),
        (docx_of(paragraph("好"), numbering="<w:num"), "a.docx", "损坏"),
        (pack({"word/document.xml": b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///x">]><a>&e;</a>'}), "a.docx", "DOCTYPE"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_in_one_sentence(content, filename, words):
    sentence = refusal(content, filename)

    assert words in sentence
    assert sentence.endswith("。")
    assert sentence.count("。") == 1


def test_a_bomb_of_300_megabytes_is_refused_in_little_memory():
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package,
        package.open("word/document.xml", "w") as member,
    ):
        for _ in range(300):
            member.write(b" " * 1024 * 1024)
    tracemalloc.start()

    sentence = refusal(packed.getvalue(), "bomb.docx")

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert "解压后过大" in sentence
    assert peak < 20 * 1024 * 1024


@given(st.binary(max_size=300), st.sampled_from(["a.txt", "a.docx", "a.doc"]))
def test_any_bytes_become_text_or_a_sentence(content, filename):
    try:
        answer = read_text(content, filename)
    except Refused as refused:
        answer = str(refused)

    assert answer.strip() == answer
    assert "\0" not in answer


LETTERS = st.characters(min_codepoint=0x20, max_codepoint=0x7E) | st.characters(
    min_codepoint=0x4E00, max_codepoint=0x9FA5
)


@pytest.mark.parametrize("text", ["BM项目党支部述职报告", "MZ", "riff"])
def test_a_text_may_begin_with_the_letters_that_a_picture_begins_with(text):
    assert read_text(text.encode(), "a.txt") == text


def test_a_picture_is_told_by_its_header_whatever_its_name():
    bitmap = b"BM" + (70).to_bytes(4, "little") + bytes(4) + (54).to_bytes(4, "little")

    with pytest.raises(Refused, match="BMP 图片"):
        read_text(bitmap, "a.txt")


@given(st.text(LETTERS, min_size=1, max_size=200).map(str.strip).filter(bool))
def test_text_written_as_utf8_comes_back(text):
    assert read_text(text.encode(), "a.txt") == text


PROSE = st.lists(
    st.sampled_from(
        ["党支部坚持三会一课制度。", "存在的主要问题是学习不深入。", "明年打算抓好队伍。", "2026年", "\r\n"]
    ),
    min_size=1,
    max_size=30,
).map("".join)


@given(PROSE, st.sampled_from(["gb18030", "utf-16-le", "utf-16-be", "utf-16", "utf-8"]))
def test_chinese_prose_is_read_in_whatever_encoding_it_came(prose, encoding):
    written = prose.replace("\r\n", "\n").strip()
    if not written:
        return

    reading = read_report(prose.encode(encoding), "a.txt")

    assert reading.text == re.sub(r"\n{3,}", "\n\n", written)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16-le", "utf-16-be"])
def test_a_guessed_encoding_that_may_be_wrong_is_told(encoding):
    reading = read_report("鼬鼷黢".encode(encoding), "a.txt")

    assert [notice.text for notice in reading.notices] == [UNSURE]


def test_letters_of_an_encoding_that_nobody_knows_are_never_taken_for_chinese():
    sentence = refusal(("述職評議考核" * 30).encode("big5"), "a.txt")

    assert "认不出文件的文字编码" in sentence


@pytest.mark.parametrize("filename", ["a.doc", "a.txt", "a.wps", "报告", "a.DOCX"])
def test_a_docx_is_read_whatever_its_name_says(filename):
    assert read_text(docx_of(paragraph("正文")), filename) == "正文"


def test_radicals_copied_from_a_pdf_become_characters():
    assert read_text("⼀、⼯作情况".encode(), "a.txt") == "一、工作情况"


def test_a_reading_survives_the_way_through_another_process():
    content = docx_of(paragraph("正文", "<w:rPr><w:b/></w:rPr>") + "<w:p><w:del/></w:p>")

    assert reading_from(read_apart(content, "a.docx")) == read_report(content, "a.docx")
