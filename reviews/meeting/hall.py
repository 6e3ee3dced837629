"""大屏: what the hall sees, put together as plain words before any page is made of it.

``Picture`` has no place for a comment, a mark or a result: what is not released cannot get on the screen, whatever
the template does. While people vote there is only the coarse turnout (SECURITY S8); after the close, how many sheets
were handed out and came back. A speaker comes before everything else.
"""

import hashlib
from dataclasses import dataclass, field, replace

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from reviews.meeting.floor import FLOOR_STAGES
from reviews.meeting.models import Meeting, Turn
from reviews.meeting.queries import Clock, agenda_of, clock_of, current_item
from reviews.meeting.record_models import AgendaItem
from reviews.plan.models import Campaign, Stage
from scoring import booth
from scoring.models import Box


@dataclass(frozen=True, slots=True)
class Picture:
    """One state of the screen: a large word with a line above, lines below, and the clock of a speaker.

    ``votes``: the figures of the vote, as label and figure. ``stamp`` changes with anything but the seconds.
    """

    name: str
    above: str = ""
    below: tuple[str, ...] = ()
    votes: tuple[tuple[str, str], ...] = ()
    clock: Clock | None = None
    stamp: str = field(default="", compare=False)

    @property
    def spent(self) -> int | None:
        """Seconds on the clock as the server sees it now; None without a speaker."""
        return self.clock.spent if self.clock else None


def picture_of(campaign: Campaign) -> Picture:
    """What the hall of a campaign sees now."""
    picture = _picture(campaign)
    still = replace(picture.clock, spent=0) if picture.clock else None
    seen = repr(replace(picture, clock=still, stamp=""))
    return replace(picture, stamp=hashlib.sha256(seen.encode()).hexdigest()[:16])


def _picture(campaign: Campaign) -> Picture:
    meeting = getattr(campaign, "meeting", None)
    if meeting is None or campaign.stage in {Stage.PLANNING, Stage.REPORTING}:
        return Picture("会议尚未开始")
    turns = list(meeting.turns.select_related("review__organization", "review__secretary"))
    speaking = next((turn for turn in turns if turn.state == Turn.State.SPEAKING), None)
    if speaking and campaign.stage in FLOOR_STAGES:
        return _of_speaker(speaking, campaign.speaking_minutes * 60)
    meeting.campaign = campaign
    return _of_vote(meeting, turns) or _of_agenda(meeting, turns)


def _of_speaker(turn: Turn, limit: int) -> Picture:
    post = f"（{turn.stand_in_post}）" if turn.stand_in_post else ""
    below = (f"{turn.stand_in}{post}代述",) if turn.stand_in else ()
    name, place = str(turn.review.secretary), str(turn.review.organization)
    return Picture(name, above=place, below=below, clock=clock_of(turn, limit, timezone.now()))


def _of_vote(meeting: Meeting, turns: list[Turn]) -> Picture | None:
    """The vote that is on, or sealed and not yet ticked as done; a rehearsal where no real one has anything to say."""
    valid = (
        Box.objects.filter(round__campaign=meeting.campaign, round__void_reason="")
        .select_related("lid")
        .defer("frozen", "policy")
    )
    shown = (_of_box(meeting, turns, box) for box in valid.order_by("round__is_rehearsal", "-round__number"))
    return next((picture for picture in shown if picture), None)


def _of_box(meeting: Meeting, turns: list[Turn], box: Box) -> Picture | None:
    """One box while it is open, and its figures for as long as they stand; None before and after."""
    what = "民主测评（演练，不计票）" if box.is_rehearsal else "民主测评"
    if box.is_rehearsal and (meeting.state == Meeting.State.ENDED or _is_between_speakers(turns)):
        return None
    if box.state == Box.State.OPEN and box.lid.is_closing:
        return Picture("正在封箱", above=what, below=("投票已经停止。",))
    if box.state == Box.State.OPEN:
        words = "每 5 票一档，每分钟更新一次。", f"没有扫码条件的，请用手机打开{_voting_address()}，输入测评码。"
        return Picture("请扫自己的测评码", above=what, below=words, votes=(_turnout(box),))
    if box.state == Box.State.CLOSED and _still_stands_at_the_vote(meeting, turns, box):
        return _of_sealed(box, what)
    return None


def _voting_address() -> str:
    """Where a slip is typed by hand: the stated public address; without one the slips tell it."""
    return f" {settings.PUBLIC_URL}{reverse('ballot:vote')} " if settings.PUBLIC_URL else "纸条上的地址"


def _turnout(box: Box) -> tuple[str, str]:
    seen = booth.turnout(box)
    return "已投", "九成以上" if seen.is_nearly_all else f"{seen.cast} / {seen.eligible}"


def _still_stands_at_the_vote(meeting: Meeting, turns: list[Turn], box: Box) -> bool:
    """The figures stay until the clerk ticks the vote; those of a rehearsal until the first speaker."""
    if _is_between_speakers(turns):
        return False
    if box.is_rehearsal:
        return not any(turn.started_at for turn in turns)
    return not meeting.agenda.filter(kind=AgendaItem.Kind.VOTE, done_at__isnull=False).exists()


def _is_between_speakers(turns: list[Turn]) -> bool:
    return any(turn.state == Turn.State.WAITING for turn in turns) and any(turn.started_at for turn in turns)


def _of_sealed(box: Box, what: str) -> Picture:
    figures = booth.returned_figures(box)
    issued, returned = (sum(line[name] for line in figures) for name in ("issued", "returned"))
    votes = ("发出", f"{issued} 张"), ("收回", f"{returned} 张"), ("未收回", f"{issued - returned} 张")
    return Picture("票箱已封", above=what, votes=votes, below=(f"回执校验值 {box.receipts_root[:16]}",))


def _of_agenda(meeting: Meeting, turns: list[Turn]) -> Picture:
    """Between two speakers the next one, whatever else is still unticked; else the step the meeting stands at."""
    if meeting.state == Meeting.State.ENDED or meeting.campaign.stage not in FLOOR_STAGES:
        return Picture("述职评议会结束")
    upcoming = next((turn for turn in turns if turn.state == Turn.State.WAITING), None)
    has_begun = any(turn.started_at for turn in turns)
    item = None if upcoming and has_begun else current_item(agenda_of(meeting, turns))
    if item and item.kind != AgendaItem.Kind.FLOOR:
        return Picture(item.title, above="会议议程")
    if upcoming:
        return Picture(str(upcoming.review.secretary), above="下一位", below=(str(upcoming.review.organization),))
    return Picture("述职完毕")
