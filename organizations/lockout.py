"""Guessing a password: after a few wrong ones the account stays shut for a while (SECURITY A7)."""

import math
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from organizations.models import LoginFailure


def _recent(username: str):
    since = timezone.now() - timedelta(minutes=settings.LOGIN_LOCK_MINUTES)
    return LoginFailure.objects.filter(username=_key(username), failed_at__gt=since)


def _key(username: str) -> str:
    return username.strip().casefold()[:150]


def locked_minutes(username: str) -> int:
    """How many minutes the account stays locked, rounded up; 0 when it is open."""
    failures = list(
        _recent(username).order_by("-failed_at").values_list("failed_at", flat=True)[: settings.LOGIN_FAILURES]
    )
    if len(failures) < settings.LOGIN_FAILURES:
        return 0
    opens_at = failures[-1] + timedelta(minutes=settings.LOGIN_LOCK_MINUTES)
    return max(1, math.ceil((opens_at - timezone.now()).total_seconds() / 60))


def take_attempt(username: str) -> LoginFailure | None:
    """Count a try as failed before its password is looked at; None when the account is locked.

    Counted first, so that tries sent all at once cannot slip past the count together: of any
    number of them at most ``LOGIN_FAILURES`` find fewer than that many others.
    """
    if locked_minutes(username):
        return None
    attempt = LoginFailure.objects.create(username=_key(username))
    if _recent(username).exclude(pk=attempt.pk).count() >= settings.LOGIN_FAILURES:
        attempt.delete()
        return None
    return attempt


def attempts_left(username: str) -> int:
    """How many wrong passwords are still allowed before the account locks."""
    return max(0, settings.LOGIN_FAILURES - _recent(username).count())


def forgive(username: str) -> None:
    """Forget the failures: after a right password, or when the system administrator resets it."""
    LoginFailure.objects.filter(username=_key(username)).delete()
