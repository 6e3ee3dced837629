"""The pages of the comments: the list to prepare from, one comment with its draft, the points as they are typed."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from organizations.access import Role, open_to
from organizations.errors import Refused
from organizations.models import Person
from reviews.ledger.points import split_points
from reviews.ledger.queries import problems_of_last_year
from reviews.meeting import queries, told
from reviews.meeting.actions import COMMENT_STAGES, Stale, comment_on, save_draft
from reviews.meeting.forms import LONGEST_BOX, CommentForm
from reviews.meeting.models import Comment, CommentDraft
from reviews.meeting.permissions import leaders_of, may_comment, may_enter_for_leader, may_run, may_watch
from reviews.meeting.views import WATCHING, campaign_for
from reviews.plan.models import Review

BOXES = ("strengths", "weaknesses", "advice")


@require_safe
@never_cache
@open_to(*WATCHING)
def prepare(request: HttpRequest, pk: int) -> HttpResponse:
    """点评准备: everybody in speaking order, what is written and what is not."""
    campaign = campaign_for(request, pk, may_watch)
    reviews = told.with_contacts(queries.prepare_list(campaign, request.user), campaign, request.user)
    is_leader = any(may_comment(request.user, review) for review in reviews)
    page = {
        "campaign": campaign,
        "reviews": reviews,
        "is_leader": is_leader,
        "may_run": may_run(request.user, campaign),
        "done": sum(review.own is not None for review in reviews),
        "own_count": sum(not review.is_own for review in reviews),
        "is_open": campaign.stage in COMMENT_STAGES,
    }
    return render(request, "reviews/meeting/prepare.html", page)


def review_for_comment(request: HttpRequest, pk: int) -> Review:
    """The review, 404 unless visible, 403 unless the person may comment on it or type a comment on it."""
    visible = Review.objects.visible_to(request.user).select_related("campaign__organizer", "organization", "secretary")
    review = get_object_or_404(visible, pk=pk)
    if not may_comment(request.user, review) and not may_enter_for_leader(request.user, review):
        raise PermissionDenied
    return review


def leader_for(request: HttpRequest, review: Review) -> Person | None:
    """Whose comment is written: the leader named by ``by`` (for who may type for him), or the person himself.

    None when an organizer has not yet said for whom he types.
    """
    wanted = request.GET.get("by", "")
    if wanted and wanted != str(request.user.pk):
        if not may_enter_for_leader(request.user, review):
            raise PermissionDenied
        key = int(wanted) if is_key(wanted) else 0
        return get_object_or_404(leaders_of(review.campaign).exclude(pk=review.secretary_id), pk=key)
    return request.user if may_comment(request.user, review) else None


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@open_to(Role.LEADER, Role.ORGANIZER)
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    """点评 of one secretary: three boxes, and beside them what he reported and what others said."""
    review = review_for_comment(request, pk)
    leader = leader_for(request, review)
    if request.method != "POST":
        return comment_page(request, review, leader)
    if leader is None:
        raise Refused("请先选择录入的是哪位领导的点评。")
    form = CommentForm(request.POST)
    if not form.is_valid():
        return comment_page(request, review, leader, form, status=422)
    editions = {name: form.cleaned_data[name] for name in ("edition", "draft_edition")}
    try:
        saved = comment_on(review, by=leader, typed_by=typist(request, leader), **form.texts, **editions)
    except Stale as stale:
        return stale_page(request, review, leader, form, stale)
    except Refused as refused:
        form.add_error(None, str(refused))
        return comment_page(request, review, leader, form, status=409)
    count = saved.points.count()
    messages.success(
        request, f"已提交对{review.secretary}的点评，{count} 个要点登记为整改问题，主持人放行前本人不可见。"
    )
    return go_on(request, review, leader)


def typist(request: HttpRequest, leader: Person) -> Person | None:
    return None if leader == request.user else request.user


def go_on(request: HttpRequest, review: Review, leader: Person) -> HttpResponse:
    """To the next in speaking order if asked so, else to the list."""
    target = redirect("meeting:prepare", pk=review.campaign_id)
    if request.POST.get("then") == "next":
        order = queries.speaking_order(review.campaign)
        place = [other.pk for other in order].index(review.pk)
        following = [other for other in order[place + 1 :] if other.secretary_id != leader.pk]
        if following:
            target = redirect("meeting:comment", pk=following[0].pk)
            if leader != request.user:
                target["Location"] += f"?by={leader.pk}"
    return HttpResponseClientRedirect(target["Location"]) if request.htmx else target


def comment_page(
    request: HttpRequest,
    review: Review,
    leader: Person | None,
    form: CommentForm | None = None,
    *,
    status: int = 200,
    **words,
) -> HttpResponse:
    """The page; without a form the boxes hold the draft, or what was handed in."""
    background = queries.background_of(review, request.user)
    said = Comment.objects.filter(review=review, by=leader).first() if leader else None
    draft = CommentDraft.objects.filter(review=review, by=leader, typed_by=request.user).first() if leader else None
    if form is None:
        shown = draft or said
        initial = {name: getattr(shown, name, "") for name in BOXES}
        editions = {"edition": said.edition if said else 0, "draft_edition": draft.edition if draft else 0}
        form = CommentForm(initial=initial | editions)
    page = {
        "review": review,
        "campaign": review.campaign,
        "leader": leader,
        "leaders": leaders_of(review.campaign).exclude(pk=review.secretary_id) if is_typist(request, review) else [],
        "form": form,
        "said": said,
        "draft": draft,
        **hints_on(form["weaknesses"].value() or "", review, request.user),
        "last_year": problems_of_last_year(review),
        "is_open": review.campaign.stage in COMMENT_STAGES,
        **background,
        "others": [other for other in background["others"] if leader is None or other.by_id != leader.pk],
    }
    return render(request, "reviews/meeting/comment.html", page | words, status=status)


def is_typist(request: HttpRequest, review: Review) -> bool:
    return may_enter_for_leader(request.user, review)


def stale_page(request, review: Review, leader: Person, form: CommentForm, stale: Stale) -> HttpResponse:
    """Both texts: the newer one beside, the typed one still in the boxes, ready to be saved over it knowingly."""
    said = Comment.objects.filter(review=review, by=leader).first()
    draft = CommentDraft.objects.filter(review=review, by=leader, typed_by=request.user).first()
    typed = form.data.copy()
    typed["edition"] = said.edition if said else 0
    typed["draft_edition"] = draft.edition if draft else 0
    fresh = CommentForm(typed)
    fresh.add_error(None, str(stale))
    return comment_page(request, review, leader, fresh, status=409, current=stale.current)


@require_POST
@open_to(Role.LEADER, Role.ORGANIZER)
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what is typed, as it is typed; answers with the line that says so."""
    review = review_for_comment(request, pk)
    leader = leader_for(request, review)
    form = CommentForm(request.POST)
    if leader is None or not form.is_valid():
        words = "草稿没有保存：" + ("请先选择点评人。" if leader is None else first_error(form))
        return draft_line(request, form, words, status=422)
    texts, edition = form.texts, form.cleaned_data["draft_edition"]
    try:
        kept = save_draft(review, **texts, edition=edition, by=leader, typed_by=request.user)
    except Refused as refused:
        return draft_line(request, form, str(refused), status=409)
    return render(
        request,
        "reviews/meeting/_draft.html",
        {"edition": kept.edition, "words": f"草稿已自动保存（{timezone.localtime():%H:%M:%S}），尚未提交。"},
    )


