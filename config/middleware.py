"""Doors are closed unless a view says for whom it opens; a refusal becomes a sentence on the page."""

import time
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import QueryDict
from django.shortcuts import redirect, render, resolve_url
from django_htmx.http import HttpResponseClientRedirect

from organizations.access import doors_of, may_enter
from organizations.errors import Refused

NULL = "\x00"


class LoginInWords(LoginRequiredMiddleware):
    """Who is not logged in, or no longer, goes to the login page, and from there back to the page he was on.

    A form sent after the session ended comes back to the page of the form, which offers again what was
    typed there; its own address may answer nobody but a form.
    """

    def handle_no_permission(self, request, view_func):
        if request.htmx:  # the login page itself answers that the whole page be loaded again
            return super().handle_no_permission(request, view_func)
        return _to_login(request)


class ClosedDoors:
    """Deny by default: a view without ``@open_to`` (or ``@login_not_required``) lets nobody in.

    This asks only which duties may enter at all; which organization's page, the view asks.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        if not getattr(view_func, "login_required", True):
            return None
        if not may_enter(request.user, doors_of(view_func)):
            raise PermissionDenied
        return None


class NoNulls:
    """A NUL, which nobody types and PostgreSQL keeps in no text, is left out of what is sent.

    Broken clipboards and curious people send it. It stands after the check of forms, which reads the body anyhow.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        if "%00" in request.META["QUERY_STRING"]:
            request.GET = _without_nulls(request.GET)
        if request.method == "POST" and any(NULL in word for _, words in request.POST.lists() for word in words):
            request.POST = _without_nulls(request.POST)
        return None


def _without_nulls(sent: QueryDict) -> QueryDict:
    kept = QueryDict(mutable=True)
    for name, words in sent.lists():
        kept.setlist(name.replace(NULL, ""), [word.replace(NULL, "") for word in words])
    return kept


class SessionHours:
    """A session ends after half an hour without a request, and after half a day in any case (SECURITY A7).

    Public pages are left alone: nothing of a voter's visit may be written down.
    """

    NOTED_EVERY_SECONDS = 60

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        if not getattr(view_func, "login_required", True) or not request.user.is_authenticated:
            return None
        now = int(time.time())
        began = request.session.setdefault("began", now)
        if now - began > settings.SESSION_LONGEST_HOURS * 3600:
            logout(request)
            return _to_login(request)
        if now - request.session.get("last_seen", 0) > self.NOTED_EVERY_SECONDS:
            request.session["last_seen"] = now  # saving moves the half hour on
        return None


class OwnPasswordFirst:
    """Who still has a one-time password reaches nothing but the page that changes it."""

    STILL_OPEN = {"organizations:password", "organizations:logout"}

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view_func, view_args, view_kwargs):
        if not getattr(view_func, "login_required", True) or not request.user.is_authenticated:
            return None
        if not request.user.must_change_password or request.resolver_match.view_name in self.STILL_OPEN:
            return None
        return _go_to(request, "organizations:password")


def _to_login(request):
    """The login page, which leads back to the page that the person had before his eyes."""
    answer = redirect_to_login(_page_of(request), resolve_url(settings.LOGIN_URL))
    return HttpResponseClientRedirect(answer.url) if request.htmx else answer


def _page_of(request) -> str:
    """The address of the page itself; of a form or a part of a page, of the page it stands on."""
    if request.method in {"GET", "HEAD"} and not request.htmx:
        return request.get_full_path()
    try:
        page = urlsplit(request.headers.get("HX-Current-URL") or request.headers.get("Referer") or "")
    except ValueError:
        return "/"
    if page.netloc != request.get_host():
        return "/"
    return page.path + (f"?{page.query}" if page.query else "")


def _go_to(request, url_name: str):
    """Send the whole page on, also when only a part of it was asked for."""
    answer = redirect(url_name)
    return HttpResponseClientRedirect(answer.url) if request.htmx else answer


class RefusalsInWords:
    """What an action refuses is told in its own words, with 409, and nothing has changed.

    So is 405: who opens anew the address of a form that was refused to him gets a page, not a blank window.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        answer = self.get_response(request)
        if answer.status_code == 405 and request.method == "GET":
            answer.content = render(request, "405.html").content
        return answer

    def process_exception(self, request, exception):
        if not isinstance(exception, Refused):
            return None
        template = "components/_refused.html" if request.htmx else "refused.html"
        return render(request, template, {"refused": exception}, status=409)
