"""Figures of a report in the words of the page."""

from django import template

from reviews.plan.models import Campaign
from reviews.report.checks.check import ReportLimits

register = template.Library()


@register.filter
def percent(share: float | None) -> str:
    """A fraction as a percentage with one decimal; nothing known, a dash."""
    return "—" if share is None or share == "" else f"{share * 100:.1f}%"


@register.filter
def minutes(seconds: int | None) -> str:
    """Seconds as 5 分 40 秒."""
    return f"{int(seconds or 0) // 60} 分 {int(seconds or 0) % 60:02d} 秒"


@register.filter
def limits(campaign: Campaign) -> ReportLimits:
    """What the campaign asks of a report (述职报告要求)."""
    return ReportLimits.from_document(campaign.report_limits)
