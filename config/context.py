"""What every page's frame needs."""

from django.conf import settings


def frame(request) -> dict:
    """The demo banner's switch."""
    return {"is_demo": settings.DEMO}
