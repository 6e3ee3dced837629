"""我的待办: what waits for one person over all stages, found with one query.

Every page shows how many, so each errand is one branch of a single UNION; whoever has fewer duties
asks fewer branches.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import CharField, DateField, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Cast, TruncDate
from django.urls import reverse
from django.utils import timezone

from organizations.access import SECRETARY, Role, duties_of, reach
from organizations.models import Appointment, Person
from reviews.ballot.models import Round, SlipBatch
from reviews.desk import at_the_meeting as meeting
from reviews.desk.figures import deadline_in_words
from reviews.grade.consequences.models import Consequence, Talk
from reviews.grade.feedback.models import Letter, Objection
from reviews.grade.feedback.permissions import DECIDING, REVIEWING
from reviews.grade.models import Decision, Fact
from reviews.grade.scores.actions import SCORES_OPEN
from reviews.grade.scores.models import ScoreBatch
from reviews.ledger.models import Problem, own_problems
from reviews.meeting.models import Comment
from reviews.plan.models import Campaign, Reminder, Review, Stage
from reviews.report.models import Report
from reviews.report.publishing.models import Publication
from reviews.report.vetting.extension import Extension
from scoring.models import Box

SOON = timedelta(days=30)  # a problem's time limit is recalled a month ahead (DOMAIN 4.11: T−30)
NO_DAY = Cast(Value(None), DateField())


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


def _rows(things: QuerySet, *, campaign: str, key: str = "pk", day=NO_DAY) -> QuerySet:
    return things.order_by().annotate(errand_campaign=F(campaign), errand_key=F(key), errand_day=day)


def _of_reviews(things: QuerySet, person: Person, *roles: str, day=NO_DAY) -> QuerySet:
    """Things of reviews in campaigns that the roles reach, never of the person's own review."""
    reached = things.filter(reach(person, *roles, field="review__campaign__organizer__path"))
    return _rows(reached.exclude(review__secretary=person), campaign="review__campaign_id", day=day)


def _debriefed_in(person: Person) -> QuerySet:
    """Campaigns that grade the person: he settles, approves and confirms nothing there."""
    return Review.objects.filter(secretary=person).values("campaign")


def _campaigns(person: Person, stage: str, role: str = Role.ORGANIZER) -> QuerySet:
    return _rows(Campaign.objects.filter(reach(person, role, field="organizer__path"), stage=stage), campaign="pk")


def _own_reviews(person: Person) -> QuerySet:
    return Review.objects.filter(secretary=person, campaign__stage=Stage.REPORTING)


def _extended_day() -> TruncDate:
    """The day of a review's own time limit (个别延期); nothing where the campaign's holds."""
    own = Extension.objects.standing().filter(review=OuterRef("pk")).order_by().values("due_at")[:1]
    return TruncDate(Subquery(own))


def _to_write(person: Person) -> QuerySet:
    unwritten = Q(report__isnull=True) | Q(report__state=Report.State.DRAFT)
    return _rows(_own_reviews(person).filter(unwritten), campaign="campaign_id", day=_extended_day())


def _to_rewrite(person: Person) -> QuerySet:
    returned = _own_reviews(person).filter(report__state=Report.State.RETURNED)
    return _rows(returned, campaign="campaign_id", day=_extended_day())


def _to_vet(person: Person) -> QuerySet:
    """Never a report from where the person holds a post himself (``report.permissions.conflict_of``)."""
    posts = Appointment.objects.filter(person=person).current().values("organization")
    waiting = Report.objects.filter(state=Report.State.SUBMITTED, review__campaign__stage=Stage.REPORTING)
    return _of_reviews(waiting.exclude(review__organization__in=posts), person, Role.VETTER)


def _to_read(person: Person) -> QuerySet:
    unseen = Reminder.objects.filter(to=person, seen_at__isnull=True)
    return _rows(unseen, campaign="review__campaign_id")


def _to_sign(person: Person) -> QuerySet:
    letters = Letter.objects.filter(review__secretary=person, signed_at__isnull=True)
    return _rows(letters, campaign="review__campaign_id", key="review_id")


def _to_object(person: Person) -> QuerySet:
    """Whose window is open: told, never pressed; nothing is due from him."""
    letters = Letter.objects.filter(
        review__secretary=person, signed_at__isnull=False, objection_until__gte=timezone.localdate()
    )
    untouched = letters.exclude(objections__state__in=[*Objection.PENDING, Objection.State.DECIDED])
    return _rows(untouched, campaign="review__campaign_id", key="review_id", day=F("objection_until"))


def _to_sign_answer(person: Person) -> QuerySet:
    answered = Objection.objects.filter(
        letter__review__secretary=person, state=Objection.State.DECIDED, answer_signed_at__isnull=True
    )
    return _rows(answered, campaign="letter__review__campaign_id", key="letter__review_id")


