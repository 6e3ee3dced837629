"""结果运用: the register of what follows from the grades, and the talks held (约谈提醒)."""

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from organizations.models import Person
from reviews.grade.models import GradeName, Worded
from reviews.plan.models import Review


class ConsequenceQuerySet(models.QuerySet):
    def open(self):
        """Not yet closed, waived or cancelled."""
        return self.exclude(state__in=Consequence.OVER)

    def overdue(self):
        """Open past its day."""
        return self.open().filter(due_on__lt=timezone.localdate())

    def for_list(self):
        """With whom it is about, whose task it is and who settled it, in the order of the debriefs."""
        return self.select_related(
            "review__campaign__organizer",
            "review__organization",
            "review__secretary",
            "review__decision",
            "review__letter",
            "owner",
            "handed_by",
            "settled_by",
            "talk",
        ).order_by("review__order", "review", "pk")


class Consequence(Worded, models.Model):
    """结果运用事项: a task for people that follows from a grade (D7-D11, RULES 3 step 9); no penalty by itself."""

    class Kind(models.TextChoices):
        """Same names as ``scoring.rules.Consequence``, and the recommendation that 好 allows (D7, D10)."""

        BAR = "BAR_ANNUAL_EXCELLENT", "年度考核不得评为优秀"
        TALK = "ADMONITION_TALK", "约谈提醒"
        RECTIFICATION = "ORDERED_RECTIFICATION", "限期整改"
        ACCOUNTABILITY = "ACCOUNTABILITY_REVIEW", "提请研究问责"
        CONSECUTIVE = "CONSECUTIVE_LOW", "连续两年等次靠后"
        AWARD = "AWARD", "可推荐评先评优"

    class State(models.TextChoices):
        OPEN = "open", "待办理"
        HANDED_IN = "handed_in", "待确认"
        CLOSED = "closed", "已办结"
        WAIVED = "waived", "不再办理"
        CANCELLED = "cancelled", "已撤销"

    OVER = (State.CLOSED, State.WAIVED, State.CANCELLED)

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="consequences")
    kind = models.CharField("事项", max_length=24, choices=Kind)
    grade = models.CharField("所依据的等次", max_length=12, choices=GradeName)
    state = models.CharField("状态", max_length=12, choices=State, default=State.OPEN)
    owner = models.ForeignKey(Person, verbose_name="承办人", on_delete=models.PROTECT, related_name="+")
    due_on = models.DateField("办理期限")
    opened_at = models.DateTimeField("列入时间", auto_now_add=True)
    proof = models.TextField("办理情况", blank=True)
    file = models.FileField("佐证", upload_to="evidence/", blank=True)
    file_name = models.CharField(max_length=120, blank=True)
    handed_by = models.ForeignKey(Person, verbose_name="报送人", null=True, on_delete=models.PROTECT, related_name="+")
    handed_at = models.DateTimeField("报送时间", null=True)
    settled_by = models.ForeignKey(Person, verbose_name="确认人", null=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField("确认时间", null=True)
    words = models.CharField("确认意见或原因", max_length=300, blank=True)

    objects = ConsequenceQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "结果运用事项"
        ordering = ["review__order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="closed") | ~Q(settled_by=F("handed_by")), name="consequence_is_closed_by_another"
            )
        ]

    def __str__(self):
        return f"{self.review}：{self.get_kind_display()}"

    @property
    def is_over(self) -> bool:
        return self.state in self.OVER

    @property
    def is_overdue(self) -> bool:
        return not self.is_over and self.due_on < timezone.localdate()


class Talk(models.Model):
    """约谈提醒: one talk of a low grade, told beforehand (通知), written down (记录) and signed for (DOMAIN F12)."""

    consequence = models.OneToOneField(Consequence, on_delete=models.PROTECT, related_name="talk")
    meets_at = models.DateTimeField("谈话时间")
    place = models.CharField("谈话地点", max_length=100)
    held_by = models.CharField("谈话人", max_length=100)
    planned_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField(auto_now_add=True)
    recorder = models.CharField("记录人", max_length=60, blank=True)
    points = models.TextField("谈话要点", blank=True)
    statement = models.TextField("本人表态", blank=True)
    recorded_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("记录时间", null=True)
    signed_at = models.DateTimeField("本人签字时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "约谈提醒"
        ordering = ["pk"]

    def __str__(self):
        return f"{self.consequence.review}约谈提醒"
