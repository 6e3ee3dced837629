"""TEMPORARY: a door that is not built yet leads nowhere."""

from django.urls import NoReverseMatch
from django.urls import reverse as strict_reverse


def reverse(name, args=None):
    try:
        return strict_reverse(name, args=args)
    except NoReverseMatch:
        return ""
