"""测评码的制作: slips asked for, co-signed by the supervisor, printed once, taken back; and those made later (补制).

Nobody makes a slip alone (SECURITY I6): who asks prints only what the supervisor agreed to.
"""

from collections.abc import Mapping, Set

from django.db import transaction

from organizations import trail
from organizations.errors import Refused
from organizations.models import Person
from reviews.ballot import permissions
from reviews.ballot.actions import demand, hold_round
from reviews.ballot.models import Round, SlipBatch
from scoring import booth
from scoring.models import Box, Panel


@transaction.atomic
def ask_for_slips(
    round_: Round, *, by: Person, paper: Mapping[str, int] | None = None, later: Mapping[str, int] | None = None
) -> int:
    """Ask for the slips of every panel that has none: the roll and its spare. Returns how many sheets in all.

    ``paper``: panel code -> how many of them are paper ballots. Slips and paper share one limit, so nobody can be
    given both unnoticed (SECURITY I14). The supervisor co-signs before they can be printed. ``later``: panel code ->
    how many of the spare are not printed now but kept for ``ask_for_supplement``.
    """
    held = hold_round(round_)
    demand(permissions.may_run, by, held.campaign)
    if held.box.state != Box.State.FROZEN:
        raise Refused("测评已经开始或结束，不能再申请制作测评码。")
    plans = {panel.code: panel for panel in held.campaign.panels.all()}
    asked = set(held.batches.values_list("panel__code", flat=True))
    wanted = [panel for panel in held.box.panels.all() if panel.code not in asked]
    if not wanted:
        raise Refused("各票种都已申请过测评码。")
    if not {panel.code for panel in wanted} <= plans.keys():
        raise Refused("锁定以后票种已被修改，请清除这一轮，重新准备。")
    sheets = {panel.code: (paper or {}).get(panel.code, 0) for panel in wanted}
    for panel in wanted:
        if not 0 <= sheets[panel.code] <= panel.slip_limit:
            raise Refused(
                f"{panel.label}应到 {panel.eligible} 人、备用 {panel.spare} 张，共 {panel.slip_limit} 张，"
                f"其中纸质票不能是 {sheets[panel.code]} 张。"
            )
    counts = {panel.code: _printed_now(panel, sheets[panel.code], later or {}) for panel in wanted}
    SlipBatch.objects.bulk_create(
        SlipBatch(round=held, panel=plans[p.code], count=counts[p.code] - sheets[p.code], paper=sheets[p.code], by=by)
        for p in wanted
    )
    trail.record("申请制作测评码", held, by=by, organization=held.campaign.organizer, counts=counts, paper=sheets)
    return sum(counts.values())


def _printed_now(panel: Panel, sheets: int, later: Mapping[str, int]) -> int:
    """Slips and paper of a panel that are made before voting begins."""
    kept = later.get(panel.code, 0)
    if not 0 <= kept <= min(panel.spare, panel.slip_limit - sheets):
        raise Refused(f"{panel.label}备用 {panel.spare} 张，留待会上补制的不能是 {kept} 张。")
    return panel.slip_limit - kept


@transaction.atomic
def ask_for_supplement(round_: Round, *, panel: str, count: int, reason: str, by: Person) -> SlipBatch:
    """Ask for slips more than were printed (补制), before or while people vote; the supervisor co-signs (SECURITY I6).

    ``panel``: its code. Raises Refused without a reason, beyond the roll plus the stated spare, for a panel whose
    first slips were not asked for, and once the box is being sealed.
    """
    held = hold_round(round_)
    demand(permissions.may_run, by, held.campaign)
    if held.box.state not in {Box.State.FROZEN, Box.State.OPEN} or held.box.is_closing:
        raise Refused("票箱已封或正在封箱，不能再补制测评码。")
    if not reason.strip():
        raise Refused("补制测评码须写明原因，如“原纸条被雨淋湿”。")
    row, batches = held.box.panels.get(code=panel), list(held.batches.filter(panel__code=panel).select_related("panel"))
    if not batches:
        raise Refused(f"{row.label}还没有申请过测评码，请先按应到人数申请。")
    left = row.slip_limit - sum(batch.count + batch.paper for batch in batches)
    if not 1 <= count <= left:
        raise Refused(
            f"{row.label}应到 {row.eligible} 人、备用 {row.spare} 张，已申请 {row.slip_limit - left} 张，"
            f"还可补制 {left} 张，不能补制 {count} 张。"
        )
    batch = held.batches.create(panel=batches[0].panel, count=count, by=by, reason=reason.strip()[:200])
    facts = {"panel": row.code, "count": count, "reason": batch.reason}
    trail.record("申请补制测评码", held, by=by, organization=held.campaign.organizer, **facts)
    return batch


