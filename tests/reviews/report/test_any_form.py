"""Whatever is sent to any address of this stage, by whomever: an answer in words, never an error 500.

The addresses come from the URL patterns, their keys from the world of the permission table, the fields from the
forms on the pages and in the code: what is new comes in by itself. ``FORM_CASES=10000`` runs as many cases.
"""

import importlib
import os
import pkgutil
from html.parser import HTMLParser

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import reviews.report
from organizations.models import Role
from reviews.plan.models import Campaign, Stage
from reviews.report.models import Report
from reviews.report.urls import app_name, urlpatterns
from tests.cast import build_town
from tests.permission_table import TABLE
from tests.reviews.report.texts import SECTIONS
from tests.world import build_world

CASES = int(os.environ.get("FORM_CASES", "300"))
NAMES = [f"{app_name}:{pattern.name}" for pattern in urlpatterns]
PEOPLE = ["secretary", Role.VETTER, Role.ORGANIZER, Role.APPROVER, Role.LEADER, "stranger"]
HEADINGS = "一、标题\n（一）小标题\n1.条目\n"


class FieldsOfForms(HTMLParser):
    """The names of all fields on a page, each with the values that stand there."""

    def __init__(self, page: str):
        super().__init__()
        self.found: dict[str, set[str]] = {}
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        if tag in {"input", "textarea", "select", "button"} and said.get("name"):
            self.found.setdefault(said["name"], set()).add(said.get("value") or "")


def fields_in_code() -> set[str]:
    """The fields of every form class of this stage."""
    names: set[str] = set()
    for found in pkgutil.walk_packages(reviews.report.__path__, "reviews.report."):
        module = importlib.import_module(found.name)
        for thing in vars(module).values():
            if isinstance(thing, type) and issubclass(thing, forms.BaseForm):
                names |= set(getattr(thing, "base_fields", {}))
            elif isinstance(thing, type) and issubclass(thing, forms.BaseFormSet):
                prefix = thing.get_default_prefix()
                inner = [f"{row}-{name}" for row in (0, 1) for name in thing.form.base_fields]
                parts = ["TOTAL_FORMS", "INITIAL_FORMS", *inner]
                names |= {f"{start}-{part}" for start in (prefix, "part") for part in parts}
    return names


# Letters that have broken something somewhere: control, invisible, right to left, joined, rare, halves.
LETTERS = st.sampled_from(
    [*"甲乙。，；\r\n\t \x00\x07\u200b\u200d\u202e\ufeff\ud800", "👨‍👩‍👧", "𠮷", "é", "<b>", "' --", "%00"]
)
GARBAGE = st.one_of(
    st.lists(LETTERS, max_size=20).map("".join),
    st.text(max_size=30),
    st.integers().map(str),
    st.sampled_from(
        ["", "0", "1", "2", "-1", "on", "True", "approved", "returned", "2026-12-20", "9" * 30, "１", "NaN", "1e9"]
    ),
    st.sampled_from(
        [str(2**31), str(2**63), str(2**63 - 1), "0x1", "null", "[]", "{}", "2026-02-30", "0001-01-01T00:00"]
    ),
    st.sampled_from(["长" * 60_001, HEADINGS * 700, "。" * 20_000, "甲乙" * 9_000, "\u202e" * 5_000]),
)
FILES = st.builds(
    lambda name, content, kind: SimpleUploadedFile(name, content, content_type=kind),
    st.sampled_from(
        ["报告.docx", "a.txt", "a.doc", "a.wps", "图.jpg", "附.pdf", "表.xlsx", "a", "..\\a.txt", "名" * 200 + ".txt"]
    ),
    st.one_of(st.binary(max_size=60), st.just("一、标题\n正文".encode()), st.just(b"PK\x03\x04" + bytes(40))),
    st.sampled_from(["", "text/plain", "application/octet-stream", "image/jpeg"]),
)


