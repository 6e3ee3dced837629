"""Who enters scores, who confirms and withdraws them. Nobody scores himself."""

from dataclasses import dataclass

from organizations.models import Person
from reviews.grade.permissions import may_approve, may_propose
from reviews.grade.scores.models import ScoreBatch
from reviews.plan.models import Campaign


@dataclass(frozen=True, slots=True)
class Hands:
    """What one person may do with the scores of one campaign, asked once for a whole page."""

    person: Person
    enters: bool
    approves: bool

    def may_confirm(self, batch: ScoreBatch) -> bool:
        """The head, if another person entered them."""
        return self.approves and batch.entered_by_id != self.person.pk

    def may_withdraw(self) -> bool:
        """Whoever may enter or confirm scores."""
        return self.enters or self.approves


def hands_of(person: Person, campaign: Campaign) -> Hands:
    """What the person may do. Two queries."""
    return Hands(person, may_propose(person, campaign), may_approve(person, campaign))
