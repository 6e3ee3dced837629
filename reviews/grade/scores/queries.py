"""Which routine and field scores count, and what the page of scores shows."""

from collections import defaultdict
from decimal import Decimal

from reviews.grade.scores.models import Score, ScoreBatch
from reviews.plan.models import Campaign, Review


def counting_scores(campaign: Campaign) -> dict[int, dict[str, Score]]:
    """Review key -> component -> the score that counts, with its batch. One query."""
    found: dict[int, dict[str, Score]] = defaultdict(dict)
    batches = ScoreBatch.objects.counting().filter(campaign=campaign)
    for score in Score.objects.filter(batch__in=batches).select_related("batch").order_by("batch"):
        found[score.review_id][score.batch.kind] = score
    return found


def values_of(campaign: Campaign) -> dict[int, dict[str, str]]:
    """Review key -> component -> the number as the rules read it: ``91.5``, not ``91.50``."""
    return {
        review: {kind: plain(score.value) for kind, score in scores.items()}
        for review, scores in counting_scores(campaign).items()
    }


def plain(value: Decimal) -> str:
    """A score without trailing zeros."""
    return f"{value.normalize():f}"


def batches_of(campaign: Campaign) -> list[ScoreBatch]:
    """All batches, the newest first, each with its scores in the order of the debriefs."""
    batches = campaign.score_batches.select_related("entered_by", "confirmed_by", "withdrawn_by").order_by("-pk")
    return list(batches.prefetch_related("scores__review__organization", "scores__review__secretary"))


def names_of(reviews: list[Review]) -> dict[str, list[int]]:
    """What a row of a spreadsheet may call each review: organization, its short name, the secretary's name."""
    names: dict[str, list[int]] = defaultdict(list)
    for review in reviews:
        organization = review.organization
        for name in {organization.name, organization.short_name, review.secretary.name} - {""}:
            names[name].append(review.pk)
    return names
