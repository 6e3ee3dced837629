"""What the people around a sealed box see of its opening."""

from dataclasses import dataclass

from django.db.models import QuerySet

from organizations.models import Job, Person, Role
from reviews.ballot.ceremony.actions import opening_of
from reviews.ballot.ceremony.models import Arrival
from reviews.ballot.models import Round
from reviews.plan.models import Campaign


@dataclass(frozen=True, slots=True)
class Scene:
    """Which keys have come, which came too long ago, and how the count goes."""

    here: list[Arrival]
    late: list[Arrival]
    job: Job | None
    are_keepers_known: bool

    @property
    def first(self) -> Arrival | None:
        return self.here[0] if self.here else None

    @property
    def is_complete(self) -> bool:
        """True once both keys have come."""
        return len(self.here) == 2

    @property
    def is_counting(self) -> bool:
        return self.job is not None and not self.job.is_over


def scene_of(round_: Round) -> Scene:
    """The opening of a box as it stands; a count whose process died is marked interrupted on the way."""
    arrivals = list(round_.arrivals.select_related("person", "keeper"))
    late = arrivals if any(arrival.is_over for arrival in arrivals) else []
    return Scene([] if late else arrivals, late, opening_of(round_), round_.keepers.exists())


def custodians_of(campaign: Campaign) -> QuerySet[Person]:
    """Who may keep an opening code of this campaign: the custodians over it who do not debrief in it."""
    grants = {"grants__role": Role.CUSTODIAN, "grants__organization__in": campaign.organizer.lineage}
    return Person.objects.filter(is_active=True, **grants).exclude(reviews__campaign=campaign).distinct()
