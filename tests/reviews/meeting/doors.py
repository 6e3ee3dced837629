"""How the tests of the meeting's pages go through its doors."""

from django.urls import reverse

HTMX = {"HTTP_HX_REQUEST": "true"}


def address(name: str, thing) -> str:
    """The address of a page of the meeting."""
    return reverse(f"meeting:{name}", args=[thing.pk])


def seen_by(client, person):
    """The client, logged in as this person."""
    client.force_login(person)
    return client
