"""Who publishes grades. Reading follows from the notice's audience."""

from organizations.models import Person
from reviews.grade.permissions import may_approve
from reviews.plan.models import Campaign


def may_publish(person: Person, campaign: Campaign) -> bool:
    """The head, as he approves; never somebody who was graded."""
    return may_approve(person, campaign)
