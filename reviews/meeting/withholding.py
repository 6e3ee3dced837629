"""不放行: the chair keeps a comment from the secretary for good, with a written reason; and may think better of it.

A withheld comment stays in the file with its words, for who comments and who runs the meeting. Its points go off the
books, so that no list, count, letter or draft that reads the ledger can tell them; letters no longer wait for it.
"""

from django.db import transaction
from django.utils import timezone

from organizations import trail
from organizations.errors import Refused
from organizations.models import Person
from reviews.ledger.actions import open_problem, sort_problem, withdraw_problem
from reviews.ledger.models import Act, Problem
from reviews.meeting.models import Comment, Point
from reviews.meeting.permissions import chairs, still
from reviews.meeting.releasing import hold_campaign
from reviews.plan.models import Stage

# From the meeting until the letters are out; before it nothing is let go either way.
DECIDING_STAGES = frozenset({Stage.MEETING, Stage.BALLOT, Stage.GRADING})
LONGEST_REASON = 300


@transaction.atomic
def withhold_comment(comment: Comment, *, reason: str, by: Person) -> Comment:
    """不放行: decide that a comment never goes to the secretary.

    Raises Refused for another than the chair, for a comment on himself, without a reason, once it was released or
    withheld, before the meeting and after the letters.
    """
    comment = _held(comment, by)
    reason = _reason(reason, "请写明不放行的理由，点评人会看到。")
    if comment.released_at:
        raise Refused("这份点评已经放行，述职人已能看到，不能再决定不放行。")
    if comment.is_withheld:
        raise Refused("这份点评已决定不放行。请刷新页面。")
    comment.withheld_at, comment.withheld_by, comment.withheld_reason = timezone.now(), by, reason
    comment.edition += 1
    comment.save()
    for point in comment.points.select_related("problem"):
        if point.problem.state == Problem.State.NOTED:
            withdraw_problem(point.problem, reason="主持人决定不放行该点评", by=by)
    _record("决定不放行点评", comment, by, reason)
    return comment


@transaction.atomic
def let_wait_again(comment: Comment, *, reason: str, by: Person) -> Comment:
    """撤销不放行: the comment waits for the chair's word as before, its points are noted anew.

    Raises Refused as ``withhold_comment`` does, and for a comment that is not withheld.
    """
    comment = _held(comment, by)
    reason = _reason(reason, "请写明撤销“不放行”的理由。")
    if not comment.is_withheld:
        raise Refused("这份点评没有被决定不放行。请刷新页面。")
    since = comment.withheld_at
    comment.withheld_at, comment.withheld_by, comment.withheld_reason = None, None, ""
    comment.edition += 1
    comment.save()
    for point in comment.points.select_related("problem"):
        if point.problem.steps.filter(act=Act.WITHDRAW, at__gte=since).exists():
            _note_anew(point, comment, by)
    _record("撤销不放行点评", comment, by, reason)
    return comment


def _note_anew(point: Point, comment: Comment, by: Person) -> None:
    """A new problem in the place of the one that went off the books with the comment, sorted as that one was."""
    old = point.problem
    point.problem = open_problem(comment.review, source=old.source, text=old.text, origin=old.origin, by=by)
    point.save(update_fields=["problem"])
    if (old.theme, old.is_common) != (point.problem.theme, point.problem.is_common):
        sort_problem(point.problem, theme=old.theme, is_common=old.is_common, by=by)


def _held(comment: Comment, by: Person) -> Comment:
    """The comment under the lock of its campaign. Raises Refused unless this person chairs and it is the time."""
    campaign = hold_campaign(comment.review.campaign_id)
    held = Comment.objects.select_related("review__campaign__organizer", "review__secretary", "by").get(pk=comment.pk)
    if held.review.secretary_id == by.pk:
        raise Refused("对您本人的点评，不能由您决定是否放行。")
    if not still(chairs, by, campaign):
        raise Refused("不放行点评由会议主持人本人决定，他人不能代为决定。")
    if campaign.stage not in DECIDING_STAGES:
        raise Refused("评议会召开之后、反馈函发出之前，才能决定或撤销“不放行”。")
    return held


def _reason(reason: str, sentence: str) -> str:
    reason = " ".join(reason.split())
    if not reason:
        raise Refused(sentence)
    if len(reason) > LONGEST_REASON:
        raise Refused(f"理由最多 {LONGEST_REASON} 字，现有 {len(reason)} 字，请精简。")
    return reason


def _record(act: str, comment: Comment, by: Person, reason: str) -> None:
    organizer = comment.review.campaign.organizer
    trail.record(act, comment.review, by=by, organization=organizer, leader=comment.by.name, reason=reason)
