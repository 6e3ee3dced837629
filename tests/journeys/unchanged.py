"""Whether anything at all has changed in the database."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps

from tests.journeys.visitor import Page, Statuses, Visitor, what_was_said

WRONG_STEP = (409, 422)  # allowed but not now; a form that does not hold
OURS = ("organizations", "scoring", "reviews")


def everything() -> dict[str, list[str]]:
    """Every row of every table of ours, as text."""
    return {
        model._meta.label: [
            repr([bytes(value) if isinstance(value, memoryview) else value for value in row])
            for row in model.objects.order_by("pk").values_list()
        ]
        for app in OURS
        for model in apps.get_app_config(app).get_models()
    }


@contextmanager
def nothing_changes(but: frozenset[str] = frozenset()) -> Iterator[None]:
    """What happens inside leaves every row as it was, the trail included; ``but`` names the tables that must change."""
    before = everything()
    yield
    after = everything()
    changed = {label: rows for label, rows in after.items() if rows != before[label]}
    assert set(changed) == but, changed


def refused(
    visitor: Visitor, button: str, *, on: Page, says: str, expect: Statuses = WRONG_STEP, within: str = "", **values
) -> Page:
    """A button of a page opened earlier is pressed, told in words that it is not obeyed, and nothing has changed.

    The page may be somebody else's: the token is always the visitor's own.
    """
    with nothing_changes():
        page = visitor.press(button, on=on, within=within, expect=expect, **visitor.token() | values)
    assert says in page.text, what_was_said(page)
    return page


def refused_from_nowhere(
    visitor: Visitor, url: str, body: dict | None = None, *, says: str, expect: Statuses = WRONG_STEP
) -> None:
    """The same for what no page offers at this moment."""
    with nothing_changes():
        page = visitor.send(url, (body or {}) | visitor.token(), expect=expect)
    assert says in page.text, what_was_said(page)
