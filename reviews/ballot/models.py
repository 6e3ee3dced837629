"""测评: which box a campaign votes in, which secretary is which line of the sheet, how many slips were made."""

from django.db import models
from django.db.models import Q

from organizations.models import Person
from reviews.plan.models import Campaign, PanelPlan, Review
from scoring.models import Box, Entry


class Round(models.Model):
    """测评轮次: one box of a campaign. A void round is kept beside the one that replaces it."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="rounds")
    number = models.PositiveSmallIntegerField("轮次")
    box = models.OneToOneField(Box, on_delete=models.PROTECT, related_name="round")
    is_rehearsal = models.BooleanField("演练", default=False)
    void_reason = models.CharField("作废原因", max_length=300, blank=True)
    created_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = verbose_name_plural = "测评轮次"
        ordering = ["campaign", "number"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "number"], name="round_number_is_unique"),
            models.UniqueConstraint(
                fields=["campaign"], condition=Q(void_reason="", is_rehearsal=False), name="one_valid_round_a_campaign"
            ),
        ]

    def __str__(self):
        return f"{self.campaign} 第{self.number}轮测评"

    @property
    def is_live(self) -> bool:
        """True unless the round was declared invalid, or its box became so by itself."""
        return not self.void_reason and self.box.state != Box.State.INVALID


class Candidacy(models.Model):
    """Which review stands on which line of the sheet."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="candidacies")
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="candidacy")

    def __str__(self):
        return f"{self.entry} {self.review}"


class SlipBatch(models.Model):
    """测评票印制: how many slips and paper ballots of a panel are made, by whom, co-signed by whom. Counts only.

    Asked for by the organizer, co-signed by the supervisor, then printed once. One with a ``reason`` is a supplement
    (补制): the only kind that may be printed while people vote.
    """

    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="batches")
    panel = models.ForeignKey(PanelPlan, on_delete=models.PROTECT, related_name="batches")
    count = models.PositiveIntegerField("测评码张数")
    paper = models.PositiveIntegerField("纸质票张数", default=0)
    by = models.ForeignKey(Person, verbose_name="印制人", on_delete=models.PROTECT, related_name="+")
    cosigned_by = models.ForeignKey(
        Person, verbose_name="监督人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    is_printed = models.BooleanField("已印制", default=False)
    reason = models.CharField("补制原因", max_length=200, blank=True)
    on = models.DateField("日期", auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return f"{self.panel} {self.count} 张"
