"""反馈: the letter that a secretary receives and signs for."""

from django.db import models

from organizations.models import Person
from reviews.plan.models import Review


class LetterQuerySet(models.QuerySet):
    def for_print(self):
        """With everything that stands on a letter but its problems, in the order of the debriefs."""
        return self.select_related(
            "review__campaign__organizer", "review__organization", "review__secretary", "review__decision"
        ).order_by("review__order", "pk")


class Letter(models.Model):
    """反馈函: sent to the secretary with the decision, signed for by him."""

    review = models.OneToOneField(Review, on_delete=models.PROTECT, related_name="letter")
    rectify_by = models.DateField("整改期限")
    sent_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField("发出时间", auto_now_add=True)
    signed_at = models.DateTimeField("签收时间", null=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "反馈函"
        ordering = ["review__order", "pk"]

    def __str__(self):
        return f"{self.review}反馈函"
