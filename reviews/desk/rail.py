"""阶段轨: where a campaign stands, how far each stage has come and by when, and where each leads."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils import timezone

from organizations.models import Person
from reviews.desk.figures import Figures, deadline_in_words
from reviews.desk.permissions import door_of
from reviews.plan.models import Campaign, Stage

# What a stage's day is, for the stages that have one.
DAY_LABELS = {
    Stage.REPORTING: "截止",
    Stage.MEETING: "开会",
    Stage.BALLOT: "投票",
    Stage.GRADING: "备案",
    Stage.RECTIFYING: "整改",
    Stage.CLOSED: "结束",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One stage on the rail."""

    label: str
    position: str  # done, current, next
    figure: str
    deadline: str
    is_late: bool
    url: str

    @property
    def position_in_words(self) -> str:
        return {"done": "已完成", "current": "进行中", "next": "未开始"}[self.position]


def rail_of(campaign: Campaign, figures: Figures, person: Person) -> list[Step]:
    """All stages of a campaign, done, current and next."""
    return [_step(campaign, figures, person, Stage(stage)) for stage in Stage]


def _step(campaign: Campaign, figures: Figures, person: Person, stage: Stage) -> Step:
    position = "current" if campaign.stage == stage else "done" if campaign.is_past(stage) else "next"
    if campaign.stage == stage == Stage.CLOSED:
        position = "done"
    day, today = day_of(campaign, stage, figures), timezone.localdate()
    return Step(
        label=stage.label,
        position=position,
        figure=figure_of(stage, figures) if position != "next" or _has_begun(stage, figures) else "",
        deadline=_deadline(stage, day, today, position, figures),
        is_late=position == "current" and day is not None and day < today and not _is_complete(stage, figures),
        url=_url(door_of(person, campaign, stage), campaign),
    )


def day_of(campaign: Campaign, stage: str, figures: Figures | None = None) -> date | None:
    """The day by which a stage should be over, if it has one."""
    return {
        Stage.REPORTING: timezone.localdate(campaign.report_due_at),
        Stage.MEETING: campaign.meets_on,
        Stage.BALLOT: campaign.meets_on,
        Stage.GRADING: timezone.localdate(campaign.filing_due_at),
        Stage.RECTIFYING: figures.rectify_by if figures else None,
        Stage.CLOSED: campaign.ends_on,
    }.get(Stage(stage))


def figure_of(stage: str, figures: Figures) -> str:
    """A stage's count, e.g. 已交 14/18."""
    total = figures.reviews
    return {
        Stage.PLANNING: f"述职人 {total}",
        Stage.REPORTING: f"已交 {figures.handed_in}/{total}",
        Stage.MEETING: f"已点评 {figures.commented}/{total}",
        Stage.BALLOT: figures.box_in_words,
        Stage.GRADING: f"已定 {figures.decided}/{total}",
        Stage.RECTIFYING: f"已销号 {figures.closed}/{figures.problems}",
        Stage.CLOSED: "",
    }[Stage(stage)]


def _has_begun(stage: str, figures: Figures) -> bool:
    """A stage may have figures before its time: a comment prepared, a box made ready."""
    return {
        Stage.MEETING: figures.commented > 0,
        Stage.BALLOT: bool(figures.box_state),
        Stage.RECTIFYING: figures.closed > 0,
    }.get(Stage(stage), False)


def _is_complete(stage: str, figures: Figures) -> bool:
    return {
        Stage.REPORTING: figures.handed_in >= figures.reviews,
        Stage.GRADING: figures.decided >= figures.reviews,
        Stage.RECTIFYING: figures.closed >= figures.problems,
    }.get(Stage(stage), False)


def _deadline(stage: Stage, day: date | None, today: date, position: str, figures: Figures) -> str:
    if day is None or position == "done":
        return ""
    if position == "next":
        year = "" if day.year == today.year else f"{day.year}年"
        return f"{year}{day.month}月{day.day}日{DAY_LABELS[stage]}"
    if stage == Stage.REPORTING and _is_complete(stage, figures):
        return "已交齐"
    if stage in (Stage.MEETING, Stage.BALLOT) and day == today:
        return "今天"
    words = deadline_in_words(day, today)
    return f"{DAY_LABELS[stage]}{words}" if stage in (Stage.GRADING, Stage.RECTIFYING) else words


def _url(door: str | None, campaign: Campaign) -> str:
    if door is None:
        return ""
    return f"{reverse(door)}?campaign={campaign.pk}" if door == "ledger:list" else reverse(door, args=[campaign.pk])
