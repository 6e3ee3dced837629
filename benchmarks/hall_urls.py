"""The product's doors and the alternative to asking: server-sent events, looked up four times a second."""

import time

from django.http import HttpRequest, StreamingHttpResponse
from django.urls import include, path

from organizations.access import open_to
from reviews.meeting.hall import picture_of
from reviews.meeting.permissions import may_watch
from reviews.meeting.views import WATCHING, campaign_for
from reviews.plan.models import Campaign

LOOKED_EVERY = 0.25  # seconds


@open_to(*WATCHING)
def stream(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """The stamp of every new picture; it holds a thread of gunicorn for as long as the screen stands."""
    campaign_for(request, pk, may_watch)

    def events():
        shown = ""
        while True:
            stamp = picture_of(Campaign.objects.select_related("meeting", "organizer").get(pk=pk)).stamp
            yield f"data: {stamp}\n\n" if stamp != shown else ":\n\n"
            shown = stamp
            time.sleep(LOOKED_EVERY)

    return StreamingHttpResponse(
        events(), content_type="text/event-stream", headers={"X-Accel-Buffering": "no", "Cache-Control": "no-store"}
    )


urlpatterns = [path("meetings/<int:pk>/stream/", stream), path("", include("config.urls"))]
