"""票箱的状态与记事: lock a box, take it one state on, write down who did what. Never a ballot.

Every act on a box is one line in the box's own hash chain (it goes into the recount package) and one line
of the trail, both in the transaction of the act.
"""

from collections.abc import Collection

from django.utils import timezone

from organizations import trail
from organizations.errors import Refused
from organizations.models import Person
from scoring import merkle
from scoring.models import Box, Event, Lid

# Acts that make slips valid: the close adds them up (``closing.issued_on_record``).
BEGIN_VOTING, SUPPLEMENT = "开始投票", "补制测评码"
# Whoever guesses the counts of a small panel could check his guess by these: they stay in the box's own chain.
TELLING = {"box_root", "tally_hash"}


def hold(box: Box) -> Box:
    """The box afresh, locked against every cast and every other act on it."""
    return Box.objects.select_for_update().get(pk=box.pk)


def hold_in(box: Box, *states: str) -> Box:
    """The locked box, refused unless it is in one of the states."""
    held = hold(box)
    if held.state not in states:
        wanted = "、".join(Box.State(state).label for state in states)
        raise Refused(f"“{held.title}”{held.get_state_display()}，只有{wanted}时才能这样做。")
    return held


def move_box(box: Box, state: str, *, by: Person, act: str, reason: str = "", **facts) -> None:
    """The one writer of a box's state; the box must be locked. Saves the whole box and writes the event."""
    if not box.may_become(state):
        raise Refused(f"“{box.title}”{box.get_state_display()}，不能改为{Box.State(state).label}。")
    box.state, box.reason = state, reason[:500]
    box.save()
    write(box, act, by=by, **facts, **({"reason": reason} if reason else {}))


def write(box: Box, act: str, *, by: Person, untold: Collection[str] = TELLING, **facts) -> Event:
    """Write down an act on a box, in the act's own transaction. ``facts`` are plain values.

    The trail is told the act and all facts but the ``untold``, which stay in the box's own chain.

    The chain is kept under the lock of the lid, not of the box: casts share-lock the box.
    """
    lid = Lid.objects.select_for_update().get(box=box)
    event = Event(box=box, place=lid.last_place + 1, at=timezone.now().isoformat(), act=act, by=by.name, facts=facts)
    event.hash = lid.last_hash = merkle.digest([lid.last_hash, event.place, event.at, event.act, event.by, event.facts])
    event.save()
    lid.last_place = event.place
    lid.save(update_fields=["last_place", "last_hash"])
    told = {name: fact for name, fact in facts.items() if name not in untold}
    trail.record(f"票箱：{act}", box, by=by, organization=box.organization, box=box.pk, **told)
    return event
