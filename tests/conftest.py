"""What every test shares: tests run without Redis, with jobs in the caller's thread, on plain static files."""

import os

import pytest

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # the browser's event loop and the ORM share a thread


@pytest.fixture(autouse=True)
def _plain_settings(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if not settings.REDIS_URL:
        settings.CELERY_TASK_ALWAYS_EAGER = True
