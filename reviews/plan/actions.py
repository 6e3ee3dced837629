"""What is done to a campaign. ``move_campaign`` is the one writer of its stage."""

from django.db import transaction

from organizations import trail
from organizations.errors import Refused
from organizations.models import Person
from reviews.plan.models import STAGE_ORDER, Campaign, Stage


@transaction.atomic
def move_campaign(campaign: Campaign, stage: str, *, by: Person, reason: str = "") -> Campaign:
    """Take a campaign one stage on, or back with a reason, and write down who did it.

    Whether the stage's own conditions hold (all reports vetted, box opened ...) is asked by the
    stage that calls this; here only the order of the stages is kept.

    Raises Refused if the step is not in ``NEXT_STAGES`` or goes back without a reason.
    """
    campaign = Campaign.objects.select_for_update().get(pk=campaign.pk)
    stage = Stage(stage)
    if not campaign.may_move_to(stage):
        raise Refused(
            f"“{campaign}”处于“{campaign.get_stage_display()}”阶段，不能进入“{stage.label}”阶段。请刷新页面查看当前阶段。"
        )
    if STAGE_ORDER.index(stage) < STAGE_ORDER.index(campaign.stage) and not reason.strip():
        raise Refused(f"退回“{stage.label}”阶段须写明原因。")
    campaign.moves.create(before=campaign.stage, after=stage, by=by, reason=reason.strip())
    campaign.stage = stage
    campaign.save(update_fields=["stage"])
    trail.record(f"进入{stage.label}阶段", campaign, by=by, organization=campaign.organizer, reason=reason.strip())
    return campaign
