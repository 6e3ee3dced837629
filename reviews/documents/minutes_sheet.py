"""会议记录 as a paper to be signed: PDF in the layout of official papers, and the same text as an editable Word file.

What stands in it is the text of the minutes and nothing besides (the marks are on the 计票结果报告单): who may read the
minutes may have the paper. Before both have signed it says so, and signature lines stay free for pen and ink.
"""

from django.utils import timezone
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH

from organizations.jobs import Progress
from reviews.documents.pdf import render_pdf
from reviews.meeting.merging import headed_lines
from reviews.models import Minutes
from reviews.report.word import docx_out

TEMPLATE = "reviews/documents/minutes.html"
NOT_SIGNED = {
    Minutes.State.DRAFT: "（整理稿，尚未签定）",
    Minutes.State.RECORDED: "（记录人已签，主持人尚未签定）",
    Minutes.State.SUPERSEDED: "（已退回重签，不作为正式记录）",
}


def build_minutes_pdf(minutes: Minutes, progress: Progress) -> bytes:
    """The minutes as PDF with two signature lines."""
    return render_pdf(TEMPLATE, [paper_of(minutes)], progress)


def build_minutes_docx(minutes: Minutes, progress: Progress) -> bytes:
    """The same as docx, fonts named as the field has them."""
    shown = paper_of(minutes)
    paper = Document()
    docx_out.set_page(paper)
    docx_out.set_styles(paper)
    docx_out.write_title(paper, shown["title"])
    for line in (shown["about"], shown["note"]):
        docx_out.write_line(paper, line, docx_out.SECOND_FONT)
    for _, line in shown["lines"]:
        docx_out.write_text(paper, line)
    docx_out.write_line(paper, "")
    for words in (
        *(f"{role}（签字）：　　　　　　　　{signed}" for role, signed in shown["signatures"]),
        shown["proof"],
    ):
        paragraph = paper.add_paragraph()
        paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
        docx_out.write_run(paragraph, words, docx_out.BODY_FONT)
    progress(1, 1)
    return docx_out.packed(paper)


def paper_of(minutes: Minutes) -> dict:
    """Everything that stands on the paper."""
    return {
        "title": "述职评议会会议记录",
        "about": f"（{minutes.meeting.campaign}）",
        "note": NOT_SIGNED.get(minutes.state, ""),
        "lines": headed_lines(minutes.text),
        "signatures": [
            ("主持人", _signed(minutes.chair, minutes.signed_at)),
            ("记录人", _signed(minutes.recorder, minutes.recorded_at)),
        ],
        "proof": f"正文校验值（SHA-256）：{minutes.digest}" if minutes.digest else "",
    }


def _signed(person, at) -> str:
    """Who signed in the system and when; empty before."""
    if person is None or at is None:
        return ""
    at = timezone.localtime(at)
    return f"{person}　{at.year}年{at.month}月{at.day}日 {at:%H:%M} 在系统中签定"
