"""个别延期: the time until which one report is due, where it differs from the campaign's. Table and questions."""

from datetime import datetime

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce, Greatest

from organizations.models import Person
from reviews.plan.models import Review


class ExtensionQuerySet(models.QuerySet):
    def standing(self):
        """Those that are in force: neither withdrawn nor replaced."""
        return self.filter(withdrawn_at__isnull=True)


class Extension(models.Model):
    """延期: one secretary may hand in later, with a reason. Written by ``report.vetting.extending`` alone.

    At most one is in force for a review; a new one replaces it. Nothing is deleted.
    """

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="extensions")
    due_at = models.DateTimeField("延期至")
    reason = models.CharField("延期理由", max_length=300)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    withdrawn_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField("取消时间", null=True)
    withdrawn_reason = models.CharField("取消理由", max_length=300, blank=True)

    objects = ExtensionQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "个别延期"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["review"],
                condition=Q(withdrawn_at__isnull=True),
                name="review_has_one_standing_extension",
            ),
        ]

    def __str__(self):
        return f"{self.review} 延期"


def standing_extension(review: Review) -> Extension | None:
    """The extension in force for a review."""
    return Extension.objects.standing().filter(review=review).select_related("by").first()


def review_due_at(review: Review) -> datetime:
    """Until when this report is due: the campaign's deadline, or the review's own if that is later (DOMAIN 4.9).

    Reads ``review.own_due_at`` where the query brought it (``due_at``), else asks once.
    """
    if hasattr(review, "own_due_at"):
        return review.own_due_at
    due = Extension.objects.standing().filter(review=review).values_list("due_at", flat=True).first()
    return max(filter(None, (due, review.campaign.report_due_at)))


def due_at(review: str = "pk", campaign: str = "campaign__") -> Greatest:
    """The same as an expression, to annotate (as ``own_due_at``) or to filter rows by.

    ``review`` and ``campaign`` name the review's key and the campaign as seen from the queryset.
    """
    own = Extension.objects.standing().filter(review=OuterRef(review)).values("due_at")[:1]
    common = F(f"{campaign}report_due_at")
    return Greatest(Coalesce(Subquery(own), common), common)
