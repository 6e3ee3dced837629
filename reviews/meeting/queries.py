"""What the pages of the meeting show: the floor, the comments, the matched script."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.utils import timezone

from organizations.models import Person
from reviews.ledger.models import Problem
from reviews.meeting.matching import Candidate
from reviews.meeting.models import Comment, CommentDraft, Meeting, Turn
from reviews.meeting.permissions import leaders_of
from reviews.meeting.record_models import AgendaItem
from reviews.meeting.turnout import turnout_of
from reviews.meeting.votes import votes_told
from reviews.plan.models import Campaign, Review
from reviews.report.models import Report
from reviews.report.permissions import may_read as may_read_report

WARN_SECONDS = 60  # 004: five minutes each; the last one is announced


@dataclass(frozen=True, slots=True)
class Clock:
    """The countdown of a turn as the server sees it now; the page only ticks on from here."""

    limit: int  # seconds
    spent: int
    is_running: bool
    is_paused: bool = False

    @property
    def left(self) -> int:
        return max(0, self.limit - self.spent)

    @property
    def over(self) -> int:
        return max(0, self.spent - self.limit)

    @property
    def digits(self) -> str:
        """ "4:07" counted down, then the overrun counted up."""
        return in_minutes(self.over or self.left)

    @property
    def words(self) -> str:
        if self.over:
            return "超时"
        return "已暂停" if self.is_paused else "剩余不足1分钟" if self.left <= WARN_SECONDS else "剩余时间"

    @property
    def tone(self) -> str:
        return "over" if self.over else "warning" if self.left <= WARN_SECONDS else "calm"


def in_minutes(seconds: int) -> str:
    """125 -> "2:05"."""
    return f"{seconds // 60}:{seconds % 60:02d}"


def in_words(seconds: int | None) -> str:
    """125 -> "2分5秒"; empty for None."""
    if seconds is None:
        return ""
    return f"{seconds // 60}分{seconds % 60}秒" if seconds >= 60 else f"{seconds}秒"


@dataclass(slots=True)
class Floor:
    """The agenda and where it stands."""

    meeting: Meeting
    turns: list[Turn]
    limit: int
    moment: datetime
    speaking: Turn | None = None
    upcoming: Turn | None = None
    last: Turn | None = None  # who spoke before; it is his comment that is due
    clock: Clock | None = None
    waiting: list[int] = field(default_factory=list)
    items: list[AgendaItem] = field(default_factory=list)
    item: AgendaItem | None = None  # the step the meeting stands at
    stamp: str = ""

    @property
    def item_keys(self) -> list[int]:
        return [item.pk for item in self.items]

    @property
    def heard(self) -> int:
        return sum(turn.state == Turn.State.SPOKEN for turn in self.turns)

    @property
    def absent(self) -> int:
        return sum(turn.state == Turn.State.ABSENT for turn in self.turns)

    @property
    def place(self) -> int:
        """The speaker's number on the agenda, from 1; 0 while nobody speaks."""
        return self.turns.index(self.speaking) + 1 if self.speaking else 0

    @property
    def is_over(self) -> bool:
        """True when nobody is still to be heard."""
        return not self.waiting and self.speaking is None


def floor_of(meeting: Meeting, *, person: Person, moment: datetime | None = None) -> Floor:
    """The agenda in the order of the floor, each turn with the comments that the person may read."""
    moment = moment or timezone.now()
    comments = Prefetch("review__comments", Comment.objects.shown_to(person), to_attr="said")
    turns = list(meeting.turns.select_related("review__organization", "review__secretary").prefetch_related(comments))
    floor = Floor(meeting, turns, meeting.campaign.speaking_minutes * 60, moment)
    waiting = [turn for turn in turns if turn.state == Turn.State.WAITING]
    floor.waiting = [turn.pk for turn in waiting]
    floor.upcoming = waiting[0] if waiting else None
    floor.speaking = next((turn for turn in turns if turn.state == Turn.State.SPEAKING), None)
    spoken = [turn for turn in turns if turn.state == Turn.State.SPOKEN and turn.ended_at]
    floor.last = max(spoken, key=lambda turn: turn.ended_at, default=None)
    if floor.speaking:
        floor.clock = clock_of(floor.speaking, floor.limit, moment)
    for turn in turns:
        dress_turn(turn, floor)
    floor.items = agenda_of(meeting, turns)
    floor.item = None if meeting.state == Meeting.State.ENDED else current_item(floor.items)
    floor.stamp = _stamp(floor)
    return floor


def agenda_of(meeting: Meeting, turns: list[Turn]) -> list[AgendaItem]:
    """The steps of the meeting, each with ``ended_at``: when ticked; the reports, when the last one was over."""
    items = list(meeting.agenda.all())
    open_turns = [turn for turn in turns if turn.state in {Turn.State.WAITING, Turn.State.SPEAKING}]
    over = max((turn.ended_at for turn in turns if turn.ended_at), default=meeting.opened_at)
    for item in items:
        is_floor = item.kind == AgendaItem.Kind.FLOOR
        item.ended_at = (None if open_turns else over) if is_floor else item.done_at
    return items


def current_item(items: list[AgendaItem]) -> AgendaItem | None:
    """The first step that is not done; None when all are."""
    return next((item for item in items if item.ended_at is None), None)


