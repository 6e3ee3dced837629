"""票箱的准备: draft, lock, make keys and slips, open. The verbs before anyone votes (SECURITY 3.2, step 1).

Every verb names who did it (``by=``). Permissions are asked by the caller, which knows whose campaign it is.
"""

from collections.abc import Mapping, Sequence
from random import SystemRandom

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from organizations import trail
from organizations.errors import Refused
from organizations.models import Organization, Person
from scoring import acts, merkle, sealing, terms
from scoring.acts import hold, hold_in, move_box
from scoring.models import Box, Entry, Lid, Panel, Token, WrappedKey


@transaction.atomic
def draft_box(
    *,
    title: str,
    panels: Sequence[Mapping],
    entries: Sequence[Mapping],
    by: Person,
    policy: dict | None = None,
    organization: Organization | None = None,
    is_rehearsal: bool = False,
) -> Box:
    """A new box in DRAFT. ``panels``: code, label, eligible and, if wanted, weight, spare, is_secret, recusals.

    ``entries``: label and, if wanted, subtitle; they are numbered 1, 2, 3 … in the order given.
    """
    box = Box.objects.create(title=title, policy=policy or {}, organization=organization, is_rehearsal=is_rehearsal)
    Lid.objects.create(box=box)
    for position, panel in enumerate(panels):
        Panel.objects.create(box=box, position=position, **panel)
    Entry.objects.bulk_create(Entry(box=box, number=number, **entry) for number, entry in enumerate(entries, start=1))
    acts.write(box, "准备票箱", by=by, panels=len(panels), entries=len(entries))
    return box


@transaction.atomic
def discard_box(box: Box, *, by: Person) -> None:
    """Throw away a box in which nobody has voted, or a rehearsal (演练) in any state."""
    held = hold(box)
    if not held.is_rehearsal and held.state not in {Box.State.DRAFT, Box.State.FROZEN}:
        raise Refused(f"“{held.title}”{held.get_state_display()}，正式测评的票箱不能删除；确有问题请宣布无效。")
    trail.record("票箱：删除", held, by=by, organization=held.organization, box=held.pk, is_rehearsal=held.is_rehearsal)
    held.delete()


@transaction.atomic
def freeze(box: Box, *, by: Person) -> Box:
    """Lock panels, entries and policy (锁定), and write down their hash. Nothing of it changes any more (I11).

    Raises Refused without entries or panels, for a secret panel of fewer than five (S9), for a wrong policy.
    """
    held = hold_in(box, Box.State.DRAFT)
    held.frozen = terms.terms_of(held, terms.complete_policy(held))
    terms.check_terms(held.frozen)
    held.frozen_hash = merkle.digest(held.frozen)
    held.entry_count = len(held.frozen["entries"])
    move_box(held, Box.State.FROZEN, by=by, act="锁定", frozen_hash=held.frozen_hash)
    return held


@transaction.atomic
def make_keys(box: Box, custodians: int = 2, *, by: Person) -> list[str]:
    """Make the box's keys and return the custodians' opening codes (开箱码). They are shown once, stored never.

    Any two of the codes open the box, one alone does not. Asked again before the box opens, it makes new
    codes and the old ones are worth nothing.
    """
    if custodians not in (2, 3):
        raise Refused("开箱码由 2 人或 3 人分别保管。")
    held = hold_in(box, Box.State.FROZEN)
    held.public_key, codes, rows = sealing.make_keys(custodians)
    held.save(update_fields=["public_key"])
    held.wrapped_keys.all().delete()
    WrappedKey.objects.bulk_create(
        WrappedKey(box=held, pair=pair, salt=salt, wrapped=wrapped) for pair, salt, wrapped in rows
    )
    acts.write(held, "生成开箱码", by=by, custodians=custodians)
    return codes


@transaction.atomic
def issue_slips(panel: Panel, count: int, *, by: Person) -> list[str]:
    """Make slips (测评码) for a panel: only their keyed hashes are stored. Returned once, in random order.

    Raises Refused once the box is open, and beyond the roll plus the stated spare, paper included (SECURITY I6).
    """
    held = hold_in(panel.box, Box.State.FROZEN)
    slips = _make_slips(held, panel, count)
    acts.write(held, "制作测评码", by=by, panel=panel.code, count=count)
    return slips


