"""Documents from Word and WPS: what a reader of the page sees becomes text, the rest is told."""

import io

import docx
import pytest
from docx.shared import Inches

from reviews.report.word.reading import read_report, read_text
from tests.reviews.report.packages import STRICT, docx_of, list_of, numbered, pack, paragraph, part


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


def told(content: bytes) -> list[str]:
    return [notice.text for notice in read_report(content, "a.docx").notices]


def table(*rows: tuple[str, ...]) -> str:
    cells = [
        "".join(f"<w:tc>{''.join(map(paragraph, cell.split('|')))}</w:tc>" for cell in row)
        for row in rows
    ]  # fmt: skip
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("<w:ins><w:r><w:t>甲</w:t></w:r></w:ins><w:del><w:r/></w:del><w:ins/>", "修订 3 处（插入 2 处、删除 1 处）"),
        ("<w:ins><w:r><w:t>甲</w:t></w:r></w:ins><w:ins><w:r><w:t>乙</w:t></w:r></w:ins>", "修订 1 处（插入 1 处）"),
        ("<w:r><w:drawing><a:blip/></w:drawing></w:r>" * 3, "图片 3 张没有读入"),
        ("<w:r><w:pict><v:shape><v:imagedata/></v:shape></w:pict></w:r>", "图片 1 张没有读入"),
        ("<w:r><w:commentReference/></w:r>", "批注 1 条"),
        ("<w:r><w:footnoteReference/></w:r><w:r><w:endnoteReference/></w:r>", "脚注、尾注 2 条"),
        ("<w:r><w:object><o:OLEObject/></w:object></w:r>", "嵌入对象 1 个"),
        ("<w:r><w:rPr><w:vanish/></w:rPr><w:t>藏</w:t></w:r>", "隐藏文字 1 处"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F022"/></w:r>', "1 个特殊符号"),
        ("<w:r>" * 200 + "<w:t>深</w:t>" + "</w:r>" * 200, "嵌套过深"),
    ],
)
def test_what_is_not_read_is_told(body, sentence):
    content = docx_of(paragraph("正文") + f"<w:p>{body}</w:p>")

    assert [line for line in told(content) if sentence in line]


def test_a_document_without_anything_special_is_read_without_a_word():
    assert told(docx_of(paragraph("正文"))) == []


def test_a_deleted_paragraph_mark_joins_two_paragraphs_and_a_deleted_paragraph_is_gone():
    mark = "<w:rPr><w:del/></w:rPr>"
    gone = f"<w:p><w:pPr>{mark}</w:pPr><w:del><w:r><w:delText>全删</w:delText></w:r></w:del></w:p>"

    text = read_text(docx_of(paragraph("前半", mark) + paragraph("后半") + gone + paragraph("末段")), "a.docx")

    assert text == "前半后半\n末段"


@pytest.mark.parametrize(
    ("margin", "words", "is_grave"),
    [
        (paragraph("机密★1年"), "像是密级", True),
        (paragraph("密级：秘密"), "像是密级", True),
        (paragraph("内 部") + paragraph("内部资料"), "像是密级", True),
        ('<w:p><w:r><w:pict><v:textpath string="绝密"/></w:pict></w:r></w:p>', "像是密级", True),
        (paragraph("更多范文请访问某某文库网下载"), "下载网站留下的广告", True),
        (paragraph("清河镇党委"), "没有读入：“清河镇党委”", False),
    ],
)
def test_header_and_footer_are_left_out_but_looked_at(margin, words, is_grave):
    reading = read_report(docx_of(paragraph("正文"), margins=(margin, paragraph("— 1 —"))), "a.docx")

    assert reading.text == "正文"
    assert words in reading.notices[0].text
    assert reading.notices[0].is_grave is is_grave


def test_secrets_that_are_spoken_of_in_a_header_are_no_mark():
    reading = read_report(docx_of(paragraph("正文"), margins=(paragraph("保守秘密人人有责"),)), "a.docx")

    assert not reading.notices[0].is_grave


def test_a_whole_report_in_one_cell_of_a_form_keeps_its_lines():
    form = table(("姓名", "甲乙"), ("述职内容", "一、上年整改情况|" + "已经整改。" * 30 + "|二、履职情况"))

    lines = read_text(docx_of(form), "a.docx").split("\n")

    assert lines == ["姓名\t甲乙", "述职内容", "一、上年整改情况", "已经整改。" * 30, "二、履职情况"]


def test_a_table_in_a_cell_and_cells_of_two_lines_are_read():
    inner = f"<w:tbl><w:tr><w:tc>{table(('甲', '乙'))}<w:p/></w:tc><w:tc>{paragraph('丙')}</w:tc></w:tr></w:tbl>"

    assert read_text(docx_of(table(("一行|两行", "右")) + inner), "a.docx") == "一行 两行\t右\n甲 乙\t丙"


def test_the_strict_namespace_is_read():
    strict = {"w": STRICT}

    assert read_text(docx_of(paragraph("严格格式"), names=strict), "a.docx") == "严格格式"


def test_a_main_part_of_another_name_is_found_by_its_relation():
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    rels = f'<Relationships><Relationship Type="{kind}" Target="/word/document2.xml"/></Relationships>'
    members = {
        "_rels/.rels": rels.encode(),
        "word/document2.xml": part("document", f"<w:body>{paragraph('文')}</w:body>"),
    }

    assert read_text(pack(members), "a.docx") == "文"


