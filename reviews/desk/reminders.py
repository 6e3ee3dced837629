"""催办: who is late with what in a campaign, what each would be told, and where a reminder leads.

Only what belongs to a named person may be reminded of. A ballot never: nobody knows who has voted.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Count, Min, QuerySet
from django.urls import reverse
from django.utils import timezone

from organizations.errors import Refused
from organizations.models import Person
from reviews.desk.figures import deadline_in_words
from reviews.grade.feedback.models import Letter
from reviews.ledger.models import Problem
from reviews.plan.lineup import leading_posts
from reviews.plan.models import Campaign, Reminder, Review, Stage
from reviews.plan.reminding import Message, Outcome, last_reminded, remind
from reviews.report.models import Report
from reviews.report.vetting.extension import due_at

About = Reminder.About
LEDGER_STATES = {About.CLAIM: Problem.State.OPEN, About.OVERDUE: Problem.State.CLAIMED}
BLANK = re.compile(r"\{([^{}]*)\}")
BLANKS = ("姓名", "单位", "活动", "事项", "期限", "剩余")
TEXTS = {
    About.REPORT: "{姓名}同志：{单位}的述职报告还没有提交，{期限}截止（{剩余}），请抓紧撰写并提交。",
    About.REWRITE: "{姓名}同志：{单位}的述职报告已退回修改，{期限}截止（{剩余}），请按审核意见修改后再次提交。",
    About.CLAIM: "{姓名}同志：{单位}{事项}，请登录系统认领并填写整改措施。整改期限：{期限}（{剩余}）。",
    About.OVERDUE: "{姓名}同志：{单位}{事项}，最早的时限为{期限}（{剩余}），请抓紧整改、填写进展并申请销号。",
    About.LETTER: "{姓名}同志：{单位}的反馈函已发出，还没有签收，请登录系统阅读并签收。",
}


@dataclass(frozen=True, slots=True)
class Due:
    """Something due from one secretary: what, by when, when he was last reminded of it."""

    review: Review
    to: Person
    what: str
    day: date | None
    last: datetime | None

    @property
    def deadline(self) -> str:
        """还有 3 天, 逾期 2 天; empty without a day."""
        return deadline_in_words(self.day, timezone.localdate()) if self.day else ""

    @property
    def is_late(self) -> bool:
        return self.day is not None and self.day < timezone.localdate()

    @property
    def line(self) -> str:
        """One line for a list that is copied into a message or read out over the phone."""
        when = f"，{self.day:%Y-%m-%d}（{self.deadline}）" if self.day else ""
        return f"{self.review.organization.name} {self.to.name}：{self.what}{when}"

    def text(self, pattern: str) -> str:
        """The pattern with this person's particulars. Raises Refused for a blank that is not known."""
        values = {
            "姓名": self.to.name,
            "单位": self.review.organization.name,
            "活动": self.review.campaign.title,
            "事项": self.what,
            "期限": f"{self.day:%Y-%m-%d}" if self.day else "未定",
            "剩余": self.deadline or "请尽快",
        }
        if unknown := [name for name in BLANK.findall(pattern) if name not in values]:
            blanks = "".join(f"{{{name}}}" for name in BLANKS)
            raise Refused(f"内容里的“{{{unknown[0]}}}”不能自动填写，可用的有 {blanks}。")
        return BLANK.sub(lambda found: values[found.group(1)], pattern)


def _unwritten(reviews: QuerySet[Review]) -> dict[int, tuple[str, date | None]]:
    found = reviews.filter(campaign__stage=Stage.REPORTING).annotate(own_due_at=due_at())
    rows = found.values_list("pk", "report__state", "own_due_at")
    words = dict(Report.State.choices)
    return {
        key: (f"述职报告未提交（{words.get(state, '未开始')}）", timezone.localdate(due)) for key, state, due in rows
    }


def _reports(reviews: QuerySet[Review]) -> dict[int, tuple[str, date | None]]:
    handed_in = [Report.State.SUBMITTED, Report.State.APPROVED, Report.State.RETURNED]
    open_ones = reviews.exclude(report__state__in=handed_in).values("pk")
    return _unwritten(reviews.filter(pk__in=open_ones))


def _rewrites(reviews: QuerySet[Review]) -> dict[int, tuple[str, date | None]]:
    return _unwritten(reviews.filter(report__state=Report.State.RETURNED))


