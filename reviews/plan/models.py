"""筹备: the campaign of one year, its stages, and one Review per secretary who debriefs in it."""

import json

from django.db import models
from django.db.models import Q

from organizations.access import Role, reach
from organizations.models import Organization, Person
from reviews.plan.quorum import Quorum
from scoring.policy import GRADES, Policy, from_document, labels_in


class Stage(models.TextChoices):
    """Where a campaign stands, in the order of the year."""

    PLANNING = "planning", "筹备"
    REPORTING = "reporting", "述职报告"
    MEETING = "meeting", "评议会"
    BALLOT = "ballot", "测评"
    GRADING = "grading", "评定"
    RECTIFYING = "rectifying", "反馈整改"
    CLOSED = "closed", "归档"


# One step on, or one step back with a reason. A counted vote is never stepped over backwards:
# from GRADING on the box is open, so the way back ends there; a grade fed back changes by objection only.
NEXT_STAGES: dict[str, set[str]] = {
    Stage.PLANNING: {Stage.REPORTING},
    Stage.REPORTING: {Stage.MEETING, Stage.PLANNING},
    Stage.MEETING: {Stage.BALLOT, Stage.REPORTING},
    Stage.BALLOT: {Stage.GRADING, Stage.MEETING},
    Stage.GRADING: {Stage.RECTIFYING},
    Stage.RECTIFYING: {Stage.CLOSED},
    Stage.CLOSED: set(),
}
STAGE_ORDER = list(Stage)


class CampaignQuerySet(models.QuerySet):
    def visible_to(self, person: Person):
        """Campaigns of organizations the person reads or works for, and those he debriefs in."""
        working = reach(
            person, *(set(Role) - {Role.SYS_ADMIN, Role.SEC_ADMIN, Role.AUDIT_ADMIN}), field="organizer__path"
        )
        own = Q(pk__in=Review.objects.filter(secretary=person).values("campaign"))
        return self.filter(working | own & ~Q(stage=Stage.PLANNING))


class Campaign(models.Model):
    """述职评议考核活动: one year's review run by one organization.

    ``stage`` is written by ``plan.actions.move_campaign`` alone.
    """

    year = models.PositiveSmallIntegerField("年度")
    title = models.CharField("名称", max_length=120)
    organizer = models.ForeignKey(
        Organization, verbose_name="组织实施单位", on_delete=models.PROTECT, related_name="campaigns"
    )
    parent = models.ForeignKey(
        "self", verbose_name="上级活动", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    basis = models.TextField("依据文件", blank=True)
    place = models.CharField("会议地点", max_length=100, blank=True)
    stage = models.CharField("阶段", max_length=16, choices=Stage, default=Stage.PLANNING, editable=False)
    starts_on = models.DateField("启动日期")
    report_due_at = models.DateTimeField("述职报告截止时间")
    meets_on = models.DateField("评议会日期")
    filing_due_at = models.DateTimeField("备案截止时间")
    ends_on = models.DateField("结束日期")
    speaking_minutes = models.PositiveSmallIntegerField("述职时限（分钟）", default=5)
    # 到会人数: plan.quorum's four parts, judged for every panel at the sign-in (DOMAIN 4.1).
    quorum_num = models.PositiveSmallIntegerField("到会比例分子", default=1)
    quorum_den = models.PositiveSmallIntegerField("到会比例分母", default=2)
    quorum_is_strict = models.BooleanField("须超过该比例", default=True)
    quorum_is_binding = models.BooleanField("未达到时不得测评", default=False)
    policy = models.JSONField("评定规则", default=dict)  # scoring.policy's document; frozen with the box
    report_limits = models.JSONField("报告要求", default=dict)  # report.checks' limits
    created_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "述职评议考核活动"
        ordering = ["-year", "organizer__path", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="campaign_stage_is_known"),
            models.UniqueConstraint(fields=["organizer", "year", "title"], name="campaign_title_is_unique_in_its_year"),
            models.CheckConstraint(
                condition=Q(quorum_den__gte=1) & Q(quorum_num__lte=models.F("quorum_den")),
                name="quorum_is_a_share_of_those_expected",
            ),
        ]

    def __str__(self):
        return self.title

    def may_move_to(self, stage: str) -> bool:
        return stage in NEXT_STAGES[self.stage]

    @property
    def quorum(self) -> Quorum:
        """到会人数要求 of every panel."""
        return Quorum(self.quorum_num, self.quorum_den, self.quorum_is_strict, self.quorum_is_binding)

    @property
    def grade_words(self) -> tuple[str, ...]:
        """等次名称, high to low, as this campaign's rules call them."""
        return labels_in(self.policy)

    def grade_word(self, grade: str | None) -> str:
        """What this campaign calls one grade, given by its name (GOOD); "" for none."""
        return dict(zip((each.name for each in GRADES), self.grade_words, strict=True)).get(grade, "")

    def is_past(self, stage: str) -> bool:
        """True if the campaign stands after the stage."""
        return STAGE_ORDER.index(self.stage) > STAGE_ORDER.index(stage)


