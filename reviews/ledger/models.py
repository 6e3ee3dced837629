"""整改台账: every problem, from whichever stage, until another person accepts that it is solved.

NOTED -> OPEN -> CLAIMED -> CLOSING -> CLOSED; CLOSING -> CLAIMED (returned); CLOSED -> CLAIMED (reopened);
NOTED | OPEN -> WITHDRAWN. NOTED problems wait for the feedback and are not shown to the secretary.
"""

from datetime import date, timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

from organizations.access import READING, Role, reach
from organizations.models import Appointment, Person
from reviews.ledger.themes import THEMES
from reviews.plan.models import Review

DAYS_TO_PROMISE = 365  # a time limit lies at most a year behind the end of the campaign ...
DAYS_LEFT_AT_LEAST = 90  # ... and a late claim still gets a quarter


class Act(models.TextChoices):
    """What is done to a problem; every act is one step of its history."""

    NOTE = "note", "登记问题"
    REWORD = "reword", "修改问题"
    FEED_BACK = "feed_back", "反馈问题"
    WITHDRAW = "withdraw", "撤回问题"
    CLAIM = "claim", "认领问题"
    REVISE = "revise", "调整措施"
    PROGRESS = "progress", "报告进展"
    REQUEST = "request", "申请销号"
    ACCEPT = "accept", "同意销号"
    RETURN = "return", "退回整改"
    REOPEN = "reopen", "重新整改"
    LINK = "link", "关联往年问题"


def own_problems(person: Person) -> Q:
    """Problems that are this person's to solve: he debriefed on them, or leads their organization today.

    An organization that changed its secretary keeps its problems: the new one takes them over.
    """
    led = Appointment.objects.led_by(person).values("organization")
    return Q(review__secretary=person) | Q(review__organization__in=led)


class ProblemQuerySet(models.QuerySet):
    def visible_to(self, person: Person):
        """Own problems once fed back, and all problems under the organizations the person works for.

        Whoever has to solve them waits for the feedback like everybody else, also if he works for the organizer.
        """
        working = reach(person, *READING, Role.VETTER, Role.LEADER, field="review__campaign__organizer__path")
        own = own_problems(person)
        return self.filter(own | working).exclude(own & Q(state__in=["noted", "withdrawn"]))

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
    theme = models.CharField("主题", max_length=16, blank=True, choices=list(THEMES.items()))
    state = models.CharField("状态", max_length=12, choices=State, default=State.NOTED, editable=False)
    responsible = models.CharField("责任人", max_length=60, blank=True)
    goal = models.CharField("整改目标", max_length=300, blank=True)
    due_on = models.DateField("整改时限", null=True, blank=True)
    claimed_on = models.DateField(null=True)
    closing_words = models.TextField("整改情况", blank=True)
    closed_by = models.ForeignKey(Person, verbose_name="验收人", null=True, on_delete=models.PROTECT, related_name="+")
    closed_on = models.DateField("销号日期", null=True)
    requested_by = models.ForeignKey(
        Person, verbose_name="申请人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    returned_words = models.CharField("退回原因", max_length=300, blank=True)
    edition = models.PositiveIntegerField("修订号", default=0)  # counts acts: a stale page is told, not obeyed
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
            models.CheckConstraint(
                condition=Q(closed_by__isnull=True)
                | Q(requested_by__isnull=True)
                | ~Q(closed_by=models.F("requested_by")),
                name="problem_is_closed_by_another",
            ),
        ]

    def __str__(self):
        return self.text[:40]

    @property
    def is_overdue(self) -> bool:
        over = self.state in {self.State.CLOSED, self.State.WITHDRAWN, self.State.NOTED}
        return bool(self.due_on) and not over and self.due_on < timezone.localdate()

    @property
    def days_overdue(self) -> int:
        """Days since the time limit of a problem that is not closed; 0 if none."""
        return (timezone.localdate() - self.due_on).days if self.is_overdue else 0

    @property
    def was_closed_on_time(self) -> bool:
        return bool(self.closed_on and self.due_on) and self.closed_on <= self.due_on

    def due_window(self) -> tuple[date, date]:
        """First and last day that may be promised as the time limit (整改时限)."""
        today = timezone.localdate()
        last = self.review.campaign.ends_on + timedelta(days=DAYS_TO_PROMISE)
        return today, max(last, today + timedelta(days=DAYS_LEFT_AT_LEAST))


# From which states an act may be done, and where it leads.
MOVES: dict[str, tuple[frozenset, str]] = {
    Act.REWORD: (frozenset({Problem.State.NOTED}), Problem.State.NOTED),
    Act.FEED_BACK: (frozenset({Problem.State.NOTED}), Problem.State.OPEN),
    Act.WITHDRAW: (frozenset({Problem.State.NOTED, Problem.State.OPEN}), Problem.State.WITHDRAWN),
    Act.CLAIM: (frozenset({Problem.State.OPEN}), Problem.State.CLAIMED),
    Act.REVISE: (frozenset({Problem.State.CLAIMED}), Problem.State.CLAIMED),
    Act.PROGRESS: (frozenset({Problem.State.CLAIMED}), Problem.State.CLAIMED),
    Act.REQUEST: (frozenset({Problem.State.CLAIMED}), Problem.State.CLOSING),
    Act.ACCEPT: (frozenset({Problem.State.CLOSING}), Problem.State.CLOSED),
    Act.RETURN: (frozenset({Problem.State.CLOSING}), Problem.State.CLAIMED),
    Act.REOPEN: (frozenset({Problem.State.CLOSED}), Problem.State.CLAIMED),
}


class Step(models.Model):
    """办理记录: one act in the history of a problem, never changed. Progress keeps its own entries."""

    problem = models.ForeignKey(Problem, on_delete=models.CASCADE, related_name="steps")
    act = models.CharField("事项", max_length=12, choices=Act)
    words = models.TextField("说明", blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "办理记录"
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=Q(act__in=Act.values), name="step_act_is_known")]

    def __str__(self):
        return self.get_act_display()


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
