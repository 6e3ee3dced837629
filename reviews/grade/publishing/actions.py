"""公布: after the letters, by the approver, to a stated audience; withdrawn with a reason."""

from django.db import transaction
from django.utils import timezone

from organizations import trail
from organizations.errors import Refused
from organizations.models import Person
from reviews.grade.actions import demand, hold
from reviews.grade.publishing import permissions
from reviews.grade.publishing.models import GradeNotice
from reviews.plan.models import Campaign, Stage

AFTER_LETTERS = (Stage.RECTIFYING, Stage.CLOSED)


def lines_of(campaign: Campaign) -> list[dict[str, str]]:
    """What a notice tells: organization, secretary, approved grade, in the order of the debriefs; nothing else."""
    decided = campaign.reviews.for_list().filter(decision__approved_by__isnull=False).select_related("decision")
    return [
        {
            "organization": review.organization.name,
            "secretary": review.secretary.name,
            "grade": review.decision.grade_word,
        }
        for review in decided
    ]


@transaction.atomic
def publish_grades(campaign: Campaign, *, audience: str, by: Person) -> GradeNotice:
    """Tell the grades to an audience, or write down that they are told to nobody.

    Raises Refused before the letters, without an audience, and while another notice stands.
    """
    campaign = hold(campaign, *AFTER_LETTERS)
    demand(permissions.may_publish(by, campaign))
    if audience not in GradeNotice.Audience.values:
        raise Refused("请选择公布范围。")
    if campaign.reviews.filter(letter__isnull=True).exists():
        raise Refused("还有述职人没有收到反馈函，先反馈本人，再公布等次。")
    if campaign.grade_notices.standing().exists():
        raise Refused("等次公布已有决定；要改变范围或内容，请先撤回，再重新公布。")
    lines = [] if audience == GradeNotice.Audience.NOBODY else lines_of(campaign)
    notice = GradeNotice.objects.create(campaign=campaign, audience=audience, lines=lines, published_by=by)
    trail.record("公布等次", campaign, by=by, organization=campaign.organizer, circle=notice.get_audience_display())
    return notice


@transaction.atomic
def withdraw_notice(campaign: Campaign, *, reason: str, by: Person) -> None:
    """Take the standing notice back, with a reason; nobody reads it any more."""
    campaign = hold(campaign, *AFTER_LETTERS)
    demand(permissions.may_publish(by, campaign))
    notice = campaign.grade_notices.select_for_update().standing().first()
    if notice is None:
        raise Refused("没有可撤回的公布，请刷新页面。")
    if not reason.strip():
        raise Refused("撤回须写明原因。")
    notice.withdrawn_reason, notice.withdrawn_by, notice.withdrawn_at = reason.strip()[:300], by, timezone.now()
    notice.save(update_fields=["withdrawn_reason", "withdrawn_by", "withdrawn_at"])
    trail.record("撤回等次公布", campaign, by=by, organization=campaign.organizer, reason=reason)