def test_a_control_that_still_asks_for_words_is_empty_and_a_table_of_contents_is_left_out():
    asking = (
        f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{paragraph('单击此处输入')}</w:sdtContent></w:sdt>"
    )
    filled = f"<w:sdt><w:sdtPr/><w:sdtContent>{paragraph('已填')}</w:sdtContent></w:sdt>"
    gallery = '<w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj>'
    contents = f"<w:sdt><w:sdtPr>{gallery}</w:sdtPr><w:sdtContent>{paragraph('一、情况 1')}</w:sdtContent></w:sdt>"
    styles = '<w:style w:styleId="11"><w:name w:val="toc 1"/></w:style>'
    body = asking + filled + contents + paragraph("二、问题 3", '<w:pStyle w:val="11"/>') + paragraph("正文")

    reading = read_report(docx_of(body, styles=styles), "a.docx")

    assert reading.text == "已填\n正文"
    assert [notice.text for notice in reading.notices] == ["目录没有读入，各标题以正文里的为准。"]


def test_symbols_and_word_art_are_letters():
    body = '<w:p><w:r><w:sym w:font="Wingdings" w:char="F0FC"/><w:t>已办</w:t><w:sym w:char="2460"/></w:r></w:p>'
    body += '<w:p><w:r><w:pict><v:textpath string="述职报告"/></w:pict></w:r></w:p>'

    assert read_text(docx_of(body), "a.docx") == "√已办①\n述职报告"


def test_a_drawing_with_nothing_but_an_old_copy_is_read_from_it():
    box = f"<w:txbxContent>{paragraph('框内')}</w:txbxContent>"
    body = f"<w:p><w:r><mc:AlternateContent><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r></w:p>"

    assert read_text(docx_of(body), "a.docx") == "框内"


@pytest.mark.parametrize(
    ("style", "run", "is_strong"),
    [
        ("", "<w:b/>", True),
        ("", '<w:rFonts w:eastAsia="黑体"/>', True),
        ("", '<w:b w:val="0"/>', False),
        ("", "", False),
        ('<w:pStyle w:val="1"/>', "", True),
        ('<w:pStyle w:val="2"/>', "", True),
        ('<w:pStyle w:val="3"/>', "", False),
    ],
)
def test_lines_that_look_like_headings_are_known(style, run, is_strong):
    styles = '<w:style w:styleId="1"><w:pPr><w:outlineLvl w:val="0"/></w:pPr></w:style>'
    styles += (
        '<w:style w:styleId="2"><w:basedOn w:val="1"/></w:style><w:style w:styleId="3"><w:basedOn w:val="3"/></w:style>'
    )
    body = f"<w:p><w:pPr>{style}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t>班子建设</w:t></w:r></w:p>"

    assert bool(read_report(docx_of(body, styles=styles), "a.docx").strong) is is_strong


CHINESE = list_of(("japaneseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."))


def test_numbers_of_three_levels_begin_anew_below_each_heading():
    body = (
        numbered("甲") + numbered("乙", 1) + numbered("丙", 2) + numbered("丁", 1) + numbered("戊") + numbered("己", 1)
    )

    text = read_text(docx_of(body, numbering=CHINESE), "a.docx")

    assert text.split("\n") == ["一、甲", "（一）乙", "1.丙", "（二）丁", "二、戊", "（一）己"]


def test_a_second_list_of_one_definition_goes_on_unless_it_says_begin():
    again = '<w:num w:numId="{}"><w:abstractNumId w:val="3"/>{}</w:num>'
    override = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>'
    more = again.format(8, "") + again.format(9, override)
    body = "".join(
        numbered(text, 0, number) for text, number in [("甲", 7), ("乙", 8), ("丙", 9), ("丁", 9), ("戊", 7)]
    )

    text = read_text(docx_of(body, numbering=list_of(("decimal", "%1."), more=more)), "a.docx")

    assert text.split("\n") == ["1.甲", "2.乙", "1.丙", "2.丁", "3.戊"]


def test_styles_number_at_the_level_that_names_them_and_so_do_styles_built_on_them():
    levels = '<w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/><w:lvlText w:val="%1"/></w:lvl>'
    levels += '<w:lvl w:ilvl="1"><w:pStyle w:val="B"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1.%2"/></w:lvl>'
    numbering = f'<w:abstractNum w:abstractNumId="3">{levels}</w:abstractNum>'
    numbering += '<w:num w:numId="7"><w:abstractNumId w:val="3"/></w:num>'
    number = '<w:pPr><w:numPr><w:numId w:val="7"/></w:numPr></w:pPr>'
    styles = f'<w:style w:styleId="A">{number}</w:style><w:style w:styleId="B">{number}</w:style>'
    styles += '<w:style w:styleId="C"><w:basedOn w:val="B"/></w:style>'
    body = "".join(
        paragraph(text, f'<w:pStyle w:val="{style}"/>') for text, style in [("甲", "A"), ("乙", "B"), ("丙", "C")]
    )

    text = read_text(docx_of(body, numbering=numbering, styles=styles), "a.docx")

    assert text.split("\n") == ["1 甲", "1.1 乙", "1.2 丙"]
