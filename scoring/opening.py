"""开箱: two codes, every envelope out of its seal in memory, counted per item, the envelopes destroyed
(SECURITY 3.2, steps 4 and 5).

No whole ballot is ever written, here or anywhere: not even an encrypted audit file. Forty items with four
choices make every full ballot a fingerprint (S12), and two custodians who can open a box could open that file
too. What the file was for is done otherwise: the ballots are counted twice, in two ways, before anything
is destroyed, and the counts are committed to by ``box_root``, which ``recount.py`` computes again.
"""

import logging
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence

from django.db import DatabaseError, connection, transaction
from django.db.models import F
from django.utils import timezone
from nacl.public import PrivateKey

from organizations.errors import Refused
from organizations.models import Person
from scoring import acts, health, merkle, sealing, tally, terms
from scoring.acts import hold_in, move_box
from scoring.casting import is_ballot
from scoring.models import Box, Envelope, Mark, Panel, Token

logger = logging.getLogger(__name__)

MOST_WRONG_CODES = 10
SCRUBS, SCRUB_PAUSE_SECONDS = 10, 0.3  # so often, in case somebody holds a table
# Not VACUUM FULL: it keeps dead rows for readers who began before, and for whoever writes in another database of the
# cluster. A change of type, here to the same type by a sum that is not skipped, copies living rows alone.
REWRITE = """SET LOCAL lock_timeout = '1s';
    ALTER TABLE scoring_{table} ALTER COLUMN {column} TYPE bytea USING {column} || ''::bytea"""
SCRUBBING = {
    "postgresql": [
        REWRITE.format(table=table, column=column)
        for table, column in (("envelope", "sealed"), ("token", "mac"), ("keyedsheet", "kept"))
    ],
    "sqlite": ["VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"],
}
WRITE_SLIP = "INSERT INTO scoring_token (mac, panel_id, state) VALUES (%s, %s, %s)"
CHOICES = "43210x-"  # the order in which counts are written
Progress = Callable[[int, int], None]
Counts = dict[str, list[Counter]]  # panel code -> one count an entry


def unseal(box: Box, codes: Sequence[str], *, by: Person, progress: Progress | None = None) -> Box:
    """Open a closed box (开箱) with two of its opening codes: ``key_of``, then ``open_with``."""
    return open_with(box, key_of(box, codes, by=by), by=by, progress=progress)


def open_with(box: Box, key: PrivateKey, *, by: Person, progress: Progress | None = None) -> Box:
    """Count a closed box with its private key, destroy the envelopes.

    Either everything is counted and the box is OPENED, or nothing has changed. Raises Refused, in words, for
    a box that is not closed, and envelopes that cannot be read or do not match the counts of the close.
    ``progress(done, total)`` is told while ballots are read. Never call this inside a transaction of your own:
    the space of the destroyed envelopes is given back after the commit.
    """
    box = _closed(box)
    ballots = _ballots_of(box, key, progress or (lambda done, total: None))
    _write_counts(box, count_twice(box, ballots), _health_of(box, ballots), by)
    scrub()
    return Box.objects.get(pk=box.pk)


def _closed(box: Box) -> Box:
    """The box afresh. Raises Refused unless it is sealed and not yet opened."""
    box = Box.objects.get(pk=box.pk)
    if box.state != Box.State.CLOSED:
        raise Refused(f"“{box.title}”{box.get_state_display()}，只有已封箱时才能开箱。")
    return box


def key_of(box: Box, codes: Sequence[str], *, by: Person) -> PrivateKey:
    """The private key of a closed box by two of its codes. It lives in the memory of the caller, nowhere else.

    Raises Refused for a box that is not closed and for wrong codes: they are counted, ten lock the opening
    (``forgive_wrong_codes``). Never call this inside a transaction of your own: the wrong tries must be remembered.
    """
    box = _closed(box)
    refuse_if_locked(box)
    given = [sealing.plain(code) for code in codes]
    if len(given) != 2 or given[0] == given[1] or not all(given):
        raise Refused("开箱需要两位保管人各自的开箱码，请输入两个不同的开箱码。")
    key = sealing.unlock(*given, list(box.wrapped_keys.values_list("salt", "wrapped")))
    if key is None or bytes(key.public_key) != bytes(box.public_key):
        left = count_wrong_code(box, by=by)
        raise Refused(f"开箱码不正确，票箱未开，未作任何改动。请核对两个开箱码（还可再试 {left} 次）。")
    return key


