"""What the meeting leaves on record: its agenda, what happened when, and the minutes that two people sign."""

from django.db import models
from django.db.models import Q

from organizations.models import Person
from reviews.meeting.models import Meeting


class AgendaItem(models.Model):
    """议程: one step of the meeting (F4). 述职 is one step; who speaks within it are the turns."""

    class Kind(models.TextChoices):
        OPENING = "opening", "宣读议程与纪律"
        FLOOR = "floor", "逐一述职"
        COMMENTS = "comments", "逐一点评"
        VOTE = "vote", "民主测评"
        SPEECH = "speech", "讲话"
        CLOSING = "closing", "散会"
        OTHER = "other", "其他"

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="agenda")
    order = models.PositiveSmallIntegerField("顺序")
    kind = models.CharField("类别", max_length=10, choices=Kind, default=Kind.OTHER)
    title = models.CharField("议程", max_length=60)
    done_at = models.DateTimeField("完成时间", null=True)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["opening", "floor", "comments", "vote", "speech", "closing", "other"]),
                name="agenda_kind_is_known",
            )
        ]

    def __str__(self):
        return self.title


class Happening(models.Model):
    """会议纪事: one thing that happened and when: a pause, a vote, a power cut. Never who voted (SECURITY S7)."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="happenings")
    at = models.DateTimeField("时间")
    words = models.CharField("事项", max_length=300)

    class Meta:
        verbose_name = verbose_name_plural = "会议纪事"
        ordering = ["at", "pk"]

    def __str__(self):
        return self.words


class Minutes(models.Model):
    """会议记录. DRAFT -> RECORDED (recorder signed) -> SIGNED (chair too); a reopened one is kept as SUPERSEDED."""

    class State(models.TextChoices):
        DRAFT = "draft", "整理中"
        RECORDED = "recorded", "记录人已签，待主持人签"
        SIGNED = "signed", "已签定"
        SUPERSEDED = "superseded", "已退回重签"

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="minutes")
    number = models.PositiveSmallIntegerField("稿次", default=1)
    state = models.CharField("状态", max_length=12, choices=State, default=State.DRAFT, editable=False)
    text = models.TextField("正文")
    facts = models.TextField("整理时的会议事实", editable=False)
    edition = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField(auto_now=True)
    recorder = models.ForeignKey(Person, verbose_name="记录人", null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(null=True)
    chair = models.ForeignKey(Person, verbose_name="主持人", null=True, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True)
    digest = models.CharField("校验值", max_length=64, blank=True, editable=False)
    reopened_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    reopened_at = models.DateTimeField(null=True)
    reopen_reason = models.CharField("退回重签的原因", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "会议记录"
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="minutes_number_is_unique"),
            models.UniqueConstraint(
                fields=["meeting"], condition=~Q(state="superseded"), name="one_set_of_minutes_in_force"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "recorded", "signed", "superseded"]), name="minutes_state_is_known"
            ),
            models.CheckConstraint(
                condition=~Q(state="signed") | (Q(recorder__isnull=False) & Q(chair__isnull=False) & ~Q(digest="")),
                name="signed_minutes_have_two_signers",
            ),
        ]

    def __str__(self):
        return f"{self.meeting}会议记录（第 {self.number} 稿）"
