"""Pages for requests that reach no view."""

from django.shortcuts import render


def stale_form(request, reason=""):
    """A form older than its session: said in words, with the way back."""
    return render(request, "403_csrf.html", {"reason": reason}, status=403)
