"""The errands (待办事项): each kind of thing to do, for whom, in which words, by when."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import TruncDate
from django.utils import timezone

from organizations.access import SECRETARY, Role, reach
from organizations.models import Appointment, Person
from reviews.ballot.models import Round, SlipBatch
from reviews.desk import after_the_letters as letters
from reviews.desk import at_the_meeting as meeting
from reviews.desk.rows import debriefed_in, of_reviews, rows
from reviews.grade.feedback.permissions import DECIDING, REVIEWING
from reviews.grade.models import Decision, Fact
from reviews.grade.scores.actions import SCORES_OPEN
from reviews.grade.scores.models import ScoreBatch
from reviews.meeting.models import Comment
from reviews.plan.models import Campaign, Reminder, Review, Stage
from reviews.report.models import Report
from reviews.report.vetting.extension import Extension
from scoring.models import Box


def report_day(campaign: Campaign) -> date:
    return timezone.localdate(campaign.report_due_at)


def meeting_day(campaign: Campaign) -> date:
    return campaign.meets_on


def filing_day(campaign: Campaign) -> date:
    return timezone.localdate(campaign.filing_due_at)


def no_day(campaign: Campaign) -> None:
    """Only the things themselves may have a day, the campaign names none."""


@dataclass(frozen=True, slots=True)
class Errand:
    """One kind of thing to do: for whom, its words, where its button leads, by when."""

    words: str  # {n} is how many
    button: str
    door: str  # a URL name; with the review's key if ``is_of_review``, else the campaign's
    day: Callable[[Campaign], date | None]
    duties: frozenset
    rows: Callable[[Person], QuerySet]
    is_of_review: bool = False


def _campaigns(person: Person, stage: str, role: str = Role.ORGANIZER) -> QuerySet:
    return rows(Campaign.objects.filter(reach(person, role, field="organizer__path"), stage=stage), campaign="pk")


def _own_reviews(person: Person) -> QuerySet:
    return Review.objects.filter(secretary=person, campaign__stage=Stage.REPORTING)


def _extended_day() -> TruncDate:
    """The day of a review's own time limit (个别延期); nothing where the campaign's holds."""
    own = Extension.objects.standing().filter(review=OuterRef("pk")).order_by().values("due_at")[:1]
    return TruncDate(Subquery(own))


def _to_write(person: Person) -> QuerySet:
    unwritten = Q(report__isnull=True) | Q(report__state=Report.State.DRAFT)
    return rows(_own_reviews(person).filter(unwritten), campaign="campaign_id", day=_extended_day())


def _to_rewrite(person: Person) -> QuerySet:
    returned = _own_reviews(person).filter(report__state=Report.State.RETURNED)
    return rows(returned, campaign="campaign_id", day=_extended_day())


def _to_vet(person: Person) -> QuerySet:
    """Never a report from where the person holds a post himself (``report.permissions.conflict_of``)."""
    posts = Appointment.objects.filter(person=person).current().values("organization")
    waiting = Report.objects.filter(state=Report.State.SUBMITTED, review__campaign__stage=Stage.REPORTING)
    return of_reviews(waiting.exclude(review__organization__in=posts), person, Role.VETTER)


def _to_read(person: Person) -> QuerySet:
    unseen = Reminder.objects.filter(to=person, seen_at__isnull=True)
    return rows(unseen, campaign="review__campaign_id")


def _to_comment(person: Person) -> QuerySet:
    done = Comment.objects.filter(review=OuterRef("pk"), by=person)
    ready = Q(campaign__stage=Stage.MEETING) | Q(campaign__stage=Stage.REPORTING, report__state=Report.State.APPROVED)
    reviews = Review.objects.filter(ready, reach(person, Role.LEADER, field="campaign__organizer__path"))
    return rows(reviews.exclude(secretary=person).exclude(Exists(done)), campaign="campaign_id")


def _to_gather(person: Person) -> QuerySet:
    unapproved = Review.objects.filter(campaign=OuterRef("pk")).exclude(report__state=Report.State.APPROVED)
    return _campaigns(person, Stage.REPORTING).exclude(Exists(unapproved))


def _to_settle(person: Person) -> QuerySet:
    reviews = Review.objects.filter(
        reach(person, Role.ORGANIZER, field="campaign__organizer__path"),
        campaign__stage=Stage.GRADING,
        decision__isnull=True,
    )
    return rows(reviews.exclude(campaign__in=debriefed_in(person)), campaign="campaign_id")


def _to_send(person: Person) -> QuerySet:
    decided = Decision.objects.filter(approved_by__isnull=False, review__campaign__stage=Stage.GRADING)
    return of_reviews(decided.exclude(review__campaign__in=debriefed_in(person)), person, Role.ORGANIZER)


def _to_approve(person: Person) -> QuerySet:
    proposed = Decision.objects.filter(approved_by__isnull=True).exclude(proposed_by=person)
    return of_reviews(proposed.exclude(review__campaign__in=debriefed_in(person)), person, Role.APPROVER)


def _to_confirm(person: Person) -> QuerySet:
    entered = Fact.objects.filter(confirmed_by__isnull=True, withdrawn_reason="").exclude(entered_by=person)
    return of_reviews(entered.exclude(review__campaign__in=debriefed_in(person)), person, Role.APPROVER)


def _to_confirm_scores(person: Person) -> QuerySet:
    entered = ScoreBatch.objects.filter(confirmed_by__isnull=True, withdrawn_reason="").exclude(entered_by=person)
    entered = entered.filter(reach(person, Role.APPROVER, field="campaign__organizer__path"))
    entered = entered.filter(campaign__stage__in=SCORES_OPEN)
    return rows(entered.exclude(campaign__in=debriefed_in(person)), campaign="campaign_id")


def _to_cosign(person: Person) -> QuerySet:
    batches = SlipBatch.objects.filter(
        reach(person, Role.SUPERVISOR, field="round__campaign__organizer__path"),
        cosigned_by__isnull=True,
        round__void_reason="",
        round__box__state__in=[Box.State.FROZEN, Box.State.OPEN],  # what was never co-signed is of no use after
    )
    return rows(batches, campaign="round__campaign_id")


def _to_unseal(person: Person) -> QuerySet:
    sealed = Round.objects.filter(
        reach(person, Role.CUSTODIAN, field="campaign__organizer__path"), void_reason="", box__state=Box.State.CLOSED
    )
    return rows(sealed, campaign="campaign_id")


OWN = frozenset({SECRETARY})
CLERK = frozenset({Role.ORGANIZER})
ERRANDS: dict[str, Errand] = {
    "write": Errand("撰写述职报告", "去撰写", "report:write", report_day, OWN, _to_write, True),
    "rewrite": Errand("修改退回的述职报告", "去修改", "report:write", report_day, OWN, _to_rewrite, True),
    "reminded": Errand("查看催办 {n} 条", "去查看", "desk:workbench", no_day, OWN, _to_read),
    "sign": Errand("签收反馈函", "去签收", "grade:letter", no_day, OWN, letters.to_sign, True),
    "object": Errand(
        "反馈函有异议的可以提出，没有的不必办理", "去查看", "grade:letter", no_day, OWN, letters.to_object, True
    ),
    "sign_answer": Errand("签收异议答复", "去签收", "grade:objection", no_day, OWN, letters.to_sign_answer, True),
    "talk": Errand(
        "参加约谈提醒，签字确认记录", "去查看", "grade:consequence", no_day, OWN, letters.to_be_talked_to, True
    ),
    "claim": Errand(
        "认领问题 {n} 条",
        "去认领",
        "ledger:list",
        no_day,
        OWN,
        letters.to_claim,
    ),
    "rectify": Errand(
        "落实整改 {n} 条",
        "填写进展",
        "ledger:list",
        no_day,
        OWN,
        letters.to_rectify,
    ),
    "vet": Errand(
        "审核述职报告 {n} 份",
        "去审核",
        "report:vet_list",
        meeting_day,
        frozenset({Role.VETTER}),
        _to_vet,
    ),
    "comment": Errand(
        "准备点评 {n} 人", "去准备", "meeting:prepare", meeting_day, frozenset({Role.LEADER}), _to_comment
    ),
    "plan": Errand("完成筹备并发布", "去筹备", "plan:move", report_day, CLERK, lambda p: _campaigns(p, Stage.PLANNING)),
    "gather": Errand("报告已审齐，召开述职评议会", "去会议", "meeting:console", meeting_day, CLERK, _to_gather),
    "meet": Errand(
        "组织述职评议会", "去会议", "meeting:console", meeting_day, CLERK, lambda p: _campaigns(p, Stage.MEETING)
    ),
    "vote": Errand(
        "组织现场测评", "去测评", "ballot:console", meeting_day, CLERK, lambda p: _campaigns(p, Stage.BALLOT)
    ),
    "settle": Errand("拟定等次 {n} 人", "去评定", "grade:table", filing_day, CLERK, _to_settle),
    "send": Errand("发出反馈函 {n} 份", "去发函", "grade:letters", no_day, CLERK, _to_send),
    "accept": Errand(
        "验收销号 {n} 条",
        "去验收",
        "ledger:list",
        no_day,
        frozenset({Role.ORGANIZER, Role.APPROVER}),
        letters.to_accept,
    ),
    "approve": Errand("审批等次 {n} 人", "去审批", "grade:table", filing_day, frozenset({Role.APPROVER}), _to_approve),
    "confirm": Errand(
        "确认登记的事实 {n} 条", "去确认", "grade:table", filing_day, frozenset({Role.APPROVER}), _to_confirm
    ),
    "scores": Errand(
        "确认平时或实地成绩 {n} 批", "去确认", "grade:scores", no_day, frozenset({Role.APPROVER}), _to_confirm_scores
    ),
    "acknowledge": Errand("受理异议 {n} 件", "去受理", "grade:objections", no_day, CLERK, letters.to_acknowledge),
    "review_again": Errand(
        "复核异议 {n} 件", "去复核", "grade:objections", no_day, frozenset(REVIEWING), letters.to_review_again
    ),
    "answer": Errand(
        "批准异议答复 {n} 件", "去批准", "grade:objections", no_day, frozenset(DECIDING), letters.to_answer
    ),
    "carry_out": Errand(
        "办理结果运用事项 {n} 项",
        "去办理",
        "grade:consequences",
        no_day,
        frozenset({Role.ORGANIZER, Role.LEADER}),
        letters.to_carry_out,
    ),
    "settle_consequence": Errand(
        "确认结果运用办结 {n} 项",
        "去确认",
        "grade:consequences",
        no_day,
        frozenset({Role.APPROVER}),
        letters.to_settle_consequence,
    ),
    "cosign": Errand(
        "会签测评码制作 {n} 批", "去会签", "ballot:console", meeting_day, frozenset({Role.SUPERVISOR}), _to_cosign
    ),
    "key": Errand(
        "清点录入纸质票 {n} 个票种",
        "去录入",
        "ballot:paper",
        meeting_day,
        frozenset({Role.TELLER}),
        lambda p: rows(meeting.paper_to_key(p), campaign="box__round__campaign_id", key="box__round__pk"),
        True,
    ),
    "decide": Errand(
        "核定纸质票 {n} 批",
        "去核定",
        "ballot:paper",
        meeting_day,
        frozenset({Role.SCRUTINEER}),
        lambda p: rows(
            meeting.paper_to_decide(p), campaign="panel__box__round__campaign_id", key="panel__box__round__pk"
        ),
        True,
    ),
    "fetch": Errand(
        "到场领取开箱码并妥善保管",
        "去查看",
        "ballot:custody",
        meeting_day,
        frozenset({Role.CUSTODIAN}),
        lambda p: rows(meeting.codes_to_fetch(p), campaign="campaign_id"),
    ),
    "release": Errand(
        "放行点评 {n} 份",
        "去放行",
        "meeting:comments",
        meeting_day,
        frozenset({Role.LEADER}),
        lambda p: rows(meeting.comments_to_release(p), campaign="review__campaign_id"),
    ),
    "record": Errand(
        "整理并签定会议记录",
        "去整理",
        "meeting:minutes_edit",
        filing_day,
        CLERK,
        lambda p: rows(meeting.minutes_to_write(p), campaign="campaign_id"),
    ),
    "sign_minutes": Errand(
        "签定会议记录",
        "去签定",
        "meeting:minutes",
        filing_day,
        frozenset({Role.LEADER, Role.APPROVER}),
        lambda p: rows(meeting.minutes_to_sign(p), campaign="meeting__campaign_id"),
    ),
    "unseal": Errand("输入开箱码开箱", "去开箱", "ballot:custody", no_day, frozenset({Role.CUSTODIAN}), _to_unseal),
}
