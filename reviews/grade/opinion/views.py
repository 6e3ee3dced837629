"""The opinion on screen: a draft fetched into a line of the table, and a page with what each sentence rests on."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from organizations.access import open_to
from organizations.errors import Refused
from organizations.models import Role
from reviews.grade.forms import DecisionForm
from reviews.grade.opinion import actions
from reviews.grade.opinion.composing import LEAST, MOST, length_of
from reviews.grade.opinion.forms import OpinionForm
from reviews.grade.opinion.queries import draft_of, facts_of, told_by
from reviews.grade.permissions import may_propose, may_read, may_see_results
from reviews.plan.models import Review


def _review(request, pk) -> Review:
    """A review whose votes and grades the person may see now; 404 or 403 else."""
    reviews = Review.objects.visible_to(request.user).select_related("campaign__organizer", "organization", "secretary")
    review = get_object_or_404(reviews, pk=pk)
    if not may_read(request.user, review.campaign) or not may_see_results(request.user, review.campaign):
        raise PermissionDenied
    return review


@open_to(Role.ORGANIZER, Role.APPROVER)
@require_GET
def draft(request, pk) -> HttpResponse:
    """A drafted opinion for one review, fetched into its box in the table."""
    review = _review(request, pk)
    made = draft_of(review, facts_of(review))
    form = DecisionForm(prefix=str(review.pk), initial={"opinion": made.text}, grades=())
    context = {"form": form, "drafted": made, "review": review, "is_empty_draft": not made.text}
    return render(request, "reviews/grade/_opinion.html", context)


@open_to(Role.ORGANIZER, Role.APPROVER)
@require_http_methods(["GET", "POST"])
def opinion(request, pk) -> HttpResponse:
    """The text on the left, every sentence that the facts allow on the right. Adopting a sentence saves nothing."""
    review = _review(request, pk)
    if request.method == "GET":
        text = actions.text_of(review)
        form = OpinionForm(initial={"text": text, "seen": actions.mark_of(text)})
        return _page(request, review, form)
    if not may_propose(request.user, review.campaign):
        raise PermissionDenied
    form = OpinionForm(request.POST)
    if not form.is_valid():
        return _page(request, review, form, status=422)
    if "adopt" in request.POST:
        return _page(request, review, _with_adopted(review, form, request.POST["adopt"]))
    try:
        kept = actions.save_opinion(
            review, text=form.cleaned_data["text"], seen=form.cleaned_data["seen"], by=request.user
        )
    except Refused as refused:
        form.add_error(None, str(refused))
        return _page(request, review, form, status=422)
    messages.success(request, f"已保存，共 {length_of(kept.text)} 字。提出等次时随等次一并报批。")
    return redirect("grade:opinion", pk)


def _with_adopted(review: Review, form: OpinionForm, asked: str) -> OpinionForm:
    """The form with one sentence (or the whole draft) put at the end of what is typed; for pages without JavaScript."""
    facts = facts_of(review)
    made = draft_of(review, facts)
    sentences = {str(place): told.sentence.text for place, told in enumerate(told_by(made, facts))}
    text = form.cleaned_data["text"]
    text = made.text if asked == "all" else text + sentences.get(asked, "")
    return OpinionForm(initial={"text": text, "seen": form.cleaned_data["seen"]})


def _page(request, review: Review, form: OpinionForm, *, status: int = 200) -> HttpResponse:
    facts = facts_of(review)
    made = draft_of(review, facts)
    told = told_by(made, facts)
    used = {fact.key for line in told for fact in line.facts}
    text = form["text"].value() or ""
    lack = actions.why_not_now(review)
    context = {
        "review": review,
        "form": form,
        "drafted": made,
        "told": list(enumerate(told)),
        "unused": [fact for fact in facts if fact.key not in used],
        "length": length_of(text),
        "least": LEAST,
        "most": MOST,
        "is_in_range": actions.is_in_range(text),
        "lack": lack,
        "may_write": not lack and may_propose(request.user, review.campaign),
        "neighbours": _neighbours(review),
    }
    return render(request, "reviews/grade/opinion.html", context, status=status)


def _neighbours(review: Review) -> dict[str, int | None]:
    """The reviews before and after in the order of the debriefs."""
    keys = list(review.campaign.reviews.order_by("order", "pk").values_list("pk", flat=True))
    place = keys.index(review.pk)
    return {"before": keys[place - 1] if place else None, "after": keys[place + 1] if place + 1 < len(keys) else None}
