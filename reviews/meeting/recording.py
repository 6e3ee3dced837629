"""会议记录: gathered from the facts, edited, signed by the recorder and by the chair, reopened with a reason.

Every verb holds the row of the meeting, so that of two editors one is told what the other has saved.
"""

import hashlib

from django.db import transaction
from django.utils import timezone

from organizations.errors import Refused
from organizations.models import Person
from reviews.meeting.composing import compose
from reviews.meeting.floor import record_on_trail
from reviews.meeting.merging import NEW_FACT, is_unsettled, merge
from reviews.meeting.models import Meeting
from reviews.meeting.noting import LONGEST, note
from reviews.meeting.permissions import may_edit_minutes, may_reopen_minutes, may_sign_as_chair, still
from reviews.meeting.record_models import Minutes
from reviews.meeting.votes import vote_under_way

LONGEST_TEXT = 100_000  # characters; forty speakers with three comments each stay below half of it


class StaleMinutes(Refused):
    """Somebody saved the minutes meanwhile. ``current`` is what stands there now."""

    def __init__(self, current: Minutes):
        super().__init__("会议记录在别处已有更新，没有覆盖。请对照两份文字，改好后再保存一次。")
        self.current = current


@transaction.atomic
def gather_minutes(meeting: Meeting, *, by: Person) -> Minutes:
    """汇集会议事实: the first time the whole text; later only what has changed, the editor's own words kept.

    Raises Refused once the minutes are signed, or for somebody who may not edit them.
    """
    meeting = _hold(meeting, by)
    facts = compose(meeting, by=by)
    minutes = in_force(meeting)
    if minutes is None:
        number = meeting.minutes.count() + 1
        minutes = meeting.minutes.create(number=number, text=facts, facts=facts)
        record_on_trail("汇集会议记录", meeting, by, edition=minutes.edition)
        return minutes
    _demand_draft(minutes)
    text = merge(minutes.facts, minutes.text, facts)
    _demand_length(text)
    if facts != minutes.facts:
        minutes.text, minutes.facts, minutes.edition = text, facts, minutes.edition + 1
        minutes.save(update_fields=["text", "facts", "edition", "saved_at"])
        record_on_trail("汇集会议记录", meeting, by, edition=minutes.edition)
    return minutes


@transaction.atomic
def save_minutes(meeting: Meeting, *, text: str, edition: int, by: Person) -> Minutes:
    """Keep what the editor typed. ``edition`` is the one the page was filled from.

    Raises Refused once signed, for an empty or overlong text; StaleMinutes if somebody saved meanwhile.
    """
    meeting = _hold(meeting, by)
    minutes = _demand_there(meeting)
    _demand_draft(minutes)
    if minutes.edition != edition:
        raise StaleMinutes(minutes)
    if not text.strip():
        raise Refused("会议记录不能是空的。")
    _demand_length(text)
    if text.strip() != minutes.text:
        minutes.text, minutes.edition = text.strip(), edition + 1
        minutes.save(update_fields=["text", "edition", "saved_at"])
    return minutes


@transaction.atomic
def sign_as_recorder(meeting: Meeting, *, edition: int, by: Person) -> Minutes:
    """记录人签定: the text is frozen from now on.

    Raises Refused before the meeting and its vote are over, with facts changed since the text was gathered, or
    with a marked fact unsettled; StaleMinutes if what was read is not what stands there.
    """
    meeting = _hold(meeting, by)
    minutes = _demand_there(meeting)
    _demand_draft(minutes)
    if minutes.edition != edition:
        raise StaleMinutes(minutes)
    if why := not_over(meeting):
        raise Refused(f"会议记录现在不能签定：{why}")
    if is_unsettled(minutes.text):
        raise Refused(f"记录中还有标着“{NEW_FACT}”的段落。请逐段核对，改好正文并删去标记后再签定。")
    if compose(meeting, by=by) != minutes.facts:
        raise Refused("会议事实在汇集之后又有变动。请先点“重新汇集会议事实”，核对后再签定。")
    minutes.state, minutes.recorder, minutes.recorded_at = Minutes.State.RECORDED, by, timezone.now()
    minutes.digest = digest_of(minutes.text)
    minutes.save(update_fields=["state", "recorder", "recorded_at", "digest"])
    record_on_trail("记录人签定会议记录", meeting, by, digest=minutes.digest)
    return minutes


