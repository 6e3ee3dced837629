"""The floor: secretaries take it one after another, in an order that may still change, against the clock.

Everything here happens under the lock of the meeting's row, so that of two consoles that press at
once one is obeyed and the other is told what has changed meanwhile.
"""

import random
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from organizations import trail
from organizations.errors import Refused
from organizations.models import Person
from reviews.meeting.models import Meeting, Turn
from reviews.meeting.noting import note
from reviews.meeting.permissions import may_run, still
from reviews.meeting.record_models import AgendaItem
from reviews.plan.models import Review, Stage

# Voting begins, and the box may be counted, while the meeting goes on; what closes the floor is the end of the meeting.
FLOOR_STAGES = {Stage.MEETING, Stage.BALLOT, Stage.GRADING, Stage.RECTIFYING}
# Nobody's speech is this short: a second press of "next" so soon was meant for the speaker before him.
SHORTEST_SPEECH_SECONDS = 5
ORDER_CHANGED = "述职顺序或状态已被改动，本次调整没有生效。请按最新顺序重新调整。"


@transaction.atomic
def start_turn(turn: Turn, *, by: Person) -> Turn:
    """请述职人开始: the clock runs from now. Raises Refused while another speaks or if the turn is not waiting."""
    turn = _hold_turn(turn.pk, by, {Turn.State.WAITING})
    speaking = turn.meeting.turns.filter(state=Turn.State.SPEAKING).select_related("review__secretary").first()
    if speaking:
        raise Refused(f"{speaking.review.secretary}正在述职，请先结束，再请{turn.review.secretary}开始。")
    _change(turn, by, "开始述职", state=Turn.State.SPEAKING, started_at=timezone.now(), absence="")
    # Who calls the first speaker has read out the agenda; nobody should have to say so twice.
    turn.meeting.agenda.filter(kind=AgendaItem.Kind.OPENING, done_at=None).update(done_at=turn.started_at)
    return turn


@transaction.atomic
def finish_turn(turn: Turn, *, by: Person) -> Turn:
    """述职完毕. Raises Refused if the turn is not speaking any more."""
    turn = _hold_turn(turn.pk, by, {Turn.State.SPEAKING})
    moment = timezone.now()
    _change(turn, by, "结束述职", state=Turn.State.SPOKEN, ended_at=moment, **_after_pause(turn, moment))
    return turn


@transaction.atomic
def next_turn(turn: Turn, upcoming: int, *, by: Person) -> Turn:
    """One speaker ends, the one announced beside the button (``upcoming``, a turn's key) begins, in one step.

    Raises Refused, moving nothing, if the first is not speaking any more, has only just begun (a double click, or
    a console whose button changed under the finger), or if another is next by now.
    """
    turn = _hold_turn(turn.pk, by, {Turn.State.SPEAKING})
    if _seconds(turn.started_at, timezone.now()) < SHORTEST_SPEECH_SECONDS:
        raise Refused(
            f"{turn.review.secretary}刚刚开始述职，可能是点了两次，或另一台控制台刚刚操作过；本次点击没有生效。"
            "确实要换人的，请过几秒再点；点错了人的，请点“误点，退回”。"
        )
    turn = finish_turn(turn, by=by)
    first = turn.meeting.turns.filter(state=Turn.State.WAITING).first()
    if first is None or first.pk != upcoming:
        raise Refused("述职顺序刚刚有变动，下一位已不是页面上显示的人；本次点击没有生效，请按最新顺序操作。")
    return start_turn(first, by=by)


@transaction.atomic
def pause_turn(turn: Turn, *, by: Person) -> Turn:
    """暂停计时. Raises Refused if the turn is not running."""
    turn = _hold_turn(turn.pk, by, {Turn.State.SPEAKING})
    if turn.paused_at:
        raise Refused(f"{turn.review.secretary}的计时已经暂停。")
    _change(turn, by, "暂停计时", paused_at=timezone.now())
    note(turn.meeting.campaign, f"{turn.review.secretary}述职中断，暂停计时")
    return turn