def refuse_if_locked(box: Box) -> None:
    """Raise Refused once ten wrong codes were typed."""
    if box.wrong_codes >= MOST_WRONG_CODES:
        raise Refused(f"开箱码已输错 {box.wrong_codes} 次，开箱已锁定，请联系组织部负责人解锁。")


@transaction.atomic
def count_wrong_code(box: Box, *, by: Person) -> int:
    """Remember a wrong opening code; how many tries are left."""
    Box.objects.filter(pk=box.pk).update(wrong_codes=F("wrong_codes") + 1)
    acts.write(box, "开箱码错误", by=by)
    return max(MOST_WRONG_CODES - box.wrong_codes - 1, 0)


def forgive_wrong_codes(box: Box, *, by: Person) -> None:
    """Let the custodians try again after ten wrong codes."""
    with transaction.atomic():
        held = hold_in(box, Box.State.CLOSED)
        held.wrong_codes = 0
        held.save(update_fields=["wrong_codes"])
        acts.write(held, "解除开箱锁定", by=by)


def _ballots_of(box: Box, key: PrivateKey, progress: Progress) -> dict[str, list[str]]:
    """Every ballot, by the panel that it is counted with. Refused unless each is genuine and none is missing."""
    groups = terms.groups_of(box)
    counted_with = {panel.pk: (code, panel) for code, group in groups.items() for panel in group}
    total = sum(panel.returned for group in groups.values() for panel in group)
    ballots: dict[str, list[str]] = {code: [] for code in groups}
    unreadable = 0
    rows = Envelope.objects.filter(panel__box=box).values_list("receipt", "panel_id", "sealed", "mac")
    for done, (receipt, panel_id, sealed, mac) in enumerate(rows, start=1):
        code, panel = counted_with[panel_id]
        genuine = sealing.same(mac, sealing.mac_of_envelope(bytes(receipt), panel_id, bytes(sealed)))
        ballot = sealing.break_seal(sealed, key) if genuine else None
        if ballot is None:
            unreadable += 1
        else:
            ballots[code].append(valid_or_spoilt(ballot, box, panel))
        if done % 200 == 0 or done == total:
            progress(done, total)
    wrong = [
        f"{code} 应有 {sum(panel.returned for panel in group)} 张、读出 {len(ballots[code])} 张"
        for code, group in groups.items()
        if len(ballots[code]) != sum(panel.returned for panel in group)
    ]
    if unreadable or wrong:
        raise Refused(f"箱内的票与封箱时不符（{unreadable} 张不能解封；{'；'.join(wrong)}），未作任何改动。")
    return ballots


def valid_or_spoilt(ballot: str, box: Box, panel: Panel) -> str:
    """The ballot, or one invalid line an entry if the cast would not have taken it (SECURITY I15)."""
    return ballot if is_ballot(ballot, box.entry_count, panel.recusals) else "x" * box.entry_count


def count_twice(box: Box, ballots: dict[str, list[str]]) -> Counts:
    """Marks per panel and entry, counted in two ways that must agree before any envelope is destroyed."""
    counts = {code: tally.count_marks(pile, box.entry_count) for code, pile in ballots.items()}
    by_hand: defaultdict = defaultdict(int)
    for code, pile in ballots.items():
        for ballot in pile:
            for place, choice in enumerate(ballot):
                by_hand[code, place, choice] += 1
    in_one = {
        (code, place, choice): votes
        for code, columns in counts.items()
        for place, column in enumerate(columns)
        for choice, votes in column.items()
    }
    if in_one != by_hand:
        raise Refused("两种方法计票结果不一致，未作任何改动，请联系系统管理员。")
    return counts


def _health_of(box: Box, ballots: dict[str, list[str]]) -> dict[str, int]:
    """How alike the secret ballots are, as shares that betray none of them: the last use of whole ballots."""
    secret = [code for code, group in terms.groups_of(box).items() if all(panel.is_secret for panel in group)]
    return health.shares_of(ballots[code] for code in secret)


