"""The production settings on a machine whose clock is wrong by CLOCK_SHIFT_HOURS.

Django's clock is moved before anything of the product is imported, so every module gets the wrong one.
"""

import os
from datetime import timedelta

from django.utils import timezone

from tests.production.settings import *  # noqa: F403

SHIFT = timedelta(hours=float(os.environ["CLOCK_SHIFT_HOURS"]))
_right = timezone.now


def wrong_now():
    return _right() + SHIFT


timezone.now = wrong_now
