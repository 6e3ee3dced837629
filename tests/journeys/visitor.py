"""A person at a browser without JavaScript: opens pages, fills in the forms that stand there, presses buttons.

Nothing is posted that the page does not offer: hidden fields, CSRF token and the button itself are read from it.
"""

from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import resolve
from lxml import html

from organizations.models import Trace

MOST_REDIRECTS = 5
Statuses = int | tuple[int, ...]  # the only one, or those among which the page may choose


@dataclass
class Page:
    """What the browser shows after one request."""

    url: str
    response: HttpResponse
    tree: html.HtmlElement | None = None

    @property
    def status(self) -> int:
        return self.response.status_code

    @property
    def text(self) -> str:
        """The words of the page, without its markup."""
        return " ".join(self.tree.text_content().split())

    @property
    def context(self):
        return self.response.context

    def all(self, path: str) -> list[str]:
        """The text of every element that an XPath finds."""
        return [found if isinstance(found, str) else found.text_content().strip() for found in self.tree.xpath(path)]

    def buttons(self) -> list[str]:
        """What can be pressed on the page."""
        return self.all("//main//button[not(@disabled)]")

    def link(self, words: str) -> str:
        """Where the link with these words leads."""
        (href,) = {a.get("href") for a in self.tree.iter("a") if words in a.text_content()}
        return urljoin(self.url, href)

    def rows(self) -> list[str]:
        """The rows of the page's tables, each as one line."""
        return [" ".join(row.text_content().split()) for row in self.tree.xpath("//tbody/tr")]


def page_of(url: str, response: HttpResponse) -> Page:
    is_html = response.headers.get("Content-Type", "").startswith("text/html")
    return Page(url, response, html.fromstring(response.content.decode()) if is_html and response.content else None)


@dataclass
class Visitor:
    """One browser with its own cookies; CSRF is checked as on a real server.

    ``untold``: names of the doors that took what was sent and left no line on the trail.
    """

    client: Client = field(default_factory=lambda: Client(enforce_csrf_checks=True))
    page: Page | None = None
    untold: set[str] = field(default_factory=set)

    def log_in(self, username: str, password: str) -> "Visitor":
        """Through the form on the login page."""
        self.open("/login/")
        self.press("登录", within="id_username", username=username, password=password)
        return self

    def open(self, url: str, *, expect: Statuses = 200) -> Page:
        """Go to an address; ends where it leads."""
        return self._arrive(url, self.client.get(url), expect)

    def status_of(self, url: str) -> int:
        """What an address answers, without following it."""
        return self.client.get(url).status_code

    def press(self, button: str, *, on: Page | None = None, within: str = "", expect: Statuses = 200, **values) -> Page:
        """Fill in the form that holds the button, and press it.

        ``on``: a page opened earlier, as a stale window shows it; ``within``: words of the form when several have
        such a button. A field that the form does not have is an error; None unticks or leaves out.
        """
        page = on or self.page
        pressed, form = find_button(page, button, within)
        body = filled(form, pressed, values)
        action = pressed.get("formaction") or form.get("action") or page.url
        return self.send(urljoin(page.url, action), body, expect=expect)

    def send(self, url: str, body: dict, *, expect: Statuses = 200, **headers: str) -> Page:
        """Post to an address; ends where the answer leads."""
        lines = Trace.objects.count()
        response = self.client.post(url, body, headers=headers or None)
        if response.status_code < 400 and Trace.objects.count() == lines:
            self.untold.add(resolve(urlsplit(url).path).view_name)
        return self._arrive(url, response, expect)

    def token(self) -> dict[str, str]:
        """The CSRF token of one's own cookie, as a field."""
        return {"csrfmiddlewaretoken": self.client.cookies["csrftoken"].value}

    def forge(self, url: str, body: dict | None = None) -> int:
        """Post to an address from no page; the status of the answer, not followed."""
        return self.client.post(url, (body or {}) | self.token()).status_code

    def _arrive(self, url: str, response: HttpResponse, expect: Statuses) -> Page:
        for _ in range(MOST_REDIRECTS):
            if response.status_code not in {301, 302}:
                break
            url = urljoin(url, response.url)
            response = self.client.get(url)
        self.page = page_of(url, response)
        expected = expect if isinstance(expect, tuple) else (expect,)
        assert self.page.status in expected, f"{url} answered {self.page.status}: {what_was_said(self.page)}"
        return self.page


def what_was_said(page: Page) -> str:
    """Notices and errors of a page, for the message of a failed test."""
    if page.tree is None:
        return page.response.content.decode()
    said = page.all("//*[contains(@class, 'notice') or contains(@class, 'error') or contains(@class, 'invalid')]")
    return " | ".join(" ".join(words.split()) for words in said) or page.text[:300]


def find_button(page: Page, words: str, within: str) -> tuple[html.HtmlElement, html.FormElement]:
    """The one enabled button with these words, and its form."""
    found = []
    for button in page.tree.iter("button"):
        if words not in button.text_content() or button.get("disabled") is not None:
            continue
        named = button.get("form")
        form = page.tree.get_element_by_id(named) if named else next(button.iterancestors("form"), None)
        if form is not None and within in " ".join(html.tostring(form, encoding="unicode").split()):
            found.append((button, form))
    exact = [pair for pair in found if " ".join(pair[0].text_content().split()) == words]
    found = exact or found
    assert len(found) == 1, f"{len(found)} buttons “{words}” on {page.url}; there are {page.buttons()}"
    return found[0]


def filled(form: html.FormElement, button: html.HtmlElement, values: dict) -> dict:
    """What the browser would send: the form as it stands, with the new values and the pressed button."""
    body: dict[str, list] = {}
    for name, value in form.form_values():
        body.setdefault(name, []).append(value)
    outside = form.getroottree().xpath(f"//*[@form='{form.get('id')}'][self::input or self::select]")
    for element in outside:
        body[element.name] = [element.value]
    names = {element.get("name") for element in [*form.iter("input", "select", "textarea"), *outside]}
    for name, value in values.items():
        assert name in names, f"the form has no field {name!r}; it has {sorted(filter(None, names))}"
        body[name] = value if isinstance(value, list) else [value]
        if value is None:
            del body[name]
    if button.get("name"):
        body[button.get("name")] = [button.get("value", "")]
    return {name: [v for v in values if v is not None] for name, values in body.items()}


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    """A file as a browser hands it over."""
    return SimpleUploadedFile(name, content)