@transaction.atomic
def resume_turn(turn: Turn, *, by: Person) -> Turn:
    """继续述职: after a pause, or when a turn was ended by mistake. The time between does not count."""
    turn = _hold_turn(turn.pk, by, {Turn.State.SPEAKING, Turn.State.SPOKEN})
    stopped_at = turn.ended_at or turn.paused_at
    if stopped_at is None:
        raise Refused(f"{turn.review.secretary}的计时正在进行。")
    if turn.meeting.turns.filter(state=Turn.State.SPEAKING).exclude(pk=turn.pk).exists():
        raise Refused("另一位述职人正在述职，请先结束。")
    _change(
        turn,
        by,
        "继续述职",
        state=Turn.State.SPEAKING,
        ended_at=None,
        paused_at=None,
        paused_seconds=turn.paused_seconds + _seconds(stopped_at, timezone.now()),
    )
    note(turn.meeting.campaign, f"{turn.review.secretary}继续述职")
    return turn


@transaction.atomic
def mark_absent(turn: Turn, *, reason: str, by: Person) -> Turn:
    """登记缺席. Raises Refused without a reason, or if the turn is not waiting."""
    turn = _hold_turn(turn.pk, by, {Turn.State.WAITING})
    if not reason.strip():
        raise Refused(f"请写明{turn.review.secretary}缺席的原因，例如“因公出差”。")
    if len(reason.strip()) > 100:
        raise Refused("缺席原因不超过 100 字。")
    _change(turn, by, "登记缺席", state=Turn.State.ABSENT, absence=reason.strip())
    return turn


@transaction.atomic
def set_stand_in(turn: Turn, *, name: str, post: str, reason: str, by: Person) -> Turn:
    """代述: somebody else reads the report for a secretary who cannot. It changes nothing about who is voted on.

    An empty name takes the stand-in away. Raises Refused once the turn has begun, without a
    reason, or for the secretary himself.
    """
    turn = _hold_turn(turn.pk, by, {Turn.State.WAITING})
    name, post, reason = (" ".join(text.split()) for text in (name, post, reason))
    if name and not reason:
        raise Refused(f"请写明{turn.review.secretary}由他人代述的原因，例如“住院治疗”。")
    if name == turn.review.secretary.name:
        raise Refused("代述人就是述职人本人，不用登记代述。")
    for label, text, most in (("代述人姓名", name, 30), ("代述人职务", post, 60), ("代述原因", reason, 100)):
        if len(text) > most:
            raise Refused(f"{label}不超过 {most} 字。")
    turn.stand_in, turn.stand_in_post, turn.stand_in_reason = (name, post, reason) if name else ("", "", "")
    turn.save(update_fields=["stand_in", "stand_in_post", "stand_in_reason"])
    act = "登记代述" if name else "取消代述"
    organization = turn.meeting.campaign.organizer
    trail.record(act, turn.review, by=by, organization=organization, stand_in=name, reason=turn.stand_in_reason)
    return turn


@transaction.atomic
def reset_turn(turn: Turn, *, by: Person) -> Turn:
    """退回待述职: a turn begun by mistake, or an absent person who has come. The trail keeps what was undone."""
    turn = _hold_turn(turn.pk, by, {Turn.State.SPEAKING, Turn.State.ABSENT})
    _change(
        turn,
        by,
        "退回待述职",
        state=Turn.State.WAITING,
        started_at=None,
        ended_at=None,
        paused_at=None,
        paused_seconds=0,
        absence="",
    )
    return turn


