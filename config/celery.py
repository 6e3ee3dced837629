"""The Celery app: workers start with ``celery -A config worker``."""

import os

from celery import Celery
from celery.signals import worker_init
from django.conf import settings

from config.env import require_secrets

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
app = Celery("config")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["reviews.documents"])


@worker_init.connect
def refuse_without_secrets(**kwargs):
    """A worker without secrets stops at its start."""
    require_secrets(settings)
