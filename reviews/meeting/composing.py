"""The minutes write themselves: the facts of the meeting as paragraphs in the language of an office (F4, F18)."""

from django.utils import timezone

from organizations.models import Person
from reviews.meeting.merging import NUMERALS
from reviews.meeting.models import Comment, Meeting, Turn
from reviews.meeting.queries import Floor, floor_of, in_words, span_of, written_comments
from reviews.meeting.turnout import turnout_of
from reviews.meeting.votes import votes_told

STOPS = ("。", "！", "!", "？", "?", "…", "”", "）", ".")


def compose(meeting: Meeting, *, by: Person) -> str:
    """The minutes as the facts stand now, one paragraph a line; comments as ``by`` may read them."""
    floor = floor_of(meeting, person=by)
    written = written_comments(meeting.campaign, by)
    sections = [
        ("述职情况", [_turn_told(number, turn) for number, turn in enumerate(floor.turns, start=1)]),
        ("书面述职", [f"{review.organization}{review.secretary}，书面述职，会上宣布。" for review in written]),
        ("点评情况", _comments_told([turn.review for turn in floor.turns]) + _comments_told(written)),
        ("测评情况", votes_told(meeting.campaign)),
        ("其他议程", [_at(item.done_at, item.title) for item in _steps_taken(meeting)]),
        ("会议纪事", [_at(happening.at, happening.words) for happening in meeting.happenings.all()]),
    ]
    lines = _opening(meeting, floor)
    for numeral, (title, told) in zip(NUMERALS, [section for section in sections if section[1]], strict=False):
        lines += [f"{numeral}、{title}", *told]
    return "\n\n".join(lines)


def _opening(meeting: Meeting, floor: Floor) -> list[str]:
    """When, where, who chaired, how many came, how many spoke."""
    turnout = turnout_of(meeting.campaign)
    lines = [f"时间：{span_of(meeting)}"]
    if meeting.campaign.place:
        lines.append(f"地点：{meeting.campaign.place}")
    if meeting.chair:
        lines.append(f"主持人：{meeting.chair}")
    lines.append(f"点评方式：{meeting.get_timing_display()}")
    counted = f"（{_clock(turnout.counted_at)}登记）" if turnout.counted_at else ""
    lines.append(f"参会情况{counted}：{turnout.words}")
    lines += [f"{row.panel}：{row.words}；{row.verdict}" for row in turnout.rows]
    spoken = in_words(sum(turn.seconds or 0 for turn in floor.turns)) or "0秒"
    absent = f"，缺席 {floor.absent} 人" if floor.absent else ""
    return [*lines, f"现场述职 {floor.heard} 人，合计用时 {spoken}{absent}。"]


def _turn_told(number: int, turn: Turn) -> str:
    """One secretary's turn: when, how long, who spoke for him, or why he was not there."""
    who = f"{number}. {turn.review.organization}{turn.review.secretary}"
    if turn.state == Turn.State.ABSENT:
        return f"{who}：缺席，原因：{turn.absence}。"
    if turn.started_at is None:
        return f"{who}：未述职。"
    stand_in = f"，{turn.stand_in_words}" if turn.stand_in else ""
    until = f"至{_clock(turn.ended_at)}" if turn.ended_at else "开始，尚未结束"
    length = f"，用时{turn.length}" if turn.length else ""
    over = f"，超时{turn.overrun}" if turn.overrun else ""
    paused = f"，其间中断{in_words(turn.paused_seconds)}，不计入用时" if turn.paused_seconds else ""
    return f"{who}{stand_in}：{_clock(turn.started_at)}{until}{length}{over}{paused}。"


def _comments_told(reviews: list) -> list[str]:
    return [_comment_told(review, comment) for review in reviews for comment in review.said]


def _comment_told(review, comment: Comment) -> str:
    parts = [("亮点：", comment.strengths), ("不足：", comment.weaknesses), ("建议：", comment.advice)]
    said = "".join(label + _stopped(" ".join(text.split())) for label, text in parts if text)
    withheld = "（主持人决定不放行，不向本人反馈）" if comment.is_withheld else ""
    return f"{comment.by}点评{review.organization}{review.secretary}{withheld}：{said}"


def _stopped(text: str) -> str:
    """A text that ends in a stop, so that the next label does not run into it."""
    return text if text.endswith(STOPS) else f"{text.rstrip('，,、；;：:')}。"


def _steps_taken(meeting: Meeting):
    """Items of the agenda that were ticked; turns and comments have sections of their own."""
    return meeting.agenda.filter(done_at__isnull=False).exclude(kind__in=["floor", "comments"])


def _at(moment, words: str) -> str:
    return f"{_clock(moment)} {words}"


def _clock(moment) -> str:
    return f"{timezone.localtime(moment):%H:%M:%S}"