def draft_line(request: HttpRequest, form: CommentForm, words: str, status: int) -> HttpResponse:
    edition = form.data.get("draft_edition", "0")
    page = {"words": words, "edition": edition[:10], "is_refused": True}
    return render(request, "reviews/meeting/_draft.html", page, status=status)


def first_error(form) -> str:
    """The first sentence of a refused form, with the label of its field."""
    name, errors = next(iter(form.errors.items()))
    return f"{form.fields[name].label}：{errors[0]}" if name in form.fields else errors[0]


def hints_on(text: str, review: Review | None, person: Person) -> dict:
    """What stands under the box: the points with their themes, the comment of the day most like it, stock phrases."""
    points = split_points(text)
    alike, cliches = told.likeness_while_typing(review, text, person) if review else (None, [])
    return {"points": points, "themed": told.themed(points), "alike": alike, "cliches": cliches}


@require_POST
@open_to(Role.LEADER, Role.ORGANIZER)
def points(request: HttpRequest) -> HttpResponse:
    """The points in a text as it is typed: each will be a problem in the ledger. Keeps nothing.

    ``of`` names the box that holds the text, so that the boxes of a whole script can ask too; ``review`` says of
    whom the text is, so that it can be compared with the other comments of the day.
    """
    review = review_for_comment(request, int(key)) if is_key(key := request.GET.get("review", "")) else None
    text = request.POST.get(request.POST.get("of", "weaknesses"), "")[:LONGEST_BOX]
    return render(request, "reviews/meeting/_points.html", hints_on(text, review, request.user))


def is_key(text: str) -> bool:
    """True for the digits of a key, not too many for the database."""
    return text.isascii() and text.isdigit() and len(text) < 10
