"""Last year's feedback: one objection decided by others than before, what followed from the grades mostly settled."""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from reviews.demo.people import officer
from reviews.grade.consequences import actions, talking
from reviews.grade.feedback import objecting
from reviews.grade.feedback.answering import digest_of_answer
from reviews.models import Campaign, Consequence, Decision, GradeChange, Letter, Objection, Talk
from reviews.plan.timetable import SHANGHAI

Kind = Consequence.Kind
PROOFS = {
    Kind.BAR: "已书面告知组织人事科，年度考核没有列入优秀等次人选。",
    Kind.AWARD: "已列入“双优”推荐对象名单，提交机关党委研究。",
    Kind.TALK: "已由分管领导约谈，谈话记录本人已签字。",
}
GROUNDS = "得分达到“好”的得分线，因名额排后定为较好。本支部年度督导结果为先进，通报印发晚，研究等次时没有看到。"
FINDING = (
    "调阅年度督导通报，该支部确为先进，通报印发晚于研究日期，研究时没有计入“年度督导”情况。"
    "得分达到得分线，综合督导情况，同意变更；“好”的名额因此多出一个，理由即上述情况。"
)


@transaction.atomic
def object_once(campaign: Campaign, *, decided_on) -> None:
    """Who just missed 好 objects; a vetter reviews, a leader approves, the grade is changed and told."""
    missed = Letter.objects.filter(review__campaign=campaign, grade="FAIRLY_GOOD")
    letter = missed.select_related("review__secretary", "review__decision").order_by("-review__suggestion__score")[0]
    person = letter.review.secretary
    objection = objecting.raise_objection(letter, asks="grade", grounds=GROUNDS, by=person)
    due_on = timezone.localdate() + timedelta(days=objecting.USUAL_DAYS_TO_ANSWER)
    objecting.acknowledge(objection, due_on=due_on, by=officer("organizer"))
    reference = f"局党组{decided_on.year}年第3次会议"
    answer = objecting.Answer("changed", FINDING, grade="GOOD", reference=reference, decided_on=decided_on)
    objecting.propose_answer(objection, answer, by=officer("vetter"))
    objection.refresh_from_db()
    objecting.approve_answer(objection, seen=digest_of_answer(objection), by=officer("leader"))
    objecting.sign_answer(objection, by=person)


@transaction.atomic
def settle_consequences(campaign: Campaign) -> None:
    """All but two: an ordered rectification runs on, and what the objection added waits for the head."""
    clerk, head = officer("organizer"), officer("approver")
    changed = set(GradeChange.objects.filter(review__campaign=campaign).values_list("review", flat=True))
    for line in Consequence.objects.open().filter(review__campaign=campaign).for_list():
        if line.kind == Kind.TALK:
            _talk(line)
        if line.kind not in PROOFS:
            continue
        actions.hand_in_proof(line, proof=PROOFS[Kind(line.kind)], by=clerk)
        if line.review_id not in changed:
            actions.confirm_done(line, words="", by=head)


def _talk(line: Consequence) -> None:
    """Announced, held, written down, signed."""
    leader = officer("leader")
    talking.plan_talk(
        line,
        meets_at=timezone.now(),
        place="局机关二楼谈话室",
        held_by=f"{leader}（局党组书记）",
        by=officer("organizer"),
    )
    points = (
        "一是指出测评中差票超过一成，党员反映活动少、答复慢；\n二是要求逐条整改，按期销号；\n三是每季度听一次意见。"
    )
    statement = "诚恳接受，认领全部问题，三十日内拿出整改措施，每月报告一次进展。"
    talking.record_talk(line, points=points, statement=statement, recorder="温静怡", by=officer("organizer"))
    talking.sign_talk(line, by=line.review.secretary)


def backdate(campaign: Campaign, days: int) -> None:
    """Give last year's rows the days they would have had."""
    sent = timezone.now() - timedelta(days=days)
    letters = Letter.objects.filter(review__campaign=campaign)
    letters.update(objection_until=timezone.localdate(sent) + timedelta(days=16))
    after = {days: sent + timedelta(days=days) for days in (3, 5, 12, 15, 16, 18)}
    Objection.objects.filter(letter__in=letters).update(
        raised_at=after[3],
        acknowledged_at=after[5],
        due_on=timezone.localdate(sent) + timedelta(days=35),
        reviewed_at=after[12],
        approved_at=after[15],
        answer_signed_at=after[16],
    )
    GradeChange.objects.filter(review__campaign=campaign).update(at=after[15])
    Decision.objects.filter(review__grade_changes__review__campaign=campaign).update(approved_at=after[15])
    lines = Consequence.objects.filter(review__campaign=campaign)
    lines.update(opened_at=sent)
    lines.filter(state=Consequence.State.CLOSED).update(
        due_on=timezone.localdate(sent) + timedelta(days=30), handed_at=after[15], settled_at=after[18]
    )
    talked_at = datetime.combine(timezone.localdate(after[5]), time(9, 30), tzinfo=SHANGHAI)
    talks = Talk.objects.filter(consequence__review__campaign=campaign)
    talks.update(planned_at=after[3], meets_at=talked_at, recorded_at=after[5], signed_at=after[12])
