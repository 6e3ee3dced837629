"""Who there is, who may, who did: organizations, people, posts, roles, jobs and the trail."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils import timezone

from organizations.fields import PathField


def below(path: str, field: str = "path") -> Q:
    """The subtree of ``path``, itself included, as one index range ("0" follows "/" in ASCII)."""
    return Q(**{f"{field}__gte": path, f"{field}__lt": path[:-1] + "0"})


class OrganizationQuerySet(models.QuerySet):
    def below(self, organization: "Organization"):
        """The organization and everything under it."""
        return self.filter(below(organization.path))

    def above(self, organization: "Organization"):
        """The organization and its superiors, highest first."""
        return self.filter(pk__in=organization.lineage).order_by("depth")

    def plant(self, *, parent: "Organization | None" = None, **fields) -> "Organization":
        """Create an organization under ``parent``; its path needs its key, hence two statements."""
        organization = self.create(parent=parent, path="", depth=parent.depth + 1 if parent else 0, **fields)
        organization.path = f"{parent.path if parent else ''}{organization.pk}/"
        organization.save(update_fields=["path"])
        return organization


class Organization(models.Model):
    """党组织: one node of the tree of 隶属关系."""

    class Kind(models.TextChoices):
        PARTY_COMMITTEE = "party_committee", "党委"
        LEADING_PARTY_GROUP = "leading_party_group", "党组"
        WORKING_COMMITTEE = "working_committee", "党工委"
        ORGAN_COMMITTEE = "organ_committee", "机关党委"
        GENERAL_BRANCH = "general_branch", "党总支"
        BRANCH = "branch", "党支部"
        JOINT_BRANCH = "joint_branch", "联合党支部"
        TEMPORARY_BRANCH = "temporary_branch", "临时党支部"

    name = models.CharField("名称", max_length=100)
    short_name = models.CharField("简称", max_length=40, blank=True)
    kind = models.CharField("类型", max_length=24, choices=Kind)
    code = models.CharField("组织编码", max_length=40, unique=True, null=True, blank=True)
    parent = models.ForeignKey(
        "self", verbose_name="上级党组织", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    path = PathField(max_length=200, db_index=True, editable=False)
    depth = models.PositiveSmallIntegerField(editable=False)
    sort_order = models.PositiveIntegerField("排序", default=0)
    term_ends_on = models.DateField("届满日期", null=True, blank=True)
    is_active = models.BooleanField("在册", default=True)

    objects = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "党组织"
        ordering = ["sort_order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["parent", "name"], name="organization_name_is_unique_under_its_parent"),
        ]

    def __str__(self):
        return self.name

    @property
    def lineage(self) -> list[int]:
        """Keys from the root down to this one, read from the path."""
        return [int(key) for key in self.path.split("/") if key]

    def is_under(self, other: "Organization") -> bool:
        """True for itself and for everything below ``other``."""
        return self.path.startswith(other.path)


class PersonManager(BaseUserManager):
    def create_user(self, username: str, name: str, password: str | None = None, **fields) -> "Person":
        """An account; without a password nobody can log in with it yet."""
        person = self.model(username=username, name=name, **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person


class Person(AbstractBaseUser):
    """人员: somebody known to the system, with or without a way to log in."""

    username = models.CharField("账号", max_length=60, unique=True)
    name = models.CharField("姓名", max_length=60)
    employee_code = models.CharField("人员编码", max_length=40, unique=True, null=True, blank=True)
    is_active = models.BooleanField("启用", default=True)
    must_change_password = models.BooleanField("须修改初始密码", default=False)

    objects = PersonManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = verbose_name_plural = "人员"
        ordering = ["name", "pk"]

    def __str__(self):
        return self.name


class AppointmentQuerySet(models.QuerySet):
    def current(self, on=None):
        """Posts held on a day (today unless said)."""
        on = on or timezone.localdate()
        return self.filter(
            Q(starts_on__isnull=True) | Q(starts_on__lte=on), Q(ends_on__isnull=True) | Q(ends_on__gte=on)
        )

    def led_by(self, person):
        """The leading posts that a person holds today."""
        return self.current().filter(person=person, position__in=Appointment.LEADING)


class Appointment(models.Model):
    """任职: a person holds a Party post in an organization from one day to another."""

    class Position(models.TextChoices):
        SECRETARY = "secretary", "书记"
        ACTING_SECRETARY = "acting_secretary", "主持工作的副书记"
        DEPUTY_SECRETARY = "deputy_secretary", "副书记"
        MEMBER = "member", "委员"

    # Who answers for the branch, and so debriefs.
    LEADING = {Position.SECRETARY, Position.ACTING_SECRETARY}

    person = models.ForeignKey(Person, verbose_name="人员", on_delete=models.PROTECT, related_name="appointments")
    organization = models.ForeignKey(
        Organization, verbose_name="党组织", on_delete=models.PROTECT, related_name="appointments"
    )
    position = models.CharField("职务", max_length=20, choices=Position)
    duty = models.CharField("行政职务", max_length=60, blank=True)
    starts_on = models.DateField("任职日期", null=True, blank=True)
    ends_on = models.DateField("免职日期", null=True, blank=True)

    objects = AppointmentQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "任职"
        ordering = ["organization__path", "starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(starts_on__isnull=True) | Q(ends_on__gte=models.F("starts_on")),
                name="appointment_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(position__in=["secretary", "acting_secretary", "deputy_secretary", "member"]),
                name="appointment_position_is_known",
            ),
        ]

    def __str__(self):
        return f"{self.organization}{self.get_position_display()}{self.person}"


class Role(models.TextChoices):
    """What an account may be trusted with. A grant reaches the organization and all below it."""

    ORGANIZER = "organizer", "组织部经办"
    APPROVER = "approver", "组织部负责人"
    VETTER = "vetter", "审核人"
    LEADER = "leader", "点评领导"
    SUPERVISOR = "supervisor", "纪委监督"
    CUSTODIAN = "custodian", "开箱码保管人"
    TELLER = "teller", "计票人"
    SCRUTINEER = "scrutineer", "监票人"
    SUPERIOR = "superior", "上级查看"
    SYS_ADMIN = "sys_admin", "系统管理员"
    SEC_ADMIN = "sec_admin", "安全管理员"
    AUDIT_ADMIN = "audit_admin", "审计管理员"


class RoleGrant(models.Model):
    """授权: a person holds a role for an organization and everything below it."""

    person = models.ForeignKey(Person, verbose_name="人员", on_delete=models.CASCADE, related_name="grants")
    role = models.CharField("角色", max_length=16, choices=Role)
    organization = models.ForeignKey(
        Organization, verbose_name="党组织", on_delete=models.CASCADE, related_name="grants"
    )
    granted_by = models.ForeignKey(
        Person, verbose_name="授权人", null=True, on_delete=models.SET_NULL, related_name="+"
    )
    granted_at = models.DateTimeField("授权时间", auto_now_add=True)

    class Meta:
        verbose_name = verbose_name_plural = "授权"
        ordering = ["organization__path", "role", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "role", "organization"], name="role_is_granted_once"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="grant_role_is_known"),
        ]

    def __str__(self):
        return f"{self.person}：{self.organization}{self.get_role_display()}"


class LoginFailure(models.Model):
    """A wrong password, kept until it no longer counts towards the lock."""

    username = models.CharField(max_length=150, db_index=True)
    failed_at = models.DateTimeField(auto_now_add=True)

    def __str__(self):
        return self.username


class Job(models.Model):
    """后台任务: work that a person asked for. This row is the truth; the queue only carries its key.

    WAITING -> RUNNING -> DONE | FAILED | CANCELLED; RUNNING with an old heartbeat -> INTERRUPTED -> WAITING
    """

    class Status(models.TextChoices):
        WAITING = "waiting", "排队中"
        RUNNING = "running", "进行中"
        DONE = "done", "已完成"
        FAILED = "failed", "失败"
        CANCELLED = "cancelled", "已取消"
        INTERRUPTED = "interrupted", "已中断"

    OVER = {Status.DONE, Status.FAILED, Status.CANCELLED, Status.INTERRUPTED}

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="jobs")
    kind = models.CharField("类型", max_length=40)
    title = models.CharField("名称", max_length=120)
    asked_for = models.JSONField(default=dict)
    status = models.CharField("状态", max_length=12, choices=Status, default=Status.WAITING, editable=False)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    file = models.FileField("文件", upload_to="jobs/", blank=True)
    filename = models.CharField("文件名", max_length=120, blank=True)
    error = models.CharField("原因", max_length=300, blank=True)
    created_at = models.DateTimeField("提交时间", auto_now_add=True)
    started_at = models.DateTimeField("开始时间", null=True)
    heartbeat = models.DateTimeField(null=True)
    finished_at = models.DateTimeField("完成时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "后台任务"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=["waiting", "running", "done", "failed", "cancelled", "interrupted"]),
                name="job_status_is_known",
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def is_over(self) -> bool:
        return self.status in self.OVER

    @property
    def percent(self) -> int:
        return self.done * 100 // self.total if self.total else 0


class RosterFile(models.Model):
    """花名册文件: a workbook that a person uploaded, how it is to be read, and what came of it."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="roster_files")
    filename = models.CharField("文件名", max_length=200)
    file = models.FileField("文件", upload_to="rosters/")
    sha256 = models.CharField("校验值", max_length=64)
    layout = models.JSONField("列对应", default=dict)
    totals = models.JSONField("结果", default=dict)
    created_at = models.DateTimeField("上传时间", auto_now_add=True)
    applied_at = models.DateTimeField("导入时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "花名册文件"
        ordering = ["-created_at", "-pk"]

    def __str__(self):
        return self.filename


class Trace(models.Model):
    """留痕: one line of the trail. Written by ``organizations.trail`` alone, never changed.

    ``prev`` and ``hash`` chain the lines; they are filled just after the commit (see trail.py).
    """

    at = models.DateTimeField("时间", default=timezone.now)
    person = models.ForeignKey(Person, verbose_name="操作人", null=True, on_delete=models.PROTECT, related_name="+")
    organization = models.ForeignKey(
        Organization, verbose_name="党组织", null=True, on_delete=models.PROTECT, related_name="+"
    )
    act = models.CharField("行为", max_length=60)
    subject = models.CharField("对象", max_length=200)
    facts = models.JSONField("内容", default=dict)
    place = models.PositiveBigIntegerField("链序", null=True, unique=True)
    prev = models.CharField(max_length=64, blank=True)
    hash = models.CharField("校验值", max_length=64, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "留痕"
        ordering = ["-pk"]

    def __str__(self):
        return f"{self.act} {self.subject}"


class TrailHead(models.Model):
    """The last link of the chain: one row, locked while lines are linked; shows a cut-off tail."""

    place = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)

    def __str__(self):
        return f"{self.place} {self.hash}"
