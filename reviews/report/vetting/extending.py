"""个别延期: give one or several secretaries more time, with a reason; and take it away again. Writes ``Extension``."""

from collections.abc import Iterable
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from organizations import trail
from organizations.access import forget_duties
from organizations.errors import Refused
from organizations.models import Person
from reviews.plan.models import Campaign, Review, Stage
from reviews.report import permissions
from reviews.report.models import Report
from reviews.report.vetting.extension import Extension
from reviews.report.vetting.taking_back import checked_reason

REPLACED = "另行延期"


@transaction.atomic
def extend(campaign: Campaign, reviews: Iterable[int], *, due_at: datetime, reason: str, by: Person) -> list[Extension]:
    """Let these reviews (keys) of a campaign be handed in until ``due_at``. All or none.

    One that was already extended is extended anew. Raises PermissionDenied for who does not organize it;
    Refused without reviews or reason, for a time that is past, not after the common deadline or after
    the day of the meeting, for one's own report, and for a report that is already handed in.
    """
    campaign = Campaign.objects.select_for_update().select_related("organizer").get(pk=campaign.pk)
    hold_extending(campaign, by)
    wanted = set(reviews)
    chosen = list(Review.objects.filter(campaign=campaign, pk__in=wanted).for_list())
    if not chosen or len(chosen) != len(wanted):
        raise Refused("请至少选择一位本次活动的述职人。")
    if not (reason := checked_reason(reason)):
        raise Refused("延期须写明理由。")
    refuse_time(campaign, due_at)
    for review in chosen:
        refuse_review(review, by)
    return [give(review, due_at=due_at, reason=reason, by=by) for review in chosen]


def give(review: Review, *, due_at: datetime, reason: str, by: Person) -> Extension:
    """Put the extension in force, the one before it out of force."""
    now = timezone.now()
    Extension.objects.standing().filter(review=review).update(
        withdrawn_by=by, withdrawn_at=now, withdrawn_reason=REPLACED
    )
    extension = Extension.objects.create(review=review, due_at=due_at, reason=reason, by=by)
    told = f"{timezone.localtime(due_at):%Y-%m-%d %H:%M}"
    trail.record("述职报告延期", review, by=by, organization=review.campaign.organizer, due_at=told, reason=reason)
    return extension


@transaction.atomic
def withdraw_extension(extension: Extension, *, reason: str, by: Person) -> Extension:
    """取消延期: the campaign's deadline holds again. Nothing is deleted.

    Raises as ``extend``; Refused once the report was handed in under it, for that was on time and stays so.
    """
    review = extension.review
    campaign = Campaign.objects.select_for_update().select_related("organizer").get(pk=review.campaign_id)
    hold_extending(campaign, by)
    extension = Extension.objects.select_for_update(of=("self",)).select_related("review").get(pk=extension.pk)
    if extension.withdrawn_at:
        raise Refused("这次延期已经取消或已另行延期。")
    if not (reason := checked_reason(reason)):
        raise Refused("取消延期须写明理由，述职人会看到。")
    refuse_review(Review.objects.filter(pk=review.pk).for_list().get(), by)
    extension.withdrawn_by, extension.withdrawn_at, extension.withdrawn_reason = by, timezone.now(), reason
    extension.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_reason"])
    trail.record("取消述职报告延期", review, by=by, organization=campaign.organizer, reason=reason)
    return extension


def hold_extending(campaign: Campaign, by: Person) -> None:
    """Raise PermissionDenied for the wrong person, Refused at the wrong time. Under the campaign's lock."""
    forget_duties(by)
    if not permissions.holds_any(by, permissions.STEERING, campaign.organizer):
        raise PermissionDenied
    if campaign.stage != Stage.REPORTING:
        raise Refused(f"现在是“{campaign.get_stage_display()}”阶段，只有在述职报告阶段才能办理延期。")


def refuse_time(campaign: Campaign, due_at: datetime) -> None:
    """Raise Refused unless the time lies ahead, after the common deadline, and not after the meeting's day."""
    if due_at <= timezone.now():
        raise Refused("延期后的时间已经过去，请选择现在之后的时间。")
    if due_at <= campaign.report_due_at:
        common = timezone.localtime(campaign.report_due_at)
        raise Refused(f"延期后的时间须晚于统一截止时间（{common:%Y年%m月%d日 %H:%M}）。")
    if timezone.localdate(due_at) > campaign.meets_on:
        raise Refused(f"延期不能晚于评议会当日（{campaign.meets_on:%Y年%m月%d日}）。")


def refuse_review(review: Review, by: Person) -> None:
    """Raise Refused for one's own report and for one that no longer waits for its author."""
    if permissions.is_own(by, review):
        raise Refused("不能给本人的述职报告办理延期，请由其他经办人办理。")
    report = Report.objects.filter(review=review).first()
    if report is not None and report.state not in Report.WRITABLE:
        raise Refused(f"{review.organization}的报告{report.get_state_display()}，已经提交，不必办理延期。")
