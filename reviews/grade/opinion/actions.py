"""Keep an opinion that somebody has written: the one verb of this room."""

from hashlib import sha256

from django.db import transaction

from organizations import trail
from organizations.errors import Refused
from organizations.models import Person
from reviews.grade.models import Decision
from reviews.grade.opinion.composing import LEAST, MOST, length_of
from reviews.grade.opinion.models import Opinion
from reviews.grade.permissions import may_propose
from reviews.plan.models import Campaign, Review, Stage


def text_of(review: Review) -> str:
    """The opinion as it stands: the proposed one, else the kept one, else ""."""
    decision = Decision.objects.filter(review=review).first()
    if decision is not None:
        return decision.opinion
    kept = Opinion.objects.filter(review=review).first()
    return kept.text if kept else ""


def mark_of(text: str) -> str:
    """A short mark of a text: which one a page was opened with. A browser's line ends and outer blanks do not count."""
    return sha256(text.replace("\r\n", "\n").strip().encode()).hexdigest()[:16]


def is_in_range(text: str) -> bool:
    """True if it is as long as an opinion should be; the length is a wish, never a bar."""
    return LEAST <= length_of(text) <= MOST


def why_not_now(review: Review) -> str:
    """Why nobody can write the opinion of a review now, in words; "" if the clerk can."""
    if review.campaign.stage != Stage.GRADING:
        return f"活动处于“{review.campaign.get_stage_display()}”阶段，综合评价意见只在评定阶段拟写和修改。"
    if Decision.objects.filter(review=review, approved_by__isnull=False).exists():
        return "等次和意见已批准，不能再改；反馈后本人有异议的，按异议程序更正。"
    return ""


@transaction.atomic
def save_opinion(review: Review, *, text: str, seen: str, by: Person) -> Opinion:
    """Keep the opinion of one review, in the proposal too where there is one (the head then looks at it again).

    ``seen``: the mark of the text that the page was opened with. Raises Refused for anybody but the clerk, outside
    the grading, after the approval, and when the text has changed since.
    """
    campaign = Campaign.objects.select_for_update().select_related("organizer").get(pk=review.campaign_id)
    review = Review.objects.select_related("campaign__organizer", "organization", "secretary").get(pk=review.pk)
    if not may_propose(by, campaign):
        raise Refused("综合评价意见由本活动的经办人拟写，您不能保存。")
    if lack := why_not_now(review):
        raise Refused(lack)
    if mark_of(text_of(review)) != seen:
        raise Refused("这份意见在您打开页面之后被改过。您写的还在框中：请先复制，刷新页面，看过新稿再保存。")
    kept, _ = Opinion.objects.update_or_create(review=review, defaults={"text": text.strip(), "by": by})
    Decision.objects.filter(review=review, approved_by__isnull=True).update(opinion=kept.text)
    trail.record("保存综合评价意见", review, by=by, organization=campaign.organizer, length=length_of(kept.text))
    return kept
