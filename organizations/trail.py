"""留痕: who did what. A line is written in the transaction of its act and linked right after it.

The line itself commits or fails with the act. Linking it into the hash chain waits for the commit
and takes a short lock of its own: a chain locked inside every business transaction would make two
acts that each write two lines wait for each other.
"""

import hashlib
import json
from collections.abc import Iterator

from django.db import transaction

from organizations.models import Organization, Person, Trace, TrailHead

GENESIS = "0" * 64
BATCH = 200


def record(act: str, subject: object, *, by: Person | None, organization: Organization | None = None, **facts) -> Trace:
    """Write one line: act and subject in Chinese, facts as plain values. Never for a ballot.

    Must be called inside the transaction of the act it tells of.
    """
    line = Trace.objects.create(act=act, subject=str(subject)[:200], person=by, organization=organization, facts=facts)
    transaction.on_commit(link_lines, robust=True)
    return line


def record_many(act: str, told: list[tuple[Organization, dict]], *, by: Person | None) -> None:
    """Write one line for each organization and its facts, in a few statements: for an import of thousands."""
    lines = [
        Trace(act=act, subject=str(organization)[:200], person=by, organization=organization, facts=facts)
        for organization, facts in told
    ]
    Trace.objects.bulk_create(lines, batch_size=BATCH)
    transaction.on_commit(link_lines, robust=True)


@transaction.atomic
def link_lines() -> int:
    """Chain every committed line that is not yet linked, in the order of their keys. Returns how many."""
    TrailHead.objects.get_or_create(pk=1)
    head = TrailHead.objects.select_for_update().get(pk=1)
    loose = list(Trace.objects.filter(place__isnull=True).order_by("pk"))
    for line in loose:
        line.place, line.prev = head.place + 1, head.hash
        line.hash = digest(line)
        head.place, head.hash = line.place, line.hash
    if loose:
        Trace.objects.bulk_update(loose, ["place", "prev", "hash"], batch_size=BATCH)
        head.save()
    return len(loose)


def digest(line: Trace) -> str:
    """SHA-256 over the previous hash and the line's own content, as canonical JSON."""
    content = [
        line.prev,
        line.place,
        line.at.isoformat(),
        line.person_id,
        line.organization_id,
        line.act,
        line.subject,
        line.facts,
    ]
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def breaks() -> Iterator[str]:
    """Every place where the chain does not hold, in words; nothing if the trail is whole."""
    expected, prev = 1, GENESIS
    for line in Trace.objects.filter(place__isnull=False).order_by("place").iterator():
        if line.place != expected:
            yield f"第 {expected} 条留痕缺失，下一条是第 {line.place} 条。"
        if line.prev != prev or digest(line) != line.hash:
            yield f"第 {line.place} 条留痕与校验值不符。"
        expected, prev = line.place + 1, line.hash
    head = TrailHead.objects.filter(pk=1).first()
    if head and (head.place, head.hash) != (expected - 1, prev):
        yield f"留痕末尾应为第 {head.place} 条，现为第 {expected - 1} 条。"