@transaction.atomic
def sign_as_chair(meeting: Meeting, *, digest: str, by: Person) -> Minutes:
    """主持人签定. ``digest`` is that of the text read.

    Raises Refused for the recorder himself, for another text, and while a vote is under way again.
    """
    meeting = _lock(meeting)
    if not still(may_sign_as_chair, by, meeting):
        raise Refused("会议记录由主持人签定；没有指定主持人的，由审批人签定。")
    minutes = _demand_there(meeting)
    if minutes.state != Minutes.State.RECORDED:
        raise Refused(f"会议记录{minutes.get_state_display()}，现在不能由主持人签定。请刷新页面。")
    if minutes.recorder_id == by.pk:
        raise Refused("记录人和主持人须是两个人，请由主持人签定。")
    if why := not_over(meeting):
        raise Refused(f"会议记录现在不能签定：{why}")
    if minutes.digest != digest:
        raise Refused("会议记录已不是您刚才看到的那一稿，没有签定。请重新看过后再签。")
    minutes.state, minutes.chair, minutes.signed_at = Minutes.State.SIGNED, by, timezone.now()
    minutes.save(update_fields=["state", "chair", "signed_at"])
    record_on_trail("主持人签定会议记录", meeting, by, digest=minutes.digest)
    return minutes


@transaction.atomic
def reopen_minutes(meeting: Meeting, *, reason: str, by: Person) -> Minutes:
    """退回重签: the approver opens signed minutes again; the signed text stays as it is beside a new draft."""
    meeting = _lock(meeting)
    if not still(may_reopen_minutes, by, meeting.campaign):
        raise Refused("只有本活动的审批人可以退回会议记录。")
    minutes = _demand_there(meeting)
    if minutes.state == Minutes.State.DRAFT:
        raise Refused("会议记录还在整理中，没有签定，不用退回。")
    if not reason.strip():
        raise Refused("请写明退回重签的原因。")
    minutes.state, minutes.reopen_reason = Minutes.State.SUPERSEDED, reason.strip()[:200]
    minutes.reopened_by, minutes.reopened_at = by, timezone.now()
    minutes.save(update_fields=["state", "reopen_reason", "reopened_by", "reopened_at"])
    record_on_trail("退回会议记录重签", meeting, by, reason=minutes.reopen_reason)
    return meeting.minutes.create(number=minutes.number + 1, text=minutes.text, facts=minutes.facts)


@transaction.atomic
def note_by_hand(meeting: Meeting, *, words: str, by: Person) -> None:
    """记一笔: what the clock does not see, such as a power cut. Raises Refused without words or when signed."""
    meeting = _hold(meeting, by)
    words = " ".join(words.split())
    if not words:
        raise Refused("请写明发生了什么，例如“停电，会议中断”。")
    if len(words) > LONGEST:
        raise Refused(f"一条纪事不超过 {LONGEST} 字。")
    minutes = in_force(meeting)
    if minutes:
        _demand_draft(minutes)
    note(meeting.campaign, words)
    record_on_trail("记会议纪事", meeting, by, words=words)


def may_note_by_hand(person: Person, meeting: Meeting) -> bool:
    """Who edits the minutes, for as long as nobody has signed them."""
    minutes = in_force(meeting)
    return (minutes is None or minutes.state == Minutes.State.DRAFT) and may_edit_minutes(person, meeting.campaign)


def not_over(meeting: Meeting) -> str:
    """Why the minutes cannot be signed yet, as a sentence; "" once the meeting and every vote of it are over."""
    if meeting.state != Meeting.State.ENDED:
        return "评议会还没有结束。请先在会议控制台点“结束评议会”。"
    vote = vote_under_way(meeting.campaign)
    return f"{vote}测评全部结束、开箱计票（或宣布无效）后再签定。" if vote else ""


def has_new_facts(meeting: Meeting, minutes: Minutes, *, by: Person) -> bool:
    """True if the meeting's facts have changed since the draft was gathered: gathering again brings them in."""
    return minutes.state == Minutes.State.DRAFT and compose(meeting, by=by) != minutes.facts


def in_force(meeting: Meeting) -> Minutes | None:
    """The minutes that count, None before they were first gathered."""
    return meeting.minutes.exclude(state=Minutes.State.SUPERSEDED).select_related("recorder", "chair").first()


def digest_of(text: str) -> str:
    """SHA-256 of the signed text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def _lock(meeting: Meeting) -> Meeting:
    held = Meeting.objects.select_for_update(of=("self",)).select_related("campaign__organizer", "chair")
    return held.get(pk=meeting.pk)


def _hold(meeting: Meeting, by: Person) -> Meeting:
    """The meeting under its lock, for somebody who may still edit its minutes."""
    meeting = _lock(meeting)
    if not still(may_edit_minutes, by, meeting.campaign):
        raise Refused("会议记录由本活动的经办人整理；本人参加述职的，请另一位经办人整理。")
    return meeting


def _demand_there(meeting: Meeting) -> Minutes:
    minutes = in_force(meeting)
    if minutes is None:
        raise Refused("会议记录还没有汇集。请先点“汇集会议事实”。")
    return minutes


def _demand_draft(minutes: Minutes) -> None:
    if minutes.state != Minutes.State.DRAFT:
        raise Refused(f"会议记录{minutes.get_state_display()}，不能再改。确需修改的，请审批人写明原因退回重签。")


def _demand_length(text: str) -> None:
    if len(text) > LONGEST_TEXT:
        raise Refused(f"会议记录不超过 {LONGEST_TEXT} 字，现有 {len(text)} 字，请删减。")
