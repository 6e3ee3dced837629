"""异议: raised by the person, acknowledged, reviewed by one and approved by another, none of whom decided before."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from organizations import trail
from organizations.errors import Refused
from organizations.models import Person
from reviews.grade.actions import demand
from reviews.grade.consequences.actions import adjust_lines
from reviews.grade.feedback import permissions
from reviews.grade.feedback.answering import demand_not_forced, digest_of_answer, places_after
from reviews.grade.feedback.models import GradeChange, Letter, Objection
from reviews.grade.models import Decision, Fact, GradeName
from reviews.plan.models import Campaign, Review

State, Outcome = Objection.State, Objection.Outcome
USUAL_DAYS_TO_ANSWER, MOST_DAYS_TO_ANSWER = 30, 90  # our defaults: no source names a number (DOMAIN 8)
FEWEST_WORDS = 10


@dataclass(frozen=True, slots=True)
class Answer:
    """复核意见: what the reviewer proposes. ``reference`` and ``decided_on``: the meeting that studied it."""

    outcome: str
    finding: str
    grade: str = ""
    opinion: str = ""
    unfounded: tuple[int, ...] = ()
    reference: str = ""
    decided_on: date | None = None


def _letter(letter: Letter) -> Letter:
    held = Letter.objects.select_for_update(of=("self",))
    return held.select_related("review__campaign__organizer", "review__secretary").get(pk=letter.pk)


def _objection(objection: Objection, *states: str) -> Objection:
    """The objection, locked, with its letter; refused in words outside the states."""
    held = Objection.objects.select_for_update(of=("self",)).select_related(
        "letter__review__campaign__organizer", "letter__review__decision", "letter__review__secretary"
    )
    objection = held.get(pk=objection.pk)
    if objection.state not in states:
        raise Refused(f"这份异议现为“{objection.get_state_display()}”，不能再这样办理，请刷新页面查看。")
    return objection


def _record(act: str, review: Review, by: Person, **facts) -> None:
    trail.record(act, review, by=by, organization=review.campaign.organizer, **facts)


@transaction.atomic
def raise_objection(letter: Letter, *, asks: str, grounds: str, by: Person) -> Objection:
    """提出异议 within the window, one at a time. Raises Refused after it, saying until when it was open."""
    letter = _letter(letter)
    demand(permissions.may_object(by, letter))
    if letter.objections.filter(state__in=Objection.PENDING).exists():
        raise Refused("您的异议正在办理，答复之前不能再提出。")
    if letter.objections.filter(state=State.DECIDED).exists():
        raise Refused("您的异议已经答复。对答复仍有意见的，可以向上级党组织反映。")
    if not letter.is_window_open:
        raise Refused(late_in_words(letter))
    if asks not in Objection.Asks.values:
        raise Refused("请选择请求事项。")
    if len(grounds.strip()) < FEWEST_WORDS:
        raise Refused(f"请写明理由：哪一项不符合实际，依据是什么（不少于 {FEWEST_WORDS} 个字）。")
    objection = Objection.objects.create(letter=letter, asks=asks, grounds=grounds.strip())
    _record("提出异议", letter.review, by, kind=objection.get_asks_display())
    return objection


def late_in_words(letter: Letter) -> str:
    """Why no objection may be raised any more, and the way out."""
    until = f"{letter.objection_until:%Y年%-m月%-d日}" if letter.objection_until else "反馈函规定之日"
    return f"提出异议的期限到{until}为止，现已超过。有正当理由的，请向组织部负责人说明，由其准予逾期提出。"


@transaction.atomic
def allow_late(letter: Letter, *, until: date, reason: str, by: Person) -> None:
    """准予逾期提出: the head opens the window once more for one person, until a day, with a reason."""
    letter = _letter(letter)
    demand(permissions.may_allow_late(by, letter))
    today = timezone.localdate()
    if letter.is_window_open:
        raise Refused("还在异议期内，不需要准予逾期提出。")
    if letter.objections.filter(state__in=[*Objection.PENDING, State.DECIDED]).exists():
        raise Refused("这份反馈函已经提出过异议，不能再准予。")
    if not reason.strip() or not today <= until <= today + timedelta(days=MOST_DAYS_TO_ANSWER):
        raise Refused(f"请写明理由，日期不能早于今天，最多 {MOST_DAYS_TO_ANSWER} 日。")
    letter.objection_until, letter.late_reason, letter.late_by = until, reason.strip()[:300], by
    letter.save(update_fields=["objection_until", "late_reason", "late_by"])
    _record("准予逾期提出异议", letter.review, by, reason=letter.late_reason, due_on=str(until))


@transaction.atomic
def withdraw_objection(objection: Objection, *, by: Person) -> None:
    """撤回 by the person himself, while it is not answered; within the window he may raise another."""
    objection = _objection(objection, *Objection.PENDING)
    demand(permissions.may_object(by, objection.letter))
    objection.state = State.WITHDRAWN
    objection.save(update_fields=["state"])
    _record("撤回异议", objection.letter.review, by)


@transaction.atomic
def acknowledge(objection: Objection, *, due_on: date, by: Person) -> None:
    """受理: it was received, and will be answered by a day that the person is told."""
    objection = _objection(objection, State.RAISED)
    demand(permissions.may_acknowledge(by, objection))
    today = timezone.localdate()
    if not today <= due_on <= today + timedelta(days=MOST_DAYS_TO_ANSWER):
        raise Refused(f"答复期限不能早于今天，最多 {MOST_DAYS_TO_ANSWER} 日。")
    objection.acknowledged_by, objection.acknowledged_at, objection.due_on = by, timezone.now(), due_on
    objection.state = State.REVIEWING
    objection.save(update_fields=["acknowledged_by", "acknowledged_at", "due_on", "state"])
    _record("受理异议", objection.letter.review, by, due_on=str(due_on))


@transaction.atomic
def propose_answer(objection: Objection, answer: Answer, *, by: Person) -> None:
    """复核: what was found, and what is proposed. Raises Refused, in words, for what the rules do not allow."""
    objection = _objection(objection, State.REVIEWING)
    demand(permissions.may_review(by, objection))
    _check(answer, objection.letter.review)
    is_changed = answer.outcome == Outcome.CHANGED
    objection.outcome, objection.finding = answer.outcome, answer.finding.strip()
    objection.grade = answer.grade if is_changed else ""
    objection.opinion = "" if answer.outcome == Outcome.UPHELD else answer.opinion.strip()
    objection.unfounded = sorted(answer.unfounded)
    objection.reference, objection.decided_on = answer.reference.strip(), answer.decided_on
    objection.reviewed_by, objection.reviewed_at, objection.state = by, timezone.now(), State.PROPOSED
    objection.returned_reason = ""
    objection.save()
    _record("提出异议复核意见", objection.letter.review, by, digest=digest_of_answer(objection))


def _check(answer: Answer, review: Review) -> None:
    """Raises Refused for an answer that is incomplete or against the rules."""
    if answer.outcome not in Outcome.values:
        raise Refused("请选择复核结论。")
    if len(answer.finding.strip()) < FEWEST_WORDS:
        raise Refused(f"请写明复核情况和理由（不少于 {FEWEST_WORDS} 个字）。")
    if answer.outcome == Outcome.UPHELD:
        if answer.unfounded:
            raise Refused("维持原等次和意见的，不能勾选不成立的事实；事实不成立的，请更正评价意见或变更等次。")
        return
    _demand_facts_of(review, answer.unfounded)
    if not answer.reference.strip() or not answer.decided_on or answer.decided_on > timezone.localdate():
        raise Refused("更正意见或变更等次须经集体研究，请写明研究会议和日期，日期不能晚于今天。")
    if answer.decided_on.year < review.campaign.year:
        raise Refused(f"研究日期不能早于 {review.campaign.year} 年，请核对年份。")
    if answer.outcome == Outcome.AMENDED and answer.opinion.strip() in ("", review.decision.opinion.strip()):
        raise Refused("请填写更正后的综合评价意见。")
    if answer.outcome == Outcome.CHANGED:
        if answer.grade not in GradeName.values or answer.grade == review.decision.grade:
            raise Refused("变更等次的，请选择与原等次不同的等次。")
        if _height(answer.grade) < _height(review.decision.grade):
            raise Refused("异议复核不加重评价：复核后的等次不能低于原等次。")
        demand_not_forced(review, answer.grade, answer.unfounded)


def _height(grade: str) -> int:
    """Higher is better; ``GradeName`` is listed from high to low."""
    return -GradeName.values.index(grade)


def _demand_facts_of(review: Review, unfounded: tuple[int, ...]) -> None:
    counting = review.facts.counting().filter(pk__in=unfounded)
    if counting.count() != len(set(unfounded)):
        raise Refused("勾选的事实已经撤回或不属于本人，请刷新页面。")


@transaction.atomic
def return_answer(objection: Objection, *, reason: str, by: Person) -> None:
    """退回复核: the approver is not convinced; it is to be reviewed again."""
    objection = _objection(objection, State.PROPOSED)
    demand(permissions.may_approve_answer(by, objection))
    if not reason.strip():
        raise Refused("退回复核须写明原因。")
    objection.state, objection.returned_reason = State.REVIEWING, reason.strip()[:300]
    objection.save(update_fields=["state", "returned_reason"])
    _record("退回异议复核意见", objection.letter.review, by, reason=objection.returned_reason)


@transaction.atomic
def approve_answer(objection: Objection, *, seen: str, by: Person) -> None:
    """批准答复: from now on the decision says what the answer says; what stood before is kept with its reason.

    Raises Refused when the answer is not the one that was looked at (``seen``), and above a binding quota.
    """
    objection = _objection(objection, State.PROPOSED)
    demand(permissions.may_approve_answer(by, objection))
    if seen != digest_of_answer(objection):
        raise Refused("复核意见在您查看之后有改动，请重新核对后再批准。")
    objection.approved_by, objection.approved_at, objection.state = by, timezone.now(), State.DECIDED
    objection.save(update_fields=["approved_by", "approved_at", "state"])
    review = objection.letter.review
    if objection.outcome != Outcome.UPHELD:
        _change(objection, by)
    _record("答复异议", review, by, state=objection.get_outcome_display(), grade=review.decision.grade_word)


def _change(objection: Objection, by: Person) -> None:
    """Keep what stood, write what stands now, let its consequences follow."""
    review = objection.letter.review
    review.decision = Decision.objects.select_for_update().get(review=review)
    if objection.outcome == Outcome.CHANGED:
        Campaign.objects.select_for_update().get(pk=review.campaign_id)  # two answers do not share the last place
        if (places := places_after(objection)).binds:
            raise Refused(places.words)
    _withdraw_unfounded(objection, by)
    if objection.outcome == Outcome.CHANGED:
        demand_not_forced(review, objection.grade, ())
    _keep_what_stood(objection)
    decision = review.decision
    decision.grade = objection.grade or decision.grade
    decision.opinion = objection.opinion or decision.opinion
    decision.reason = f"异议复核：{objection.finding}"[:500]
    decision.reference, decision.decided_on = objection.reference, objection.decided_on
    decision.proposed_by, decision.approved_by = objection.reviewed_by, by
    decision.approved_at = objection.approved_at
    decision.save()
    if objection.outcome == Outcome.CHANGED:
        adjust_lines(review, reason=f"异议复核后等次变更为“{decision.grade_word}”", by=by)
    elif objection.unfounded:
        adjust_lines(review, reason="异议复核认定事实不成立", by=by)


def _withdraw_unfounded(objection: Objection, by: Person) -> None:
    """The facts found wrong stop counting, with the objection as the reason."""
    for fact in Fact.objects.select_for_update().filter(pk__in=objection.unfounded, withdrawn_reason=""):
        fact.withdrawn_reason, fact.withdrawn_by = f"异议复核认定不成立：{objection.finding}"[:300], by
        fact.save(update_fields=["withdrawn_reason", "withdrawn_by"])
        _record("撤回事实", objection.letter.review, by, code=fact.code, reason="异议复核认定不成立")


def _keep_what_stood(objection: Objection) -> None:
    decision = objection.letter.review.decision
    GradeChange.objects.create(
        review=objection.letter.review,
        objection=objection,
        grade_before=decision.grade,
        grade_after=objection.grade or decision.grade,
        decided_reason_before=decision.reason,
        opinion_before=decision.opinion,
        reference_before=decision.reference,
        decided_on_before=decision.decided_on,
        proposed_by_before=decision.proposed_by,
        approved_by_before=decision.approved_by,
        reason=objection.finding,
    )


@transaction.atomic
def sign_answer(objection: Objection, *, by: Person) -> None:
    """签收答复: the person has read what became of his objection."""
    objection = _objection(objection, State.DECIDED)
    demand(permissions.may_object(by, objection.letter))
    if objection.answer_signed_at:
        raise Refused("您已经签收过这份答复。")
    objection.answer_signed_at = timezone.now()
    objection.save(update_fields=["answer_signed_at"])
    _record("签收异议答复", objection.letter.review, by)
