"""建议、提出、批准、反馈、公布: five separate acts, and how far a campaign has come with them."""

from dataclasses import dataclass

from django.utils import timezone

from organizations.access import holds_any
from organizations.models import Person
from reviews.grade.feedback.models import Letter
from reviews.grade.models import Decision, Suggestion
from reviews.grade.permissions import DECIDING
from reviews.grade.publishing.models import GradeNotice
from reviews.plan.models import Campaign


@dataclass(frozen=True, slots=True)
class Step:
    """One act: its name, whether it is done, by whom and when or what is still lacking; its page if it has its own."""

    name: str
    is_done: bool
    told: str
    door: str = ""


def steps_of(campaign: Campaign, person: Person) -> list[Step]:
    """The five acts in order, with doors to the pages that open for the person; five queries for any campaign."""
    suggested = Suggestion.objects.filter(review__campaign=campaign).order_by("-computed_at").first()
    decision = Decision.objects.filter(review__campaign=campaign).select_related("proposed_by", "approved_by").first()
    lacking = campaign.reviews.filter(suggestion__isnull=False, decision__isnull=True).count()
    approved = decision is not None and decision.approved_by_id is not None
    return [
        Step("建议", bool(suggested), f"规则于{_day(suggested.computed_at)}生成" if suggested else "由规则生成"),
        _proposal(decision, lacking),
        Step(
            "批准",
            approved,
            f"{decision.approved_by}，{_day(decision.approved_at)}" if approved else "另一人（负责人）",
        ),
        _feedback(campaign, opens=holds_any(person, DECIDING, campaign.organizer)),
        _publication(campaign),
    ]


def _proposal(decision: Decision | None, lacking: int) -> Step:
    """Done once everybody has a proposal: a suggestion made anew drops those that it changes."""
    if decision is None:
        return Step("提出", False, "经办人填写")
    if lacking:
        return Step("提出", False, f"还有 {lacking} 人须重新提出")
    return Step("提出", True, f"{decision.proposed_by}，{decision.reference}")


def _feedback(campaign: Campaign, *, opens: bool) -> Step:
    signed = list(Letter.objects.filter(review__campaign=campaign).values_list("signed_at", flat=True))
    done = sum(moment is not None for moment in signed)
    told = f"{len(signed)} 份，已签收 {done} 份" if signed else "反馈函发给本人"
    return Step("反馈", bool(signed), told, "grade:letters" if opens else "")


def _publication(campaign: Campaign) -> Step:
    notice = GradeNotice.objects.standing().filter(campaign=campaign).first()
    return Step("公布", notice is not None, notice.get_audience_display() if notice else "反馈后决定", "grade:publish")


def _day(moment) -> str:
    local = timezone.localtime(moment)
    return f"{local.month}月{local.day}日"
