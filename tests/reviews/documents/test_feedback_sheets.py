"""The sheets of the feedback: what each says, who may have it, what it waits for."""

from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.template.loader import render_to_string
from django.utils import timezone
from openpyxl import load_workbook

from organizations.errors import Refused
from organizations.models import Job
from reviews.documents.asking import ask_for_sheet
from reviews.documents.consequence_sheet import build_consequence_sheet
from reviews.documents.feedback_sheets import build_answer, build_talk_notice, build_talk_record, build_why
from reviews.grade.consequences import talking
from reviews.grade.why.page import page_of
from reviews.models import Consequence, Objection, Review
from tests.make import make_person
from tests.reviews.grade.feedback.scene import FINDING, answered, fed_back, reviewed
from tests.reviews.grade.scene import GOOD, POOR, build_scene

pytestmark = pytest.mark.django_db


def silent(done, total):
    """Progress that nobody watches."""


def talked() -> Consequence:
    feedback = fed_back(build_scene([{"A": GOOD}, {"A": POOR}]))
    line = Consequence.objects.for_list().get(kind="ADMONITION_TALK")
    plan = {"meets_at": timezone.now(), "place": "二楼会议室", "held_by": "党组书记"}
    talking.plan_talk(line, **plan, by=feedback.scene.clerk)
    return Consequence.objects.for_list().get(pk=line.pk)


def test_the_answer_tells_grounds_finding_and_both_grades():
    objection = answered().objection()
    review = objection.letter.review
    context = {"objection": objection, "letter": objection.letter, "review": review, "campaign": review.campaign}

    html = render_to_string("reviews/documents/objection_answer.html", context)

    assert FINDING in html
    assert objection.grounds in html
    assert "由“较好”变更为“<strong>好</strong>”" in html
    assert build_answer(objection, silent).startswith(b"%PDF-")


def test_no_answer_before_it_is_approved():
    feedback = reviewed()
    objection = feedback.objection()

    with pytest.raises(Refused, match="还没有答复"):
        build_answer(objection, silent)
    with pytest.raises(Refused, match="还没有答复"):
        ask_for_sheet("objection_answer", objection, by=feedback.secretary)

    assert not Job.objects.exists()


def test_notice_and_record_of_a_talk_are_forms_to_sign():
    line = talked()
    context = {"line": line, "talk": line.talk, "review": line.review, "campaign": line.review.campaign}

    record = render_to_string("reviews/documents/talk_record.html", {**context, "letter": line.review.letter})

    assert "综合评价等次为“差”" in record
    assert record.count('class="blank-line"') == 3  # all three sign by hand until the person has signed here
    assert build_talk_notice(line, silent).startswith(b"%PDF-")
    assert build_talk_record(line, silent).startswith(b"%PDF-")


def test_a_talk_that_is_not_planned_has_no_sheets():
    fed_back(build_scene([{"A": GOOD}, {"A": POOR}]))

    with pytest.raises(Refused, match="请先登记谈话时间"):
        build_talk_notice(Consequence.objects.for_list().get(kind="ADMONITION_TALK"), silent)


def test_the_printed_reasons_tell_arithmetic_clause_and_hash():
    feedback = fed_back()
    review = Review.objects.select_related("suggestion", "decision", "letter", "campaign").get(
        pk=feedback.letter.review_id
    )
    context = {"review": review, "campaign": review.campaign, "page": page_of(review, with_rank=False)}

    html = render_to_string("reviews/documents/why.html", context)

    assert "(100×4+80×6+60×0+40×0)/10" in html or "/10 = " in html
    assert review.suggestion.policy_hash in html
    assert "排在第" not in html
    assert build_why(review, silent).startswith(b"%PDF-")


def test_only_who_may_see_the_thing_may_have_its_sheet():
    feedback = answered()
    objection = Objection.objects.select_related("letter__review__campaign__organizer").get()

    for person in (make_person(), feedback.scene.reviews[0].secretary):
        with pytest.raises(PermissionDenied):
            ask_for_sheet("objection_answer", objection, by=person)
    ask_for_sheet("objection_answer", objection, by=feedback.secretary)

    assert Job.objects.get().person == feedback.secretary


def test_the_register_as_excel_says_that_nothing_in_it_is_automatic():
    feedback = answered()

    book = load_workbook(BytesIO(build_consequence_sheet(feedback.scene.campaign, silent)))

    rows = [[cell.value for cell in row] for row in book.active.iter_rows()]
    assert "不自动产生任何处理" in rows[1][0]
    assert [(row[5], row[8]) for row in rows[3:]] == [
        ("可推荐评先评优", "待办理"),
        ("年度考核不得评为优秀", "已撤销"),
        ("可推荐评先评优", "待办理"),
    ]
