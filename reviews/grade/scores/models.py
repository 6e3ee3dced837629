"""平时和实地成绩: one source's scores of many secretaries, counted once a second person has confirmed them together."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from organizations.models import Person
from reviews.plan.models import Campaign, Review


class ScoreBatchQuerySet(models.QuerySet):
    def counting(self):
        """Confirmed and not withdrawn."""
        return self.filter(confirmed_by__isnull=False, withdrawn_reason="")


class ScoreBatch(models.Model):
    """成绩批次: who scored, on what basis and when. Written by ``scores.actions`` alone."""

    class Kind(models.TextChoices):
        """The component of the composite that is scored: the rules' own names."""

        ROUTINE = "routine", "平时考核"
        FIELD = "field", "实地考核"

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="score_batches")
    kind = models.CharField("成绩", max_length=8, choices=Kind)
    scored_by = models.CharField("评分单位或人员", max_length=100)
    basis = models.CharField("评分依据", max_length=300)
    scored_on = models.DateField("评分日期")
    entered_by = models.ForeignKey(Person, verbose_name="登记人", on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(auto_now_add=True)
    confirmed_by = models.ForeignKey(
        Person, verbose_name="确认人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_reason = models.CharField("撤回原因", max_length=300, blank=True)
    withdrawn_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    objects = ScoreBatchQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "成绩批次"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["routine", "field"]), name="score_kind_is_known"),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=F("entered_by")),
                name="scores_are_confirmed_by_another",
            ),
        ]

    def __str__(self):
        return f"{self.campaign}{self.get_kind_display()}成绩"

    @property
    def counts(self) -> bool:
        """True once confirmed, until withdrawn."""
        return self.confirmed_by_id is not None and not self.withdrawn_reason


class Score(models.Model):
    """成绩: one secretary's score, 0 to 100 with two decimals. Of several that count, the one entered last stands."""

    batch = models.ForeignKey(ScoreBatch, on_delete=models.CASCADE, related_name="scores")
    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="scores")
    value = models.DecimalField(
        "分数", max_digits=5, decimal_places=2, validators=[MinValueValidator(0), MaxValueValidator(100)]
    )

    class Meta:
        verbose_name = verbose_name_plural = "成绩"
        ordering = ["batch", "review__order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["batch", "review"], name="score_stands_once_in_a_batch"),
            models.CheckConstraint(condition=Q(value__gte=0, value__lte=100), name="score_is_from_0_to_100"),
        ]

    def __str__(self):
        return f"{self.review} {self.value}"
