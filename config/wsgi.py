"""The WSGI door for gunicorn."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from config.env import require_secrets

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
require_secrets(settings)
application = get_wsgi_application()
