"""Who publishes grades. Reading follows from the notice's audience."""

from organizations.models import Person
from reviews.grade.permissions import may_approve
from reviews.grade.publishing.models import GradeNotice
from reviews.plan.models import Campaign


def may_publish(person: Person, campaign: Campaign) -> bool:
    """The head, as he approves; never somebody who was graded."""
    return may_approve(person, campaign)


def is_told(person: Person, campaign: Campaign) -> bool:
    """Reads the standing notice of the campaign: whoever belongs to its audience."""
    return GradeNotice.objects.told_to(person).filter(campaign=campaign).exists()
