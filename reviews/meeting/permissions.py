"""Who may run the meeting, watch it, and comment."""

from django.db.models import QuerySet

from organizations.access import READING, forget_duties, holds, holds_any
from organizations.models import Person, Role
from reviews.meeting.models import Meeting
from reviews.meeting.record_models import Minutes
from reviews.plan.models import Campaign, Review, Stage
from reviews.report.models import Report


def may_run(person: Person, campaign: Campaign) -> bool:
    """An organizer (经办) of the organization that runs the campaign."""
    return holds(person, Role.ORGANIZER, campaign.organizer)


def may_count(person: Person, meeting: Meeting) -> bool:
    """签到: who runs the meeting, until it is over; then while a vote may need the count and nobody has signed."""
    if meeting.state == Meeting.State.OPEN:
        return may_run(person, meeting.campaign)
    signed = meeting.minutes.filter(state__in=[Minutes.State.RECORDED, Minutes.State.SIGNED])
    is_needed = meeting.campaign.stage in {Stage.MEETING, Stage.BALLOT} and not signed.exists()
    return is_needed and may_run(person, meeting.campaign)


def may_watch(person: Person, campaign: Campaign) -> bool:
    """Whoever reads the campaign whole, and the leaders who comment in it (C4)."""
    return holds_any(person, {*READING, Role.LEADER}, campaign.organizer)


def may_comment(person: Person, review: Review) -> bool:
    """A leader over the organizing organization; never on himself."""
    return review.secretary_id != person.pk and holds(person, Role.LEADER, review.campaign.organizer)


def may_enter_for_leader(person: Person, review: Review) -> bool:
    """An organizer may type what a leader said; never on himself."""
    return review.secretary_id != person.pk and may_run(person, review.campaign)


def may_read_minutes(person: Person, campaign: Campaign) -> bool:
    """Whoever watches, but not a secretary of the campaign: what is said of him reaches him by the feedback."""
    return may_watch(person, campaign) and not campaign.reviews.filter(secretary=person).exists()


def may_edit_minutes(person: Person, campaign: Campaign) -> bool:
    """An organizer who is not reviewed himself."""
    return may_run(person, campaign) and may_read_minutes(person, campaign)


def may_sign_as_chair(person: Person, meeting: Meeting) -> bool:
    """The chair named for the meeting; where none was named, an approver."""
    if not may_read_minutes(person, meeting.campaign):
        return False
    if meeting.chair_id:
        return meeting.chair_id == person.pk
    return holds(person, Role.APPROVER, meeting.campaign.organizer)


def may_reopen_minutes(person: Person, campaign: Campaign) -> bool:
    """An approver (审批人) who is not reviewed himself."""
    return holds(person, Role.APPROVER, campaign.organizer) and may_read_minutes(person, campaign)


def chairs(person: Person, campaign: Campaign) -> bool:
    """The person who is set as chair (主持人) of the campaign's meeting and is still a leader over it."""
    meeting = getattr(campaign, "meeting", None)
    is_chair = meeting is not None and meeting.chair_id == person.pk
    return is_chair and holds(person, Role.LEADER, campaign.organizer)


def may_release(person: Person, campaign: Campaign) -> bool:
    """Put comments in order and release them to the secretaries: the chair, or the organizer on his word."""
    return chairs(person, campaign) or may_run(person, campaign)


def leaders_of(campaign: Campaign) -> QuerySet[Person]:
    """The leaders who may comment in a campaign, by name."""
    return Person.objects.filter(
        is_active=True, grants__role=Role.LEADER, grants__organization__in=campaign.organizer.lineage
    ).distinct()


def still(allowed, person: Person, thing) -> bool:
    """A permission asked afresh, for use under the lock of an action: rights may have been taken meanwhile."""
    forget_duties(person)
    return allowed(person, thing)


def unready_reviews(campaign: Campaign) -> QuerySet[Review]:
    """Reviews whose report has not been approved: what stands in the way of the meeting (B9)."""
    return (
        campaign.reviews.exclude(report__state=Report.State.APPROVED)
        .select_related("organization", "secretary")
        .order_by("order", "pk")
    )
