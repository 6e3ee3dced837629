"""值守: checkpoints of an open box and the check of the program's files, for the supervisor (SECURITY I8, S17).

Both are made when staff look at the turnout, at most once a minute and once in five minutes, whoever looks. Every line
also goes to the log ``scoring.watching``; forward it to a machine that the administrator of this one does not run.
"""

import logging
from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from scoring import manifest, merkle
from scoring.models import Box, Checkpoint, Lid

logger = logging.getLogger(__name__)

MANIFEST_PAUSE = timedelta(minutes=5)
NO_LIST = "没有发布清单，无法核对程序文件"
UNREADABLE = "发布清单读不出"
# One statement sees one moment: a ballot just being cast is in both sums or in neither.
SUMS = """
    SELECT (SELECT count(*) FROM scoring_token t JOIN scoring_panel p ON p.id = t.panel_id
            WHERE p.box_id = %s AND t.state = 'spent')
         + (SELECT coalesce(sum(paper_returned), 0) FROM scoring_panel WHERE box_id = %s),
           (SELECT count(*) FROM scoring_envelope e JOIN scoring_panel p ON p.id = e.panel_id WHERE p.box_id = %s)
"""


def envelopes_in(box: Box) -> tuple[int, bool]:
    """How many envelopes lie in a box, and whether used slips and paper make up as many."""
    with connection.cursor() as cursor:
        cursor.execute(SUMS, [box.pk] * 3)
        used, lying = cursor.fetchone()
    return lying, used == lying


@transaction.atomic
def checkpoint(box: Box, *, shown: int, is_balanced: bool, at: datetime) -> Checkpoint:
    """Write down how an open box stands, as coarse as everybody sees it.

    Unbalanced: somebody took envelopes out or put some in by hand. So does a turnout lower than one written before.
    """
    Lid.objects.select_for_update().get(box=box)
    last = box.checkpoints.order_by("place").last()
    is_balanced = is_balanced and not (last and shown < last.shown)
    point = Checkpoint(box=box, place=last.place + 1 if last else 1, shown=shown, is_balanced=is_balanced)
    point.at = timezone.localtime(at).isoformat()[:16]
    point.hash = _hash_of(point, last.hash if last else "0" * 64)
    point.save()
    tell = logger.info if is_balanced else logger.error
    tell(
        "box %s checkpoint %s at %s about %s balanced %s %s",
        box.pk,
        point.place,
        point.at,
        shown,
        is_balanced,
        point.hash,
    )
    return point


def _hash_of(point: Checkpoint, before: str) -> str:
    return merkle.digest([before, point.box_id, point.place, point.at, point.shown, point.is_balanced])


def first_fault(box: Box, envelopes: int) -> str:
    """Which checkpoint broke, in words; "" if all agree with each other and with the envelopes lying there now."""
    before, good = "0" * 64, None
    for place, point in enumerate(box.checkpoints.order_by("place"), start=1):
        if point.place != place or point.hash != _hash_of(point, before):
            return f"{point}缺少或被改动。"
        if not point.is_balanced:
            return f"{point}起票数不平{f'，{good}还平' if good else ''}。"
        if point.shown > envelopes:
            return f"{point}已投约 {point.shown}，现在箱内只有 {envelopes} 张。"
        before, good = point.hash, point
    return ""


def check_manifest(box: Box) -> None:
    """Compare the program's files with the list of the release, at most once in five minutes."""
    now = timezone.now()
    stale = Q(manifest_read_at__isnull=True) | Q(manifest_read_at__lte=now - MANIFEST_PAUSE)
    if not Lid.objects.filter(stale, box=box).update(manifest_read_at=now):
        return
    altered = altered_files()
    Lid.objects.filter(box=box).update(altered=altered)
    if altered:
        logger.log(logging.WARNING if altered == NO_LIST else logging.ERROR, "box %s: %s", box.pk, altered)


def altered_files() -> str:
    """What of the program is not as released, in words; "" if everything is."""
    try:
        listed = manifest.read((settings.BASE_DIR / manifest.NAME).read_text("utf-8"))
    except FileNotFoundError:
        return NO_LIST
    except ValueError:
        return UNREADABLE
    found = manifest.differences(settings.BASE_DIR, listed)
    more = f"等 {len(found)} 个文件" if len(found) > 5 else ""
    return ("、".join(found[:5]) + more)[:500]