def _to_be_talked_to(person: Person) -> QuerySet:
    talks = Talk.objects.filter(consequence__review__secretary=person, signed_at__isnull=True)
    open_ones = talks.exclude(consequence__state__in=Consequence.OVER)
    campaign = "consequence__review__campaign_id"
    return _rows(open_ones, campaign=campaign, key="consequence_id", day=TruncDate("meets_at"))


def _objections(person: Person, state: str, *roles: str) -> QuerySet:
    """Objections in campaigns that the roles reach, except those that grade the person himself."""
    reached = Objection.objects.filter(
        reach(person, *roles, field="letter__review__campaign__organizer__path"), state=state
    )
    others = reached.exclude(letter__review__campaign__in=_debriefed_in(person))
    return _rows(others, campaign="letter__review__campaign_id", day=F("due_on"))


def _had_no_part(objections: QuerySet, person: Person) -> QuerySet:
    """Others than before decide (``feedback.permissions.took_part``)."""
    had_part = Q(letter__review__decision__proposed_by=person) | Q(letter__review__decision__approved_by=person)
    return objections.exclude(had_part)


def _to_acknowledge(person: Person) -> QuerySet:
    return _objections(person, Objection.State.RAISED, Role.ORGANIZER)


def _to_review_again(person: Person) -> QuerySet:
    return _had_no_part(_objections(person, Objection.State.REVIEWING, *REVIEWING), person)


def _to_answer(person: Person) -> QuerySet:
    proposed = _objections(person, Objection.State.PROPOSED, *DECIDING)
    return _had_no_part(proposed, person).exclude(reviewed_by=person)


def _to_carry_out(person: Person) -> QuerySet:
    soon = Consequence.objects.open().filter(
        owner=person, state=Consequence.State.OPEN, due_on__lte=timezone.localdate() + SOON
    )
    return _rows(soon, campaign="review__campaign_id", day=F("due_on"))


def _to_settle_consequence(person: Person) -> QuerySet:
    handed_in = Consequence.objects.filter(state=Consequence.State.HANDED_IN).exclude(handed_by=person)
    return _of_reviews(handed_in, person, Role.APPROVER, day=F("due_on"))


def _own_problems(person: Person, *, day: str, **state) -> QuerySet:
    problems = Problem.objects.filter(own_problems(person), **state)
    return _rows(problems, campaign="review__campaign_id", day=F(day))


def _to_comment(person: Person) -> QuerySet:
    done = Comment.objects.filter(review=OuterRef("pk"), by=person)
    ready = Q(campaign__stage=Stage.MEETING) | Q(campaign__stage=Stage.REPORTING, report__state=Report.State.APPROVED)
    reviews = Review.objects.filter(ready, reach(person, Role.LEADER, field="campaign__organizer__path"))
    return _rows(reviews.exclude(secretary=person).exclude(Exists(done)), campaign="campaign_id")


def _to_gather(person: Person) -> QuerySet:
    unapproved = Review.objects.filter(campaign=OuterRef("pk")).exclude(report__state=Report.State.APPROVED)
    return _campaigns(person, Stage.REPORTING).exclude(Exists(unapproved))


def _to_settle(person: Person) -> QuerySet:
    reviews = Review.objects.filter(
        reach(person, Role.ORGANIZER, field="campaign__organizer__path"),
        campaign__stage=Stage.GRADING,
        decision__isnull=True,
    )
    return _rows(reviews.exclude(campaign__in=_debriefed_in(person)), campaign="campaign_id")


def _to_send(person: Person) -> QuerySet:
    decided = Decision.objects.filter(approved_by__isnull=False, review__campaign__stage=Stage.GRADING)
    return _of_reviews(decided.exclude(review__campaign__in=_debriefed_in(person)), person, Role.ORGANIZER)


def _to_accept(person: Person) -> QuerySet:
    asked = Problem.objects.filter(state=Problem.State.CLOSING).exclude(requested_by=person)
    asked = asked.exclude(own_problems(person))
    return _of_reviews(asked, person, Role.ORGANIZER, Role.APPROVER, day=F("due_on"))


def _to_approve(person: Person) -> QuerySet:
    proposed = Decision.objects.filter(approved_by__isnull=True).exclude(proposed_by=person)
    return _of_reviews(proposed.exclude(review__campaign__in=_debriefed_in(person)), person, Role.APPROVER)


def _to_confirm(person: Person) -> QuerySet:
    entered = Fact.objects.filter(confirmed_by__isnull=True, withdrawn_reason="").exclude(entered_by=person)
    return _of_reviews(entered.exclude(review__campaign__in=_debriefed_in(person)), person, Role.APPROVER)