def dress_turn(turn: Turn, floor: Floor) -> None:
    """Give a turn what its row shows: place among those who wait, length in words, overrun, comments."""
    turn.is_first_waiting = bool(floor.waiting) and turn.pk == floor.waiting[0]
    turn.is_last_waiting = bool(floor.waiting) and turn.pk == floor.waiting[-1]
    turn.length = in_words(turn.seconds)
    turn.overrun = in_words(max(0, turn.seconds - floor.limit) or None) if turn.seconds is not None else ""
    turn.comments = getattr(turn.review, "said", [])
    turn.point_count = sum(len(comment.points.all()) for comment in turn.comments)


def clock_of(turn: Turn, limit: int, moment: datetime) -> Clock:
    """The countdown of a turn at a moment."""
    return Clock(limit, turn.spent_at(moment), turn.is_running, is_paused=turn.paused_at is not None)


def _stamp(floor: Floor) -> str:
    """Changes when anything on the console changes, so that a second console knows it is out of date."""
    state = [floor.meeting.state, floor.meeting.timing, floor.meeting.chair_id]
    for turn in floor.turns:
        editions = [(comment.pk, comment.edition) for comment in turn.comments]
        state.append((turn.pk, turn.order, turn.state, str(turn.started_at), str(turn.paused_at), editions))
        state.append((turn.stand_in, turn.stand_in_post, turn.stand_in_reason))
    state += [(item.pk, item.title, str(item.done_at)) for item in floor.items]
    return hashlib.sha256(repr(state).encode()).hexdigest()[:16]


def written_reviews(campaign: Campaign) -> QuerySet[Review]:
    """书面述职: announced at the meeting, no turn; they are voted on like the others (A8)."""
    return campaign.reviews.filter(mode=Review.Mode.WRITTEN).for_list()


def speaking_order(campaign: Campaign) -> list[Review]:
    """The reviews of a campaign as they are called."""
    return in_speaking_order(campaign.reviews.for_list())


def in_speaking_order(reviews: Iterable[Review]) -> list[Review]:
    """Reviews in their order as they are called: those on site, then the written ones."""
    return sorted(reviews, key=lambda review: review.mode != Review.Mode.ONSITE)


def prepare_list(campaign: Campaign, person: Person) -> list[Review]:
    """The reviews in speaking order, each with its report's state, its comments and the person's own comment."""
    comments = Prefetch("comments", Comment.objects.shown_to(person), to_attr="said")
    drafts = Prefetch("comment_drafts", CommentDraft.objects.filter(by=person, typed_by=person), to_attr="own_drafts")
    reviews = list(campaign.reviews.for_list().select_related("report").prefetch_related(comments, drafts))
    for review in reviews:
        review.handed_in = getattr(review, "report", None)
        review.is_own = review.secretary_id == person.pk
        review.is_readable = review.handed_in is not None and may_read_report(person, review.handed_in)
        review.own = next((comment for comment in review.said if comment.by_id == person.pk), None)
        review.others = [comment for comment in review.said if comment.by_id != person.pk]
    return in_speaking_order(reviews)


def background_of(review: Review, person: Person) -> dict:
    """What lies beside the boxes of a comment: the report, the problems it admits, what others said."""
    report = Report.objects.visible_to(person).filter(review=review).first()
    admitted = Problem.objects.filter(review=review, source=Problem.Source.SELF)
    return {
        "report": report,
        "is_readable": report is not None and may_read_report(person, report),
        "admitted": admitted.exclude(state=Problem.State.WITHDRAWN),
        "others": Comment.objects.shown_to(person).filter(review=review),
    }


def written_comments(campaign: Campaign, person: Person) -> list[Review]:
    """The written reviews, each with the comments that the person may read."""
    said = Prefetch("comments", Comment.objects.shown_to(person), to_attr="said")
    return list(written_reviews(campaign).prefetch_related(said))


def span_of(meeting: Meeting) -> str:
    """2026年12月8日 14:30至17:10; with the day of the end where it is another."""
    begun = timezone.localtime(meeting.opened_at)
    told = f"{_day(begun)} {begun:%H:%M}"
    if meeting.ended_at is None:
        return told
    ended = timezone.localtime(meeting.ended_at)
    day = "" if ended.date() == begun.date() else f"{_day(ended)} "
    return f"{told}至{day}{ended:%H:%M}"


def _day(moment: datetime) -> str:
    return f"{moment.year}年{moment.month}月{moment.day}日"


def minutes_of(meeting: Meeting, person: Person) -> dict:
    """会议记录, as it has collected itself: times, speeches, comments, absences, attendance."""
    floor = floor_of(meeting, person=person)
    return {
        "floor": floor,
        "span": span_of(meeting),
        "written": written_comments(meeting.campaign, person),
        "happenings": list(meeting.happenings.all()),
        "turnout": turnout_of(meeting.campaign),
        "votes": votes_told(meeting.campaign),
        "spoken_seconds": in_words(sum(turn.seconds or 0 for turn in floor.turns)),
        "leaders": sorted({comment.by.name for turn in floor.turns for comment in turn.comments}),
    }


def drafts_left(campaign: Campaign) -> QuerySet[Person]:
    """Leaders with comments typed that can still be handed in. Only that they are there: the texts stay theirs."""
    same = Comment.objects.filter(review=OuterRef("review"), by=OuterRef("by"))
    decided = same.exclude(released_at=None, withheld_at=None)
    drafts = CommentDraft.objects.filter(~Exists(decided), review__campaign=campaign)
    return leaders_of(campaign).filter(pk__in=drafts.values("by"))


def candidates_of(reviews: list[Review]) -> list[Candidate]:
    """Reviews in speaking order, as the matching of a script sees them."""
    return [
        Candidate(review.pk, review.secretary.name, review.organization.name, review.organization.short_name)
        for review in reviews
    ]
