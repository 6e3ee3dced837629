"""Any upload becomes plain text or one clear sentence."""

import io
import tracemalloc
import zipfile

import docx
import pytest
from docx.shared import Inches
from hypothesis import given
from hypothesis import strategies as st

from organizations.errors import Refused
from reviews.report.reading import MAX_TEXT_CHARS, read_text

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
TEXT = "一、上年整改情况\n已全部整改到位。\n二、履职情况\n走访群众 32 户。"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"


def pack(members: dict[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return packed.getvalue()


def docx_of(body: str, **parts: str) -> bytes:
    """A docx with this XML in its body; ``parts`` are other members of word/, such as numbering."""
    document = f'<?xml version="1.0"?><w:document xmlns:w="{W}" xmlns:mc="{MC}"><w:body>{body}</w:body></w:document>'
    members = {f"word/{name}.xml": f'<w:{name} xmlns:w="{W}">{xml}</w:{name}>'.encode() for name, xml in parts.items()}
    return pack({"word/document.xml": document.encode()} | members)


def paragraph(text: str, settings: str = "") -> str:
    return f"<w:p><w:pPr>{settings}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def numbered(text: str, level: int = 0) -> str:
    return paragraph(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="7"/></w:numPr>')


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
        (b"x", "a.doc", "另存为”docx"),
        (b"x", "A.DOC", "另存为”docx"),
        (b"x", "a.wps", "WPS 文字"),
        (b"x", "a.pdf", "只能接收 docx 或 txt"),
        (b"x", "a", "只能接收 docx 或 txt"),
        (b"x", "", "只能接收 docx 或 txt"),
        (PNG * 50, "a.docx", "PNG 图片"),
        (PNG * 50, "a.txt", "PNG 图片"),
        (b"\xff\xfe\x00\xd8a", "a.txt", "编码"),
        (b"\x81\x20\xff\xff" * 20, "a.txt", "编码"),
        (bytes(range(1, 32)) * 20, "a.txt", "编码"),
        (b"%PDF-1.4", "a.docx", "PDF 文件"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.docx", "密码"),
        (TEXT.encode(), "a.docx", "不是 docx 文档"),
        (b"a" * (20 * 1024 * 1024 + 1), "a.txt", "超过 20 MB"),
        (pack({"word/document.xml": b"<a/>", "big": bytes(101 * 1024 * 1024)}), "a.docx", "解压后过大"),
        (("字" * (MAX_TEXT_CHARS + 1)).encode(), "a.txt", "超过 20 万字"),
        (docx_of(paragraph("字" * (MAX_TEXT_CHARS + 1))), "a.docx", "超过 20 万字"),
        (docx_of(""), "a.docx", "没有文字"),
        (pack({"xl/workbook.xml": b"<a/>"}), "a.docx", "没有 docx 文档应有的内容"),
        (pack({"word/document.xml": b"<html><body>x</body></html>"}), "a.docx", "没有 docx 文档应有的正文"),
        (pack({"word/document.xml": f'<w:document xmlns:w="{W}"/>'.encode()}), "a.docx", "没有 docx 文档应有的正文"),
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


def test_a_document_written_by_word_is_read_in_order():
    document, saved = docx.Document(), io.BytesIO()
    document.sections[0].header.paragraphs[0].text = "页眉不读"
    document.sections[0].footer.paragraphs[0].text = "页脚不读"
    document.add_heading("述职报告", 0)
    document.add_paragraph("第一行").add_run().add_break()
    document.paragraphs[-1].add_run("软回车后")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip([c for row in table.rows for c in row.cells], ["支部", "党员", "清河", "32"], strict=True):
        cell.text = text
        cell.width = Inches(1)
    document.add_paragraph("末段")
    document.save(saved)

    assert read_text(saved.getvalue(), "报告.docx") == "述职报告\n第一行\n软回车后\n支部\t党员\n清河\t32\n末段"


def test_insertions_are_kept_and_deletions_dropped():
    body = (
        "<w:p><w:r><w:t>原</w:t></w:r><w:ins><w:r><w:t>增</w:t></w:r></w:ins>"
        "<w:del><w:r><w:delText>删</w:delText></w:r></w:del>"
        "<w:moveFrom><w:r><w:t>移走</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>移来</w:t></w:r></w:moveTo>"
        "<w:fldSimple><w:r><w:instrText>PAGE</w:instrText></w:r></w:fldSimple>"
        '<w:hyperlink><w:r><w:t xml:space="preserve">链接 尾</w:t>'
        "<w:tab/><w:noBreakHyphen/></w:r></w:hyperlink></w:p>"
        "<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p><w:r><w:t>删行</w:t></w:r></w:p></w:tc></w:tr>"
        "<w:sdt><w:sdtContent><w:tr><w:tc><w:p><w:r><w:t>留行</w:t></w:r></w:p></w:tc></w:tr></w:sdtContent></w:sdt></w:tbl>"
    )

    assert read_text(docx_of(body), "a.docx") == "原增移来链接 尾\t-\n留行"


def test_a_text_box_is_read_once():
    box = "<w:txbxContent>" + paragraph("框内") + "</w:txbxContent>"
    body = (
        f"<w:p><w:r><w:t>正文</w:t></w:r><w:r><mc:AlternateContent><mc:Choice><w:drawing>{box}</w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )

    assert read_text(docx_of(body), "a.docx") == "正文\n框内"


def test_automatic_numbers_are_written_out():
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{pattern}"/></w:lvl>'
        for level, form, pattern in [(0, "chineseCounting", "%1、"), (1, "decimal", "%2."), (2, "bullet", "●")]
    )
    numbering = f'<w:abstractNum w:abstractNumId="3">{levels}</w:abstractNum>'
    numbering += '<w:num w:numId="7"><w:abstractNumId w:val="3"/></w:num>'
    styles = '<w:style w:styleId="H"><w:pPr><w:numPr><w:numId w:val="7"/></w:numPr></w:pPr></w:style>'
    plain = paragraph("说明", '<w:numPr><w:numId w:val="0"/></w:numPr>')
    body = numbered("上年整改情况") + numbered("甲", 1) + numbered("乙", 1) + plain + numbered("点", 2)
    body += paragraph("履职情况", '<w:pStyle w:val="H"/>') + numbered("丙", 1)

    text = read_text(docx_of(body, numbering=numbering, styles=styles), "a.docx")

    assert text.split("\n") == ["一、上年整改情况", "1.甲", "2.乙", "说明", "点", "二、履职情况", "1.丙"]


def test_elements_nested_without_end_do_no_harm():
    deep = "<w:r>" * 20_000 + "<w:t>深</w:t>" + "</w:r>" * 20_000

    assert read_text(docx_of(paragraph("浅") + f"<w:p>{deep}</w:p>"), "a.docx") == "浅"


@given(st.binary(max_size=300), st.sampled_from(["a.txt", "a.docx", "a.doc"]))
def test_any_bytes_become_text_or_a_sentence(content, filename):
    try:
        answer = read_text(content, filename)
    except Refused as refused:
        answer = str(refused)

    assert answer.strip() == answer
    assert "\0" not in answer


@given(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=200))
def test_text_written_as_utf8_comes_back(text):
    assert read_text(text.encode(), "a.txt") == text
