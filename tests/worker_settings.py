"""Settings of a Celery worker that a test starts: the test's own files, everything else as in production."""

import os
from pathlib import Path

from config.settings import *  # noqa: F403

MEDIA_ROOT = Path(os.environ["TEST_MEDIA_ROOT"])
