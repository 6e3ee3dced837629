"""为什么是这个等次: one page a person, for who decides and for the person himself."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from organizations.access import READING, SECRETARY, open_to
from reviews.grade import actions, permissions
from reviews.grade.forms import ReasonForm
from reviews.grade.models import Fact
from reviews.grade.why.page import page_of
from reviews.plan.models import Review


@open_to(*READING, SECRETARY)
@require_GET
def why(request, pk):
    """为什么是这个等次: inputs, arithmetic line by line, rules in words, decision and who."""
    reviews = Review.objects.visible_to(request.user).select_related(
        "campaign__organizer",
        "organization",
        "secretary",
        "suggestion",
        "decision__proposed_by",
        "decision__approved_by",
        "letter",
    )
    review = get_object_or_404(reviews, pk=pk)
    person, campaign = request.user, review.campaign
    if permissions.may_see_own(person, review) or permissions.may_see_results(person, campaign):
        return render(request, "reviews/grade/why.html", _why_context(person, review))
    if not permissions.may_read(person, campaign):
        raise PermissionDenied
    context = {"review": review, "campaign": campaign, "may_read": True}
    context["lack"] = permissions.why_not_yet(person, campaign)
    return render(request, "reviews/grade/why.html", context)


def _why_context(person, review: Review) -> dict:
    campaign, may_read = review.campaign, permissions.may_see_results(person, review.campaign)
    context = {"review": review, "campaign": campaign, "may_read": may_read}
    if may_read:
        facts = review.facts.select_related("entered_by", "confirmed_by", "withdrawn_by")
        context["facts"] = [_fact_line(person, fact, review) for fact in facts]
        context["may_add_fact"] = campaign.stage in actions.FACTS_OPEN and permissions.may_propose(person, campaign)
        context["reason_form"] = ReasonForm()
    if hasattr(review, "suggestion"):
        context["page"] = page_of(review, with_rank=may_read)
    return context


def _fact_line(person, fact: Fact, review: Review) -> dict:
    """A fact with what this person may still do about it."""
    fact.review = review
    is_open = review.campaign.stage in actions.FACTS_OPEN and not fact.withdrawn_reason
    return {
        "fact": fact,
        "may_confirm": is_open and fact.confirmed_by_id is None and permissions.may_confirm(person, fact),
        "may_withdraw": is_open and permissions.may_withdraw(person, fact),
    }