@transaction.atomic
def issue_supplement(panel: Panel, count: int, *, reason: str, cosigned_by: Person, by: Person) -> list[str]:
    """补制: slips made by two people, with a reason, also while the box is open (SECURITY I6).

    What may be made is still the roll plus the stated spare, paper included. Both names and the reason stand in the
    box's chain of events, and the close adds the counts up again. Returned once, in random order.

    Raises Refused for one person alone, without a reason, beyond the limit, and from the close on.
    """
    if cosigned_by == by:
        raise Refused("补制测评码须由两人办理，申请人和会签人不能是同一人。")
    if not reason.strip():
        raise Refused("补制测评码须写明原因。")
    held = hold_in(panel.box, Box.State.FROZEN, Box.State.OPEN)
    if held.is_closing:
        raise Refused("正在封箱，不能再补制测评码。")
    slips = _make_slips(held, panel, count)
    signed = {"reason": reason.strip(), "cosigned_by": cosigned_by.name}
    acts.write(held, acts.SUPPLEMENT, by=by, panel=panel.code, count=count, **signed)
    return slips


def _make_slips(held: Box, panel: Panel, count: int) -> list[str]:
    """So many slips more in the locked box. Raises Refused where they are too many."""
    panel = _with_room(held, panel, count)
    slips = [sealing.new_slip() for _ in range(count)]
    # Stored in the order of their hashes, printed in another: neither tells of the other (SECURITY S7).
    Token.objects.bulk_create(
        [Token(mac=mac, panel=panel) for mac in sorted(map(sealing.mac_of, slips))], batch_size=500
    )
    held.panels.filter(pk=panel.pk).update(issued=F("issued") + count)
    SystemRandom().shuffle(slips)
    return slips


def _with_room(held: Box, panel: Panel, count: int) -> Panel:
    """The panel afresh. Raises Refused if it may not have so many slips or paper ballots more."""
    panel = held.panels.get(pk=panel.pk)
    if count < 1 or count > panel.room:
        paper = f"、纸质票 {panel.paper_issued} 张" if panel.paper_issued else ""
        raise Refused(
            f"{panel.label}应到 {panel.eligible} 人、备用 {panel.spare} 张，已制作测评码 {panel.issued} 张{paper}，"
            f"还可制作 {panel.room} 张，不能制作 {count} 张。"
        )
    return panel


@transaction.atomic
def issue_paper(panel: Panel, count: int, *, by: Person) -> None:
    """Write down how many paper ballots (纸质票) a panel is given: they share the limit of the slips.

    So nobody can be given both a slip and a paper ballot without the sum showing it (SECURITY I14). Raises
    Refused once the box is open, and beyond the roll plus the stated spare.
    """
    held = hold_in(panel.box, Box.State.FROZEN)
    panel = _with_room(held, panel, count)
    held.panels.filter(pk=panel.pk).update(paper_issued=F("paper_issued") + count)
    acts.write(held, "制作纸质票", by=by, panel=panel.code, count=count)


@transaction.atomic
def withdraw_slips(panel: Panel, *, by: Person) -> int:
    """Make all slips of a panel worthless before the box opens (lost or spoilt print), and take its paper back.

    Returns how many slips.
    """
    held = hold_in(panel.box, Box.State.FROZEN)
    withdrawn, _ = Token.objects.filter(panel=panel).delete()
    held.panels.filter(pk=panel.pk).update(issued=0, paper_issued=0)
    acts.write(held, "收回测评码", by=by, panel=panel.code, count=withdrawn)
    return withdrawn


@transaction.atomic
def open_box(box: Box, *, by: Person) -> Box:
    """Let the vote begin. After this slips are made by two people only (``issue_supplement``).

    Raises Refused without keys, for a panel with neither slips nor paper, or if the frozen terms changed.
    """
    held = hold_in(box, Box.State.FROZEN)
    if held.public_key is None:
        raise Refused("还没有生成开箱码，不能开始投票。")
    without = [panel.label for panel in held.panels.all() if not panel.issued + panel.paper_issued]
    if without:
        raise Refused(f"{'、'.join(without)}还没有制作测评码，开始投票后不能再制作。")
    if not terms.is_unchanged(held):
        raise Refused("票种、被测评人或规则与锁定时不一致，不能开始投票。请删除票箱后重新准备。")
    held.opened_on = timezone.localdate()
    panels = list(held.panels.all())
    issued = {panel.code: panel.issued for panel in panels}
    paper = {panel.code: panel.paper_issued for panel in panels}
    move_box(held, Box.State.OPEN, by=by, act=acts.BEGIN_VOTING, issued=issued, paper=paper)
    return held
