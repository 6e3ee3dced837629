"""计票结果报告单: the figures of an opened box as PDF, to be signed in the hall (DOMAIN F8, SECURITY 3.4 and 4.2).

Votes are shown as on every page: if one secret panel is small, no counts (``reviews.grade.showing``). What proves the
sheet is the hash of the recount package and the head of two chains. The package's own ``tally_hash`` is not printed:
with few ballots somebody could try all counts until the hash fits, and learn what the small-panel rule withholds.
"""

from hashlib import sha256

from organizations.jobs import Progress
from organizations.models import TrailHead
from reviews.documents.pdf import render_pdf
from reviews.grade import showing
from reviews.models import Round
from scoring import booth
from scoring.count import COUNTS, export_package, standings_input
from scoring.explanation import read_policy_in_words
from scoring.models import PaperBatch
from scoring.terms import policy_of

TEMPLATE = "reviews/documents/tally_sheet.html"
SUMMED = ("eligible", "present", "issued", "paper_issued", "returned", "valid", "paper_invalid", "slips_voided")


def build_tally_sheet(round_: Round, progress: Progress) -> bytes:
    """The sheet of one round. Raises Refused before the box is open."""
    return render_pdf(TEMPLATE, [sheet_of(round_)], progress)


def sheet_of(round_: Round) -> dict:
    """Everything that stands on the sheet."""
    box = round_.box
    standings, words = _standings(round_), box.grade_words
    by_name = frozenset(panel.code for panel in box.panels.all() if not panel.is_secret)
    panels = _panels(round_)
    head = TrailHead.objects.filter(pk=1).first()
    return {
        "round": round_,
        "campaign": round_.campaign,
        "box": box,
        "panels": panels,
        "total": {name: sum(panel[name] for panel in panels) for name in SUMMED},
        "batches": PaperBatch.objects.filter(panel__box=box).count(),
        "lines": [
            {"entry": entry, "bars": showing.votes_of(standing, by_name, words=words), "counts": _counts(standing)}
            for entry, standing in zip(box.entries.order_by("number"), standings.values(), strict=True)
        ],
        "hides": any(showing.hides_counts(standing, by_name) for standing in standings.values()),
        "rules": read_policy_in_words(policy_of(box)),
        "package_hash": sha256(export_package(box)).hexdigest(),
        "events_head": box.lid.last_hash,
        "trail": head,
    }


def _standings(round_: Round) -> dict[int, dict]:
    """Entry number -> its counts in the shape that ``showing`` reads."""
    return {
        number: {"panels": {code: {name: getattr(each, name) for name in COUNTS} for code, each in panels.items()}}
        for number, panels in standings_input(round_.box).items()
    }


def _counts(standing: dict) -> list[tuple[str, dict]]:
    return [(f"{code}票", panel) for code, panel in standing["panels"].items()]


def _panels(round_: Round) -> list[dict]:
    """应到、实到、发出、收回、有效、无效 of every panel; 实到 as signed in at the meeting."""
    came = dict(round_.campaign.panels.values_list("code", "attendance__present"))
    return [line | {"present": came.get(line["code"]) or 0} for line in booth.sheet_figures(round_.box)]
