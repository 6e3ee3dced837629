"""Asking for a sheet of the feedback; the job that builds it names the thing by its key."""

from collections.abc import Callable
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction

from organizations import jobs, trail
from organizations.errors import Refused
from organizations.models import Job, Person
from reviews.documents.tasks import build_document
from reviews.grade.consequences.permissions import may_see
from reviews.grade.feedback.permissions import may_object, may_see_objections
from reviews.grade.permissions import may_see_own, may_see_results
from reviews.models import Consequence, Objection, Review


@dataclass(frozen=True, slots=True)
class Sheet:
    """One kind of sheet: its words, whose review it is of, who may have it, what it still lacks."""

    words: str
    review_of: Callable
    is_allowed: Callable
    lacks: Callable


def _may_have_answer(person: Person, objection: Objection) -> bool:
    is_own = may_object(person, objection.letter)
    return is_own or may_see_objections(person, objection.letter.review.campaign)


def _lacks_talk(line: Consequence) -> str:
    return "" if hasattr(line, "talk") else "请先登记谈话时间、地点和谈话人，再生成通知和记录。"


def _lacks_answer(objection: Objection) -> str:
    is_decided = objection.state == Objection.State.DECIDED
    return "" if is_decided else "异议还没有答复，答复批准后才能生成告知书。"


def _may_have_why(person: Person, review: Review) -> bool:
    return may_see_own(person, review) or may_see_results(person, review.campaign)


def _lacks_suggestion(review: Review) -> str:
    return "" if hasattr(review, "suggestion") else "还没有生成建议等次，暂没有可以打印的内容。"


SHEETS = {
    "objection_answer": Sheet("异议复核结果告知书", lambda o: o.letter.review, _may_have_answer, _lacks_answer),
    "talk_notice": Sheet("约谈提醒通知", lambda line: line.review, may_see, _lacks_talk),
    "talk_record": Sheet("约谈提醒谈话记录", lambda line: line.review, may_see, _lacks_talk),
    "why": Sheet("等次说明", lambda review: review, _may_have_why, _lacks_suggestion),
}


@transaction.atomic
def ask_for_sheet(kind: str, thing, *, by: Person) -> Job:
    """Have one sheet built. Raises Refused, in words, while something is missing for it."""
    sheet = SHEETS[kind]
    if not sheet.is_allowed(by, thing):
        raise PermissionDenied
    if lack := sheet.lacks(thing):
        raise Refused(lack)
    review = sheet.review_of(thing)
    trail.record(f"生成{sheet.words}", review, by=by, organization=review.campaign.organizer)
    title = f"{review.campaign.year}年{sheet.words}（{review.secretary}）"
    asked_for = {"kind": kind, "thing": thing.pk}
    return jobs.submit(build_document, kind="document", title=title, by=by, asked_for=asked_for)
