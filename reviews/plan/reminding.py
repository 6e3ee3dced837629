"""催办: telling people once more what is due from them. Who is late with what, the stages above know.

Nothing leaves without a look: the caller shows every recipient with his text before he calls ``remind``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from organizations import trail
from organizations.access import forget_duties
from organizations.errors import Refused
from organizations.models import Person
from reviews.plan.models import Campaign, Reminder, Review
from reviews.plan.permissions import may_remind

QUIET = timedelta(hours=24)  # within it nobody is reminded of the same thing twice, unless that is said
LONGEST = 300


@dataclass(frozen=True, slots=True)
class Message:
    """What one secretary would be told: whoever debriefed, or whoever took his problems over."""

    review: Review
    to: Person
    text: str


@dataclass(slots=True)
class Outcome:
    """What became of a round of reminders: how many went out, who was passed over and why."""

    sent: int = 0
    skipped: list[tuple[Review, str]] = field(default_factory=list)


@transaction.atomic
def remind(campaign: Campaign, about: str, messages: Sequence[Message], *, by: Person, again: bool = False) -> Outcome:
    """Remind the secretaries of these reviews, and nobody else; none named is nobody.

    Whoever was reminded of the same thing within 24 hours is passed over unless ``again``; nobody reminds
    himself. Raises Refused for others than the campaign's clerk and head, without recipients, and for a text
    that is empty or too long: then nothing goes out.
    """
    campaign = Campaign.objects.select_for_update(of=("self",)).select_related("organizer").get(pk=campaign.pk)
    forget_duties(by)
    if not may_remind(by, campaign):
        raise Refused("只有组织实施单位的经办人和负责人可以催办。")
    if not messages:
        raise Refused("没有选择催办对象。请先勾选，再继续。")
    last, now = last_reminded(campaign, about), timezone.now()
    outcome, told = Outcome(), []
    for message in messages:
        review = message.review
        if review.campaign_id != campaign.pk:
            raise Refused("催办对象不在本活动中，请刷新页面后重试。")
        if not message.text.strip() or len(message.text) > LONGEST:
            raise Refused(f"催办内容应为 1 至 {LONGEST} 字，发给{message.to}的现有 {len(message.text.strip())} 字。")
        if message.to.pk == by.pk:
            outcome.skipped.append((review, "是您本人"))
        elif not again and review.pk in last and now - last[review.pk] < QUIET:
            when = timezone.localtime(last[review.pk])
            outcome.skipped.append((review, f"{when:%m月%d日 %H:%M} 刚催办过，24 小时内不重复"))
        else:
            told.append(Reminder(review=review, to=message.to, about=about, text=message.text.strip(), by=by))
    Reminder.objects.bulk_create(told)
    outcome.sent = len(told)
    if told:
        trail.record(
            "催办",
            campaign,
            by=by,
            organization=campaign.organizer,
            about=Reminder.About(about).label,
            sent=[reminder.to.name for reminder in told],
            skipped=len(outcome.skipped),
        )
    return outcome


def last_reminded(campaign: Campaign, about: str) -> dict:
    """Review key -> when its secretary was last reminded of this, in one query."""
    reminders = Reminder.objects.filter(review__campaign=campaign, about=about).order_by()
    return dict(reminders.values_list("review").annotate(last=Max("at")))


def mark_seen(reminder: Reminder, *, by: Person) -> None:
    """The recipient has read it; the second time changes nothing. Raises Refused for anybody else."""
    if reminder.to_id != by.pk:
        raise Refused("只有被催办人本人可以标记已阅。")
    Reminder.objects.filter(pk=reminder.pk, seen_at__isnull=True).update(seen_at=timezone.now())
