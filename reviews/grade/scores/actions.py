"""平时和实地成绩: entered by table, confirmed by a second person as a batch, withdrawn with a reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from organizations import trail
from organizations.errors import Refused
from organizations.models import Person
from reviews.grade.actions import FACTS_OPEN, demand, hold, refuse_if_approved, suggest_again
from reviews.grade.permissions import may_propose
from reviews.grade.scores import permissions
from reviews.grade.scores.models import Score, ScoreBatch
from reviews.plan.models import Campaign, Stage

SCORES_OPEN = (Stage.REPORTING, *FACTS_OPEN)


@dataclass(frozen=True, slots=True)
class Source:
    """Where scores come from: which component, who scored, on what basis, when."""

    kind: str
    scored_by: str
    basis: str
    scored_on: date


@transaction.atomic
def enter_scores(campaign: Campaign, source: Source, values: Mapping[int, Decimal], *, by: Person) -> ScoreBatch:
    """Put one source's scores beside the reviews; ``values``: review key -> 0 to 100, at most two decimals.

    They count once another person has confirmed them. Raises Refused for no score at all, a score out of range, a
    review of another campaign, a source without words or with a day to come, the same batch sent twice, and once
    grades are approved.
    """
    campaign = hold(campaign, *SCORES_OPEN)
    demand(may_propose(by, campaign))
    refuse_if_approved(campaign)
    if not source.scored_by.strip() or not source.basis.strip() or source.scored_on > timezone.localdate():
        raise Refused("请写明评分单位、评分依据和评分日期，日期不能晚于今天。")
    if source.kind not in ScoreBatch.Kind.values or not values:
        raise Refused("请选择成绩类别，并至少填写一人的分数。")
    if set(values) - set(campaign.reviews.values_list("pk", flat=True)):
        raise Refused("述职人名单已变化，请刷新页面后重新填写。")
    if any(not 0 <= value <= 100 or value != round(value, 2) for value in values.values()):
        raise Refused("分数须在 0 到 100 之间，最多两位小数。")
    words = {"scored_by": source.scored_by.strip(), "basis": source.basis.strip(), "scored_on": source.scored_on}
    waiting = campaign.score_batches.filter(
        kind=source.kind, entered_by=by, confirmed_by=None, withdrawn_reason="", **words
    )
    if any(dict(batch.scores.values_list("review", "value")) == dict(values) for batch in waiting):
        raise Refused("同样的一批成绩已经登记，正在等待确认，不必重复登记。")
    batch = ScoreBatch.objects.create(campaign=campaign, kind=source.kind, entered_by=by, **words)
    Score.objects.bulk_create(Score(batch=batch, review_id=review, value=value) for review, value in values.items())
    _record("登记成绩", batch, by=by, count=len(values))
    return batch


def _record(act: str, batch: ScoreBatch, *, by: Person, **facts) -> None:
    organization = batch.campaign.organizer
    trail.record(act, batch.campaign, by=by, organization=organization, batch=batch.pk, kind=batch.kind, **facts)


def _held(batch: ScoreBatch) -> ScoreBatch:
    batches = ScoreBatch.objects.select_for_update(of=("self",)).select_related("campaign__organizer")
    return batches.get(pk=batch.pk)


@transaction.atomic
def confirm_scores(batch: ScoreBatch, *, by: Person) -> None:
    """A second person has compared the batch with its source; from now on it counts, and suggestions are made anew."""
    campaign = hold(batch.campaign, *SCORES_OPEN)
    batch = _held(batch)
    demand(permissions.hands_of(by, campaign).may_confirm(batch))
    refuse_if_approved(campaign)
    if batch.confirmed_by_id or batch.withdrawn_reason:
        raise Refused("这批成绩已经确认或撤回，请刷新页面。")
    batch.confirmed_by = by
    batch.save(update_fields=["confirmed_by"])
    _record("确认成绩", batch, by=by)
    suggest_again(campaign, by)


@transaction.atomic
def withdraw_scores(batch: ScoreBatch, *, reason: str, by: Person) -> None:
    """Take a batch back, with a reason; what counted before it counts again."""
    campaign = hold(batch.campaign, *SCORES_OPEN)
    batch = _held(batch)
    demand(permissions.hands_of(by, campaign).may_withdraw())
    refuse_if_approved(campaign)
    if not reason.strip():
        raise Refused("撤回须写明原因。")
    if batch.withdrawn_reason:
        raise Refused("这批成绩已经撤回，请刷新页面。")
    did_count = batch.counts
    batch.withdrawn_reason, batch.withdrawn_by = reason.strip()[:300], by
    batch.save(update_fields=["withdrawn_reason", "withdrawn_by"])
    _record("撤回成绩", batch, by=by, reason=reason)
    if did_count:
        suggest_again(campaign, by)
