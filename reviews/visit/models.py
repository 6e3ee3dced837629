"""调研与平时记录: what leaders and clerks saw of an organization during the year, and whose contact point it is."""

from datetime import date, timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone

from organizations.access import READING, Role, reach
from organizations.models import Appointment, Organization, Person
from reviews.ledger.models import Problem

WRITERS = (Role.LEADER, Role.ORGANIZER, Role.APPROVER)
READERS = (*READING, Role.VETTER, Role.LEADER)
EDITABLE_FOR = timedelta(days=7)  # afterwards a record is withdrawn with a reason and written anew
MOST_PHOTOS = 9
LONGEST_SEEN = 5_000
LONGEST_REMARK = 500


def led_by(person: Person):
    """Keys of the organizations that the person leads today: what is written about them is not for him to see."""
    return Appointment.objects.led_by(person).order_by().values("organization")


class VisitQuerySet(models.QuerySet):
    def visible_to(self, person: Person):
        """One's own records; those under the organizations one works for; those that were shared with one's own.

        Whoever leads the visited organization sees only what was shared, also if he works for the organizer.
        """
        mine = Q(by=person)
        working = reach(person, *READERS, field="organization__path") & ~Q(organization__in=led_by(person))
        shared = Q(organization__in=led_by(person), shared_at__isnull=False, withdrawn_at__isnull=True)
        return self.filter(mine | working | shared)

    def standing(self):
        """Not withdrawn: what figures are counted over."""
        return self.filter(withdrawn_at__isnull=True)

    def of_year(self, year: int):
        return self.filter(visited_on__gte=date(year, 1, 1), visited_on__lte=date(year, 12, 31))

    def for_list(self):
        return self.select_related("organization", "by", "problem").prefetch_related("leaders")


class VisitRecord(models.Model):
    """调研与平时记录: one visit, inspection, spot check or talk. Written by ``visit.actions`` alone."""

    class Kind(models.TextChoices):
        VISIT = "visit", "走访调研"
        INSPECTION = "inspection", "督查"
        SPOT_CHECK = "spot_check", "随机抽查"
        TALK = "talk", "谈话"
        OBSERVATION = "observation", "观摩"
        OTHER = "other", "其他"

    organization = models.ForeignKey(
        Organization, verbose_name="单位", on_delete=models.PROTECT, related_name="visit_records"
    )
    kind = models.CharField("方式", max_length=12, choices=Kind)
    visited_on = models.DateField("日期", default=timezone.localdate)
    leaders = models.ManyToManyField(Person, verbose_name="参加的领导", blank=True, related_name="visits")
    companions = models.CharField("其他人员", max_length=200, blank=True)
    place = models.CharField("地点", max_length=100, blank=True)
    seen = models.TextField("情况")
    strengths = models.CharField("亮点", max_length=LONGEST_REMARK, blank=True)
    problems = models.CharField("问题", max_length=LONGEST_REMARK, blank=True)
    suggestions = models.CharField("建议", max_length=LONGEST_REMARK, blank=True)
    # A problem for the ledger waits here while the organization is in no running campaign.
    wants_problem = models.BooleanField("列入整改台账", default=False)
    problem = models.OneToOneField(
        Problem, verbose_name="台账问题", null=True, on_delete=models.PROTECT, related_name="visit_record"
    )
    shared_at = models.DateTimeField("告知时间", null=True)
    shared_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Person, verbose_name="记录人", on_delete=models.PROTECT, related_name="visit_records")
    at = models.DateTimeField("记录时间", auto_now_add=True)
    key = models.UUIDField()  # made by the page: the same record sent twice is kept once
    edition = models.PositiveIntegerField("修订号", default=0)
    withdrawn_reason = models.CharField("撤回原因", max_length=300, blank=True)
    withdrawn_at = models.DateTimeField("撤回时间", null=True)
    withdrawn_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    objects = VisitQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "调研与平时记录"
        ordering = ["-visited_on", "-pk"]
        indexes = [models.Index(fields=["organization", "-visited_on"], name="visit_of_organization")]
        constraints = [
            models.UniqueConstraint(fields=["by", "key"], name="visit_is_kept_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["visit", "inspection", "spot_check", "talk", "observation", "other"]),
                name="visit_kind_is_known",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_reason=""), name="visit_is_withdrawn_with_reason"
            ),
        ]

    def __str__(self):
        return f"{self.visited_on:%Y-%m-%d} {self.organization}{self.get_kind_display()}"

    @property
    def is_withdrawn(self) -> bool:
        return self.withdrawn_at is not None

    @property
    def editable_until(self):
        """The moment until which its author may still change it."""
        return self.at + EDITABLE_FOR


class VisitPhoto(models.Model):
    """照片: one picture of a record, drawn anew from what was sent, so that nothing else of the file is kept."""

    record = models.ForeignKey(VisitRecord, on_delete=models.CASCADE, related_name="photos")
    number = models.PositiveSmallIntegerField("序号")
    image = models.FileField("照片", upload_to="visits/")
    thumbnail = models.FileField("缩略图", upload_to="visits/")
    digest = models.CharField(max_length=64)  # SHA-256 of what was sent: the same picture is kept once

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["record", "number"], name="photo_number_is_unique"),
            models.UniqueConstraint(fields=["record", "digest"], name="photo_is_kept_once"),
        ]

    def __str__(self):
        return f"{self.record} 照片{self.number}"


class VisitChange(models.Model):
    """修改痕迹: what stood in a record before its author changed it. Never changed itself."""

    record = models.ForeignKey(VisitRecord, on_delete=models.CASCADE, related_name="changes")
    before = models.JSONField("原文")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return f"{self.record} 修改"


class FollowUp(models.Model):
    """后续跟进: what came of a record later."""

    record = models.ForeignKey(VisitRecord, on_delete=models.CASCADE, related_name="follow_ups")
    text = models.CharField("跟进情况", max_length=LONGEST_REMARK)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return self.text[:40]


class ContactPoint(models.Model):
    """包抓联系点: the organization that a leader looks after in one year (C13). One leader an organization."""

    leader = models.ForeignKey(Person, verbose_name="领导", on_delete=models.PROTECT, related_name="contact_points")
    organization = models.ForeignKey(
        Organization, verbose_name="单位", on_delete=models.PROTECT, related_name="contact_points"
    )
    year = models.PositiveSmallIntegerField("年度")
    set_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "联系点"
        ordering = ["-year", "leader__name", "organization__sort_order", "organization_id"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "year"], name="contact_point_has_one_leader_a_year")
        ]

    def __str__(self):
        return f"{self.year}年 {self.leader}：{self.organization}"
