"""The wiring: knows everyone, nobody knows it."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