class StageMove(models.Model):
    """One step of a campaign: from where, to where, who, why."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="moves")
    before = models.CharField(max_length=16, choices=Stage)
    after = models.CharField(max_length=16, choices=Stage)
    reason = models.CharField("原因", max_length=300, blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self):
        return f"{self.get_before_display()} → {self.get_after_display()}"


class ContentItem(models.Model):
    """考核内容: one item that every report answers."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="content_items")
    number = models.PositiveSmallIntegerField("序号")
    text = models.CharField("内容", max_length=300)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["campaign", "number"], name="content_item_number_is_unique")]

    def __str__(self):
        return f"{self.number}. {self.text}"


class PanelPlan(models.Model):
    """票种: a class of voters with its weight, e.g. A 领导班子 50."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="panels")
    code = models.CharField("票种", max_length=4)
    label = models.CharField("名称", max_length=40)
    weight = models.DecimalField("权重", max_digits=6, decimal_places=2)
    size = models.PositiveIntegerField("应到人数")
    # 同级书记 sit in a panel that rates them too: each may then pass over one line, his own.
    recusals = models.PositiveSmallIntegerField("可回避人数", default=0)
    is_secret = models.BooleanField("无记名", default=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "code"], name="panel_code_is_unique"),
            models.CheckConstraint(condition=Q(weight__gt=0), name="panel_weight_is_positive"),
        ]

    def __str__(self):
        return f"{self.code}票 {self.label}"


class PolicyVersion(models.Model):
    """规则版本: the rules of a campaign as they were saved once. Never changed afterwards; a change is a new version.

    Written by ``plan.policy_keeping`` alone. ``text`` is scoring's canonical form: the order of its panels means
    something, which a JSON column would lose.
    """

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="policy_versions")
    number = models.PositiveIntegerField("版本")
    text = models.TextField("规则")
    fingerprint = models.CharField("校验值", max_length=64)
    sources = models.JSONField("条款依据", default=dict)  # clause -> this campaign's own wording
    origin = models.CharField("来源", max_length=200, blank=True)  # the preset, version or campaign it was taken from
    note = models.CharField("修改说明", max_length=300, blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("保存时间", auto_now_add=True)
    frozen_at = models.DateTimeField("锁定时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "规则版本"
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["campaign", "number"], name="policy_version_number_is_unique")]

    def __str__(self):
        return f"{self.campaign} 规则第 {self.number} 版"

    @property
    def policy(self) -> Policy:
        """The rules of this version."""
        return from_document(json.loads(self.text))


class ReviewQuerySet(models.QuerySet):
    def visible_to(self, person: Person):
        """Own reviews, and all reviews of the campaigns that the person works for."""
        return self.filter(
            Q(secretary=person) & ~Q(campaign__stage=Stage.PLANNING)
            | reach(
                person,
                *(set(Role) - {Role.SYS_ADMIN, Role.SEC_ADMIN, Role.AUDIT_ADMIN}),
                field="campaign__organizer__path",
            )
        )

    def for_list(self):
        return self.select_related("campaign__organizer", "organization", "secretary").order_by("order", "pk")


class Review(models.Model):
    """述职人: one secretary in one campaign, the thread through all stages."""

    class Mode(models.TextChoices):
        ONSITE = "onsite", "现场述职"
        WRITTEN = "written", "书面述职"

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="reviews")
    organization = models.ForeignKey(
        Organization, verbose_name="党组织", on_delete=models.PROTECT, related_name="reviews"
    )
    secretary = models.ForeignKey(Person, verbose_name="述职人", on_delete=models.PROTECT, related_name="reviews")
    duty = models.CharField("职务", max_length=80, blank=True)
    mode = models.CharField("述职方式", max_length=8, choices=Mode, default=Mode.ONSITE)
    order = models.PositiveSmallIntegerField("述职顺序")

    objects = ReviewQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "述职人"
        ordering = ["campaign", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "organization"], name="organization_is_reviewed_once_a_campaign"
            ),
            models.CheckConstraint(condition=Q(mode__in=["onsite", "written"]), name="review_mode_is_known"),
        ]

    def __str__(self):
        return f"{self.organization} {self.secretary}"


class Reminder(models.Model):
    """催办: a person was told once more what is due from him. Written by ``plan.reminding`` alone.

    Never about a ballot: who has voted is nobody's to know.
    """

    class About(models.TextChoices):
        """What is due. The page it leads to is the desk's affair, which knows every door."""

        REPORT = "report", "述职报告未提交"
        REWRITE = "rewrite", "退回的报告未再提交"
        CLAIM = "claim", "问题未认领"
        OVERDUE = "overdue", "整改逾期"
        LETTER = "letter", "反馈函未签收"

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="reminders")
    to = models.ForeignKey(Person, verbose_name="被催办人", on_delete=models.PROTECT, related_name="reminders")
    about = models.CharField("事项", max_length=12, choices=About)
    text = models.CharField("内容", max_length=300)
    by = models.ForeignKey(Person, verbose_name="催办人", on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField("催办时间", auto_now_add=True)
    seen_at = models.DateTimeField("已阅时间", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "催办"
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["to", "seen_at"], name="reminder_waits_for_person")]
        constraints = [
            models.CheckConstraint(
                condition=Q(about__in=["report", "rewrite", "claim", "overdue", "letter"]),
                name="reminder_subject_is_known",
            )
        ]

    def __str__(self):
        return f"{self.review} {self.get_about_display()}"
