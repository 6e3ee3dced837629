"""反馈: the approved grades are fed back, a letter each, and signed for."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from organizations import trail
from organizations.errors import Refused
from organizations.models import Person
from reviews.grade.actions import demand, hold
from reviews.grade.consequences.actions import open_lines
from reviews.grade.feedback.models import Letter, last_day_to_object
from reviews.grade.feedback.permissions import may_sign
from reviews.grade.permissions import may_propose
from reviews.ledger.actions import feed_back_problems
from reviews.ledger.models import DAYS_TO_PROMISE
from reviews.meeting.models import Comment
from reviews.plan.actions import move_campaign
from reviews.plan.models import Campaign, Review, Stage

USUAL_DAYS_TO_OBJECT = 15  # our default: no source names a number (DOMAIN 8); set with the letters
FEWEST_DAYS_TO_OBJECT, MOST_DAYS_TO_OBJECT = 3, 60


@transaction.atomic
def send_letters(
    campaign: Campaign, *, rectify_by: date, by: Person, objection_days: int = USUAL_DAYS_TO_OBJECT
) -> int:
    """Feed the approved grades back: a letter each, problems and consequences opened, on to rectification.

    ``objection_days``: how long each may object after receiving his letter (``models.last_day_to_object``).
    Raises Refused unless every grade is approved and every comment released by the chair, for a time limit
    that has passed or lies far off, and for a window out of bounds.
    """
    campaign = hold(campaign, Stage.GRADING)
    demand(may_propose(by, campaign))
    reviews = list(campaign.reviews.for_list().select_related("decision"))
    without = [str(r) for r in reviews if not hasattr(r, "decision") or r.decision.approved_by_id is None]
    if without:
        raise Refused(f"{'、'.join(without[:5])}{'等' if len(without) > 5 else ''}的等次尚未批准，不能反馈。")
    _demand_released(campaign)
    last = campaign.ends_on + timedelta(days=DAYS_TO_PROMISE)
    if not timezone.localdate() < rectify_by <= max(last, timezone.localdate() + timedelta(days=DAYS_TO_PROMISE)):
        raise Refused("整改期限须晚于今天，且不超过活动结束后一年。")
    if objection_days not in range(FEWEST_DAYS_TO_OBJECT, MOST_DAYS_TO_OBJECT + 1):
        raise Refused(f"异议期须为 {FEWEST_DAYS_TO_OBJECT} 至 {MOST_DAYS_TO_OBJECT} 日。")
    Letter.objects.bulk_create(letter_of(review, rectify_by, objection_days, by=by) for review in reviews)
    for review in reviews:
        feed_back_problems(review, by=by)
    open_lines(campaign, reviews, by=by)
    trail.record("发出反馈函", campaign, by=by, organization=campaign.organizer, letters=len(reviews))
    move_campaign(campaign, Stage.RECTIFYING, by=by)
    return len(reviews)


def letter_of(review: Review, rectify_by: date, objection_days: int, *, by: Person) -> Letter:
    """The letter of an approved review, not saved: what the preview shows is what is sent."""
    decision = review.decision
    return Letter(
        review=review,
        grade=decision.grade,
        opinion=decision.opinion,
        reference=decision.reference,
        decided_on=decision.decided_on,
        rectify_by=rectify_by,
        objection_days=objection_days,
        objection_until=last_day_to_object(timezone.localdate(), None, objection_days),
        sent_by=by,
        sent_at=timezone.now(),
    )


def _demand_released(campaign: Campaign) -> None:
    """Nothing said at the meeting goes to a secretary before the chair let it go. Raises Refused naming whose."""
    held = Comment.objects.held().filter(review__campaign=campaign).order_by("review__order", "pk")
    names = list(dict.fromkeys(held.values_list("review__secretary__name", flat=True)))
    if names:
        whose = f"{'、'.join(names[:5])}{f'等 {len(names)} 人' if len(names) > 5 else ''}"
        raise Refused(f"对{whose}的点评主持人还没有放行，不能反馈。请先到“点评放行”页整理并放行。")


@transaction.atomic
def sign_letter(letter: Letter, *, by: Person) -> None:
    """签收: the addressee has read it. The window for an objection is counted from now on."""
    letter = (
        Letter.objects.select_for_update(of=("self",)).select_related("review__campaign__organizer").get(pk=letter.pk)
    )
    demand(may_sign(by, letter))
    if letter.signed_at:
        raise Refused("您已经签收过这份反馈函。")
    letter.signed_at = timezone.now()
    sent_on, today = timezone.localdate(letter.sent_at), timezone.localdate()
    if not letter.late_by_id:  # a day that the head allowed stands
        letter.objection_until = last_day_to_object(sent_on, today, letter.objection_days)
    letter.save(update_fields=["signed_at", "objection_until"])
    trail.record("签收反馈函", letter.review, by=by, organization=letter.review.campaign.organizer)