@transaction.atomic
def reorder(meeting: Meeting, sequence: list[int], *, seen: list[int], by: Person, act: str = "调整述职顺序") -> None:
    """Put those who wait in a new order; who has spoken stays where he spoke.

    ``seen`` is the order of waiting turns that the page showed, ``sequence`` the one wanted (turn
    keys). The reviews follow, so that the voting sheet has the order of the floor (F7).

    Raises Refused if the order changed meanwhile or the two lists do not hold the same turns.
    """
    meeting = hold_floor(meeting.pk, by)
    waiting = list(meeting.turns.filter(state=Turn.State.WAITING).select_related("review__secretary"))
    if [turn.pk for turn in waiting] != seen or sorted(sequence) != sorted(seen):
        raise Refused(ORDER_CHANGED)
    turns = {turn.pk: turn for turn in waiting}
    for pk, order in zip(sequence, [turn.order for turn in waiting], strict=True):
        turns[pk].order = order
        turns[pk].save(update_fields=["order"])
        Review.objects.filter(pk=turns[pk].review_id).update(order=order)
    record_on_trail(act, meeting, by, order=[str(turns[pk].review.secretary) for pk in sequence])


def draw_lots(meeting: Meeting, *, seen: list[int], by: Person) -> None:
    """抽签: those who wait, in an order drawn by the machine's random source; the outcome is on the trail."""
    drawn = list(seen)
    random.SystemRandom().shuffle(drawn)
    reorder(meeting, drawn, seen=seen, by=by, act="抽签确定述职顺序")


def hold_floor(pk: int, by: Person, *, states: Iterable[str] = (Meeting.State.OPEN,)) -> Meeting:
    """The meeting, locked and open (or in one of the states given), for somebody who may still run it."""
    held = Meeting.objects.select_for_update(of=("self",)).select_related("campaign__organizer")
    meeting = held.get(pk=pk)
    if not still(may_run, by, meeting.campaign):
        raise Refused("只有本活动的经办人可以操作评议会。")
    if meeting.campaign.stage not in FLOOR_STAGES:
        raise Refused(f"活动处于“{meeting.campaign.get_stage_display()}”阶段，评议会不能操作。请刷新页面。")
    if meeting.state not in states:
        raise Refused(f"评议会{meeting.get_state_display()}，不能再操作。")
    return meeting


def _hold_turn(pk: int, by: Person, states: set[str]) -> Turn:
    """A turn read under the lock of its meeting; Refused if it is not in one of the states that the click expects."""
    meeting_pk = Turn.objects.filter(pk=pk).values_list("meeting_id", flat=True).first()
    if meeting_pk is None:
        raise Refused("这位述职人已不在议程中，请刷新页面。")
    meeting = hold_floor(meeting_pk, by)
    turn = meeting.turns.select_related("review__organization", "review__secretary").get(pk=pk)
    if turn.state not in states:
        raise Refused(
            f"{turn.review.secretary}现在是“{turn.get_state_display()}”，可能是另一台控制台刚刚操作过；"
            "本次点击没有生效，请按最新状态操作。"
        )
    turn.meeting = meeting
    return turn


def record_on_trail(act: str, meeting: Meeting, by: Person, **facts) -> None:
    """One line on the trail of the organization that runs the meeting."""
    trail.record(act, meeting, by=by, organization=meeting.campaign.organizer, **facts)


def _change(turn: Turn, by: Person, act: str, **fields) -> None:
    """Write the turn and the trail."""
    for name, value in fields.items():
        setattr(turn, name, value)
    turn.save(update_fields=list(fields))
    facts = {"reason": turn.absence} if turn.absence else {}
    trail.record(act, turn.review, by=by, organization=turn.meeting.campaign.organizer, **facts)


def _after_pause(turn: Turn, moment: datetime) -> dict:
    """A turn that ends while paused: the pause counts up to its end, so that only speech is counted."""
    if turn.paused_at is None:
        return {}
    return {"paused_at": None, "paused_seconds": turn.paused_seconds + _seconds(turn.paused_at, moment)}


def _seconds(start: datetime, end: datetime) -> int:
    return max(0, round((end - start).total_seconds()))
