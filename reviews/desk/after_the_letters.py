"""What waits once the letters are out: receipts, objections, talks, consequences, the problems to be rectified."""

from django.db.models import F, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from organizations.access import Role, reach
from organizations.models import Person
from reviews.desk.rows import SOON, debriefed_in, of_reviews, rows
from reviews.grade.consequences.models import Consequence, Talk
from reviews.grade.feedback.models import Letter, Objection
from reviews.grade.feedback.permissions import DECIDING, REVIEWING
from reviews.ledger.models import Problem, own_problems


def to_sign(person: Person) -> QuerySet:
    letters = Letter.objects.filter(review__secretary=person, signed_at__isnull=True)
    return rows(letters, campaign="review__campaign_id", key="review_id")


def to_object(person: Person) -> QuerySet:
    """Whose window is open: told, never pressed; nothing is due from him."""
    letters = Letter.objects.filter(
        review__secretary=person, signed_at__isnull=False, objection_until__gte=timezone.localdate()
    )
    untouched = letters.exclude(objections__state__in=[*Objection.PENDING, Objection.State.DECIDED])
    return rows(untouched, campaign="review__campaign_id", key="review_id", day=F("objection_until"))


def to_sign_answer(person: Person) -> QuerySet:
    answered = Objection.objects.filter(
        letter__review__secretary=person, state=Objection.State.DECIDED, answer_signed_at__isnull=True
    )
    return rows(answered, campaign="letter__review__campaign_id", key="letter__review_id")


def to_be_talked_to(person: Person) -> QuerySet:
    talks = Talk.objects.filter(consequence__review__secretary=person, signed_at__isnull=True)
    open_ones = talks.exclude(consequence__state__in=Consequence.OVER)
    campaign = "consequence__review__campaign_id"
    return rows(open_ones, campaign=campaign, key="consequence_id", day=TruncDate("meets_at"))


def _objections(person: Person, state: str, *roles: str) -> QuerySet:
    """Objections in campaigns that the roles reach, except those that grade the person himself."""
    reached = Objection.objects.filter(
        reach(person, *roles, field="letter__review__campaign__organizer__path"), state=state
    )
    others = reached.exclude(letter__review__campaign__in=debriefed_in(person))
    return rows(others, campaign="letter__review__campaign_id", day=F("due_on"))


def _had_no_part(objections: QuerySet, person: Person) -> QuerySet:
    """Others than before decide (``feedback.permissions.took_part``)."""
    had_part = Q(letter__review__decision__proposed_by=person) | Q(letter__review__decision__approved_by=person)
    return objections.exclude(had_part)


def to_acknowledge(person: Person) -> QuerySet:
    return _objections(person, Objection.State.RAISED, Role.ORGANIZER)


def to_review_again(person: Person) -> QuerySet:
    return _had_no_part(_objections(person, Objection.State.REVIEWING, *REVIEWING), person)


def to_answer(person: Person) -> QuerySet:
    proposed = _objections(person, Objection.State.PROPOSED, *DECIDING)
    return _had_no_part(proposed, person).exclude(reviewed_by=person)


def to_carry_out(person: Person) -> QuerySet:
    soon = Consequence.objects.open().filter(
        owner=person, state=Consequence.State.OPEN, due_on__lte=timezone.localdate() + SOON
    )
    return rows(soon, campaign="review__campaign_id", day=F("due_on"))


def to_settle_consequence(person: Person) -> QuerySet:
    handed_in = Consequence.objects.filter(state=Consequence.State.HANDED_IN).exclude(handed_by=person)
    return of_reviews(handed_in, person, Role.APPROVER, day=F("due_on"))


def to_claim(person: Person) -> QuerySet:
    unclaimed = Problem.objects.filter(own_problems(person), state=Problem.State.OPEN)
    return rows(unclaimed, campaign="review__campaign_id", day=F("review__letter__rectify_by"))


def to_rectify(person: Person) -> QuerySet:
    soon = timezone.localdate() + SOON
    claimed = Problem.objects.filter(own_problems(person), state=Problem.State.CLAIMED, due_on__lte=soon)
    return rows(claimed, campaign="review__campaign_id", day=F("due_on"))


def to_accept(person: Person) -> QuerySet:
    asked = Problem.objects.filter(state=Problem.State.CLOSING).exclude(requested_by=person)
    asked = asked.exclude(own_problems(person))
    return of_reviews(asked, person, Role.ORGANIZER, Role.APPROVER, day=F("due_on"))