class World:
    """A report that can be written, vetted, read: its doors, its people, its fields."""

    def __init__(self):
        self.town = build_town()
        self.keys = build_world(self.town, "own", self.town.people["secretary"])
        self.campaign = Campaign.objects.get(pk=self.keys.keys["campaign"])
        Campaign.objects.filter(pk=self.campaign.pk).update(stage=Stage.REPORTING)
        self.client = Client(raise_request_exception=False)
        self.fields = {name: {"1"} for name in fields_in_code()}
        for person, state in (("secretary", "draft"), (Role.VETTER, "submitted"), (Role.ORGANIZER, "approved")):
            self.learn_fields(person, state)

    def address(self, name: str) -> str:
        return reverse(name, kwargs=self.keys.keys_of(name, TABLE[name].kind))

    def come_in(self, person: str, state: str) -> None:
        self.client.force_login(self.town.people[person])
        Report.objects.filter(pk=self.keys.keys["report"]).update(state=state)

    def learn_fields(self, person: str, state: str) -> None:
        """Read every page as this person, and the page that an upload leads to."""
        self.come_in(person, state)
        answers = [self.client.get(self.address(name)) for name in NAMES if TABLE[name].get]
        answers.append(self.client.post(self.address("report:upload"), {"text": HEADINGS}))
        for answer in answers:
            if answer.streaming:
                b"".join(answer.streaming_content)  # closes the file
            elif answer.status_code != 404:
                for name, values in FieldsOfForms(answer.content.decode(errors="replace")).found.items():
                    self.fields.setdefault(name, set()).update(values)


@pytest.fixture
def world(db):
    return World()


def test_the_forms_are_found_by_themselves(world):
    assert {"edition", "plans", "verdict", "opinion", "part-0-kind", "part-TOTAL_FORMS", "file"} <= set(world.fields)


def test_nothing_sent_to_this_stage_is_an_error_500(world):
    fields = sorted(set(world.fields) - {"csrfmiddlewaretoken"})
    values = {name: sorted(world.fields[name]) or [""] for name in fields}
    one = st.sampled_from(fields).flatmap(
        lambda name: st.tuples(st.just(name), st.one_of(st.sampled_from(values[name]), GARBAGE, FILES))
    )
    usual = SECTIONS | {"edition": "0", "version": "1", "part-TOTAL_FORMS": "1", "part-INITIAL_FORMS": "0"}
    # Many faults in one run, none made smaller: a case is small, and making it smaller takes longer than all others.
    faults = []

    @settings(
        max_examples=CASES,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(
        st.sampled_from(NAMES),
        st.sampled_from(PEOPLE),
        st.sampled_from(Report.State.values),
        st.sampled_from(Stage.values),
        st.booleans(),
        st.booleans(),
        st.lists(one, max_size=8),
    )
    def send(name, person, state, stage, is_usual, is_part, typed):
        sent = {**(usual if is_usual else {}), **dict(typed)}
        with transaction.atomic():
            if stage != Stage.REPORTING and not is_usual:
                Campaign.objects.filter(pk=world.campaign.pk).update(stage=stage)
            world.come_in(person, state)
            headers = {"HX-Request": "true"} if is_part else {}
            got = world.client.get(world.address(name), as_words(sent), headers=headers)
            answer = world.client.post(world.address(name), as_bytes(sent), headers=headers)
            for each in (got, answer):
                if each.streaming:
                    b"".join(each.streaming_content)
            transaction.set_rollback(True)
        if max(got.status_code, answer.status_code) >= 500:
            faults.append(f"{name} by {person}, {state}, {stage}: {sent!r:.400}")

    send()

    assert faults == [], "\n".join(faults[:20])


def as_words(sent: dict) -> dict:
    """What can stand in an address: no files, nothing long."""
    return {name: each[:200].encode(errors="replace").decode() for name, each in sent.items() if isinstance(each, str)}


def as_bytes(sent: dict) -> dict:
    """As a browser would send it, halves of letters included: as bytes that are no UTF-8."""
    return {
        name: each.encode(errors="surrogatepass") if isinstance(each, str) and not is_clean(each) else each
        for name, each in sent.items()
    }


def is_clean(words: str) -> bool:
    return not any("\ud800" <= letter <= "\udfff" for letter in words)
