"""Who enters scores, who confirms and withdraws them. Nobody scores himself."""

from organizations.models import Person
from reviews.grade.permissions import may_approve, may_propose
from reviews.grade.scores.models import ScoreBatch


def may_confirm(person: Person, batch: ScoreBatch) -> bool:
    """The head, if another person entered them."""
    return may_approve(person, batch.campaign) and batch.entered_by_id != person.pk


def may_withdraw(person: Person, batch: ScoreBatch) -> bool:
    """Whoever may enter or confirm scores."""
    return may_propose(person, batch.campaign) or may_approve(person, batch.campaign)
