"""The pages of the release: comments of the day to put in order, sort and let go; the secretary's own page."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from organizations.access import SECRETARY, Role, open_to
from organizations.errors import Refused
from reviews.ledger.themes import THEMES
from reviews.meeting import releasing, told, withholding
from reviews.meeting.forms import CommentForm
from reviews.meeting.models import Comment, Point
from reviews.meeting.permissions import chairs, may_release, may_watch
from reviews.meeting.views import WATCHING, campaign_for
from reviews.plan.models import Campaign, Review

RELEASING = (Role.LEADER, Role.ORGANIZER)


class SortForm(forms.Form):
    """归类 of one point: its theme, common or not."""

    theme = forms.ChoiceField(choices=[("", "未归类"), *THEMES.items()], required=False)
    is_common = forms.BooleanField(required=False)


@require_safe
@never_cache
@open_to(*WATCHING)
def comments(request: HttpRequest, pk: int) -> HttpResponse:
    """点评放行: what was said of everybody, what is to be told, and whether the chair let it go."""
    campaign = campaign_for(request, pk, may_watch)
    reviews = told.comments_of_day(campaign, request.user)
    said = [comment for review in reviews for comment in review.said]
    for review in reviews:
        review.seen = releasing.mark_of(comment for comment in review.said if comment.waits)
    meeting = getattr(campaign, "meeting", None)
    page = {
        "campaign": campaign,
        "reviews": reviews,
        "sorting": told.sorting_of(reviews),
        "themes": THEMES.items(),
        "seen": releasing.mark_of(comment for comment in said if comment.waits),
        "held": sum(comment.waits for comment in said),
        "released": sum(bool(comment.released_at) for comment in said),
        "withheld": sum(comment.is_withheld for comment in said),
        "chair": meeting.chair if meeting else None,
        "is_chair": chairs(request.user, campaign),
        "may_withhold": chairs(request.user, campaign) and campaign.stage in withholding.DECIDING_STAGES,
        "may_release": may_release(request.user, campaign),
        "is_time": campaign.stage not in releasing.TOO_EARLY,
        "may_reword": campaign.stage in releasing.REWORDING_STAGES,
    }
    return render(request, "reviews/meeting/comments.html", page)


@require_POST
@open_to(*RELEASING)
def release_all(request: HttpRequest, pk: int) -> HttpResponse:
    """Let everything go that still waits."""
    campaign = campaign_for(request, pk, may_release)
    return released(request, campaign, None)


@require_POST
@open_to(*RELEASING)
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the comments on one secretary go."""
    review = get_object_or_404(Review.objects.visible_to(request.user), pk=pk)
    campaign = campaign_for(request, review.campaign_id, may_release)
    return released(request, campaign, [review])


def released(request: HttpRequest, campaign: Campaign, reviews: list[Review] | None) -> HttpResponse:
    declared = {"word": "word" in request.POST, "seen": request.POST.get("seen")}
    count = releasing.release_comments(campaign, by=request.user, reviews=reviews, **declared)
    messages.success(request, f"已放行 {count} 份点评，述职人现在可以看到。")
    return redirect("meeting:comments", pk=campaign.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@open_to(*RELEASING)
def reword(request: HttpRequest, pk: int) -> HttpResponse:
    """整理 of one comment: the words said, and the words to be told in boxes beside."""
    shown = Comment.objects.shown_to(request.user).select_related("review__organization", "review__secretary", "by")
    reviews = Review.objects.visible_to(request.user)
    comment = get_object_or_404(shown.filter(review__in=reviews), pk=pk)
    campaign = campaign_for(request, comment.review.campaign_id, may_release)
    page = {"comment": comment, "review": comment.review, "campaign": campaign}
    page["is_open"] = comment.waits and campaign.stage in releasing.REWORDING_STAGES
    form = CommentForm(request.POST or None, initial=comment.told | {"edition": comment.edition, "draft_edition": 0})
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                edition = form.cleaned_data["edition"]
                releasing.reword_comment(comment, **form.texts, edition=edition, by=request.user)
            except Refused as refused:
                comment.refresh_from_db()
                typed = form.data.copy()
                typed["edition"] = comment.edition
                form, status = CommentForm(typed), 409
                form.add_error(None, str(refused))
            else:
                messages.success(request, "放行稿已保存，原话保留。")
                return redirect("meeting:comments", pk=campaign.pk)
    return render(request, "reviews/meeting/reword.html", page | {"form": form}, status=status)


@require_POST
@open_to(*RELEASING)
def sort(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct the theme of a point, and whether it is common."""
    points = Point.objects.filter(comment__review__in=Review.objects.visible_to(request.user))
    points = points.exclude(comment__review__secretary=request.user)
    point = get_object_or_404(points.select_related("comment__review", "problem"), pk=pk)
    campaign_for(request, point.comment.review.campaign_id, may_release)
    form = SortForm(request.POST)
    if not form.is_valid():
        raise Refused("没有这个主题，请从列表中选择。")
    releasing.sort_point(point, **form.cleaned_data, by=request.user)
    if request.htmx:  # that row alone: what was chosen in the others stays
        point.problem.refresh_from_db()
        return render(
            request, "reviews/meeting/_sort.html", {"point": point, "themes": THEMES.items(), "is_sorted": True}
        )
    messages.success(request, "已归类。")
    return _back_to(point.comment.review)


@require_POST
@open_to(*RELEASING)
def withhold(request: HttpRequest, pk: int) -> HttpResponse:
    """不放行 with a reason, or taken back with one (``way`` = again): the chair's own decision."""
    shown = Comment.objects.shown_to(request.user).filter(review__in=Review.objects.visible_to(request.user))
    comment = get_object_or_404(shown.select_related("review"), pk=pk)
    campaign_for(request, comment.review.campaign_id, may_release)
    reason = request.POST.get("reason", "")
    if request.POST.get("way") == "again":
        withholding.let_wait_again(comment, reason=reason, by=request.user)
        messages.success(request, "已撤销“不放行”，这份点评恢复为待放行。")
    else:
        withholding.withhold_comment(comment, reason=reason, by=request.user)
        messages.success(request, "已决定不放行，述职人看不到这份点评，其要点不列入台账。")
    return _back_to(comment.review)


def _back_to(review: Review) -> HttpResponse:
    """The page of the day's comments, at this secretary."""
    target = redirect("meeting:comments", pk=review.campaign_id)
    target["Location"] += f"#review-{review.pk}"
    return target


@require_safe
@never_cache
@open_to(SECRETARY)
def told_me(request: HttpRequest, pk: int) -> HttpResponse:
    """对我的点评: the words released to the secretary, nothing else; before that a sentence that says so."""
    visible = Review.objects.visible_to(request.user).select_related("campaign__organizer", "organization", "secretary")
    review = get_object_or_404(visible, pk=pk)
    if review.secretary_id != request.user.pk:
        raise PermissionDenied
    heard = Comment.objects.released().filter(review=review).select_related("by").order_by("released_at", "pk")
    return render(request, "reviews/meeting/told_me.html", {"review": review, "comments": heard})
