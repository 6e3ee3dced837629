"""A meeting with its vote open in the database of DATABASE_URL, told as JSON.

python -m tests.production.meeting SLIPS SPEAKERS STAFF

Staff are organizers already logged in, since logging in is not what is tried: ``sessions`` are their cookies.
"""

import json
import os
import subprocess
import sys

import django
from django.core.management import call_command

from tests.production.stack import ROOT, Stack


def prepare(slips: int, speakers: int, staff: int) -> dict:
    """Make the tables, a meeting with everybody still to speak, an open box, and sessions of the staff."""
    from organizations.models import Role  # noqa: PLC0415 -- Django is set up by then
    from reviews.meeting.actions import open_meeting, record_attendance  # noqa: PLC0415
    from tests.make import make_officer, make_report  # noqa: PLC0415
    from tests.reviews.ballot import hall as halls  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    halls.NAMES[:] = [f"述职人{number}" for number in range(1, speakers + 1)]
    hall = halls.set_hall(stage="reporting", secretaries=speakers, panels={"A": slips})
    for review in hall.reviews:
        make_report(review, state="approved")
    meeting = open_meeting(hall.campaign, by=hall.clerk)
    record_attendance(meeting, {panel.pk: panel.size for panel in hall.campaign.panels.all()}, by=hall.clerk)
    halls.voting(hall)
    people = [make_officer(Role.ORGANIZER, hall.bureau, f"经办{number}") for number in range(staff)]
    return {
        "campaign": hall.campaign.pk,
        "turns": list(meeting.turns.values_list("pk", flat=True)),
        "panel": hall.box.panels.get().pk,
        "slips": hall.slips["A"],
        "macs": [],
        "sessions": [session_of(person) for person in people],
    }


def session_of(person) -> str:
    """The key of a session in which the person is logged in."""
    from django.conf import settings  # noqa: PLC0415
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: PLC0415
    from django.contrib.sessions.backends.db import SessionStore  # noqa: PLC0415

    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(person.pk), settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return session.session_key


class MeetingStack(Stack):
    """The production stack with a meeting and its open box instead of a box alone; ``box`` holds both.

    ``more``: further settings of the environment.
    """

    def __init__(self, *, slips: int, speakers: int, staff: int, more: dict[str, str] | None = None):
        self.asked, self.more = (slips, speakers, staff), more or {}

    def prepare(self) -> dict:
        self.env |= self.more
        command = [sys.executable, "-m", "tests.production.meeting", *map(str, self.asked)]
        ran = subprocess.run(command, env=self.env, cwd=ROOT, capture_output=True, text=True)
        if ran.returncode:
            raise RuntimeError(ran.stderr)
        return json.loads(ran.stdout)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.production.settings")
    django.setup()
    json.dump(prepare(*map(int, sys.argv[1:4])), sys.stdout)
