"""复核: what of a closed box agrees with what was written down, computed anew at every call. Reads only."""

from scoring import merkle, terms
from scoring.closing import issued_on_record
from scoring.models import Box, ReceiptList
from scoring.opening import box_lines, counts_of, tally_of

CLOSED = {Box.State.CLOSED, Box.State.OPENED}


def audit(box: Box) -> dict[str, bool]:
    """Name of a check -> does it hold, of a box that is closed or opened; empty for any other.

    ``terms``: panels, entries and rules are those locked. ``events``: the chain of acts is whole. ``issued``: slips
    issued are those that the chain tells. ``slips``: issued = used + void. ``returned``: used and paper make up the
    receipts, and no panel returned more than was issued. ``receipts``: the published list is the sealed one. Once
    opened also ``counts``: the counts are those that were committed to.
    """
    if box.state not in CLOSED:
        return {}
    panels, on_record = list(box.panels.all()), issued_on_record(box)
    codes = ReceiptList.objects.get(box=box).codes.splitlines()
    checks = {
        "terms": terms.is_unchanged(box),
        "events": _is_chain_whole(box),
        "issued": all(panel.issued == on_record[panel.code] for panel in panels),
        "slips": all(panel.issued == panel.spent + panel.voided for panel in panels),
        "returned": sum(panel.returned for panel in panels) == len(codes)
        and all(panel.returned <= min(panel.issued + panel.paper_issued, panel.slip_limit) for panel in panels),
        "receipts": merkle.root(codes) == box.receipts_root,
    }
    if box.state == Box.State.OPENED:
        counts = counts_of(box)
        computed = (merkle.root(box_lines(counts)), merkle.digest(tally_of(box, counts)))
        checks["counts"] = computed == (box.box_root, box.tally_hash)
    return checks


def _is_chain_whole(box: Box) -> bool:
    """True if every act on the box carries the hash of itself and of the one before, up to the last one known."""
    last = "0" * 64
    for place, event in enumerate(box.events.order_by("place"), start=1):
        if event.place != place:
            return False
        last = merkle.digest([last, event.place, event.at, event.act, event.by, event.facts])
        if event.hash != last:
            return False
    return last == box.lid.last_hash