def _to_confirm_scores(person: Person) -> QuerySet:
    entered = ScoreBatch.objects.filter(confirmed_by__isnull=True, withdrawn_reason="").exclude(entered_by=person)
    entered = entered.filter(reach(person, Role.APPROVER, field="campaign__organizer__path"))
    entered = entered.filter(campaign__stage__in=SCORES_OPEN)
    return _rows(entered.exclude(campaign__in=_debriefed_in(person)), campaign="campaign_id")


def _to_cosign(person: Person) -> QuerySet:
    batches = SlipBatch.objects.filter(
        reach(person, Role.SUPERVISOR, field="round__campaign__organizer__path"),
        cosigned_by__isnull=True,
        round__void_reason="",
        round__box__state__in=[Box.State.FROZEN, Box.State.OPEN],  # what was never co-signed is of no use after
    )
    return _rows(batches, campaign="round__campaign_id")


def _to_unseal(person: Person) -> QuerySet:
    sealed = Round.objects.filter(
        reach(person, Role.CUSTODIAN, field="campaign__organizer__path"), void_reason="", box__state=Box.State.CLOSED
    )
    return _rows(sealed, campaign="campaign_id")


OWN = frozenset({SECRETARY})
CLERK = frozenset({Role.ORGANIZER})
ERRANDS: dict[str, Errand] = {
    "write": Errand("撰写述职报告", "去撰写", "report:write", report_day, OWN, _to_write, True),
    "rewrite": Errand("修改退回的述职报告", "去修改", "report:write", report_day, OWN, _to_rewrite, True),
    "reminded": Errand("查看催办 {n} 条", "去查看", "desk:workbench", no_day, OWN, _to_read),
    "sign": Errand("签收反馈函", "去签收", "grade:letter", no_day, OWN, _to_sign, True),
    "object": Errand("反馈函有异议的可以提出，没有的不必办理", "去查看", "grade:letter", no_day, OWN, _to_object, True),
    "sign_answer": Errand("签收异议答复", "去签收", "grade:objection", no_day, OWN, _to_sign_answer, True),
    "talk": Errand("参加约谈提醒，签字确认记录", "去查看", "grade:consequence", no_day, OWN, _to_be_talked_to, True),
    "claim": Errand(
        "认领问题 {n} 条",
        "去认领",
        "ledger:list",
        no_day,
        OWN,
        lambda person: _own_problems(person, day="review__letter__rectify_by", state=Problem.State.OPEN),
    ),
    "rectify": Errand(
        "落实整改 {n} 条",
        "填写进展",
        "ledger:list",
        no_day,
        OWN,
        lambda person: _own_problems(
            person, day="due_on", state=Problem.State.CLAIMED, due_on__lte=timezone.localdate() + SOON
        ),
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
        "验收销号 {n} 条", "去验收", "ledger:list", no_day, frozenset({Role.ORGANIZER, Role.APPROVER}), _to_accept
    ),
    "approve": Errand("审批等次 {n} 人", "去审批", "grade:table", filing_day, frozenset({Role.APPROVER}), _to_approve),
    "confirm": Errand(
        "确认登记的事实 {n} 条", "去确认", "grade:table", filing_day, frozenset({Role.APPROVER}), _to_confirm
    ),
    "scores": Errand(
        "确认平时或实地成绩 {n} 批", "去确认", "grade:scores", no_day, frozenset({Role.APPROVER}), _to_confirm_scores
    ),
    "acknowledge": Errand("受理异议 {n} 件", "去受理", "grade:objections", no_day, CLERK, _to_acknowledge),
    "review_again": Errand(
        "复核异议 {n} 件", "去复核", "grade:objections", no_day, frozenset(REVIEWING), _to_review_again
    ),
    "answer": Errand("批准异议答复 {n} 件", "去批准", "grade:objections", no_day, frozenset(DECIDING), _to_answer),
    "carry_out": Errand(
        "办理结果运用事项 {n} 项",
        "去办理",
        "grade:consequences",
        no_day,
        frozenset({Role.ORGANIZER, Role.LEADER}),
        _to_carry_out,
    ),
    "settle_consequence": Errand(
        "确认结果运用办结 {n} 项",
        "去确认",
        "grade:consequences",
        no_day,
        frozenset({Role.APPROVER}),
        _to_settle_consequence,
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
        lambda p: _rows(meeting.paper_to_key(p), campaign="box__round__campaign_id", key="box__round__pk"),
        True,
    ),
    "decide": Errand(
        "核定纸质票 {n} 批",
        "去核定",
        "ballot:paper",
        meeting_day,
        frozenset({Role.SCRUTINEER}),
        lambda p: _rows(
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
        lambda p: _rows(meeting.codes_to_fetch(p), campaign="campaign_id"),
    ),
    "release": Errand(
        "放行点评 {n} 份",
        "去放行",
        "meeting:comments",
        meeting_day,
        frozenset({Role.LEADER}),
        lambda p: _rows(meeting.comments_to_release(p), campaign="review__campaign_id"),
    ),
    "record": Errand(
        "整理并签定会议记录",
        "去整理",
        "meeting:minutes_edit",
        filing_day,
        CLERK,
        lambda p: _rows(meeting.minutes_to_write(p), campaign="campaign_id"),
    ),
    "sign_minutes": Errand(
        "签定会议记录",
        "去签定",
        "meeting:minutes",
        filing_day,
        frozenset({Role.LEADER, Role.APPROVER}),
        lambda p: _rows(meeting.minutes_to_sign(p), campaign="meeting__campaign_id"),
    ),
    "unseal": Errand("输入开箱码开箱", "去开箱", "ballot:custody", no_day, frozenset({Role.CUSTODIAN}), _to_unseal),
}


@dataclass(slots=True)
class Heap:
    """All rows of one errand in one campaign (or of one review): one line of the desk."""

    errand: str
    campaign: int
    key: int
    count: int = 0
    day: date | None = None


def heaps_for(person: Person) -> list[Heap]:
    """What waits for a person, one query however much it is; read once a request."""
    if not hasattr(person, "_heaps"):
        person._heaps = _read_heaps(person)
    return person._heaps


PUBLISHED = "published"  # no errand: whether the menu has a line for it, answered by the same query


def sees_published(person: Person) -> bool:
    """True if any report is or was made public (公开) to the person. Costs no query of its own."""
    heaps_for(person)
    return person._sees_published


def _published(person: Person) -> QuerySet:
    """One row if there is anything to read, in the shape of an errand's rows."""
    return (
        Person.objects.filter(Exists(Publication.objects.visible_to(person).order_by()), pk=person.pk)
        .order_by()
        .annotate(errand_campaign=F("pk"), errand_key=F("pk"), errand_day=NO_DAY)
        .annotate(errand=Value(PUBLISHED, output_field=CharField()))
        .values_list("errand", "errand_campaign", "errand_key", "errand_day")
    )


def is_reminded(person: Person) -> bool:
    """True if reminders wait to be read; asks nothing that the page's frame did not ask already."""
    return any(heap.errand == "reminded" for heap in heaps_for(person))


def _read_heaps(person: Person) -> list[Heap]:
    duties = duties_of(person)
    branches = [_published(person)] + [
        errand.rows(person)
        .annotate(errand=Value(name, output_field=CharField()))
        .values_list("errand", "errand_campaign", "errand_key", "errand_day")
        for name, errand in ERRANDS.items()
        if errand.duties & duties
    ]
    rows = branches[0].union(*branches[1:], all=True) if len(branches) > 1 else branches[0]
    found: dict[tuple, Heap] = {}
    person._sees_published = False
    for name, campaign, key, day in rows:
        if name == PUBLISHED:
            person._sees_published = True
            continue
        place = (name, campaign, key if ERRANDS[name].is_of_review else None)
        heap = found.setdefault(place, Heap(name, campaign, key))
        heap.count += 1
        heap.day = min(filter(None, (heap.day, day)), default=None)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Todo:
    """One line of 我的待办: verb and thing, by when, where to."""

    words: str
    thing: str
    campaign: int
    day: date | None
    deadline: str
    is_late: bool
    button: str
    url: str


def todos_for(person: Person) -> list[Todo]:
    """What waits for a person, the most urgent first. Two queries."""
    heaps = heaps_for(person)
    campaigns = Campaign.objects.in_bulk({heap.campaign for heap in heaps}) if heaps else {}
    todos = [_todo(heap, campaigns[heap.campaign]) for heap in heaps if heap.campaign in campaigns]
    return sorted(todos, key=lambda todo: (todo.day or date.max, todo.words))


def _todo(heap: Heap, campaign: Campaign) -> Todo:
    errand, today = ERRANDS[heap.errand], timezone.localdate()
    day = heap.day or errand.day(campaign)
    return Todo(
        words=errand.words.format(n=heap.count),
        thing=campaign.title,
        campaign=campaign.pk,
        day=day,
        deadline=deadline_in_words(day, today) if day else "",
        is_late=day is not None and day < today,
        button=errand.button,
        url=_url(heap, errand),
    )


LEDGER_STATES = {"claim": Problem.State.OPEN, "rectify": Problem.State.CLAIMED, "accept": Problem.State.CLOSING}


def _url(heap: Heap, errand: Errand) -> str:
    if errand.door == "ledger:list":
        return f"{reverse(errand.door)}?campaign={heap.campaign}&state={LEDGER_STATES[heap.errand]}"
    if errand.door == "desk:workbench":
        return f"{reverse(errand.door)}#reminders"
    return reverse(errand.door, args=[heap.key if errand.is_of_review else heap.campaign])
