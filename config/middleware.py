"""Doors are closed unless a view says for whom it opens; a refusal becomes a sentence on the page."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import render

from organizations.access import doors_of, may_enter
from organizations.errors import Refused


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


class RefusalsInWords:
    """What an action refuses is told in its own words, with 409, and nothing has changed."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if not isinstance(exception, Refused):
            return None
        template = "components/_refused.html" if request.htmx else "refused.html"
        return render(request, template, {"refused": exception}, status=409)
