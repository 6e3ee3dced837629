"""Who reads and signs a letter, who objects, and who decides on an objection: others than before."""

from organizations.access import holds, holds_any
from organizations.models import Person, Role
from reviews.grade.feedback.models import Letter, Objection
from reviews.grade.permissions import may_see_results
from reviews.plan.models import Campaign, Review
from reviews.plan.permissions import is_candidate

REVIEWING = (Role.ORGANIZER, Role.VETTER)  # look into an objection (复核)
DECIDING = (Role.APPROVER, Role.LEADER)  # approve the answer to it (批准)
HANDLING = (*REVIEWING, *DECIDING)


def may_sign(person: Person, letter: Letter) -> bool:
    """The addressee alone."""
    return letter.review.secretary_id == person.pk


may_object = may_sign


def took_part(person: Person, review: Review) -> bool:
    """True for who proposed or approved the grade as it stands or as it stood before an earlier objection."""
    people = {review.decision.proposed_by_id, review.decision.approved_by_id}
    for change in review.grade_changes.all():
        people |= {change.proposed_by_before_id, change.approved_by_before_id}
    return person.pk in people


def may_see_objections(person: Person, campaign: Campaign) -> bool:
    """Whoever may handle one, and the supervisor; nobody who debriefed in the campaign before the letters."""
    reads = holds(person, Role.SUPERVISOR, campaign.organizer) and may_see_results(person, campaign)
    return reads or (holds_any(person, HANDLING, campaign.organizer) and not is_candidate(person, campaign))


def may_acknowledge(person: Person, objection: Objection) -> bool:
    """受理 registers it and decides nothing: any clerk who does not debrief, the one who proposed included."""
    campaign = objection.letter.review.campaign
    return holds(person, Role.ORGANIZER, campaign.organizer) and not is_candidate(person, campaign)


def may_review(person: Person, objection: Objection) -> bool:
    """复核: a clerk or vetter who had no part in the grade."""
    return _is_other(person, objection, REVIEWING)


def may_approve_answer(person: Person, objection: Objection) -> bool:
    """批准: a head or leader who had no part in the grade, and is not who reviewed."""
    return _is_other(person, objection, DECIDING) and objection.reviewed_by_id != person.pk


def _is_other(person: Person, objection: Objection, roles: tuple) -> bool:
    review = objection.letter.review
    has_role = holds_any(person, roles, review.campaign.organizer) and not is_candidate(person, review.campaign)
    return has_role and not took_part(person, review)


def may_allow_late(person: Person, letter: Letter) -> bool:
    """准予逾期提出: the head; never for himself."""
    campaign = letter.review.campaign
    return holds(person, Role.APPROVER, campaign.organizer) and not is_candidate(person, campaign)
