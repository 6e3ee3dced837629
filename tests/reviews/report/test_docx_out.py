"""A report out as Word in the layout of official papers, and in again unchanged."""

import io
import zipfile
from datetime import date

import docx
import pytest
from docx.oxml.ns import qn
from docx.shared import Mm
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from reviews.report.actions import save_report
from reviews.report.checks.sections import LABELS
from reviews.report.word.docx_out import Face, build_docx
from reviews.report.word.parts import cut_into_parts
from reviews.report.word.reading import read_report
from tests.make import make_officer
from tests.reviews.report.pages import at, handed_in
from tests.reviews.report.texts import SECTIONS

FACE = Face("2026年度抓基层党建工作述职报告", "清河镇党委", "甲乙丙", "党委书记", date(2026, 12, 5))
OPENINGS = ["", "（一）抓学习方面。", "1.", "一是", "（1）", "“三会一课”——", "2026年"]
LINES = st.builds(
    lambda opening, words: opening + "我" + words + "。",
    st.sampled_from(OPENINGS),
    st.text(alphabet="甲乙丙丁戊，；：…·0123abc𠮷%", min_size=1, max_size=60),
)
ROWS = st.lists(st.text(alphabet="支部甲乙12", min_size=1, max_size=6), min_size=3, max_size=3).map("\t".join)
TABLES = st.lists(ROWS, min_size=2, max_size=4).map("\n".join)
BODIES = st.lists(LINES | TABLES, max_size=5).map("\n".join)


def read_back(content: bytes) -> dict[str, str]:
    reading = read_report(content, "a.docx")
    parts = cut_into_parts(reading.text, reading.strong)
    assert all(part.kind for part in parts), parts
    return {kind: "\n".join(part.text for part in parts if part.kind == kind) for kind in LABELS}


@settings(max_examples=25, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(st.fixed_dictionaries(dict.fromkeys(LABELS, BODIES)).filter(lambda bodies: any(bodies.values())))
def test_out_and_in_again_gives_the_same_sections(sections):
    assert read_back(build_docx(FACE, sections)) == sections


def opened(sections=SECTIONS):
    content = build_docx(FACE, sections)
    return content, docx.Document(io.BytesIO(content))


def test_the_page_is_that_of_official_papers():
    _, paper = opened()
    page = paper.sections[0]

    margins = (page.top_margin, page.bottom_margin, page.left_margin, page.right_margin)
    assert [round(margin / Mm(1)) for margin in margins] == [37, 35, 28, 26]
    assert page._sectPr.find(qn("w:docGrid")).get(qn("w:linePitch")) == "579"
    assert paper.styles["Normal"].paragraph_format.line_spacing.pt == pytest.approx(28.95)
    assert paper.settings.odd_and_even_pages_header_footer
    assert page.footer.paragraphs[0].text.startswith("— ")


def test_each_rank_of_heading_has_its_font():
    sections = {"prior": "（一）学习方面。每月一次。\n1.平时。"}
    _, paper = opened(sections)

    fonts = {
        run.text: run._element.rPr.rFonts.get(qn("w:eastAsia"))
        for paragraph in paper.paragraphs
        for run in paragraph.runs
    }

    assert fonts == {
        "2026年度抓基层党建工作述职报告": "方正小标宋简体",
        "清河镇党委　党委书记　甲乙丙": "楷体_GB2312",
        "一、上年整改情况": "黑体",
        "（一）学习方面。": "楷体_GB2312",
        "每月一次。": "仿宋_GB2312",
        "1.平时。": "仿宋_GB2312",
        "述职人：甲乙丙": "仿宋_GB2312",
        "2026年12月5日": "仿宋_GB2312",
    }


def test_the_file_is_the_same_twice_and_tells_neither_author_nor_time():
    content, paper = opened()

    assert content == build_docx(FACE, SECTIONS)
    told = paper.core_properties
    assert (told.author, told.last_modified_by, told.created, told.modified) == ("", "", None, None)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert {member.date_time for member in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not [name for name in package.namelist() if "thumbnail" in name]
        assert b"python" not in b"".join(package.read(name) for name in package.namelist())


def test_sections_without_text_are_left_out_and_letters_that_xml_cannot_hold_too():
    assert read_back(build_docx(FACE, {"duty": "甲\ufffe乙。", "plans": "  "}))["duty"] == "甲乙。"


@pytest.mark.django_db
def test_the_author_downloads_his_draft_and_it_bears_no_date(author, review):
    report = save_report(review, sections=SECTIONS, edition=0, by=review.secretary)

    answer = author.get(at("docx", report.pk))

    assert read_back(answer.content) == SECTIONS | {"self_evaluation": SECTIONS.get("self_evaluation", "")}
    assert "attachment" in answer["Content-Disposition"]
    assert "月" not in docx.Document(io.BytesIO(answer.content)).paragraphs[-1].text


@pytest.mark.django_db
def test_an_empty_report_is_not_downloaded(author, review):
    report = save_report(review, sections=dict.fromkeys(SECTIONS, ""), edition=0, by=review.secretary)

    answer = author.get(at("docx", report.pk), headers={"HX-Request": "true"})

    assert answer.status_code == 409


@pytest.mark.django_db
def test_a_leader_waits_until_the_report_is_approved(client, review):
    report = handed_in(review)
    client.force_login(make_officer("leader", review.campaign.organizer))

    answer = client.get(at("docx", report.pk), headers={"HX-Request": "true"})

    assert answer.status_code == 409
    assert "通过后才能下载" in answer.content.decode()
