"""Who may do what with a campaign's vote. Nobody runs, witnesses or opens the vote about himself."""

from organizations.access import READING, holds, holds_any
from organizations.errors import Refused
from organizations.models import Person, Role
from reviews.ballot.models import Round
from reviews.plan.models import Campaign
from reviews.plan.permissions import is_candidate
from scoring.terms import hides_counts

# Who sees results before they are approved (SECURITY 4.1).
COUNTING = (Role.ORGANIZER, Role.APPROVER, Role.SUPERVISOR)
WATCHING = (*READING, Role.CUSTODIAN, Role.TELLER, Role.SCRUTINEER)
# Who stands at the table where paper is counted; while a box is open nobody else learns a count of one panel (S8).
AT_THE_TABLE = (Role.TELLER, Role.SCRUTINEER, Role.ORGANIZER, Role.SUPERVISOR)


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


def may_turn(person: Person, campaign: Campaign) -> bool:
    """Keeps an opening code and enters it from his own account: a custodian."""
    return holds(person, Role.CUSTODIAN, campaign.organizer) and not is_candidate(person, campaign)


def may_keep(person: Person, campaign: Campaign) -> bool:
    """Sees what a custodian has to do: the custodians, and the organizer who tells them."""
    return holds_any(person, (Role.CUSTODIAN, Role.ORGANIZER), campaign.organizer)


def may_forgive(person: Person, campaign: Campaign) -> bool:
    """Unlocks the opening after too many wrong codes: the head of the organization department."""
    return holds(person, Role.APPROVER, campaign.organizer) and not is_candidate(person, campaign)


def may_see_paper(person: Person, campaign: Campaign) -> bool:
    """Sees how many sheets of paper were issued, collected and keyed; never a mark."""
    return holds_any(person, AT_THE_TABLE, campaign.organizer)


def may_key(person: Person, campaign: Campaign) -> bool:
    """Keys paper ballots: a teller (计票人)."""
    return holds(person, Role.TELLER, campaign.organizer) and not is_candidate(person, campaign)


def may_decide(person: Person, campaign: Campaign) -> bool:
    """Decides where two tellers differ and puts a batch into the box: a scrutineer (监票人)."""
    return holds(person, Role.SCRUTINEER, campaign.organizer) and not is_candidate(person, campaign)


def may_count(person: Person, campaign: Campaign) -> bool:
    """Takes the recount package: whoever may see results before they are approved."""
    return holds_any(person, COUNTING, campaign.organizer) and not is_candidate(person, campaign)


def may_take_package(person: Person, round_: Round) -> bool:
    """Takes the counts of every panel out of the house: who counts; beside a small panel the supervisor alone (S10).

    A package of five ballots is five people's votes: whoever decides on grades does so without them.
    """
    is_open = round_.is_rehearsal or not hides_counts(round_.box)
    return may_count(person, round_.campaign) and (is_open or holds(person, Role.SUPERVISOR, round_.campaign.organizer))


def refuse_package(person: Person, round_: Round) -> None:
    """Say why the package is not for somebody who otherwise sees results. Raises Refused."""
    if not may_take_package(person, round_):
        raise Refused(
            "有票种不足 10 票，复核包里列有这些票种的票数，只交纪检监督人员。请纪检监督人员登录后下载、复核。"
        )
