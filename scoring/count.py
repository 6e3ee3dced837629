"""计票结果: an opened box into the figures that the rules read, and into a package that anyone can recount.

Nothing here answers before the box is opened (SECURITY S16).
"""

import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path

from organizations.errors import Refused
from scoring import document, merkle, rules, tally, terms
from scoring.closing import returned_figures
from scoring.models import Box
from scoring.opening import box_lines, counts_of, tally_of
from scoring.policy import to_document

HERE = Path(__file__).parent
FIRST_DAY_OF_ZIP = (1980, 1, 1, 0, 0, 0)  # the same box gives the same bytes
COUNTS = document.COUNTS


def standings_input(box: Box) -> dict[int, dict[str, tally.PanelCount]]:
    """Entry number -> panel code -> counts, out of an OPENED box. Raises Refused for any other.

    Panels that were too small to be shown alone appear merged, under a code such as ``A+C``; use the
    weights of ``terms.policy_of(box)``, which adds theirs up.
    """
    counts = counts_of(box)
    sheets = tally_of(box, counts)["groups"]
    return {
        number: {code: tally.panel_count(columns[number - 1], **sheets[code]) for code, columns in counts.items()}
        for number in range(1, box.entry_count + 1)
    }


def document_of(box: Box, extra_reviews: Iterable[Mapping] | None = None) -> dict:
    """The box in the JSON shape of the rules (RULES.md section 5); a review's id is its entry's number.

    ``extra_reviews`` carry what never lay in the box, by id: org_type, facts, routine, field, previous_grade,
    closure_rate, with numbers as strings. Raises Refused for an id that is no entry or stands twice.
    """
    counted = standings_input(box)
    known = {str(number): {} for number in counted}
    for extra in extra_reviews or ():
        fields = dict(extra)
        number = str(fields.pop("id"))
        if number not in known or known[number]:
            raise Refused(f"补充材料中的序号“{number}”不在本次测评中或重复。")
        known[number] = fields
    reviews = [
        {
            "id": str(number),
            **known[str(number)],
            "panels": {code: {name: getattr(count, name) for name in COUNTS} for code, count in panels.items()},
        }
        for number, panels in counted.items()
    ]
    return {"policy": to_document(terms.policy_of(box)), "reviews": reviews}


def suggestions_for(box: Box, extra_reviews: Iterable[Mapping] | None = None) -> rules.Outcome:
    """What the frozen rules suggest for every entry of an opened box; ids are entry numbers as text."""
    policy, standings = document.read_document(document_of(box, extra_reviews))
    return rules.suggest_grades(standings, policy)


def export_package(box: Box, extra_reviews: list[dict] | None = None) -> bytes:
    """The recount package (复核包) of an opened box, as a zip file. Equal calls give equal bytes.

    It holds counts, receipts, rules and the acts on the box, but no ballot: counts a panel and entry are all
    that exists after the opening. Inside is ``recount.py``, which needs nothing but Python: it computes
    roots, counts, tally and grades again, the latter with rules of its own, and accepts no changed byte.
    ``extra_reviews`` as in ``document_of``. Whoever reads it sees small panels too: it is for those who recount,
    not for publication. Raises Refused unless the box is OPENED.
    """
    counts = counts_of(box)
    counted = tally_of(box, counts)
    committed = {"box_root": merkle.root(box_lines(counts)), "tally_hash": merkle.digest(counted)}
    if committed != {"box_root": box.box_root, "tally_hash": box.tally_hash}:
        raise Refused("票箱内容与开箱时的校验值不一致，不能导出复核包。请立即报告纪检监督人员。")
    asked = document_of(box, extra_reviews)
    files = {
        "session.json": _json(_session(box)),
        "roster_counts.json": _json(returned_figures(box)),
        "rules.json": _json(box.frozen["policy"]),
        "standings.json": _json([{k: v for k, v in review.items() if k != "panels"} for review in asked["reviews"]]),
        "tally.json": _json(counted),
        "grades.json": _json(document.to_answer(suggestions_for(box, extra_reviews))),
        "receipts.txt": box.receipt_list.codes.encode(),
        "events.jsonl": "".join(merkle.canonical(line) + "\n" for line in _events(box)).encode(),
        "recount.py": (HERE / "recount.py").read_bytes(),
        "README.txt": (HERE / "recount_readme.txt").read_bytes(),
    }
    roots = {
        "frozen_hash": box.frozen_hash,
        "receipts_root": box.receipts_root,
        **committed,
        "events_head": box.lid.last_hash,
        "files": {name: sha256(content).hexdigest() for name, content in files.items()},
    }
    return _zipped(files | {"roots.json": (merkle.canonical(roots) + "\n").encode()})


def _session(box: Box) -> dict:
    days = {"opened_on": box.opened_on, "closed_on": box.closed_on, "unsealed_on": box.unsealed_on}
    return {"format": 1, "terms": box.frozen, **{name: day.isoformat() for name, day in days.items()}}


def _events(box: Box) -> Iterable[dict]:
    return box.events.values("place", "at", "act", "by", "facts", "hash")


def _json(content: object) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _zipped(files: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            package.writestr(zipfile.ZipInfo(name, FIRST_DAY_OF_ZIP), content, zipfile.ZIP_DEFLATED)
    return packed.getvalue()
