"""会议纪事: other verbs, the ballot's too, leave a line here in their own transaction."""

from django.utils import timezone

from reviews.meeting.models import Meeting
from reviews.meeting.record_models import Happening
from reviews.plan.models import Campaign

LONGEST = 300


def note(campaign: Campaign, words: str) -> None:
    """Write down what has just happened at the meeting of a campaign; nothing where no meeting was held.

    Never a name beside a slip, nor a count by time while a vote is open (SECURITY S7, S8).
    """
    meeting = Meeting.objects.filter(campaign=campaign).first()
    if meeting:
        Happening.objects.create(meeting=meeting, at=timezone.now(), words=words[:LONGEST])
