"""What of a campaign each person may see on the overview, and where the stages lead him."""

from dataclasses import dataclass

from organizations.access import READING, SECRETARY, Role, duties_of, holds_any
from organizations.models import Person
from reviews.plan.models import Campaign, Review, Stage

FOLLOWING = READING | {Role.VETTER, Role.LEADER}  # who may know how reports, comments and problems stand
DECIDING = {Role.ORGANIZER, Role.APPROVER, Role.SUPERVISOR}  # who may see a grade before it is approved

# Stage -> (door, roles for which it opens), the first that fits; SECRETARY stands for anybody who debriefs.
STAGE_DOORS: dict[str, list[tuple[str, set]]] = {
    Stage.PLANNING: [("plan:edit", READING), ("plan:preview", FOLLOWING | {SECRETARY})],
    Stage.REPORTING: [("report:vet_list", READING | {Role.VETTER})],
    Stage.MEETING: [("meeting:console", READING | {Role.LEADER})],
    Stage.BALLOT: [("ballot:console", READING | {Role.CUSTODIAN, Role.TELLER, Role.SCRUTINEER})],
    Stage.GRADING: [("grade:table", READING)],
    Stage.RECTIFYING: [("ledger:list", FOLLOWING | {SECRETARY})],
    Stage.CLOSED: [("documents:index", {Role.ORGANIZER, Role.APPROVER})],
}


def door_of(person: Person, campaign: Campaign, stage: str) -> str | None:
    """URL name of the page to which a stage of the rail leads this person, if any."""
    for name, duties in STAGE_DOORS[stage]:
        if SECRETARY in duties and SECRETARY in duties_of(person):
            return name
        if holds_any(person, duties - {SECRETARY}, campaign.organizer):
            return name
    return None


def may_follow(person: Person, campaign: Campaign) -> bool:
    """True for who may know how every report, comment and problem of the campaign stands."""
    return holds_any(person, FOLLOWING, campaign.organizer)


def may_organize(person: Person, campaign: Campaign) -> bool:
    """The clerk of the campaign."""
    return holds_any(person, {Role.ORGANIZER}, campaign.organizer)


@dataclass(frozen=True, slots=True)
class Sight:
    """How far one person sees into one campaign's overview."""

    follows: bool
    decides: bool
    superior: bool
    own: int  # the person's key: his own line is always open to him

    def shows_progress(self, review: Review) -> bool:
        """Report, comments and problems of one line."""
        return self.follows or review.secretary_id == self.own

    @property
    def has_grades(self) -> bool:
        """Whether the grade column is there at all."""
        return self.decides or self.superior

    def shows_grade(self, *, is_approved: bool) -> bool:
        """Organizer, approver and supervisor always; a superior once it is approved."""
        return self.decides or (self.superior and is_approved)


def sight_of(person: Person, campaign: Campaign) -> Sight:
    """Ask once for a whole page."""
    return Sight(
        follows=may_follow(person, campaign),
        decides=holds_any(person, DECIDING, campaign.organizer),
        superior=holds_any(person, {Role.SUPERIOR}, campaign.organizer),
        own=person.pk,
    )
