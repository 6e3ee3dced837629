"""公布: a notice of grades with its audience. What was published is kept as it stood; a change needs a new one."""

from django.db import models
from django.db.models import Exists, OuterRef, Q

from organizations.models import Appointment, Person, RoleGrant
from reviews.plan.models import Campaign, Review


class GradeNoticeQuerySet(models.QuerySet):
    def standing(self):
        """Not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def told_to(self, person: Person):
        """Those whose audience the person belongs to."""
        debriefs = Exists(Review.objects.filter(campaign=OuterRef("campaign"), secretary=person))
        inside = Q(campaign__organizer__in=_places_above(person), audience=GradeNotice.Audience.ORGANIZATION)
        return self.standing().exclude(audience=GradeNotice.Audience.NOBODY).filter(debriefs | inside)


def _places_above(person: Person) -> set[int]:
    """Keys of the organizations in which the person holds a post or a role today, and of all above them."""
    posts = Appointment.objects.current().filter(person=person).select_related("organization")
    roles = RoleGrant.objects.filter(person=person).select_related("organization")
    return {key for place in (*posts, *roles) for key in place.organization.lineage}


class GradeNotice(models.Model):
    """等次公布: grades alone, never scores or votes. One stands at a time; written by ``publishing.actions`` alone."""

    class Audience(models.TextChoices):
        SECRETARIES = "secretaries", "本次述职的全体书记"
        ORGANIZATION = "organization", "本级党组织及所属党组织内部"
        NOBODY = "nobody", "不公布"

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="grade_notices")
    audience = models.CharField("公布范围", max_length=12, choices=Audience)
    lines = models.JSONField("公布内容", default=list)  # [{"organization", "secretary", "grade"}], grades in words
    published_by = models.ForeignKey(Person, verbose_name="公布人", on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField("公布时间", auto_now_add=True)
    withdrawn_reason = models.CharField("撤回原因", max_length=300, blank=True)
    withdrawn_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField("撤回时间", null=True)

    objects = GradeNoticeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "等次公布"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(audience__in=["secretaries", "organization", "nobody"]), name="notice_audience_is_known"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True) | ~Q(withdrawn_reason=""),
                name="notice_is_withdrawn_with_reason",
            ),
            models.UniqueConstraint(
                fields=["campaign"], condition=Q(withdrawn_at__isnull=True), name="one_notice_stands_a_campaign"
            ),
        ]

    def __str__(self):
        return f"{self.campaign}等次公布"
