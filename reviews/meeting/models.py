"""评议会: the order of the floor, who spoke when, what leaders commented, who was there."""

from datetime import datetime

from django.db import models
from django.db.models import Q

from organizations.models import Person
from reviews.ledger.models import Problem
from reviews.plan.models import Campaign, PanelPlan, Review


class Meeting(models.Model):
    """述职评议会 of one campaign. PREPARED -> OPEN -> ENDED."""

    class State(models.TextChoices):
        PREPARED = "prepared", "未开始"
        OPEN = "open", "进行中"
        ENDED = "ended", "已结束"

    class Timing(models.TextChoices):
        AFTER_EACH = "after_each", "一述一评"
        AFTER_ALL = "after_all", "逐一述职后集中点评"

    campaign = models.OneToOneField(Campaign, on_delete=models.CASCADE, related_name="meeting")
    chair = models.ForeignKey(
        Person, verbose_name="主持人", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    timing = models.CharField("点评方式", max_length=12, choices=Timing, default=Timing.AFTER_EACH)
    state = models.CharField("状态", max_length=12, choices=State, default=State.PREPARED, editable=False)
    opened_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = "述职评议会"
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["prepared", "open", "ended"]), name="meeting_state_is_known")
        ]

    def __str__(self):
        return f"{self.campaign}述职评议会"


class Turn(models.Model):
    """述职: one secretary's turn on the floor."""

    class State(models.TextChoices):
        WAITING = "waiting", "待述职"
        SPEAKING = "speaking", "述职中"
        SPOKEN = "spoken", "已述职"
        ABSENT = "absent", "缺席"

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="turns")
    review = models.OneToOneField(Review, on_delete=models.CASCADE, related_name="turn")
    order = models.PositiveSmallIntegerField("顺序")
    state = models.CharField("状态", max_length=12, choices=State, default=State.WAITING, editable=False)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)
    paused_seconds = models.PositiveIntegerField(default=0)
    absence = models.CharField("缺席原因", max_length=100, blank=True)
    stand_in = models.CharField("代述人", max_length=30, blank=True)
    stand_in_post = models.CharField("代述人职务", max_length=60, blank=True)
    stand_in_reason = models.CharField("代述原因", max_length=100, blank=True)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "speaking", "spoken", "absent"]), name="turn_state_is_known"
            ),
            models.UniqueConstraint(fields=["meeting"], condition=Q(state="speaking"), name="one_speaks_at_a_time"),
        ]

    def __str__(self):
        return f"{self.order}. {self.review}"

    @property
    def stand_in_words(self) -> str:
        """Who speaks in the secretary's place, and why; empty without a stand-in."""
        if not self.stand_in:
            return ""
        post = f"（{self.stand_in_post}）" if self.stand_in_post else ""
        return f"由{self.stand_in}{post}代述，原因：{self.stand_in_reason}"

    @property
    def is_running(self) -> bool:
        """True while the clock runs: somebody speaks and is not interrupted."""
        return self.state == self.State.SPEAKING and self.paused_at is None

    def spent_at(self, moment: datetime) -> int:
        """Whole seconds spoken up to a moment, pauses left out; 0 before the turn has begun."""
        if self.started_at is None:
            return 0
        until = self.ended_at or self.paused_at or moment
        return max(0, int((until - self.started_at).total_seconds()) - self.paused_seconds)

    @property
    def seconds(self) -> int | None:
        """Length of the speech in seconds, once it is over."""
        return self.spent_at(self.ended_at) if self.started_at and self.ended_at else None


class CommentQuerySet(models.QuerySet):
    def shown_to(self, person: Person):
        """Comments a person may read: never those on himself, which reach him by the feedback."""
        return self.exclude(review__secretary=person).select_related("by").prefetch_related("points")

    def released(self):
        """Comments that the chair has let go to the secretary."""
        return self.filter(released_at__isnull=False)

    def held(self):
        """Comments that still wait for the chair's word: neither released nor withheld for good."""
        return self.filter(released_at__isnull=True, withheld_at__isnull=True)


