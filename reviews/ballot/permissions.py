"""Who may do what with a campaign's vote. Nobody runs, witnesses or opens the vote about himself."""

from organizations.access import READING, holds, holds_any
from organizations.models import Person, Role
from reviews.plan.models import Campaign
from reviews.plan.permissions import is_candidate

# Who sees results before they are approved (SECURITY 4.1).
COUNTING = (Role.ORGANIZER, Role.APPROVER, Role.SUPERVISOR)
WATCHING = (*READING, Role.CUSTODIAN, Role.TELLER, Role.SCRUTINEER)


def may_watch(person: Person, campaign: Campaign) -> bool:
    """Sees how the vote stands; never a result before the box is opened."""
    return holds_any(person, WATCHING, campaign.organizer)


def may_run(person: Person, campaign: Campaign) -> bool:
    """Prepares, opens and closes the box: the organizer."""
    return holds(person, Role.ORGANIZER, campaign.organizer) and not is_candidate(person, campaign)


def may_cosign(person: Person, campaign: Campaign) -> bool:
    """Witnesses the making of slips: the discipline supervisor (SECURITY I6)."""
    return holds(person, Role.SUPERVISOR, campaign.organizer) and not is_candidate(person, campaign)


def may_unseal(person: Person, campaign: Campaign) -> bool:
    """Types the opening codes: a custodian, or the organizer with both custodians beside him."""
    return holds_any(person, (Role.CUSTODIAN, Role.ORGANIZER), campaign.organizer) and not is_candidate(
        person, campaign
    )


def may_keep(person: Person, campaign: Campaign) -> bool:
    """Sees what a custodian has to do: the custodians, and the organizer who tells them."""
    return holds_any(person, (Role.CUSTODIAN, Role.ORGANIZER), campaign.organizer)


def may_forgive(person: Person, campaign: Campaign) -> bool:
    """Unlocks the opening after too many wrong codes: the head of the organization department."""
    return holds(person, Role.APPROVER, campaign.organizer) and not is_candidate(person, campaign)


def may_count(person: Person, campaign: Campaign) -> bool:
    """Takes the recount package: whoever may see results before they are approved."""
    return holds_any(person, COUNTING, campaign.organizer) and not is_candidate(person, campaign)
