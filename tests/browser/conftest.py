"""A real Chromium against a live server, at phone and office size."""

import os
import shutil

import pytest
from django.db import connections
from playwright.sync_api import expect

ARGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
ARGS += ["--disable-component-update", "--disable-sync"]
PHONE = {"width": 390, "height": 844}
OFFICE = {"width": 1366, "height": 768}


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """The system's Chromium; CHROMIUM names another one."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    return {**browser_type_launch_args, "executable_path": path, "args": ARGS}


@pytest.fixture
def browser_context_args(browser_context_args):
    return {**browser_context_args, "viewport": PHONE, "locale": "zh-CN"}


@pytest.fixture(autouse=True)
def _patience(context):
    """A busy machine is slow, not wrong."""
    context.set_default_timeout(20_000)
    expect.set_options(timeout=20_000)


@pytest.fixture(autouse=True)
def _static_from_the_source(settings):
    settings.WHITENOISE_USE_FINDERS = True
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(autouse=True, scope="session")
def _no_connection_outlives_its_request():
    """Chromium keeps sockets for minutes, each a thread of the live server: none may sit on a connection meanwhile.

    For the whole session: a page polls on while its test is being taken down.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(connections.settings["default"], "CONN_MAX_AGE", 0)
        yield
