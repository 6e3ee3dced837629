"""An open box in the database of DATABASE_URL, told as JSON: python -m tests.production.box SLIPS LINES | close"""

import json
import os
import sys

import django
from django.core.management import call_command


def prepare(slips: int, lines: int) -> dict:
    """Make the tables and one open box; gives its panel, slips and what the database holds of each slip."""
    from scoring import booth, sealing  # noqa: PLC0415 -- Django is set up by then
    from tests.scoring.boxes import make_clerk, make_draft  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    by = make_clerk()
    box = booth.freeze(make_draft({"A": slips}, lines, by=by), by=by)
    codes = booth.make_keys(box, 2, by=by)
    panel = box.panels.get()
    made = booth.issue_slips(panel, slips, by=by)
    booth.open_box(box, by=by)
    macs = [sealing.mac_of(slip).hex() for slip in made]
    return {"panel": panel.pk, "slips": made, "macs": macs, "opening_codes": codes}


def close() -> dict:
    """Close the one box there is."""
    from organizations.models import Person  # noqa: PLC0415 -- Django is set up by then
    from scoring import booth  # noqa: PLC0415
    from scoring.models import Box  # noqa: PLC0415

    return {"state": booth.close(Box.objects.get(), by=Person.objects.first()).state}


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.production.settings")
    django.setup()
    told = close() if sys.argv[1:] == ["close"] else prepare(int(sys.argv[1]), int(sys.argv[2]))
    json.dump(told, sys.stdout)
