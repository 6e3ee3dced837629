"""Who may plan a campaign, and who may read the plan."""

from organizations.access import READING, Role, holds, holds_any
from organizations.models import Organization, Person
from reviews.plan.models import Campaign, Stage

TRYING = {Role.ORGANIZER, Role.APPROVER, Role.SUPERVISOR}  # who may try rules on figures
# Stages in which a part of the plan may still be changed.
CONTENT_OPEN = {Stage.PLANNING}
REVIEWS_OPEN = {Stage.PLANNING, Stage.REPORTING}
POLICY_OPEN = {Stage.PLANNING, Stage.REPORTING}
PANELS_OPEN = {Stage.PLANNING, Stage.REPORTING, Stage.MEETING}  # at the meeting only the numbers of voters


def may_create(person: Person, organization: Organization) -> bool:
    """The clerk of an organization, or of one above it, runs its campaigns."""
    return holds(person, Role.ORGANIZER, organization)


def may_plan(person: Person, campaign: Campaign) -> bool:
    """The clerk (经办) of the organizer or of an organization above it."""
    return holds(person, Role.ORGANIZER, campaign.organizer)


def may_read(person: Person, campaign: Campaign) -> bool:
    """Those who see a campaign whole: clerk, head, supervisor, superior."""
    return holds_any(person, READING, campaign.organizer)


def is_candidate(person: Person, campaign: Campaign) -> bool:
    """True if the person debriefs in this campaign: nobody runs, witnesses or decides the vote about himself."""
    return campaign.reviews.filter(secretary=person).exists()


def may_remind(person: Person, campaign: Campaign) -> bool:
    """The clerk or the head of the organization department over the organizer (催办)."""
    return holds_any(person, {Role.ORGANIZER, Role.APPROVER}, campaign.organizer)