@transaction.atomic
def _write_counts(box: Box, counts: Counts, shares: dict[str, int], by: Person) -> None:
    """Counts in, envelopes out, slips rewritten: one transaction, in the order of content.

    Everything of the box that remains was written by this one transaction, so no hidden column and no order
    of rows ties a slip to anything (SECURITY S1).
    """
    held = hold_in(box, Box.State.CLOSED)
    heads = {code: group[0] for code, group in terms.groups_of(held).items()}
    entries = list(held.entries.all())
    Mark.objects.bulk_create(
        Mark(entry=entry, panel=heads[code], choice=choice, votes=column[choice])
        for code, columns in counts.items()
        for entry, column in zip(entries, columns, strict=True)
        for choice in CHOICES
        if column[choice]
    )
    Envelope.objects.filter(panel__box=held).delete()
    slips = sorted(Token.objects.filter(panel__box=held).values_list("mac", "panel_id", "state"))
    Token.objects.filter(panel__box=held).delete()
    with connection.cursor() as cursor:  # ten thousand rows by the ORM take as long as breaking their seals
        cursor.executemany(WRITE_SLIP, slips)
    held.box_root = merkle.root(box_lines(counts))
    held.tally_hash = merkle.digest(tally_of(held, counts))
    held.unsealed_on = timezone.localdate()
    held.health = shares  # inexact by design: nobody could compute it again, so no hash commits to it
    roots = {"box_root": held.box_root, "tally_hash": held.tally_hash}
    move_box(held, Box.State.OPENED, by=by, act="开箱", **roots)


def box_lines(counts: Counts) -> Iterable[str]:
    """The opened box as lines of text, one a panel and entry: what ``box_root`` commits to."""
    for code, columns in counts.items():
        for number, column in enumerate(columns, start=1):
            yield f"{code}|{number}|" + " ".join(f"{choice}={column[choice]}" for choice in CHOICES)


def tally_of(box: Box, counts: Counts) -> dict:
    """The count as a document: per entry and panel how many chose what; per panel issued and returned."""
    groups = {
        code: {
            "issued": sum(panel.issued + panel.paper_issued for panel in group),
            "returned": sum(panel.returned for panel in group),
        }
        for code, group in terms.groups_of(box).items()
    }
    entries = [
        {
            "number": entry.number,
            "label": entry.label,
            "panels": {
                code: {tally.MARKS[choice]: columns[place][choice] for choice in CHOICES}
                for code, columns in counts.items()
            },
        }
        for place, entry in enumerate(box.entries.all())
    ]
    return {"groups": groups, "entries": entries}


def counts_of(box: Box) -> Counts:
    """The counts of an opened box as they were written.

    Raises Refused for any other box: there is no result before the opening (SECURITY S16).
    """
    if box.state != Box.State.OPENED:
        raise Refused(f"“{box.title}”{box.get_state_display()}，开箱后才有计票结果。")
    code_of = {group[0].pk: code for code, group in terms.groups_of(box).items()}
    counts: Counts = {code: [Counter() for _ in range(box.entry_count)] for code in code_of.values()}
    rows = Mark.objects.filter(panel__box=box).values_list("panel_id", "entry__number", "choice", "votes")
    for panel, number, choice, votes in rows:
        counts[code_of[panel]][number - 1][choice] = votes
    return counts


@transaction.atomic
def destroy_keys(box: Box, *, by: Person) -> None:
    """End of the appeal window: without the wrapped keys every old backup of the envelopes is unreadable."""
    held = hold_in(box, Box.State.OPENED, Box.State.INVALID)
    held.wrapped_keys.all().delete()
    held.checkpoints.all().delete()  # when about how many had voted is nobody's business any more
    acts.write(held, "销毁密钥", by=by)


def scrub() -> bool:
    """Give the space of destroyed envelopes back, so that none can be dug out of the file. True if done.

    Rewriting a table locks it, so it waits until no box is open: the last box that is opened
    scrubs for all. Until then what could be dug out is sealed bytes.
    """
    if connection.in_atomic_block or Box.objects.filter(state=Box.State.OPEN).exists():
        return False
    for _ in range(SCRUBS):
        try:
            with connection.cursor() as cursor:
                for statement in SCRUBBING[connection.vendor]:
                    cursor.execute(statement)
                if connection.vendor == "sqlite" and cursor.fetchone()[0]:
                    raise DatabaseError("a reader keeps the write-ahead log")
        except DatabaseError:  # a backup holds the table, say: nobody may have to wait behind us for long
            logger.info("the database could not be scrubbed yet", exc_info=True)
            time.sleep(SCRUB_PAUSE_SECONDS)
        else:
            return True
    logger.warning("the database could not be scrubbed: dead rows are left for the next box that is opened")
    return False
