"""What waits at the meeting and its vote: paper to key and to decide, codes to fetch, comments to let go, minutes."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from organizations.access import Role, reach
from organizations.models import Person
from reviews.ballot.models import Round
from reviews.meeting.models import Comment, Meeting
from reviews.meeting.record_models import Minutes
from reviews.plan.models import Review, Stage
from scoring.models import Box, Panel, PaperBatch

# The minutes are written from the meeting on until the letters are out; an archived year is left in peace.
MINUTES_STAGES = (Stage.MEETING, Stage.BALLOT, Stage.GRADING)
RELEASE_STAGES = (Stage.MEETING, Stage.BALLOT, Stage.GRADING)


def _not_debriefing(things: QuerySet, person: Person, campaign: str) -> QuerySet:
    """Nobody runs, counts, keeps or records the meeting in which he debriefs."""
    own = Review.objects.filter(secretary=person).values("campaign")
    return things.exclude(**{f"{campaign}__in": own})


def paper_to_key(person: Person) -> QuerySet[Panel]:
    """Panels with paper of an open box: no pile begun yet, or one that waits for this teller's own reading."""
    piles = PaperBatch.objects.filter(panel=OuterRef("pk"))
    keying = piles.filter(state=PaperBatch.State.KEYING)
    first = Q(first_by=person, is_first_done=False)
    second = Q(is_second_done=False) & (Q(second_by=person) | Q(second_by__isnull=True)) & ~Q(first_by=person)
    panels = Panel.objects.filter(
        reach(person, Role.TELLER, field="box__round__campaign__organizer__path"),
        box__state=Box.State.OPEN,
        box__round__void_reason="",
        paper_issued__gt=0,
    ).filter(~Exists(piles) | Exists(keying.filter(first | second)))
    return _not_debriefing(panels, person, "box__round__campaign")


def paper_to_decide(person: Person) -> QuerySet[PaperBatch]:
    """Piles keyed twice that wait for the scrutineer; never one that he keyed himself."""
    piles = PaperBatch.objects.filter(
        reach(person, Role.SCRUTINEER, field="panel__box__round__campaign__organizer__path"),
        state=PaperBatch.State.CHECKING,
        panel__box__state=Box.State.OPEN,
        panel__box__round__void_reason="",
    ).exclude(Q(first_by=person) | Q(second_by=person))
    return _not_debriefing(piles, person, "panel__box__round__campaign")


def codes_to_fetch(person: Person) -> QuerySet[Round]:
    """Locked boxes whose opening codes are still to be made in the keepers' presence."""
    locked = Round.objects.filter(
        reach(person, Role.CUSTODIAN, field="campaign__organizer__path"),
        is_rehearsal=False,
        void_reason="",
        box__state=Box.State.FROZEN,
        box__public_key__isnull=True,
    )
    return _not_debriefing(locked, person, "campaign")


def comments_to_release(person: Person) -> QuerySet[Comment]:
    """Comments that wait for the word of this chair; those on himself wait for another."""
    waiting = Comment.objects.held().filter(
        reach(person, Role.LEADER, field="review__campaign__organizer__path"),
        review__campaign__meeting__chair=person,
        review__campaign__stage__in=RELEASE_STAGES,
    )
    return waiting.exclude(review__secretary=person)


def minutes_to_write(person: Person) -> QuerySet[Meeting]:
    """Meetings whose minutes the recorder has not signed: those that are over, and those only forgotten to be ended."""
    signed = Minutes.objects.filter(meeting=OuterRef("pk"), state__in=[Minutes.State.RECORDED, Minutes.State.SIGNED])
    over = Meeting.objects.filter(
        ~Exists(signed),
        Q(state=Meeting.State.ENDED) | Q(state=Meeting.State.OPEN, campaign__stage=Stage.GRADING),
        reach(person, Role.ORGANIZER, field="campaign__organizer__path"),
        campaign__stage__in=MINUTES_STAGES,
    )
    return _not_debriefing(over, person, "campaign")


def minutes_to_sign(person: Person) -> QuerySet[Minutes]:
    """Minutes that the recorder has signed: for the chair named, without one for an approver."""
    approves = reach(person, Role.APPROVER, field="meeting__campaign__organizer__path")
    recorded = Minutes.objects.filter(
        Q(meeting__chair=person) | Q(meeting__chair__isnull=True) & approves, state=Minutes.State.RECORDED
    ).exclude(recorder=person)
    return _not_debriefing(recorded, person, "meeting__campaign")
