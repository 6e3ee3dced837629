"""The forms that a page shows, its links too, and what people type into them by mistake or to see what happens."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import parse_qsl, urljoin, urlsplit

from lxml import html

SKIPPED = {"submit", "button", "image", "reset", "file"}
ANY_KEY = ["", "²", "-1", "9" * 30]
BAD = {
    "date": ["0001-01-01", "9999-12-31"],
    "datetime-local": ["0001-01-01T00:00", "9999-12-31T23:59"],
    "number": ["-1", "9" * 30, "1e999", "²"],
    "text": ["a\x00b", "😀" * 3_000],
    "textarea": ["a\x00b", "😀" * 30_000],
    "hidden": ANY_KEY,
    "select": ANY_KEY,
    "checkbox": ANY_KEY,
    "radio": ANY_KEY,
}
FILLED = {"text": "填写的文字", "textarea": "填写的文字。", "date": "2026-12-01"}  # an empty box ends a check too early


@dataclass(frozen=True, slots=True)
class Field:
    """One control as it stands on the page."""

    name: str
    kind: str
    value: str
    is_sent: bool  # a box that is not ticked is not


@dataclass(frozen=True, slots=True)
class Form:
    """Where a form goes and what is in it. A link with a query is one that is sent by GET."""

    method: str
    action: str
    fields: tuple[Field, ...]

    @property
    def shape(self) -> tuple:
        """The same for two rows of one list."""
        path = numberless(urlsplit(self.action).path)
        return self.method, path, tuple(sorted({numberless(field.name) for field in self.fields}))

    def spoiled(self) -> Iterator[tuple[str, dict]]:
        """What is wrong in it, and the data sent: one field after another holds what it should not."""
        spoiled = set()
        for field in self.fields:
            if numberless(field.name) in spoiled or field.name == "csrfmiddlewaretoken":
                continue
            spoiled.add(numberless(field.name))
            for word in BAD.get(field.kind, BAD["text"]):
                yield f"{field.name}={word[:20]!r}", self._data() | {field.name: [word]}

    def _data(self) -> dict[str, list[str]]:
        data: dict[str, list[str]] = {}
        for field in self.fields:
            if field.is_sent:
                data.setdefault(field.name, []).append(field.value or FILLED.get(field.kind, ""))
        return data


def numberless(text: str) -> str:
    return re.sub(r"\d+", "N", text)


def forms_on(url: str, content: str) -> list[Form]:
    """Every form of a page."""
    return [
        Form((form.get("method") or "get").lower(), urljoin(url, form.get("action") or url), tuple(_fields_of(form)))
        for form in html.document_fromstring(f"<html>{content}</html>").xpath("//form")
    ]


def form_of(address: str) -> Form:
    """What follows ? in a link, as the hidden fields of a form."""
    parts = urlsplit(address)
    asked = tuple(Field(name, "hidden", value, is_sent=True) for name, value in parse_qsl(parts.query))
    return Form("get", parts.path, asked)


def _fields_of(form) -> Iterator[Field]:
    for control in form.xpath(".//input[@name] | .//textarea[@name] | .//select[@name]"):
        kind = control.tag if control.tag != "input" else (control.get("type") or "text").lower()
        if kind not in SKIPPED:
            is_sent = kind not in {"checkbox", "radio"} or control.get("checked") is not None
            yield Field(control.get("name"), kind, _value_of(control), is_sent)


def _value_of(control) -> str:
    if control.tag == "textarea":
        return control.text_content()
    if control.tag == "select":
        chosen = control.xpath(".//option[@selected]") or control.xpath(".//option")[:1]
        return chosen[0].get("value", "") if chosen else ""
    return control.get("value") or ""
