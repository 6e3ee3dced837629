"""The doors of grading as tests knock at them, and the filled form of the table."""

from django.urls import reverse

from tests.reviews.grade.scene import (
    FAIR,
    GOOD,
    as_suggested,
)

VOTES = [{"A": GOOD}, {"A": FAIR}]


def door(name: str, key: int) -> str:
    return reverse(f"grade:{name}", args=[key])


def page_of(client, person, name: str, key: int, *, status: int = 200) -> str:
    client.force_login(person)
    answer = client.get(door(name, key))
    assert answer.status_code == status
    return answer.content.decode()


def filled(scene, **fields) -> dict:
    """The table as it is posted, following the suggestions."""
    posted = {"reference": "局党组第2次会议", "decided_on": "2026-01-05"}
    for proposal in as_suggested(scene):
        prefix = proposal.review.pk
        posted |= {f"{prefix}-grade": proposal.grade or "", f"{prefix}-reason": proposal.reason}
        posted |= {f"{prefix}-opinion": proposal.opinion}
    return posted | fields
