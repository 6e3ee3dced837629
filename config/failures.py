"""Answers to requests that no view answered: an old form, a fault of ours, a server out of reach."""

import errno
import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.defaults import server_error

TRY_AGAIN_AFTER_SECONDS = 5
DISK_IS_FULL = {errno.ENOSPC, errno.EDQUOT}


def stale_form(request, reason=""):
    """A form older than its session: said in words, with the way back."""
    return render(request, "403_csrf.html", {"reason": reason}, status=403)


def broken(request):
    """What became of an exception: 503 when it will pass (database out of reach or busy, no room), else 500.

    Neither page asks the database or the session: those may be what is broken.
    """
    if not _will_pass(sys.exc_info()[1]):
        return server_error(request)
    answer = HttpResponse(render_to_string("503.html"), status=503)
    answer.headers["Retry-After"] = str(TRY_AGAIN_AFTER_SECONDS)
    return answer


def _will_pass(fault: BaseException | None) -> bool:
    if isinstance(fault, OSError):
        return fault.errno in DISK_IS_FULL
    return isinstance(fault, OperationalError | InterfaceError)
