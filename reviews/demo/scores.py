"""Scores beside the ballot: last year's confirmed, this year's waiting; last year's grades told to who debriefed."""

from datetime import date
from decimal import Decimal

from django.db import transaction

from reviews.demo.people import officer
from reviews.grade.publishing.actions import publish_grades
from reviews.grade.scores.actions import Source, confirm_scores, enter_scores
from reviews.grade.scores.models import ScoreBatch
from reviews.models import Campaign

SOURCES = {
    "routine": ("局机关党委组织科", "《平时考核记实表》，四个季度平均"),
    "field": ("实地考核第一、第二组", "《实地考核评分表》，十一月到各党支部查阅台账、访谈党员"),
}


@transaction.atomic
def put_scores(campaign: Campaign, *kinds: str, on: date) -> list[ScoreBatch]:
    """One batch a component, entered by the clerk."""
    reviews = list(campaign.reviews.order_by("order").values_list("pk", flat=True))
    batches = []
    for kind in kinds:
        scored_by, basis = SOURCES[kind]
        lowest = 82 if kind == "routine" else 80
        values = {review: Decimal(lowest * 2 + place * 7 % 31) / 2 for place, review in enumerate(reviews)}
        batches.append(enter_scores(campaign, Source(kind, scored_by, basis, on), values, by=officer("organizer")))
    return batches


@transaction.atomic
def put_confirmed_scores(campaign: Campaign, *, on: date) -> None:
    """Both components, compared with their records by the head."""
    for batch in put_scores(campaign, "routine", "field", on=on):
        confirm_scores(batch, by=officer("approver"))


@transaction.atomic
def tell_grades(campaign: Campaign) -> None:
    """The head publishes last year's grades to all who debriefed."""
    publish_grades(campaign, audience="secretaries", by=officer("approver"))
