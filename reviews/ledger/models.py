"""整改台账: every problem, from whichever stage, until another person accepts that it is solved.

NOTED -> OPEN -> CLAIMED -> CLOSING -> CLOSED; CLOSING -> CLAIMED (returned); CLOSED -> CLAIMED (reopened);
NOTED | OPEN -> WITHDRAWN. NOTED problems wait for the feedback and are not shown to the secretary.
"""

from django.db import models
from django.db.models import Q
from django.utils import timezone

from organizations.access import READING, Role, reach
from organizations.models import Person
from reviews.plan.models import Review


class ProblemQuerySet(models.QuerySet):
    def visible_to(self, person: Person):
        """Own problems once fed back, and all problems under the organizations the person works for."""
        working = reach(person, *READING, Role.VETTER, Role.LEADER, field="review__campaign__organizer__path")
        return self.filter(Q(review__secretary=person) & ~Q(state__in=["noted", "withdrawn"]) | working)

    def for_list(self):
        return self.select_related(
            "review__organization", "review__secretary", "review__campaign__organizer"
        ).prefetch_related("measures")

    def on_the_books(self):
        """Fed back and not withdrawn: what rates are counted over."""
        return self.exclude(state__in=["noted", "withdrawn"])

    def overdue(self, on=None):
        return self.filter(due_on__lt=on or timezone.localdate()).exclude(state__in=["closed", "withdrawn", "noted"])


class Problem(models.Model):
    """问题: one line of the ledger. ``state`` is written by ``ledger.actions`` alone."""

    class State(models.TextChoices):
        NOTED = "noted", "已登记"
        OPEN = "open", "待认领"
        CLAIMED = "claimed", "整改中"
        CLOSING = "closing", "申请销号"
        CLOSED = "closed", "已销号"
        WITHDRAWN = "withdrawn", "已撤回"

    class Source(models.TextChoices):
        SELF = "self", "自己查摆"
        SUPERIOR_COMMENT = "superior_comment", "上级点评"
        MASS_REVIEW = "mass_review", "群众评议"
        ASSESSMENT_FEEDBACK = "assessment_feedback", "考核反馈"
        INSPECTION = "inspection", "巡视巡察"

    review = models.ForeignKey(Review, on_delete=models.PROTECT, related_name="problems")
    source = models.CharField("来源", max_length=24, choices=Source)
    text = models.TextField("问题")
    origin = models.TextField("出处原话", blank=True)
    is_common = models.BooleanField("共性问题", default=False)
    state = models.CharField("状态", max_length=12, choices=State, default=State.NOTED, editable=False)
    responsible = models.CharField("责任人", max_length=60, blank=True)
    goal = models.CharField("整改目标", max_length=300, blank=True)
    due_on = models.DateField("整改时限", null=True, blank=True)
    claimed_on = models.DateField(null=True)
    closing_words = models.TextField("整改情况", blank=True)
    closed_by = models.ForeignKey(Person, verbose_name="验收人", null=True, on_delete=models.PROTECT, related_name="+")
    closed_on = models.DateField("销号日期", null=True)
    returned_words = models.CharField("退回原因", max_length=300, blank=True)
    carried_from = models.ForeignKey(
        "self",
        verbose_name="往年同类问题",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="recurrences",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ProblemQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "整改问题"
        ordering = ["review__order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["noted", "open", "claimed", "closing", "closed", "withdrawn"]),
                name="problem_state_is_known",
            ),
            models.CheckConstraint(
                condition=Q(
                    source__in=["self", "superior_comment", "mass_review", "assessment_feedback", "inspection"]
                ),
                name="problem_source_is_known",
            ),
        ]

    def __str__(self):
        return self.text[:40]

    @property
    def is_overdue(self) -> bool:
        over = self.state in {self.State.CLOSED, self.State.WITHDRAWN, self.State.NOTED}
        return bool(self.due_on) and not over and self.due_on < timezone.localdate()


class Measure(models.Model):
    """整改措施: what will be done about a problem."""

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="measures")
    number = models.PositiveSmallIntegerField("序号")
    text = models.CharField("措施", max_length=500)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["problem", "number"], name="measure_number_is_unique")]

    def __str__(self):
        return self.text[:40]


class Progress(models.Model):
    """整改进展: one entry of what was done, with its evidence."""

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="progress")
    text = models.TextField("进展")
    evidence = models.FileField("佐证", upload_to="evidence/", blank=True)
    evidence_name = models.CharField(max_length=120, blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.text[:40]
