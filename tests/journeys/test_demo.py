"""The demo as a newcomer meets it: it loads, and no link that it shows anybody leads nowhere."""

from collections import Counter
from urllib.parse import urljoin, urlsplit

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import resolve
from lxml import html

from organizations.demo_accounts import demo_accounts
from organizations.models import Person

LINKS_OF_A_KIND = 3  # followed from one kind of page to one kind of page: a table has forty of them
SHOWN = "//a/@href | //*/@hx-get"
SEEN_ALREADY = ("（二）", "（三）")  # another custodian or teller sees what the first one sees
NEVER_FOLLOWED = {"static", "media"}


def addresses_on(url: str, response) -> list[str]:
    """Where a page leads inside the product: its links and the parts it fetches by itself."""
    content = b"".join(response)  # a file handed out is closed when it has been read
    if not response.headers.get("Content-Type", "").startswith("text/html") or not content:
        return []
    page = html.document_fromstring(f"<html>{content.decode()}</html>")
    found = [urlsplit(urljoin(url, str(href))) for href in page.xpath(SHOWN)]
    paths = [part._replace(fragment="").geturl() for part in found if part.scheme in ("", "http") and not part.netloc]
    return [path for path in paths if path.split("/")[1] not in NEVER_FOLLOWED]


def door_of(address: str) -> tuple[str, bool]:
    parts = urlsplit(address)
    return resolve(parts.path).view_name, bool(parts.query)


def dead_ends_of(client: Client) -> list[str]:
    """Every link shown that answers 4xx or worse, as "where it stands -> where it leads: status"."""
    waiting, seen, followed, dead = [("", "/")], {"/"}, Counter(), []
    while waiting:
        shown_on, url = waiting.pop(0)
        response = client.get(url, follow=True)
        if response.status_code >= 400:
            dead.append(f"{shown_on} -> {url}: {response.status_code}")
            continue
        for address in addresses_on(url, response):
            kind = door_of(url), door_of(address)
            if address in seen or followed[kind] >= LINKS_OF_A_KIND:
                continue
            seen.add(address)
            followed[kind] += 1
            waiting.append((url, address))
    return dead


@pytest.mark.pdf
@pytest.mark.django_db(transaction=True)
def test_the_demo_loads_and_no_link_that_anybody_is_shown_is_a_dead_end(settings):
    settings.DEMO = True
    call_command("demo", verbosity=0)

    dead = {}
    for label, username, _ in demo_accounts():
        if label.endswith(SEEN_ALREADY):
            continue
        client = Client(raise_request_exception=False)
        client.force_login(Person.objects.get(username=username))
        dead[label] = dead_ends_of(client)

    assert {label: ends for label, ends in dead.items() if ends} == {}
