"""Figures of a report in the words of the page."""

from django import template

from organizations.models import Person
from reviews.ledger.models import Problem
from reviews.plan.models import Campaign, Review
from reviews.report.beside import enclosures
from reviews.report.beside.answers import AnswerLine, lacking
from reviews.report.checks.check import ReportLimits
from reviews.report.marking import minutes_to_speak, pace_of
from reviews.report.speaking import Reading

register = template.Library()


@register.filter
def percent(share: float | None) -> str:
    """A fraction as a percentage with one decimal; nothing known, a dash."""
    return "—" if share is None or share == "" else f"{share * 100:.1f}%"


@register.filter
def minutes(seconds: int | None) -> str:
    """Seconds as 5 分 40 秒."""
    return f"{int(seconds or 0) // 60} 分 {int(seconds or 0) % 60:02d} 秒"


@register.simple_tag
def reading_of(review: Review, figures: dict) -> Reading:
    """The kept figure of a text (预计朗读) against the time to speak."""
    return Reading(figures.get("reading_seconds") or 0, minutes_to_speak(review) * 60, pace_of(review))


@register.inclusion_tag("reviews/report/_answers_to.html")
def answers_to(problem: Problem, person: Person) -> dict:
    """次年述职中的答复, on the page of a problem."""
    return {"found": enclosures.answers_to(problem, person)}


@register.filter
def lacking_count(lines: list[AnswerLine]) -> int:
    """How many problems of earlier years are not answered yet (上年问题答复)."""
    return len(lacking(lines))


@register.filter
def limits(campaign: Campaign) -> ReportLimits:
    """What the campaign asks of a report (述职报告要求)."""
    return ReportLimits.from_document(campaign.report_limits)


@register.simple_tag(takes_context=True)
def enclosed_here(context) -> dict:
    """What goes with the text on this page: the draft's, or what the version shown keeps."""
    return context.get("enclosed") or getattr(context.get("version"), "enclosed", None) or {}
