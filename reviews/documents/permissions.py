"""Who may have documents made."""

from organizations.access import holds_any
from organizations.models import Person, Role
from reviews.ballot.permissions import COUNTING, may_count, may_decide, may_run
from reviews.grade.permissions import may_see_results
from reviews.meeting.permissions import may_read_minutes
from reviews.plan.models import Campaign, Review

MAKERS = (Role.ORGANIZER, Role.APPROVER)
SIGNERS = (*COUNTING, Role.SCRUTINEER)


def may_make(person: Person, campaign: Campaign) -> bool:
    """The organizer's clerk or head of the campaign; whoever debriefs in it himself only after the feedback."""
    return holds_any(person, MAKERS, campaign.organizer) and may_see_results(person, campaign)


def may_have_minutes(person: Person, campaign: Campaign) -> bool:
    """Takes the minutes as a paper: who may read them, nobody who debriefs in the campaign."""
    return may_read_minutes(person, campaign)


def may_have_letter(person: Person, review: Review) -> bool:
    """The addressee, once the letter was sent."""
    return review.secretary_id == person.pk and hasattr(review, "letter")


def may_print_paper(person: Person, campaign: Campaign) -> bool:
    """Prints the paper ballots: who runs the vote."""
    return may_run(person, campaign)


def may_have_tally_sheet(person: Person, campaign: Campaign) -> bool:
    """Takes the sheet of figures to be signed: who may see results before the approval, the scrutineer included."""
    return may_count(person, campaign) or may_decide(person, campaign)
