"""Who may write, read, share and withdraw a record (调研与平时记录), and who sets the contact points.

Leaders, the clerk and the head of the organization department write; vetters, supervisors and superiors read
along. Nobody writes about the organization that he leads himself, and he reads about it only what was shared.
"""

from django.utils import timezone

from organizations.access import Role, duties_of, holds, holds_any
from organizations.models import Organization, Person
from reviews.plan.models import Review
from reviews.visit.models import READERS, WRITERS, VisitRecord, led_by


def leads(person: Person, organization: Organization) -> bool:
    """True if the person leads the organization today."""
    return led_by(person).filter(organization=organization).exists()


def may_write(person: Person, organization: Organization) -> bool:
    """A leader, clerk or head over the organization, who does not lead it himself."""
    return holds_any(person, WRITERS, organization) and not leads(person, organization)


def may_change(person: Person, record: VisitRecord) -> bool:
    """Its author, for seven days, unless it was withdrawn."""
    in_time = timezone.now() <= record.editable_until
    return record.by_id == person.pk and in_time and not record.is_withdrawn


def may_withdraw(person: Person, record: VisitRecord) -> bool:
    """Its author at any time, and the clerk over the organization unless he leads it."""
    if record.is_withdrawn:
        return False
    clerk = holds(person, Role.ORGANIZER, record.organization) and not leads(person, record.organization)
    return record.by_id == person.pk or clerk


def may_follow_up(person: Person, record: VisitRecord) -> bool:
    """Whoever may write about the organization: to follow up, to share, to list a problem."""
    return not record.is_withdrawn and may_write(person, record.organization)


may_share = may_follow_up


def may_list_problem(person: Person, record: VisitRecord, review: Review | None) -> bool:
    """Who may follow up, once a record; never in the person's own review."""
    open_still = record.problem_id is None and review is not None and review.secretary_id != person.pk
    return open_still and may_follow_up(person, record)


def may_set_contacts(person: Person, organization: Organization) -> bool:
    """The clerk over the organization."""
    return holds(person, Role.ORGANIZER, organization)


def writes(person: Person) -> bool:
    """True if the person may write records anywhere."""
    return bool(duties_of(person) & set(WRITERS))


def works(person: Person) -> bool:
    """True if the person reads records by a role, and not only what was shared with him."""
    return bool(duties_of(person) & set(READERS))


def sets_contacts(person: Person) -> bool:
    """True if the person sets contact points anywhere."""
    return Role.ORGANIZER in duties_of(person)
