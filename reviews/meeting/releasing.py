"""放行: what was said is put in order and let go to the secretaries, on the chair's word and not before.

With the release every point of a comment is a problem in the secretary's ledger, once, for him to claim: the office
returns them right after the meeting (E14). What the chair keeps back for good is ``withholding``'s.

The words as the leader wrote them stay in the comment for good. Where the moderator shortens or rephrases, the
secretary, the ledger and the letter get the words to be told; who changed them and when is kept beside.
"""

import hashlib
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from organizations import trail
from organizations.errors import Refused
from organizations.models import Person
from reviews.ledger.actions import feed_back_problems, sort_problem
from reviews.meeting.actions import Stale, note_points
from reviews.meeting.models import Comment, Point
from reviews.meeting.permissions import chairs, may_release, still
from reviews.plan.models import Campaign, Review, Stage

TOO_EARLY = frozenset({Stage.PLANNING, Stage.REPORTING})
REWORDING_STAGES = frozenset({Stage.REPORTING, Stage.MEETING, Stage.BALLOT, Stage.GRADING})
BOXES = ("strengths", "weaknesses", "advice")


@transaction.atomic
def reword_comment(
    comment: Comment, *, strengths: str, weaknesses: str, advice: str, edition: int, by: Person
) -> Comment:
    """整理: keep other words to be told than those said. The same words as said take the rewording back.

    Problems follow the words to be told. ``edition`` is the one that the page showed; it goes up, so that a
    leader who corrects his comment at the same time is told so. Raises Refused for others than the chair and
    the organizer, for a comment on oneself, when nothing is left, outside the meeting's stages and once the
    comment was released; Stale if somebody saved meanwhile.
    """
    comment = hold_comment(comment, by)
    if comment.review.campaign.stage not in REWORDING_STAGES:
        raise Refused("反馈之后不再整理点评。")
    refuse_decided(comment)
    if comment.edition != edition:
        raise Stale("这份点评在别处已有更新的内容，没有覆盖。请对照改好后再保存一次。", comment)
    words = {name: text.strip() for name, text in zip(BOXES, (strengths, weaknesses, advice), strict=True)}
    if not any(words.values()):
        raise Refused("放行稿是空的。整份点评不放行的，请主持人在“点评放行”页点“不放行”；需要修改的，请至少保留一项。")
    is_as_said = all(words[name] == getattr(comment, name) for name in BOXES)
    for name in BOXES:
        setattr(comment, f"told_{name}", "" if is_as_said else words[name])
    comment.told_by, comment.told_at = (None, None) if is_as_said else (by, timezone.now())
    comment.edition += 1
    comment.save()
    count = note_points(comment, by=by)
    act = "恢复点评原话" if is_as_said else "整理点评"
    organizer = comment.review.campaign.organizer
    trail.record(act, comment.review, by=by, organization=organizer, leader=comment.by.name, points=count)
    return comment


@transaction.atomic
def release_comments(
    campaign: Campaign, *, by: Person, reviews: Iterable[Review] | None = None, word: bool, seen: str | None = None
) -> int:
    """放行: let the comments on these secretaries (None: on all) go to them, and their points into the ledger.

    Returns how many comments; those withheld for good are not among them.

    The chair does it himself, or an organizer on his word, which he declares with ``word``. Comments on oneself
    are left for the other of the two. ``seen`` is the mark of the comments that the page showed. Raises Refused
    before the meeting, without a chair or his word, for somebody else, when nothing waits, and when what waits is
    not what was seen: a release cannot be taken back.
    """
    campaign = hold_campaign(campaign.pk)
    if not still(may_release, by, campaign):
        raise Refused("点评由会议主持人放行，或由经办人经主持人同意后放行。")
    if campaign.stage in TOO_EARLY:
        raise Refused("评议会还没有召开，点评不能放行。")
    meeting = getattr(campaign, "meeting", None)
    if meeting is None or meeting.chair is None:
        raise Refused("还没有指定会议主持人。请先在会议控制台指定主持人，由其同意后放行。")
    if not chairs(by, campaign) and not word:
        raise Refused(f"请先征得主持人{meeting.chair}同意，并勾选“主持人已同意放行”。")
    held = Comment.objects.held().filter(review__campaign=campaign).exclude(review__secretary=by)
    if reviews is not None:
        held = held.filter(review__in=[review.pk for review in reviews])
    let_go = list(
        held.select_related("review__campaign__organizer", "review__secretary").order_by("review__order", "pk")
    )
    if not let_go:
        raise Refused("没有等待放行的点评。对您本人的点评，须由他人放行。")
    if seen is not None and seen != mark_of(let_go):
        raise Refused("打开本页之后又有点评提交、修改或作了决定，没有放行。请看过最新内容，再点放行。")
    held.update(released_at=timezone.now(), released_by=by, released_for=meeting.chair)
    problems = sum(_enter_points(comment, by=by) for comment in let_go)
    names = dict.fromkeys(comment.review.secretary.name for comment in let_go)
    facts = {"comments": len(let_go), "problems": problems, "reviews": "、".join(names)}
    facts["on_word_of"] = meeting.chair.name
    trail.record("放行点评", campaign, by=by, organization=campaign.organizer, **facts)
    return len(let_go)


def mark_of(comments: Iterable[Comment]) -> str:
    """A mark that changes with which comments these are and with every change of one."""
    editions = sorted((comment.pk, comment.edition) for comment in comments)
    return hashlib.sha256(repr(editions).encode()).hexdigest()[:16]


def _enter_points(comment: Comment, *, by: Person) -> int:
    """Every point of a comment let go is a problem for the secretary to claim. Returns how many were new to him.

    The points are brought in line with the words told first, so that none is left out; what was taken off the books
    by hand stays off, and what the letter told already is not told again.
    """
    note_points(comment, by=by)
    keys = comment.points.values_list("problem", flat=True)
    return feed_back_problems(comment.review, by=by, only=list(keys))


@transaction.atomic
def sort_point(point: Point, *, theme: str, is_common: bool, by: Person) -> None:
    """归类: the theme of a point, and whether it is a common problem, corrected by hand.

    Raises Refused for others than the chair and the organizer, for a point about oneself, an unknown theme.
    """
    hold_comment(point.comment, by)
    sort_problem(point.problem, theme=theme, is_common=is_common, by=by)


def hold_campaign(pk: int) -> Campaign:
    """A campaign with its meeting, under its lock."""
    held = Campaign.objects.select_for_update(of=("self",))
    return held.select_related("organizer", "meeting__chair").get(pk=pk)


def hold_comment(comment: Comment, by: Person) -> Comment:
    """The comment under the lock of its campaign. Raises Refused unless this person may put it in order."""
    campaign = hold_campaign(comment.review.campaign_id)
    held = Comment.objects.select_related("review__campaign__organizer", "review__secretary", "by").get(pk=comment.pk)
    if held.review.secretary_id == by.pk:
        raise Refused("对您本人的点评，须由他人整理、归类和放行。")
    if not still(may_release, by, campaign):
        raise Refused("点评由会议主持人或经办人整理、归类。")
    return held


def refuse_decided(comment: Comment) -> None:
    """Raise Refused once the chair has decided on a comment, either way."""
    if comment.released_at:
        raise Refused("这份点评已经放行，述职人已能看到，不能再改。")
    if comment.is_withheld:
        raise Refused("主持人已决定不放行这份点评，不能再改。确需修改的，请主持人先撤销“不放行”的决定。")
