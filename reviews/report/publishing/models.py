"""公开: an approved report shown to a chosen circle after the meeting, personal data masked (DOMAIN B10). Table."""

from django.db import models
from django.db.models import Exists, OuterRef, Q

from organizations.access import ADMINS, READING, grants_of, reach
from organizations.models import Appointment, Person, RoleGrant, below
from reviews.plan.models import Review
from reviews.report.models import ReportVersion, Sections


class Circle(models.TextChoices):
    """Who may read it, besides its author and those who follow the campaign anyway."""

    BRANCH = "branch", "本党组织"
    REPORTERS = "reporters", "全体述职人"
    ORGANIZATION = "organization", "本单位"


class PublicationQuerySet(models.QuerySet):
    def standing(self):
        """Those that can be read: not withdrawn."""
        return self.filter(withdrawn_at__isnull=True)

    def visible_to(self, person: Person):
        """The author's own, those of circles the person stands in, and all of campaigns he reads whole.

        Withdrawn ones too: their readers are told in a sentence. ``circle_members`` says the same the other way round.
        """
        if not person.is_active:
            return self.none()
        posts = Appointment.objects.filter(person=person).current().order_by()
        serves = {
            place: Exists(posts.filter(organization__path__startswith=OuterRef(f"{place}__path")))
            for place in ("review__organization", "review__campaign__organizer")
        }
        trusted = {
            path for grant in grants_of(person) if grant.role not in ADMINS for path in above(grant.organization.path)
        }
        peers = Exists(Review.objects.filter(secretary=person, campaign=OuterRef("review__campaign")))
        return self.filter(
            Q(review__secretary=person)
            | Q(circle=Circle.BRANCH) & Q(serves["review__organization"])
            | Q(circle=Circle.REPORTERS) & Q(peers)
            | Q(circle=Circle.ORGANIZATION) & Q(serves["review__campaign__organizer"])
            | Q(circle=Circle.ORGANIZATION, review__campaign__organizer__path__in=trusted)
            | reach(person, *READING, field="review__campaign__organizer__path")
        )


def above(path: str) -> set[str]:
    """The paths of a place and of everything above it, read from its own.

    >>> sorted(above("1/4/9/"))
    ['1/', '1/4/', '1/4/9/']
    """
    keys = path.split("/")[:-1]
    return {"/".join(keys[:n]) + "/" for n in range(1, len(keys) + 1)}


class Publication(Sections):
    """公开: one version, masked, for one circle.

    Written by ``report.publishing.actions`` alone; never changed but withdrawn. The texts are kept as readers see
    them: what was masked is not stored here a second time.
    """

    review = models.ForeignKey(Review, on_delete=models.CASCADE, related_name="publications")
    version = models.ForeignKey(ReportVersion, on_delete=models.PROTECT, related_name="+")
    circle = models.CharField("公开范围", max_length=16, choices=Circle)
    masked = models.JSONField("遮盖", default=dict)  # kind -> how many places
    unmasked = models.PositiveIntegerField("未遮盖处数", default=0)
    unmasked_reason = models.CharField("不遮盖的理由", max_length=300, blank=True)
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    withdrawn_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField("撤回时间", null=True)
    withdrawn_reason = models.CharField("撤回理由", max_length=300, blank=True)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = "公开的述职报告"
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(circle__in=["branch", "reporters", "organization"]), name="publication_circle_is_known"
            ),
            models.UniqueConstraint(
                fields=["review"],
                condition=Q(withdrawn_at__isnull=True),
                name="review_has_one_standing_publication",
            ),
        ]

    def __str__(self):
        return f"{self.review}（{self.get_circle_display()}）"


def circle_members(review: Review, circle: str):
    """The accounts that a circle lets read, the author left out: whom it will reach, to be shown before."""
    others = Person.objects.filter(is_active=True).exclude(pk=review.secretary_id).order_by("name", "pk")
    if circle == Circle.REPORTERS:
        return others.filter(pk__in=Review.objects.filter(campaign=review.campaign_id).values("secretary"))
    place = review.organization if circle == Circle.BRANCH else review.campaign.organizer
    there = below(place.path, "organization__path")
    inside = Q(pk__in=Appointment.objects.current().filter(there).values("person"))
    if circle == Circle.ORGANIZATION:
        inside |= Q(pk__in=RoleGrant.objects.filter(there).exclude(role__in=ADMINS).values("person"))
    return others.filter(inside)
