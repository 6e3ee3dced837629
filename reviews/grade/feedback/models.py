"""反馈: the letter a secretary receives and signs for, his objection to it, and what an objection changed."""

from datetime import date, timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

from organizations.models import Person
from reviews.grade.models import Decision, GradeName, Worded
from reviews.plan.models import Review


class LetterQuerySet(models.QuerySet):
    def for_print(self):
        """With everything that stands on a letter but its problems, in the order of the debriefs."""
        return self.select_related(
            "review__campaign__organizer", "review__organization", "review__secretary", "review__decision"
        ).order_by("review__order", "pk")


class Letter(Worded, models.Model):
    """反馈函: sent to the secretary with the decision, signed for by him.

    It keeps grade, opinion and meeting as they were sent: an objection changes the decision, never a letter.
    """

    review = models.OneToOneField(Review, on_delete=models.PROTECT, related_name="letter")
    grade = models.CharField("所告知的等次", max_length=12, choices=GradeName, blank=True)
    opinion = models.TextField("所告知的意见", blank=True)
    reference = models.CharField("会议", max_length=120, blank=True)
    decided_on = models.DateField("研究日期", null=True)
    rectify_by = models.DateField("整改期限")
    objection_days = models.PositiveSmallIntegerField("异议期（日）", default=15)
    objection_until = models.DateField("可提出异议至", null=True)
    late_reason = models.CharField("准予逾期提出的理由", max_length=300, blank=True)
    late_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    sent_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField("发出时间", auto_now_add=True)
    signed_at = models.DateTimeField("签收时间", null=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "反馈函"
        ordering = ["review__order", "pk"]

    def __str__(self):
        return f"{self.review}反馈函"

    @property
    def told(self) -> "Letter | Decision":
        """What bears grade, opinion and meeting as this letter told them: itself; of old letters the decision."""
        return self if self.grade else self.review.decision

    @property
    def is_window_open(self) -> bool:
        """True while an objection may be raised without anybody's leave."""
        return self.objection_until is not None and timezone.localdate() <= self.objection_until


def last_day_to_object(sent_on: date, signed_on: date | None, days: int) -> date:
    """可提出异议至: ``days`` after the letter was received, the day after the receipt being day 1.

    Received means signed for; a letter not signed within ``days`` counts as received on the last of them, so that
    nobody loses the window by being away, and no window stays open for ever.
    """
    counted_as_received = sent_on + timedelta(days=days)
    return min(signed_on or counted_as_received, counted_as_received) + timedelta(days=days)


class Objection(Worded, models.Model):
    """异议: the secretary asks to have his grade, opinion or the facts looked at again, by others than before."""

    class State(models.TextChoices):
        RAISED = "raised", "待受理"
        REVIEWING = "reviewing", "复核中"
        PROPOSED = "proposed", "待批准"
        DECIDED = "decided", "已答复"
        WITHDRAWN = "withdrawn", "已撤回"

    class Asks(models.TextChoices):
        """What the person asks for."""

        GRADE = "grade", "重新研究综合评价等次"
        OPINION = "opinion", "更正综合评价意见"
        FACTS = "facts", "核实计入评定的事实"

    class Outcome(models.TextChoices):
        UPHELD = "upheld", "维持原等次和意见"
        AMENDED = "amended", "等次不变，更正评价意见"
        CHANGED = "changed", "变更等次"

    PENDING = (State.RAISED, State.REVIEWING, State.PROPOSED)

    letter = models.ForeignKey(Letter, on_delete=models.PROTECT, related_name="objections")
    state = models.CharField("状态", max_length=12, choices=State, default=State.RAISED)
    asks = models.CharField("请求", max_length=12, choices=Asks)
    grounds = models.TextField("理由")
    raised_at = models.DateTimeField("提出时间", auto_now_add=True)
    acknowledged_by = models.ForeignKey(
        Person, verbose_name="受理人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    acknowledged_at = models.DateTimeField("受理时间", null=True)
    due_on = models.DateField("答复期限", null=True)
    outcome = models.CharField("复核结论", max_length=12, choices=Outcome, blank=True)
    grade = models.CharField("复核后的等次", max_length=12, choices=GradeName, blank=True)
    opinion = models.TextField("更正后的意见", blank=True)
    finding = models.TextField("复核情况和理由", blank=True)
    unfounded = models.JSONField("认定不成立的事实", default=list)  # keys of Fact, withdrawn with the approval
    reference = models.CharField("会议", max_length=120, blank=True)
    decided_on = models.DateField("研究日期", null=True)
    reviewed_by = models.ForeignKey(
        Person, verbose_name="复核人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    reviewed_at = models.DateTimeField("复核时间", null=True)
    returned_reason = models.CharField("退回复核的原因", max_length=300, blank=True)
    approved_by = models.ForeignKey(
        Person, verbose_name="批准人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField("答复时间", null=True)
    answer_signed_at = models.DateTimeField("答复签收时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "异议"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=models.F("reviewed_by")),
                name="objection_is_approved_by_another",
            )
        ]

    def __str__(self):
        return f"{self.letter.review}异议"

    @property
    def review(self) -> Review:
        """Whose letter it is about."""
        return self.letter.review

    @property
    def is_pending(self) -> bool:
        return self.state in self.PENDING

    @property
    def is_late(self) -> bool:
        """True if the answer is overdue."""
        return self.is_pending and self.due_on is not None and self.due_on < timezone.localdate()


class GradeChange(models.Model):
    """等次变更: what stood before an objection changed the decision, with its reason and its people. Never deleted."""

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="grade_changes")
    objection = models.OneToOneField(Objection, on_delete=models.PROTECT, related_name="change")
    grade_before = models.CharField("原等次", max_length=12, choices=GradeName)
    grade_after = models.CharField("现等次", max_length=12, choices=GradeName)
    decided_reason_before = models.CharField("原不同于建议的理由", max_length=500, blank=True)
    opinion_before = models.TextField("原意见", blank=True)
    reference_before = models.CharField("原研究会议", max_length=120)
    decided_on_before = models.DateField("原研究日期")
    proposed_by_before = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    approved_by_before = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField("变更理由")
    at = models.DateTimeField("变更时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "等次变更"
        ordering = ["pk"]

    def __str__(self):
        return f"{self.review} {self.word_before}→{self.word_after}"

    @property
    def word_before(self) -> str:
        """The grade that stood, in the campaign's words."""
        return self.review.campaign.grade_word(self.grade_before)

    @property
    def word_after(self) -> str:
        """The grade that stands, in the campaign's words."""
        return self.review.campaign.grade_word(self.grade_after)