class Comment(models.Model):
    """点评: what one leader said of one secretary, under the leader's name."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="comments")
    by = models.ForeignKey(Person, verbose_name="点评人", on_delete=models.PROTECT, related_name="comments_given")
    strengths = models.TextField("亮点", blank=True)
    weaknesses = models.TextField("主要不足", blank=True)
    advice = models.TextField("建议", blank=True)
    edition = models.PositiveIntegerField(default=0)
    updated_at = models.DateTimeField(auto_now=True)
    # What the secretary is told where the words said were shortened or rephrased before the release;
    # the three boxes above stay as the leader wrote them.
    told_strengths = models.TextField("放行稿亮点", blank=True)
    told_weaknesses = models.TextField("放行稿主要不足", blank=True)
    told_advice = models.TextField("放行稿建议", blank=True)
    told_by = models.ForeignKey(Person, verbose_name="修改人", null=True, on_delete=models.PROTECT, related_name="+")
    told_at = models.DateTimeField("修改时间", null=True)
    released_at = models.DateTimeField("放行时间", null=True)
    released_by = models.ForeignKey(
        Person, verbose_name="放行人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    released_for = models.ForeignKey(
        Person, verbose_name="同意放行的主持人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    # 不放行: the chair keeps it from the secretary for good, with a reason (``withholding``).
    withheld_at = models.DateTimeField("决定不放行时间", null=True)
    withheld_by = models.ForeignKey(
        Person, verbose_name="决定不放行的主持人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    withheld_reason = models.CharField("不放行的理由", max_length=300, blank=True)

    objects = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "点评"
        ordering = ["review__order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["review", "by"], name="one_comment_a_leader_and_secretary"),
            models.CheckConstraint(
                condition=Q(released_at__isnull=True) | Q(withheld_at__isnull=True),
                name="comment_is_released_or_withheld",
            ),
            models.CheckConstraint(
                condition=Q(withheld_at__isnull=True) | Q(withheld_by__isnull=False) & ~Q(withheld_reason=""),
                name="comment_is_withheld_for_a_reason",
            ),
        ]

    def __str__(self):
        return f"{self.by}点评{self.review}"

    @property
    def is_reworded(self) -> bool:
        """True when other words than those said are to be told."""
        return self.told_at is not None

    @property
    def is_withheld(self) -> bool:
        """True when the chair decided that it never goes to the secretary."""
        return self.withheld_at is not None

    @property
    def waits(self) -> bool:
        """True while the chair has decided neither way."""
        return self.released_at is None and not self.is_withheld

    @property
    def told(self) -> dict[str, str]:
        """The words for the secretary and the ledger: those put in order before the release, else those said."""
        boxes = ("strengths", "weaknesses", "advice")
        return {name: getattr(self, f"told_{name}" if self.is_reworded else name) for name in boxes}


class CommentDraft(models.Model):
    """点评草稿: what is typed and not yet handed in. Seen by its typist alone; the ledger knows nothing of it."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="comment_drafts")
    by = models.ForeignKey(Person, verbose_name="点评人", on_delete=models.CASCADE, related_name="+")
    typed_by = models.ForeignKey(Person, verbose_name="录入人", on_delete=models.CASCADE, related_name="+")
    strengths = models.TextField("亮点", blank=True)
    weaknesses = models.TextField("主要不足", blank=True)
    advice = models.TextField("建议", blank=True)
    edition = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["review", "by", "typed_by"], name="one_comment_draft_a_typist")]

    def __str__(self):
        return f"{self.by}点评{self.review}（草稿）"


class Point(models.Model):
    """要点: one "一是…" of a comment; it is a problem in the ledger."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="points")
    number = models.PositiveSmallIntegerField("序号")
    text = models.TextField("内容")
    problem = models.OneToOneField(Problem, on_delete=models.PROTECT, related_name="point")

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["comment", "number"], name="point_number_is_unique")]

    def __str__(self):
        return self.text[:40]


class Attendance(models.Model):
    """签到: how many of a panel were expected and came. Names stay on the paper roster (SECURITY S7)."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendance")
    panel = models.OneToOneField(PanelPlan, on_delete=models.CASCADE, related_name="attendance")
    present = models.PositiveIntegerField("实到", default=0)
    excused = models.PositiveIntegerField("请假", default=0)
    counted_at = models.DateTimeField("登记时间", null=True)

    class Meta:
        ordering = ["panel__code"]

    def __str__(self):
        return f"{self.panel} 实到 {self.present}"