@transaction.atomic
def cosign_slips(round_: Round, *, by: Person, seen: Set[str] | None = None) -> int:
    """The supervisor agrees to the counts asked for (SECURITY I6). Returns how many, paper included.

    ``seen``: the keys of the batches that stood on the page. Raises Refused if others wait by now: nobody signs
    what he has not read.
    """
    held = hold_round(round_)
    demand(permissions.may_cosign, by, held.campaign)
    waiting = held.batches.filter(cosigned_by__isnull=True)
    signed = list(waiting.values_list("count", "paper"))
    if not signed:
        raise Refused("没有等待会签的测评码申请。")
    if seen is not None and seen != {str(pk) for pk in waiting.values_list("pk", flat=True)}:
        raise Refused("打开本页以后，等待会签的申请有了变动，这次没有会签。请回到本轮测评页，核对张数和原因后再会签。")
    waiting.update(cosigned_by=by)
    count, paper = (sum(column) for column in zip(*signed, strict=True))
    trail.record("会签制作测评码", held, by=by, organization=held.campaign.organizer, count=count, paper=paper)
    return count + paper


@transaction.atomic
def print_slips(batch: SlipBatch, *, by: Person) -> list[str]:
    """Make the slips of a co-signed batch, and write down its paper ballots as issued.

    The slips are returned once, in random order, and stored nowhere. Paper ballots carry no code: they can be
    printed from then on (``documents``).
    """
    held = hold_round(batch.round)
    demand(permissions.may_run, by, held.campaign)
    batch = held.batches.select_related("panel", "cosigned_by").get(pk=batch.pk)  # the round's lock guards its batches
    if batch.cosigned_by_id is None:
        raise Refused("纪委监督人员会签后才能印制测评码。")
    if batch.is_printed:
        raise Refused(
            "这批测评码已经印制。如印制页丢失，没有用过的测评码封箱时作废；还有备用张数的，请重新申请补制。"
            if held.box.state == Box.State.OPEN
            else "这批测评码已经印制。如印制页丢失，请先“收回重印”，原测评码随即作废。"
        )
    panel = held.box.panels.get(code=batch.panel.code)
    if batch.paper:
        booth.issue_paper(panel, batch.paper, by=by)
    if batch.reason:
        signed = {"reason": batch.reason, "cosigned_by": batch.cosigned_by}
        slips = booth.issue_supplement(panel, batch.count, by=by, **signed)
    else:
        slips = booth.issue_slips(panel, batch.count, by=by) if batch.count else []
    batch.is_printed = True
    batch.save(update_fields=["is_printed"])
    return slips


@transaction.atomic
def take_back_slips(batch: SlipBatch, *, by: Person) -> None:
    """Make a printed batch worthless (lost or spoilt print), before voting opens. It must be co-signed anew.

    With it goes everything printed for its panel: which slip was of which print is stored nowhere.
    """
    held = hold_round(batch.round)
    demand(permissions.may_run, by, held.campaign)
    if not held.batches.filter(pk=batch.pk, is_printed=True).exists():
        raise Refused("这批测评码还没有印制，不需要收回。请刷新页面。")
    booth.withdraw_slips(held.box.panels.get(code=batch.panel.code), by=by)
    held.batches.filter(panel=batch.panel).update(is_printed=False, cosigned_by=None)
