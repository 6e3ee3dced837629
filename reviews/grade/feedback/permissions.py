"""Who may read and sign a letter."""

from organizations.models import Person
from reviews.grade.feedback.models import Letter


def may_sign(person: Person, letter: Letter) -> bool:
    """The addressee alone."""
    return letter.review.secretary_id == person.pk
