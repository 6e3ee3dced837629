"""What is done at the meeting: it opens, leaders comment, it ends. Turns are taken in floor.py."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from organizations import trail
from organizations.errors import Refused
from organizations.models import Person
from reviews.ledger.actions import open_problem, reword_problem, withdraw_problem
from reviews.ledger.models import Problem
from reviews.ledger.points import split_points
from reviews.meeting.agenda import follow_timing, lay_agenda
from reviews.meeting.floor import hold_floor, record_on_trail
from reviews.meeting.matching import pair_points, sentence_of
from reviews.meeting.models import Comment, CommentDraft, Meeting, Turn
from reviews.meeting.noting import note
from reviews.meeting.permissions import may_comment, may_count, may_enter_for_leader, may_run, still, unready_reviews
from reviews.meeting.record_models import AgendaItem
from reviews.plan.actions import move_campaign
from reviews.plan.models import Campaign, Review, Stage

# Comments are prepared, given and corrected here; from GRADING on they are what was said.
COMMENT_STAGES = {Stage.REPORTING, Stage.MEETING, Stage.BALLOT}


class Stale(Refused):
    """Somebody saved a newer text meanwhile. ``current`` is that text: a Comment or a CommentDraft, or None."""

    def __init__(self, sentence: str, current: "Comment | CommentDraft | None"):
        super().__init__(sentence)
        self.current = current


# --- the meeting -------------------------------------------------------------------------------


@transaction.atomic
def open_meeting(
    campaign: Campaign,
    *,
    by: Person,
    reason: str = "",
    chair: Person | None = None,
    timing: str = Meeting.Timing.AFTER_EACH,
) -> Meeting:
    """召开评议会: take the campaign to its meeting and give every secretary on site his turn (C3, C4).

    Every report must have been approved first (B9). Without that the organizer may go on with a
    written reason, which stays on the trail with the names of those whose report is missing.
    A campaign that was taken back and meets again keeps the turns already spoken.

    Raises Refused in another stage, without reviews, or with missing reports and no reason.
    """
    campaign = _hold_campaign(campaign.pk)
    if not still(may_run, by, campaign):
        raise Refused("只有本活动的经办人可以召开评议会。")
    if campaign.stage != Stage.REPORTING:
        raise Refused(
            f"“{campaign}”处于“{campaign.get_stage_display()}”阶段，评议会在“述职报告”阶段完成后召开。请刷新页面。"
        )
    reviews = list(campaign.reviews.select_related("organization", "secretary").order_by("order", "pk"))
    if not reviews:
        raise Refused("还没有述职人，不能召开评议会。请先在筹备中选定述职人。")
    missing = [str(review) for review in unready_reviews(campaign)]
    if missing and not reason.strip():
        raise Refused(
            f"还有 {len(missing)} 份述职报告未审核通过：{'、'.join(missing)}。请先完成审核，或写明先行召开的原因。"
        )
    meeting, _ = Meeting.objects.get_or_create(campaign=campaign)
    meeting.chair, meeting.timing = chair, Meeting.Timing(timing)
    meeting.state, meeting.opened_at, meeting.ended_at = Meeting.State.OPEN, meeting.opened_at or timezone.now(), None
    meeting.save()
    _seat_speakers(meeting, reviews)
    lay_agenda(meeting)
    meeting.agenda.filter(kind=AgendaItem.Kind.CLOSING).update(done_at=None)
    follow_timing(meeting)
    for panel in campaign.panels.all():
        meeting.attendance.get_or_create(panel=panel)
    move_campaign(campaign, Stage.MEETING, by=by, reason=reason)
    trail.record("召开评议会", campaign, by=by, organization=campaign.organizer, reason=reason.strip(), missing=missing)
    return meeting


def _seat_speakers(meeting: Meeting, reviews: list[Review]) -> None:
    """One turn for each review on site, in the order of the reviews; the written ones get none."""
    onsite = [review for review in reviews if review.mode == Review.Mode.ONSITE]
    meeting.turns.filter(state=Turn.State.WAITING).exclude(review__in=onsite).delete()
    seated = {turn.review_id: turn for turn in meeting.turns.all()}
    for review in onsite:
        turn = seated.get(review.pk) or Turn(meeting=meeting, review=review)
        turn.order = review.order
        turn.save()


@transaction.atomic
def set_chair(meeting: Meeting, *, chair: Person | None, timing: str, by: Person) -> None:
    """Say who chairs and when comments are given: after each report (一述一评) or after all (C4, C5)."""
    meeting = hold_floor(meeting.pk, by)
    meeting.chair, meeting.timing = chair, Meeting.Timing(timing)
    meeting.save(update_fields=["chair", "timing"])
    follow_timing(meeting)
    record_on_trail("设置主持人和点评方式", meeting, by, chair=str(chair or ""), timing=meeting.get_timing_display())


@transaction.atomic
def name_chair(meeting: Meeting, *, chair: Person | None, by: Person) -> None:
    """补定主持人: who chaired, said after the meeting where nobody was named. Without a chair no comment is let go.

    Raises Refused while the meeting goes on, without a person, or where a chair was named: the record stands.
    """
    meeting = hold_floor(meeting.pk, by, states=[Meeting.State.ENDED])
    if meeting.chair_id:
        raise Refused("主持人已经指定，会后不再改动。请刷新页面。")
    if chair is None:
        raise Refused("请选择主持人。")
    meeting.chair = chair
    meeting.save(update_fields=["chair"])
    record_on_trail("会后指定主持人", meeting, by, chair=str(chair))


@transaction.atomic
def record_attendance(
    meeting: Meeting, present: dict[int, int], *, by: Person, excused: dict[int, int] | None = None
) -> None:
    """签到: how many of each panel came and how many were excused, as panel key -> count. No names (SECURITY S7).

    Raises Refused, changing nothing, if more came or were excused than were expected of a panel, and after the
    meeting once its vote is counted or its minutes are signed.
    """
    meeting = hold_floor(meeting.pk, by, states=[Meeting.State.OPEN, Meeting.State.ENDED])
    if not may_count(by, meeting):
        raise Refused("评议会已结束，测评已经计票或会议记录已经签定，签到人数不再改动。")
    came, away = {}, {}
    for panel in meeting.campaign.panels.all():
        row = meeting.attendance.get_or_create(panel=panel)[0]
        row.present = present.get(panel.pk, row.present)
        row.excused = (excused or {}).get(panel.pk, row.excused)
        if row.present > panel.size:
            raise Refused(
                f"{panel}应到 {panel.size} 人，实到不能是 {row.present} 人。请核对签到表；确有变动的，先调整票种人数。"
            )
        if row.present + row.excused > panel.size:
            raise Refused(
                f"{panel}应到 {panel.size} 人，实到 {row.present} 人和请假 {row.excused} 人合计超过应到，请核对。"
            )
        row.counted_at = timezone.now()
        row.save(update_fields=["present", "excused", "counted_at"])
        came[panel.code], away[panel.code] = row.present, row.excused
    record_on_trail("登记签到人数", meeting, by, present=came, excused=away)


@transaction.atomic
def end_meeting(meeting: Meeting, *, by: Person) -> None:
    """散会: everybody on site has spoken or is marked absent. Raises Refused naming who is still to be heard."""
    meeting = hold_floor(meeting.pk, by)
    waiting = meeting.turns.filter(state__in=[Turn.State.WAITING, Turn.State.SPEAKING])
    names = [str(turn.review.secretary) for turn in waiting.select_related("review__secretary")]
    if names:
        raise Refused(f"还有 {len(names)} 人没有述职完毕：{'、'.join(names)}。请继续述职，或登记缺席后再结束会议。")
    meeting.state, meeting.ended_at = Meeting.State.ENDED, timezone.now()
    meeting.save(update_fields=["state", "ended_at"])
    meeting.agenda.filter(kind=AgendaItem.Kind.CLOSING, done_at=None).update(done_at=meeting.ended_at)
    record_on_trail("结束评议会", meeting, by)


def go_on_meeting(campaign: Campaign, *, reason: str) -> None:
    """继续开会: a meeting that was ended is open again, in the transaction of whoever took the campaign back to it."""
    meeting = Meeting.objects.select_for_update().filter(campaign=campaign, state=Meeting.State.ENDED).first()
    if meeting is None:
        return
    meeting.state, meeting.ended_at = Meeting.State.OPEN, None
    meeting.save(update_fields=["state", "ended_at"])
    meeting.agenda.filter(kind=AgendaItem.Kind.CLOSING).update(done_at=None)
    note(campaign, f"继续开会，原因：{reason.strip()}")


# --- comments ----------------------------------------------------------------------------------


@transaction.atomic
def comment_on(
    review: Review,
    *,
    strengths: str = "",
    weaknesses: str = "",
    advice: str = "",
    edition: int,
    by: Person,
    typed_by: Person | None = None,
    draft_edition: int | None = None,
) -> Comment:
    """点评: keep what a leader says of a secretary; each "一是…" of the weaknesses becomes a noted problem.

    ``by`` is the leader whose comment it is, ``typed_by`` the organizer who typed it for him, if
    any; ``edition`` is the one the page showed (0 for a first comment), ``draft_edition`` that of
    the draft it was typed over (None: no draft page). Saving again rewords, withdraws and adds
    ledger problems, so that they are always the points of the comment, each once.

    Raises Refused outside preparation, meeting and ballot, for oneself, or for an empty first
    comment; Stale, with the newer text, if somebody saved meanwhile.
    """
    review = _hold_review(review.pk, by, typed_by)
    comment = Comment.objects.filter(review=review, by=by).first() or Comment(review=review, by=by)
    if comment.is_withheld:
        raise Refused(f"主持人已决定不放行这份点评（理由：{comment.withheld_reason}），不能再改。")
    draft = CommentDraft.objects.filter(review=review, by=by, typed_by=typed_by or by).first()
    newer_draft = draft_edition is not None and draft is not None and draft.edition != draft_edition
    if comment.edition != edition or newer_draft:
        current = draft if newer_draft else (comment if comment.pk else None)
        raise Stale("这份点评在别处已有更新的内容，没有覆盖。请对照两份文字，改好后再保存一次。", current)
    if comment.released_at:
        raise Refused("这份点评已经放行，述职人已能看到，不能再改。需要更正的，请在整改台账中办理。")
    dropped = {"rewording_dropped": True} if comment.is_reworded else {}
    comment.told_strengths = comment.told_weaknesses = comment.told_advice = ""
    comment.told_by = comment.told_at = None
    comment.strengths, comment.weaknesses, comment.advice = strengths.strip(), weaknesses.strip(), advice.strip()
    if not comment.pk and not (comment.strengths or comment.weaknesses or comment.advice):
        raise Refused("点评内容还是空的。请至少填写一项。")
    comment.edition = edition + 1
    comment.save()
    if draft is not None and draft_edition is not None:
        draft.delete()
    count = note_points(comment, by=typed_by or by)
    trail.record(
        "点评",
        review,
        by=typed_by or by,
        organization=review.campaign.organizer,
        leader=by.name,
        points=count,
        edition=comment.edition,
        **dropped,
    )
    return comment


def note_points(comment: Comment, *, by: Person) -> int:
    """Bring the points and their ledger problems in line with the weaknesses to be told. Returns how many."""
    weaknesses = comment.told["weaknesses"]
    texts = split_points(weaknesses)
    old = list(comment.points.select_related("problem"))
    pairs = pair_points([point.text for point in old], texts)
    kept = {}
    for number, (text, place) in enumerate(zip(texts, pairs, strict=True)):
        point = None if place is None else old[place]
        # A problem taken off the books by hand stays off; new words for it are a new problem.
        if point and (point.text == text or point.problem.state == Problem.State.NOTED):
            kept[number] = point
    for point in old:
        if point not in kept.values() and point.problem.state == Problem.State.NOTED:
            withdraw_problem(point.problem, reason="点评已修改", by=by)
    comment.points.all().delete()
    for number, text in enumerate(texts):
        origin = sentence_of(weaknesses, text)
        if number not in kept:
            source = Problem.Source.SUPERIOR_COMMENT
            problem = open_problem(comment.review, source=source, text=text, origin=origin, by=by)
        else:
            problem = kept[number].problem
            if kept[number].text != text:
                reword_problem(problem, text=text, origin=origin, by=by)
        comment.points.create(number=number + 1, text=text, problem=problem)
    return len(texts)


def save_draft(
    review: Review, *, strengths: str, weaknesses: str, advice: str, edition: int, by: Person, typed_by: Person
) -> CommentDraft:
    """Keep what is being typed, for its typist alone. ``edition`` is the draft's, 0 for a first one.

    No trail and no ledger: a draft is not yet an act. Raises Refused where ``comment_on`` does,
    Stale if the draft was saved elsewhere meanwhile.
    """
    _ask_comment(review, by, typed_by)
    texts = {"strengths": strengths, "weaknesses": weaknesses, "advice": advice}
    own = CommentDraft.objects.filter(review=review, by=by, typed_by=typed_by)
    if edition == 0:
        draft, made = CommentDraft.objects.get_or_create(review=review, by=by, typed_by=typed_by, defaults=texts)
    else:
        made = own.filter(edition=edition).update(edition=F("edition") + 1, saved_at=timezone.now(), **texts)
        draft = own.first()
    if not made:
        raise Stale("这份草稿在另一个窗口里有更新的内容，本窗口没有覆盖它。", draft)
    return draft


@dataclass(frozen=True, slots=True)
class ScriptLine:
    """One corrected entry of a pasted script: whose review, whose comment, which words; may it replace another?"""

    number: int
    review: Review
    leader: Person
    text: str
    replace: bool = False


@transaction.atomic
def save_script(campaign: Campaign, lines: Iterable[ScriptLine], *, by: Person) -> int:
    """Save a pasted comment script as the organizer corrected it: all of it or nothing. Returns how many comments.

    Raises Refused, naming the entry, where one cannot be saved: a person twice under one leader, a
    comment that is there already and was not to be replaced, and whatever ``comment_on`` refuses.
    """
    campaign = _hold_campaign(campaign.pk)
    if not still(may_run, by, campaign):
        raise Refused("只有本活动的经办人可以录入点评稿。")
    seen: dict[tuple[int, int], int] = {}
    for line in lines:
        pair = (line.review.pk, line.leader.pk)
        if pair in seen:
            raise Refused(f"第 {seen[pair]} 条和第 {line.number} 条都对应{line.review.secretary}，请改正其中一条。")
        seen[pair] = line.number
        said = Comment.objects.filter(review=line.review, by=line.leader).first()
        if said and not line.replace:
            raise Refused(
                f"第 {line.number} 条：{line.leader}对{line.review.secretary}已有点评。"
                "要以本稿为准，请勾选“替换已有点评”。"
            )
        try:
            comment_on(
                line.review,
                strengths=said.strengths if said else "",
                weaknesses=line.text,
                advice=said.advice if said else "",
                edition=said.edition if said else 0,
                by=line.leader,
                typed_by=by,
            )
        except Refused as refused:
            raise Refused(f"第 {line.number} 条：{refused}") from refused
    if not seen:
        raise Refused("没有选中任何一条点评，未保存。")
    trail.record("录入点评稿", campaign, by=by, organization=campaign.organizer, comments=len(seen))
    return len(seen)


# --- under the lock ----------------------------------------------------------------------------


def _hold_campaign(pk: int) -> Campaign:
    return Campaign.objects.select_for_update(of=("self",)).select_related("organizer").get(pk=pk)


def _hold_review(pk: int, by: Person, typed_by: Person | None) -> Review:
    """A review under the lock of its campaign, so that the stage cannot pass while a comment is saved."""
    _hold_campaign(Review.objects.values_list("campaign_id", flat=True).get(pk=pk))
    review = Review.objects.select_related("campaign__organizer", "organization", "secretary").get(pk=pk)
    _ask_comment(review, by, typed_by or by)
    return review


def _ask_comment(review: Review, by: Person, typed_by: Person) -> None:
    """Raise Refused unless ``by`` may comment, ``typed_by`` may type it, and it is the time for it."""
    if not still(may_comment, by, review):
        raise Refused(f"{by}不能点评{review.secretary}：须是本活动的点评领导，且不能点评本人。")
    if typed_by != by and not still(may_enter_for_leader, typed_by, review):
        raise Refused(f"您不能代为录入对{review.secretary}的点评。")
    if review.campaign.stage not in COMMENT_STAGES:
        raise Refused(
            f"活动处于“{review.campaign.get_stage_display()}”阶段，点评只能在述职报告、评议会和测评阶段填写；已有点评不再改动。"
        )
