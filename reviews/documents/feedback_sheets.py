"""Sheets of the feedback as PDF: the answer to an objection, the notice and the record of a talk, why this grade."""

from organizations.errors import Refused
from organizations.jobs import Progress
from reviews.documents.pdf import render_pdf
from reviews.grade.why.page import page_of
from reviews.models import Consequence, Objection, Review


def build_answer(objection: Objection, progress: Progress) -> bytes:
    """异议复核结果告知书, with the receipt to be signed. Raises Refused before the answer is approved."""
    if objection.state != Objection.State.DECIDED:
        raise Refused("异议还没有答复，答复批准后才能生成告知书。")
    review = objection.letter.review
    context = {"objection": objection, "letter": objection.letter, "review": review, "campaign": review.campaign}
    return render_pdf("reviews/documents/objection_answer.html", [context], progress)


def build_talk_notice(line: Consequence, progress: Progress) -> bytes:
    """约谈提醒通知 (DOMAIN F12). Raises Refused before the talk is planned."""
    return _talk(line, "reviews/documents/talk_notice.html", progress)


def build_talk_record(line: Consequence, progress: Progress) -> bytes:
    """约谈提醒谈话记录 (DOMAIN F12): filled if it was recorded, else blank lines to be filled by hand."""
    return _talk(line, "reviews/documents/talk_record.html", progress)


def _talk(line: Consequence, template: str, progress: Progress) -> bytes:
    if not hasattr(line, "talk"):
        raise Refused("请先登记谈话时间、地点和谈话人，再生成通知和记录。")
    review = line.review
    context = {"line": line, "talk": line.talk, "review": review, "campaign": review.campaign, "letter": review.letter}
    return render_pdf(template, [context], progress)


def build_why(review: Review, progress: Progress) -> bytes:
    """为什么是这个等次 of one person, as its page shows it to himself: no rank, no small panel."""
    context = {"review": review, "campaign": review.campaign, "page": page_of(review, with_rank=False)}
    return render_pdf("reviews/documents/why.html", [context], progress)
