"""综合评价意见 as it is being written, before anybody has proposed a grade."""

from django.db import models

from organizations.models import Person
from reviews.plan.models import Review


class Opinion(models.Model):
    """综合评价意见（拟稿）: the text kept for one review. Once a grade is proposed it goes into the ``Decision`` too.

    Written by ``opinion.actions`` alone.
    """

    review = models.OneToOneField(Review, on_delete=models.CASCADE, related_name="kept_opinion")
    text = models.TextField("意见", blank=True)
    by = models.ForeignKey(Person, verbose_name="保存人", on_delete=models.PROTECT, related_name="+")
    saved_at = models.DateTimeField("保存时间", auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "综合评价意见"

    def __str__(self):
        return f"{self.review}意见"
