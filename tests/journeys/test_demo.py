"""The demo as a newcomer meets it: it loads, no link that it shows anybody leads nowhere, no form breaks."""

from collections import Counter
from urllib.parse import urljoin, urlsplit

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import resolve
from lxml import html

from organizations.demo_accounts import demo_accounts
from organizations.models import Person
from tests.journeys.spoiling import Form, form_of, forms_on

LINKS_OF_A_KIND = 3  # followed from one kind of page to one kind of page: a table has forty of them
SHOWN = "//a/@href | //*/@hx-get"
SEEN_ALREADY = ("（二）", "（三）")  # another custodian or teller sees what the first one sees
NEVER_FOLLOWED = {"static", "media"}
ENDS_THE_SESSION = {"organizations:logout", "organizations:password"}


def text_of(response) -> str:
    """The page; "" of anything else, which is read all the same: a file handed out is closed by that."""
    content = b"".join(response)
    return content.decode() if response.headers.get("Content-Type", "").startswith("text/html") else ""


def addresses_on(url: str, page: str) -> list[str]:
    """Where a page leads inside the product: its links and the parts it fetches by itself."""
    if not page:
        return []
    shown = html.document_fromstring(f"<html>{page}</html>").xpath(SHOWN)
    found = [urlsplit(urljoin(url, str(href))) for href in shown]
    paths = [part._replace(fragment="").geturl() for part in found if part.scheme in ("", "http") and not part.netloc]
    return [path for path in paths if path.split("/")[1] not in NEVER_FOLLOWED]


def door_of(address: str) -> tuple[str, bool]:
    parts = urlsplit(address)
    return resolve(parts.path).view_name, bool(parts.query)


class Visitor:
    """Somebody who opens all that he is shown and spoils every form that he meets.

    ``dead``: links shown that answer 4xx or worse, as "where it stands -> where it leads: status". ``broken``: forms
    that answer 5xx, with what was typed. ``spoiled``: the shapes of forms done with, shared by all visitors.
    """

    def __init__(self, person: Person, spoiled: set[tuple]):
        self.client = Client(raise_request_exception=False)
        self.client.force_login(person)
        self.spoiled, self.dead, self.broken = spoiled, [], []

    def look_around(self) -> "Visitor":
        waiting, seen, followed = [("", "/")], {"/"}, Counter()
        while waiting:
            shown_on, url = waiting.pop(0)
            response = self.client.get(url, follow=True)
            page = text_of(response)
            if response.status_code >= 400:
                self.dead.append(f"{shown_on} -> {url}: {response.status_code}")
                continue
            for address in addresses_on(url, page):
                kind = door_of(url), door_of(address)
                if address in seen or followed[kind] >= LINKS_OF_A_KIND:
                    continue
                seen.add(address)
                followed[kind] += 1
                waiting.append((url, address))
            for form in [*(forms_on(url, page) if page else []), form_of(url)]:
                self.spoil(form)
        return self

    def spoil(self, form: Form) -> None:
        """Send a form of a new shape once for each thing that can be wrong in it; nothing of it stays."""
        if form.shape in self.spoiled or door_of(form.action)[0] in ENDS_THE_SESSION:
            return
        self.spoiled.add(form.shape)
        for wrong, data in form.spoiled():
            with transaction.atomic():
                response = getattr(self.client, form.method)(form.action, data)
                text_of(response)
                transaction.set_rollback(True)
            if response.status_code == 403:
                break  # shown to be read; its fields are switched off
            if response.status_code >= 500:
                self.broken.append(f"{form.action} {wrong}: {response.status_code}")


@pytest.mark.pdf
@pytest.mark.django_db(transaction=True)
def test_the_demo_loads_and_no_link_is_a_dead_end_and_no_form_breaks_whatever_is_typed(settings):
    settings.DEMO = True
    call_command("demo", verbosity=0)
    visitors, spoiled = {}, set()

    for label, username, _ in demo_accounts():
        if not label.endswith(SEEN_ALREADY):
            visitors[label] = Visitor(Person.objects.get(username=username), spoiled).look_around()

    assert {label: one.dead for label, one in visitors.items() if one.dead} == {}
    assert {label: one.broken for label, one in visitors.items() if one.broken} == {}
    assert len(spoiled) > 60
