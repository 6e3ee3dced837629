"""议程: the steps of the meeting from a template (F4), ticked as they are done, reordered, renamed, added to."""

from django.db import transaction
from django.utils import timezone

from organizations.errors import Refused
from organizations.models import Person
from reviews.meeting.floor import hold_floor, record_on_trail
from reviews.meeting.models import Meeting
from reviews.meeting.record_models import AgendaItem

Kind = AgendaItem.Kind
TITLES = {
    Kind.OPENING: "宣读议程与会议纪律",
    Kind.FLOOR: "逐一述职",
    Kind.COMMENTS: "逐一点评",
    Kind.VOTE: "民主测评（推选监票计票人、发票、填写、收票）",
    Kind.SPEECH: "讲话",
    Kind.CLOSING: "散会",
}
# F4: comments after each report, then the vote; or all reports, all comments, and the vote last.
TEMPLATES = {
    Meeting.Timing.AFTER_EACH: [Kind.OPENING, Kind.FLOOR, Kind.VOTE, Kind.SPEECH, Kind.CLOSING],
    Meeting.Timing.AFTER_ALL: [Kind.OPENING, Kind.FLOOR, Kind.COMMENTS, Kind.SPEECH, Kind.VOTE, Kind.CLOSING],
}
LONGEST_TITLE = 60
MOST_ITEMS = 40
CHANGED = "议程已被改动，本次调整没有生效。请按最新议程重新调整。"


def lay_agenda(meeting: Meeting) -> None:
    """Give a meeting the steps of its template, once; a meeting that already has an agenda keeps it."""
    if meeting.agenda.exists():
        return
    for order, kind in enumerate(TEMPLATES[Meeting.Timing(meeting.timing)], start=1):
        meeting.agenda.create(order=order, kind=kind, title=TITLES[kind])


def follow_timing(meeting: Meeting) -> None:
    """Comments after all are a step of their own; after each they belong to the reports. The rest stays as it is."""
    items = list(meeting.agenda.all())
    has_step = any(item.kind == Kind.COMMENTS for item in items)
    if meeting.timing == Meeting.Timing.AFTER_EACH:
        meeting.agenda.filter(kind=Kind.COMMENTS, done_at=None).delete()
    elif items and not has_step:
        floor = next((place for place, item in enumerate(items) if item.kind == Kind.FLOOR), len(items) - 1)
        items.insert(floor + 1, AgendaItem(meeting=meeting, kind=Kind.COMMENTS, title=TITLES[Kind.COMMENTS]))
        _number(items)


@transaction.atomic
def arrange_items(meeting: Meeting, sequence: list[int], *, seen: list[int], by: Person) -> None:
    """Put the items in a new order. Raises Refused if they are no longer those that the page showed."""
    meeting = hold_floor(meeting.pk, by)
    items = {item.pk: item for item in meeting.agenda.all()}
    if list(items) != seen or sorted(sequence) != sorted(seen):
        raise Refused(CHANGED)
    _number([items[pk] for pk in sequence])
    record_on_trail("调整议程顺序", meeting, by, order=[items[pk].title for pk in sequence])


@transaction.atomic
def add_item(meeting: Meeting, *, title: str, by: Person) -> None:
    """Add a step before the closing, or at the end. Raises Refused without a title."""
    meeting = hold_floor(meeting.pk, by)
    items = list(meeting.agenda.all())
    if len(items) >= MOST_ITEMS:
        raise Refused(f"议程最多 {MOST_ITEMS} 项。")
    place = next((place for place, item in enumerate(items) if item.kind == Kind.CLOSING), len(items))
    item = AgendaItem(meeting=meeting, title=_title_of(title))
    items.insert(place, item)
    _number(items)
    record_on_trail("增加议程", meeting, by, title=item.title)


@transaction.atomic
def rename_item(meeting: Meeting, pk: int, *, title: str, by: Person, seen: str = "") -> None:
    """Give a step other words. ``seen``: the words on the page, where it said them.

    Raises Refused without words, if the step is gone, or if another console has renamed it meanwhile.
    """
    item = _hold_item(meeting, pk, by)
    if seen and seen != item.title:
        raise Refused(f"“{seen}”刚刚已在另一台控制台改为“{item.title}”，本次点击没有生效。还要改的，请在新的名称上改。")
    before, item.title = item.title, _title_of(title)
    item.save(update_fields=["title"])
    record_on_trail("修改议程", item.meeting, by, title=item.title, before=before)


@transaction.atomic
def tick_item(meeting: Meeting, pk: int, *, is_done: bool, by: Person) -> None:
    """Mark a step as done now, or take the mark back. The reports are done when nobody waits any more, not by hand."""
    item = _hold_item(meeting, pk, by)
    if item.kind == Kind.FLOOR:
        raise Refused("述职一项在全部述职人述职完毕或登记缺席后自动完成，不用手工标记。")
    if (item.done_at is not None) == is_done:
        raise Refused(f"“{item.title}”刚刚已标记过，本次点击没有生效。")
    item.done_at = timezone.now() if is_done else None
    item.save(update_fields=["done_at"])
    record_on_trail("完成议程" if is_done else "撤回完成议程", item.meeting, by, title=item.title)


@transaction.atomic
def drop_item(meeting: Meeting, pk: int, *, by: Person) -> None:
    """Take a step off the agenda. Raises Refused for the reports and for what was done."""
    item = _hold_item(meeting, pk, by)
    if item.kind == Kind.FLOOR:
        raise Refused("述职是评议会的必有议程，不能删除。")
    if item.done_at:
        raise Refused(f"“{item.title}”已经完成，不能删除。")
    record_on_trail("删除议程", item.meeting, by, title=item.title)
    item.delete()


def _hold_item(meeting: Meeting, pk: int, by: Person) -> AgendaItem:
    meeting = hold_floor(meeting.pk, by)
    item = meeting.agenda.filter(pk=pk).first()
    if item is None:
        raise Refused(CHANGED)
    item.meeting = meeting
    return item


def _title_of(title: str) -> str:
    title = " ".join(title.split())
    if not title:
        raise Refused("请写明议程内容，例如“通报上年度整改情况”。")
    if len(title) > LONGEST_TITLE:
        raise Refused(f"一项议程不超过 {LONGEST_TITLE} 字。")
    return title


def _number(items: list[AgendaItem]) -> None:
    """Write 1, 2, 3… in the order given."""
    for order, item in enumerate(items, start=1):
        item.order = order
        item.save()
