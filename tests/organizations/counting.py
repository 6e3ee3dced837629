"""How many queries a page costs, whatever its frame costs: asked twice, the second time counts."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext


def cost_of(client: Client, path: str, asked: dict | None = None) -> int:
    """The queries of a GET that answers 200; the first visit may note the session, so it is not counted."""
    client.get(path, asked)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(path, asked)
    assert answer.status_code == 200
    return len(captured)
