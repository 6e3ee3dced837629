"""封箱: turnout, the close, the void (SECURITY 3.2, step 3).

Every verb names who did it (``by=``). Permissions are asked by the caller, which knows whose campaign it is.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Count, Q, Sum
from django.utils import timezone

from organizations.errors import Refused
from organizations.models import Person
from scoring import acts, merkle, sealing, terms, watching
from scoring.acts import hold, hold_in, move_box
from scoring.models import Box, Envelope, KeyedSheet, Lid, Panel, PaperBatch, ReceiptList, Token

TURNOUT_STEP = 5  # while a box is open nobody sees a finer number (SECURITY S8) ...
TURNOUT_PAUSE = timedelta(seconds=60)  # ... nor a newer one


@transaction.atomic
def void(box: Box, reason: str, *, by: Person) -> Box:
    """Declare the whole vote invalid (宣布无效), for a reason that everybody may read. It cannot be taken back.

    What tellers have keyed of it so far is destroyed.
    """
    if not reason.strip():
        raise Refused("宣布无效须写明原因。")
    held = hold(box)
    KeyedSheet.objects.filter(batch__panel__box=held).delete()
    move_box(held, Box.State.INVALID, by=by, act="宣布无效", reason=reason.strip())
    return held


@dataclass(frozen=True, slots=True)
class Turnout:
    """投票进度: over all panels together, never one by one. In steps of five until the close, then exact."""

    cast: int
    eligible: int
    is_exact: bool
    is_nearly_all: bool

    def __str__(self) -> str:
        if self.is_exact:
            return f"收回 {self.cast} / {self.eligible}"
        return "已投 90 % 以上" if self.is_nearly_all else f"已投约 {self.cast} / {self.eligible}"


def turnout(box: Box) -> Turnout:
    """How many have voted. While the box is open: multiples of five, or ≥90 %, at most once a minute (S8)."""
    eligible = box.panels.aggregate(eligible=Sum("eligible"))["eligible"] or 0
    if box.state in {Box.State.CLOSED, Box.State.OPENED}:
        return Turnout(sum(panel.returned for panel in box.panels.all()), eligible, True, False)
    if box.state == Box.State.OPEN:
        _read_turnout(box, eligible)
    lid = Lid.objects.get(box=box)
    return Turnout(lid.shown_turnout, eligible, False, lid.is_nearly_all)


def _read_turnout(box: Box, eligible: int) -> None:
    """Write down the coarse number if the last one is a minute old: the same for every reader and process.

    The one who does so also writes the checkpoint, and looks at the program's files when it is time.
    """
    now = timezone.now()
    stale = Q(turnout_read_at__isnull=True) | Q(turnout_read_at__lte=now - TURNOUT_PAUSE)
    if not Lid.objects.filter(stale, box=box).exists():
        return
    cast, is_balanced = watching.envelopes_in(box)
    shown, nearly_all = cast // TURNOUT_STEP * TURNOUT_STEP, cast * 10 >= eligible * 9
    read = {"shown_turnout": shown, "is_nearly_all": nearly_all, "turnout_read_at": now}
    if Lid.objects.filter(stale, box=box).update(**read):
        watching.checkpoint(box, shown=shown, is_balanced=is_balanced, at=now)
        watching.check_manifest(box)


def close(box: Box, *, by: Person) -> Box:
    """Seal the box (封箱): nobody casts any more, the counts must balance, the receipts are published.

    Returns the box CLOSED; or INVALID with the figures as its reason when slips, envelopes and the frozen
    terms do not agree (SECURITY I6-I9). Raises Refused if it is not open, and while a batch of paper is not yet
    accepted, naming it. Safe to ask again after a crash.

    The flag is committed first, by itself: from then on no new cast begins, so the lock that waits for
    those under way is had at once (I5). Hence never call this inside a transaction of your own.
    """
    _begin(box)
    return _seal(box, by=by)


@transaction.atomic
def _begin(box: Box) -> None:
    """Raise the closing flag. Under the lock of the lid, as the start of a batch is: neither overtakes the other."""
    lid = Lid.objects.select_for_update().get(box=box)
    if not Box.objects.filter(pk=box.pk, state=Box.State.OPEN).exists():
        return  # ``_seal`` says in words how it stands
    waiting = [str(batch) for batch in unfinished_paper(box)]
    if waiting:
        raise Refused(
            f"{'、'.join(waiting)}纸质票还没有录完、核定，不能封箱。请计票人录完，监票人核定入箱；"
            "清点有误的，由监票人退回重录。"
        )
    lid.is_closing = True
    lid.save(update_fields=["is_closing"])


def unfinished_paper(box: Box) -> list[PaperBatch]:
    """Batches of paper that were begun and have not gone into the box."""
    batches = PaperBatch.objects.filter(panel__box=box).exclude(state=PaperBatch.State.ACCEPTED)
    return list(batches.select_related("panel"))


@transaction.atomic
def _seal(box: Box, *, by: Person) -> Box:
    held = hold_in(box, Box.State.OPEN)
    held.closed_on = timezone.localdate()
    faults = _count_slips(held)
    envelopes = sorted((bytes(receipt), *rest) for receipt, *rest in _envelopes_of(held))
    codes = [sealing.receipt_code(receipt) for receipt, *_ in envelopes]
    for code, (receipt, panel, sealed, mac) in zip(codes, envelopes, strict=True):
        if not sealing.same(mac, sealing.mac_of_envelope(receipt, panel, bytes(sealed))):
            faults.append(f"回执 {code} 的票不是由本系统投入的。")
    if broken := watching.first_fault(held, len(envelopes)):
        faults.append(broken)
    if not terms.is_unchanged(held):
        faults.append("票种、被测评人或规则与锁定时不一致。")
    if faults:
        move_box(held, Box.State.INVALID, by=by, act="宣布无效", reason=" ".join(faults))
        return held
    _lay_in_order(held, envelopes)
    _merge_small_panels(held)
    ReceiptList.objects.create(box=held, codes="\n".join(sorted(codes)))
    held.receipts_root = merkle.root(codes)
    figures = {"returned": len(codes), "receipts_root": held.receipts_root}
    move_box(held, Box.State.CLOSED, by=by, act="封箱", **figures)
    return held


def _envelopes_of(box: Box) -> Iterator[tuple]:
    rows = Envelope.objects.filter(panel__box=box).values_list("receipt", "panel_id", "sealed", "mac")
    return rows.iterator(chunk_size=2000)


def _lay_in_order(box: Box, envelopes: list[tuple]) -> None:
    """Write the envelopes anew, by receipt: neither a hidden column nor their place tells a paper from a phone."""
    Envelope.objects.filter(panel__box=box).delete()
    Envelope.objects.bulk_create(
        (Envelope(receipt=r, panel_id=panel, sealed=sealed, mac=mac) for r, panel, sealed, mac in envelopes),
        batch_size=500,
    )


def _count_slips(box: Box) -> list[str]:
    """Void what nobody used, write the counts on the panels, and say what does not balance."""
    # Panels by key, not by a join: then the state is asked of the slip itself once more after waiting for it,
    # and a slip that is just being spent is never voided over, even if the lock of the box were missing.
    panels = list(box.panels.values_list("pk", flat=True))
    Token.objects.filter(panel__in=panels, state=Token.State.ISSUED).update(state=Token.State.VOID)
    slips: Counter = Counter()
    for panel, state, count in (
        Token.objects.filter(panel__box=box).values_list("panel", "state").annotate(Count("mac"))
    ):
        slips[panel, state] = count
    lying = dict(Envelope.objects.filter(panel__box=box).values_list("panel").annotate(Count("receipt")))
    faults, on_record = [], issued_on_record(box)
    for panel in box.panels.all():
        panel.spent, panel.voided = slips[panel.pk, Token.State.SPENT], slips[panel.pk, Token.State.VOID]
        panel.save(update_fields=["spent", "voided"])
        faults += _faults_of(panel, lying.get(panel.pk, 0))
        if panel.issued != on_record[panel.code]:
            faults.append(f"{panel.label}制作测评码 {panel.issued} 个，票箱记事中却是 {on_record[panel.code]} 个。")
    return faults


def issued_on_record(box: Box) -> Counter:
    """Panel code -> slips issued as the box's chain of events tells: when voting began, and by two people since.

    Whoever adds slips to the tables and raises the count beside them is found by this (SECURITY I6).
    """
    issued: Counter = Counter()
    for act, facts in box.events.order_by("place").values_list("act", "facts"):
        if act == acts.BEGIN_VOTING:
            issued = Counter(facts["issued"])
        elif act == acts.SUPPLEMENT:
            issued[facts["panel"]] += facts["count"]
    return issued


def _faults_of(panel: Panel, envelopes: int) -> Iterator[str]:
    """issued = used + void; envelopes = used + paper; collected ≤ issued and ≤ roll + spare (I6-I9, I14)."""
    if panel.spent + panel.voided != panel.issued:
        yield f"{panel.label}制作测评码 {panel.issued} 个，库中却有 {panel.spent + panel.voided} 个。"
    if envelopes != panel.returned:
        yield f"{panel.label}已用测评码 {panel.spent} 个、纸质票 {panel.paper_returned} 张，箱内却有 {envelopes} 张票。"
    if panel.paper_returned > panel.paper_issued:
        yield f"{panel.label}收回纸质票 {panel.paper_returned} 张，多于发出 {panel.paper_issued} 张。"
    if panel.exchanged > panel.voided:
        yield f"{panel.label}换发纸质票收回测评码 {panel.exchanged} 个，未用的却只有 {panel.voided} 个，有人投了两次。"
    if panel.returned > panel.slip_limit:
        yield f"{panel.label}收回 {panel.returned} 张，多于应到和备用之和 {panel.slip_limit}，有人投了两次。"


def _merge_small_panels(box: Box) -> None:
    """Secret panels with fewer than five ballots are counted together with others from here on (S9)."""
    panels = {panel.code: panel for panel in box.panels.all()}
    figures = [{"code": p.code, "is_secret": p.is_secret, "returned": p.returned} for p in panels.values()]
    for code, head in terms.merged(figures).items():
        panels[code].merged_into = panels[head]
        panels[code].save(update_fields=["merged_into"])


def returned_figures(box: Box) -> list[dict]:
    """发出、收回、作废 of every panel, once the box is closed; the sum of a column is the caller's.

    Raises Refused before the close: until then there are only steps (``turnout``).
    """
    if box.state not in {Box.State.CLOSED, Box.State.OPENED}:
        raise Refused(f"“{box.title}”{box.get_state_display()}，封箱后才能查看收票情况。")
    return [
        {
            "code": panel.code,
            "label": panel.label,
            "eligible": panel.eligible,
            "issued": panel.issued + panel.paper_issued,
            "slips_issued": panel.issued,
            "slips_returned": panel.spent,
            "slips_voided": panel.voided,
            "slips_exchanged": panel.exchanged,
            "paper_issued": panel.paper_issued,
            "paper_returned": panel.paper_returned,
            "paper_invalid": panel.paper_invalid,
            "returned": panel.returned,
            "merged_into": panel.merged_into.code if panel.merged_into else None,
        }
        for panel in box.panels.select_related("merged_into")
    ]


def sheet_figures(box: Box) -> list[dict]:
    """发出、收回、有效、无效 of every panel of a closed box. What a phone sends is always valid as a sheet.

    Not part of ``returned_figures``, which the recount package keeps as they are. Raises Refused before the close.
    """
    return [line | {"valid": line["returned"] - line["paper_invalid"]} for line in returned_figures(box)]
