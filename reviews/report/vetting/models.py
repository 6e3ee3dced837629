"""What belongs to vetting beside the verdict: remarks in the margin, opinion templates, taking back."""

from django.db import models
from django.db.models import F, Q

from organizations.models import Organization, Person
from reviews.report.models import Report, ReportVersion, Section, Vetting


class Remark(models.Model):
    """旁批: a vetter's remark on a passage of one version. Written by ``report.vetting.remarking`` alone.

    Without ``vetting`` it is the vetters' own note; the verdict that returns the report sends it to the author.
    ``start`` and ``end`` are places in the text of ``section`` of that version.
    """

    version = models.ForeignKey(ReportVersion, on_delete=models.CASCADE, related_name="remarks")
    section = models.CharField("部分", max_length=20, choices=Section)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    quote = models.TextField("原文")
    text = models.CharField("旁批", max_length=500)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    vetting = models.ForeignKey(Vetting, null=True, on_delete=models.PROTECT, related_name="remarks")
    reply = models.CharField("述职人回应", max_length=500, blank=True)
    replied_at = models.DateTimeField("回应时间", null=True)
    settled_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    settled_at = models.DateTimeField("认可时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "旁批"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="remark_has_a_passage"),
            models.CheckConstraint(condition=Q(section__in=Section.values), name="remark_section_is_known"),
        ]

    def __str__(self):
        return self.text[:40]


class OpinionTemplate(models.Model):
    """审核意见模板: a usual opinion of one organization's vetters. Written by ``report.vetting.opinions`` alone."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="opinion_templates")
    number = models.PositiveSmallIntegerField("序号")
    text = models.CharField("意见", max_length=300)

    class Meta:
        verbose_name = verbose_name_plural = "审核意见模板"
        ordering = ["organization", "number"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "number"], name="opinion_template_number_is_unique"),
        ]

    def __str__(self):
        return self.text[:40]


class TakingBack(models.Model):
    """收回: a handed-in or approved report went back to its author without a verdict, by whom, why."""

    class Kind(models.TextChoices):
        RECALLED = "recalled", "述职人撤回"
        REOPENED = "reopened", "重新打开"

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="takings_back")
    version = models.ForeignKey(ReportVersion, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField("方式", max_length=12, choices=Kind)
    reason = models.CharField("理由", max_length=300, blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "收回记录"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["recalled", "reopened"]), name="taking_back_kind_is_known"),
        ]

    def __str__(self):
        return self.get_kind_display()
