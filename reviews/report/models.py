"""述职报告: written in five sections, kept in versions, vetted in rounds.

DRAFT -> SUBMITTED -> APPROVED | RETURNED; RETURNED -> SUBMITTED
"""

from django.db import models
from django.db.models import Q

from organizations.access import READING, Role, reach
from organizations.models import Person
from reviews.ledger.models import Problem, Progress
from reviews.plan.models import ContentItem, Review, Stage
from reviews.report.vetting.extension import review_due_at


class Section(models.TextChoices):
    """The parts of a report, in the order of the field (DOMAIN B7)."""

    PRIOR = "prior", "上年整改情况"
    DUTY = "duty", "履职尽责情况"
    PROBLEMS = "problems", "存在问题及原因"
    PLANS = "plans", "下一步打算"
    SELF_EVALUATION = "self_evaluation", "自我评价"


class Sections(models.Model):
    """The five texts, in a draft as in every kept version."""

    prior = models.TextField("上年整改情况", blank=True)
    duty = models.TextField("履职尽责情况", blank=True)
    problems = models.TextField("存在问题及原因", blank=True)
    plans = models.TextField("下一步打算", blank=True)
    self_evaluation = models.TextField("自我评价", blank=True)

    class Meta:
        abstract = True

    @property
    def sections(self) -> dict[str, str]:
        """Section name -> text, in order."""
        return {name: getattr(self, name) for name in Section.values}


class ReportQuerySet(models.QuerySet):
    def visible_to(self, person: Person):
        """Own reports, and what was handed in under every organization the person works for."""
        working = reach(person, *READING, Role.VETTER, Role.LEADER, field="review__campaign__organizer__path")
        own = Q(review__secretary=person) & ~Q(review__campaign__stage=Stage.PLANNING)
        return self.filter(own | working & ~Q(state=Report.State.DRAFT))


class Report(Sections):
    """The report of one review: its working text and where it stands. ``state`` is written by report.actions alone."""

    class State(models.TextChoices):
        DRAFT = "draft", "撰写中"
        SUBMITTED = "submitted", "待审核"
        RETURNED = "returned", "退回修改"
        APPROVED = "approved", "审核通过"

    WRITABLE = {State.DRAFT, State.RETURNED}

    review = models.OneToOneField(Review, on_delete=models.CASCADE, related_name="report")
    state = models.CharField("状态", max_length=12, choices=State, default=State.DRAFT, editable=False)
    edition = models.PositiveIntegerField("修订号", default=0)  # counts saves: a stale form is told, not obeyed
    submitted_at = models.DateTimeField("提交时间", null=True)

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "述职报告"
        ordering = ["review__order", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "submitted", "returned", "approved"]), name="report_state_is_known"
            )
        ]

    def __str__(self):
        return f"{self.review}述职报告"

    @property
    def is_late(self) -> bool:
        """True if the last handing in came after it was due, an extension counted (DOMAIN 4.9)."""
        return bool(self.submitted_at) and self.submitted_at > review_due_at(self.review)

    @property
    def handed_in(self) -> "ReportVersion | None":
        """The version handed in last: what others than the author read."""
        return self.versions.filter(occasion=ReportVersion.Occasion.SUBMITTED).first()


class ReportVersion(Sections):
    """A kept version, never changed: what was saved by hand, uploaded, handed in, taken up again or set aside."""

    class Occasion(models.TextChoices):
        SAVED = "saved", "保存"
        UPLOADED = "uploaded", "上传"
        SUBMITTED = "submitted", "提交"
        RESTORED = "restored", "恢复旧版"
        ASIDE = "aside", "另存"  # typed in another window; never became the working text as it stands

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField("版本")
    occasion = models.CharField("缘由", max_length=12, choices=Occasion, default=Occasion.SAVED)
    figures = models.JSONField(default=dict)
    findings = models.JSONField(default=list)
    # What was handed in beside the text, frozen as plain values: answers, items, attachments, annex.
    enclosed = models.JSONField(default=dict)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="report_version_number_is_unique"),
            models.CheckConstraint(
                condition=Q(occasion__in=["saved", "uploaded", "submitted", "restored", "aside"]),
                name="report_version_occasion_is_known",
            ),
        ]

    def __str__(self):
        return f"{self.report} 第{self.number}版"


class Vetting(models.Model):
    """审核意见: one round over one handed-in version."""

    class Verdict(models.TextChoices):
        APPROVED = "approved", "通过"
        RETURNED = "returned", "退回修改"

    version = models.OneToOneField(ReportVersion, on_delete=models.PROTECT, related_name="vetting")
    number = models.PositiveSmallIntegerField("轮次")
    verdict = models.CharField("结论", max_length=12, choices=Verdict)
    opinion = models.TextField("审核意见", blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return f"第{self.number}轮 {self.get_verdict_display()}"


class Answer(models.Model):
    """整改答复: what the report says became of one problem of an earlier year (B6, E7)."""

    class State(models.TextChoices):
        DONE = "done", "已整改"
        PARTLY = "partly", "部分整改"
        NOT = "not", "未整改"

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="answers")
    problem = models.ForeignKey(Problem, on_delete=models.PROTECT, related_name="answers")
    state = models.CharField("整改结果", max_length=8, choices=State)
    words = models.TextField("整改情况")
    progress = models.ForeignKey(
        Progress, verbose_name="台账中的进展", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "整改答复"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["report", "problem"], name="problem_is_answered_once_a_report"),
            models.CheckConstraint(condition=Q(state__in=["done", "partly", "not"]), name="answer_state_is_known"),
        ]

    def __str__(self):
        return f"{self.get_state_display()}：{self.words[:40]}"


class Anchor(models.Model):
    """考核内容对照: a content item that the author ticked as written, and the passage where it stands."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="anchors")
    item = models.ForeignKey(ContentItem, on_delete=models.CASCADE, related_name="anchors")
    section = models.CharField("所在部分", max_length=16, choices=Section, blank=True)
    quote = models.CharField("原文", max_length=300, blank=True)  # both blank: ticked, not yet anchored

    class Meta:
        verbose_name = verbose_name_plural = "考核内容对照"
        ordering = ["item__number"]
        constraints = [
            models.UniqueConstraint(fields=["report", "item"], name="item_is_anchored_once_a_report"),
            models.CheckConstraint(condition=Q(section__in=["", *Section.values]), name="anchor_section_is_known"),
        ]

    def __str__(self):
        return f"{self.item} → {self.quote[:20]}"


class Attachment(models.Model):
    """佐证材料: a file handed in beside the text. What a handed-in version names is never deleted."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="attachments")
    answer = models.ForeignKey(Answer, null=True, on_delete=models.SET_NULL, related_name="attachments")
    file = models.FileField("文件", upload_to="attachments/")
    name = models.CharField("文件名", max_length=120)
    size = models.PositiveIntegerField("字节数")
    sha256 = models.CharField(max_length=64)
    is_removed = models.BooleanField("已移除", default=False)  # no longer in the draft; old versions still name it
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "佐证材料"
        ordering = ["pk"]

    def __str__(self):
        return self.name


class Annex(models.Model):
    """数据附表 (B18): how many branches and members there are, by kind; the cells are named in ``report.annex``."""

    report = models.OneToOneField(Report, on_delete=models.CASCADE, related_name="annex")
    cells = models.JSONField("数据", default=dict)  # cell name -> whole number
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "数据附表"

    def __str__(self):
        return f"{self.report}数据附表"
