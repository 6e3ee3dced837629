"""评定: facts beside the votes, what the rules suggest and why, what the Party group decided, what was fed back."""

from django.db import models
from django.db.models import Q

from organizations.models import Person
from reviews.plan.models import Campaign, Review
from scoring.sentences import fact as fact_in_words


class GradeName(models.TextChoices):
    """综合评价等次, high to low. Same names as ``scoring.rules.Grade``."""

    GOOD = "GOOD", "好"
    FAIRLY_GOOD = "FAIRLY_GOOD", "较好"
    AVERAGE = "AVERAGE", "一般"
    POOR = "POOR", "差"


class Worded:
    """Tells the grade it bears in the words of its campaign's rules (等次名称)."""

    @property
    def grade_word(self) -> str:
        """What the campaign calls the grade; "" for none."""
        return self.review.campaign.grade_word(self.grade)


def grade_choices(campaign: Campaign) -> list[tuple[str, str]]:
    """The four grades for a form, high to low, in the campaign's words."""
    return list(zip(GradeName.values, campaign.grade_words, strict=True))


class FactQuerySet(models.QuerySet):
    def counting(self):
        """Confirmed by a second person and not withdrawn: what the rules read."""
        return self.filter(confirmed_by__isnull=False, withdrawn_reason="")


class Fact(models.Model):
    """事实: something that forces or caps a grade. Counts once a second person has confirmed it."""

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="facts")
    code = models.CharField("类别", max_length=40)  # a name of the policy's forcing_facts or caps
    evidence = models.TextField("依据")
    paper = models.FileField("依据文件", upload_to="facts/", blank=True)
    paper_name = models.CharField(max_length=120, blank=True)
    entered_by = models.ForeignKey(Person, verbose_name="登记人", on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(auto_now_add=True)
    confirmed_by = models.ForeignKey(
        Person, verbose_name="确认人", null=True, on_delete=models.PROTECT, related_name="+"
    )
    withdrawn_reason = models.CharField("撤回原因", max_length=300, blank=True)
    withdrawn_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    objects = FactQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "事实"
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True) | ~Q(confirmed_by=models.F("entered_by")),
                name="fact_is_confirmed_by_another",
            )
        ]

    def __str__(self):
        return f"{self.review} {self.code}"

    @property
    def get_code(self) -> str:
        """The fact in words."""
        return fact_in_words(self.code)

    @property
    def counts(self) -> bool:
        """True once confirmed, until withdrawn."""
        return self.confirmed_by_id is not None and not self.withdrawn_reason


class Suggestion(Worded, models.Model):
    """建议等次: what the rules say of one review, stored with everything needed to redo the arithmetic."""

    review = models.OneToOneField(Review, on_delete=models.CASCADE, related_name="suggestion")
    grade = models.CharField("建议等次", max_length=12, choices=GradeName, null=True)  # noqa: DJ001 -- None = no grade, as in RULES
    score = models.CharField("得分", max_length=20, blank=True)
    score_exact = models.CharField("得分（分数）", max_length=200, blank=True)
    is_open = models.BooleanField("留待研究", default=False)
    reasons = models.JSONField(default=list)  # [{"code", "text"}]
    notices = models.JSONField(default=list)
    consequences = models.JSONField(default=list)
    standing = models.JSONField(default=dict)  # the review's document as RULES.md section 5 writes it
    policy_hash = models.CharField(max_length=64)
    computed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(grade__isnull=True) | Q(grade__in=GradeName.values), name="suggested_grade_is_known"
            )
        ]

    def __str__(self):
        return f"{self.review} {self.grade_word}"


class Decision(Worded, models.Model):
    """党组研究决定: the grade that stands, with its meeting and, where it differs, its reason.

    Proposed by one person (经办), approved by another (负责人).
    """

    review = models.OneToOneField(Review, on_delete=models.PROTECT, related_name="decision")
    grade = models.CharField("综合评价等次", max_length=12, choices=GradeName)
    reason = models.CharField("与建议不同的理由", max_length=500, blank=True)
    opinion = models.TextField("综合评价意见", blank=True)
    reference = models.CharField("会议", max_length=120)  # 党组会议名称、届次或纪要编号
    decided_on = models.DateField("研究日期")
    proposed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = "研究决定"
        ordering = ["review__order", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(grade__in=GradeName.values), name="decided_grade_is_known"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=models.F("proposed_by")),
                name="decision_is_approved_by_another",
            ),
        ]

    def __str__(self):
        return f"{self.review} {self.grade_word}"