def _problems(reviews: QuerySet[Review], problems: QuerySet[Problem], words: str, day: str):
    grouped = problems.filter(review__in=reviews.order_by().values("pk")).order_by().values("review")
    rows = grouped.annotate(n=Count("pk"), first=Min(day)).values_list("review", "n", "first")
    return {key: (words.format(n=count), first) for key, count, first in rows}


def _claims(reviews: QuerySet[Review]) -> dict[int, tuple[str, date | None]]:
    unclaimed = Problem.objects.filter(state=Problem.State.OPEN)
    return _problems(reviews, unclaimed, "有 {n} 条问题未认领", "review__letter__rectify_by")


def _overdue(reviews: QuerySet[Review]) -> dict[int, tuple[str, date | None]]:
    return _problems(reviews, Problem.objects.overdue(), "有 {n} 条问题逾期未销号", "due_on")


def _letters(reviews: QuerySet[Review]) -> dict[int, tuple[str, date | None]]:
    unsigned = Letter.objects.filter(review__in=reviews.order_by().values("pk"), signed_at__isnull=True)
    return dict.fromkeys(unsigned.values_list("review", flat=True), ("反馈函未签收", None))


FINDERS: dict[str, Callable] = {
    About.REPORT: _reports,
    About.REWRITE: _rewrites,
    About.CLAIM: _claims,
    About.OVERDUE: _overdue,
    About.LETTER: _letters,
}


def due_in(campaign: Campaign, about: str) -> list[Due]:
    """Everybody from whom this is due in the campaign, in speaking order. Three or four queries, however many.

    Problems are due from whoever leads the organization today: a new secretary takes them over.
    """
    found = FINDERS[about](Review.objects.filter(campaign=campaign))
    last = last_reminded(campaign, about)
    reviews = list(Review.objects.filter(pk__in=found).for_list())
    posts = leading_posts([review.organization_id for review in reviews]) if about in LEDGER_STATES else {}
    return [
        Due(
            review,
            posts[review.organization_id].person if review.organization_id in posts else review.secretary,
            *found[review.pk],
            last.get(review.pk),
        )
        for review in reviews
    ]


def counts_of(campaign: Campaign) -> list[tuple[str, str, int]]:
    """(name, words, how many are late with it) of everything that can be reminded of."""
    reviews = Review.objects.filter(campaign=campaign)
    return [(about.value, about.label, len(FINDERS[about](reviews))) for about in About]


@transaction.atomic
def send_reminders(
    campaign: Campaign, about: str, keys: list[int], *, pattern: str, by: Person, again: bool
) -> Outcome:
    """Remind the chosen reviews (keys) with the filled pattern; who has acted since the preview is passed over.

    Raises Refused as ``plan.reminding.remind`` does, for a key of another campaign and for an unknown blank.
    """
    due = {each.review.pk: each for each in due_in(campaign, about)}
    done = Review.objects.filter(campaign=campaign, pk__in=set(keys) - set(due)).for_list()
    if len(set(keys)) != len(set(keys) & set(due)) + len(done):
        raise Refused("所选对象中有的不在本活动中，请返回重新选择。")
    chosen = [due[key] for key in dict.fromkeys(keys) if key in due]
    passed = [(review, "预览之后已经办理") for review in done]
    if not chosen and passed:
        return Outcome(0, passed)
    messages = [Message(each.review, each.to, each.text(pattern)) for each in chosen]
    outcome = remind(campaign, about, messages, by=by, again=again)
    outcome.skipped += passed
    return outcome


def url_of(reminder: Reminder) -> str:
    """The page on which its recipient does what he was reminded of."""
    if reminder.about in LEDGER_STATES:
        state = LEDGER_STATES[reminder.about]
        return f"{reverse('ledger:list')}?campaign={reminder.review.campaign_id}&state={state}"
    door = "grade:letter" if reminder.about == About.LETTER else "report:write"
    return reverse(door, args=[reminder.review_id])


def unseen_for(person: Person) -> list[tuple[Reminder, str]]:
    """What a person was reminded of and has not marked as read, the newest first, with the page it leads to."""
    waiting = Reminder.objects.filter(to=person, seen_at__isnull=True).select_related("review__organization", "by")
    return [(reminder, url_of(reminder)) for reminder in waiting]
