"""纸质票: batches keyed by two tellers blind to each other, decided by a scrutineer, put into the box (SECURITY 3.5).

A pile of at most fifty sheets is counted, then keyed twice. Each teller sees his own reading and nothing of the
other's; when both are done the readings are compared cell by cell. Where they differ the scrutineer looks at the
paper and keys what stands there, shown neither of the two. Then the sheets go into the box as envelopes like any
phone's: sealed for the custodians' key, a random receipt, in random order. What was keyed is deleted in the same
transaction; only counts remain. At the close every envelope is written anew, so nothing tells paper from phone.

Where the keyed marks are until then. Two readings cannot be compared under the custodians' key, which nobody has
before the opening. Keyed hashes of single cells would look safer and are not: a cell has seven values, so whoever
holds the key of the hash holds the marks. So the readings are locked away with a key that is derived from
``SLIP_PEPPER`` for this one batch, reading and sheet: database, its log, a replica and a backup hold bytes
without a key (SECURITY S2), equal sheets look different, and no sheet can be moved to another place. Nobody
gets a mark back but the teller who keyed it, while his reading is unfinished. What remains, and cannot be had
otherwise with two readings: whoever holds both the database and the pepper of the web server could read paper
sheets between keying and acceptance; they bear no name, and he could as well watch them being keyed (S17).

Every verb names who did it (``by=``). Permissions are asked by the caller; that tellers and scrutineer are three
people is asked here.
"""

from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass
from random import SystemRandom

from django.db import transaction
from django.db.models import Max, Sum

from organizations import trail
from organizations.errors import Refused
from organizations.models import Person
from scoring import acts, sealing
from scoring.acts import hold_in, move_box
from scoring.casting import PAPER_CHOICES, is_ballot
from scoring.models import Box, Envelope, KeyedSheet, Lid, Panel, PaperBatch

LARGEST_BATCH = 50  # sheets: what two people key and compare in one go (SECURITY 3.5)
FIRST, SECOND, SCRUTINEER = 1, 2, 3
SPOILT = "x"
UNDECIDED = "."
TAMPERED = "录入的内容与系统存下的不一致，可能被改动过。请监票人退回这一批重新录入，并告知纪委监督人员。"

Cell = tuple[int, int]  # sheet in the pile, line of the sheet; both from 1


@dataclass(frozen=True, slots=True)
class Balance:
    """一个票种的纸质票: 发出、收回、有效、无效, and how many slips were handed in for paper."""

    panel: Panel
    issued: int
    returned: int  # counted in all batches, accepted or not
    accepted: int
    invalid: int
    exchanged: int

    @property
    def valid(self) -> int:
        return self.accepted - self.invalid

    @property
    def is_overfull(self) -> bool:
        """More collected than issued: accepting it makes the whole vote invalid (SECURITY I9)."""
        return self.returned > self.issued


def balance(box: Box) -> list[Balance]:
    """The paper of every panel that was given any, in the order of the panels."""
    counted = {
        row["panel"]: row
        for row in PaperBatch.objects.filter(panel__box=box)
        .order_by()
        .values("panel")
        .annotate(all_sheets=Sum("sheets"), slips=Sum("exchanged"))
    }
    nothing = {"all_sheets": 0, "slips": 0}
    return [
        Balance(
            panel=panel,
            issued=panel.paper_issued,
            returned=counted.get(panel.pk, nothing)["all_sheets"],
            accepted=panel.paper_returned,
            invalid=panel.paper_invalid,
            exchanged=counted.get(panel.pk, nothing)["slips"],
        )
        for panel in box.panels.all()
        if panel.paper_issued
    ]


@transaction.atomic
def begin_batch(panel: Panel, *, sheets: int, by: Person, exchanged: int = 0) -> PaperBatch:
    """A counted pile; the one who begins it is its first teller.

    ``exchanged``: slips handed in and torn when these sheets were given out instead; they must turn out unused
    at the close (SECURITY I14). Raises Refused unless the box is open, and for a pile too large.
    """
    Lid.objects.select_for_update().get(box=panel.box_id)  # the close does not overtake this
    box = Box.objects.get(pk=panel.box_id)
    _refuse_unless_open(box)
    panel = box.panels.get(pk=panel.pk)
    if not panel.paper_issued:
        raise Refused(f"{panel.label}没有制作纸质票，不能录入。")
    if not 1 <= sheets <= LARGEST_BATCH:
        raise Refused(f"一批 1 至 {LARGEST_BATCH} 张，请先清点张数，超过的分批录入。")
    if not 0 <= exchanged <= sheets:
        raise Refused("换发纸质票收回的测评码不能多于这一批的张数。")
    number = (panel.paper_batches.aggregate(last=Max("number"))["last"] or 0) + 1
    batch = PaperBatch.objects.create(panel=panel, number=number, sheets=sheets, exchanged=exchanged, first_by=by)
    _tell("清点纸质票", batch, box, by)
    return batch


def _refuse_unless_open(box: Box) -> None:
    if box.state != Box.State.OPEN:
        raise Refused(f"“{box.title}”{box.get_state_display()}，只有投票中才能录入纸质票。")
    if box.is_closing:
        raise Refused("正在封箱，不能再录入纸质票。")


def _tell(act: str, batch: PaperBatch, box: Box, by: Person) -> None:
    """One line of the trail: never a mark, and no count of a panel while others vote (SECURITY S8)."""
    trail.record(f"票箱：{act}", batch, by=by, organization=box.organization, box=box.pk, batch=batch.number)


def _hold(batch: PaperBatch, *states: str) -> tuple[PaperBatch, Box]:
    """The batch afresh and locked, with its box. Raises Refused if it is gone, in another state, or the box is."""
    held = PaperBatch.objects.select_for_update(of=("self",)).select_related("panel__box").filter(pk=batch.pk).first()
    if held is None:
        raise Refused("这一批纸质票已被退回，请重新清点、重新录入。")
    if held.state not in states:
        raise Refused(f"{held}{held.get_state_display()}，现在不能这样做。请刷新页面。")
    _refuse_unless_open(held.panel.box)
    return held, held.panel.box


def reading_of(batch: PaperBatch, person: Person) -> int | None:
    """Which reading is this person's to key: 1, 2, or None if two others key this batch."""
    if person.pk == batch.first_by_id:
        return FIRST
    return SECOND if batch.second_by_id in (None, person.pk) else None


def is_done(batch: PaperBatch, reading: int) -> bool:
    """True if this reading is finished; nobody sees or changes it any more."""
    return {FIRST: batch.is_first_done, SECOND: batch.is_second_done}[reading]


def own_sheets(batch: PaperBatch, person: Person) -> dict[int, str]:
    """What this teller has keyed, by sheet: his own unfinished reading only, nothing of anybody else's."""
    reading = reading_of(batch, person)
    if reading is None or is_done(batch, reading):
        return {}
    return _reading(batch, reading)


def _place(batch: PaperBatch, reading: int, position: int) -> str:
    return f"{batch.pk}/{reading}/{position}"


def _reading(batch: PaperBatch, reading: int) -> dict[int, str]:
    found = {}
    for position, kept in KeyedSheet.objects.filter(batch=batch, reading=reading).values_list("position", "kept"):
        ballot = sealing.take_out(kept, _place(batch, reading, position))
        if ballot is None:
            raise Refused(TAMPERED)
        found[position] = ballot
    return found


def _keep(batch: PaperBatch, reading: int, position: int, ballot: str) -> None:
    KeyedSheet.objects.update_or_create(
        batch=batch,
        reading=reading,
        position=position,
        defaults={"kept": sealing.lock_away(ballot, _place(batch, reading, position))},
    )


@transaction.atomic
def key_sheet(batch: PaperBatch, position: int, ballot: str, *, by: Person) -> None:
    """Keep one sheet of one's own reading: a mark an entry, "x" for a spoilt line, all "x" for a void sheet.

    Whoever keys first beside the first teller becomes the second. Raises Refused for a third person, for a
    finished reading, and for what no sheet can say.
    """
    held, box = _hold(batch, PaperBatch.State.KEYING)
    reading = reading_of(held, by)
    if reading is None:
        raise Refused(f"{held}已由两位计票人录入，不需要第三人。")
    if is_done(held, reading):
        raise Refused(f"您已录完{held}，不能再改；另一遍须由另一位计票人录入。")
    if not 1 <= position <= held.sheets:
        raise Refused(f"{held}共 {held.sheets} 张，没有第 {position} 张。")
    refuse_unless_ballot(ballot, box, held.panel)
    if reading == SECOND and held.second_by_id is None:
        held.second_by = by
        held.save(update_fields=["second_by"])
    _keep(held, reading, position, ballot)


def refuse_unless_ballot(ballot: str, box: Box, panel: Panel, *, where: str = "") -> None:
    """Raise Refused, in a teller's words, for what is no paper ballot of this panel. ``where`` names the sheet."""
    empty = [str(number) for number in range(1, box.entry_count + 1) if ballot[number - 1 : number].strip() == ""]
    if empty:
        raise Refused(f"{where}第 {'、'.join(empty)} 项还没有录入。没有画任何符号的按 0（弃权）。")
    cells = enumerate(ballot, start=1)
    wrong = [str(number) for number, choice in cells if choice not in PAPER_CHOICES or number > box.entry_count]
    if wrong:
        raise Refused(f"{where}第 {'、'.join(wrong)} 项不能识别。可以按 1、2、3、4、0、x。")
    if not is_ballot(ballot, box.entry_count, panel.recusals):
        most = f"最多 {panel.recusals} 项" if panel.recusals else "本票种没有"
        raise Refused(f"{where}“回避”{most}，请对照票面；看不清的按 x（该项无效）。")


@transaction.atomic
def finish_reading(batch: PaperBatch, *, by: Person) -> PaperBatch:
    """录完: one's own reading is closed. With the second one the batch goes to the scrutineer."""
    held, box = _hold(batch, PaperBatch.State.KEYING)
    reading = reading_of(held, by)
    if reading is None or is_done(held, reading):
        raise Refused(f"{held}没有您要录的内容。请刷新页面。")
    keyed = set(_reading(held, reading))
    missing = [str(position) for position in range(1, held.sheets + 1) if position not in keyed]
    if missing:
        raise Refused(f"{held}清点 {held.sheets} 张，第 {'、'.join(missing)} 张还没有录入。")
    if reading == FIRST:
        held.is_first_done = True
    else:
        held.is_second_done = True
    if held.is_first_done and held.is_second_done:
        held.state, held.differing = PaperBatch.State.CHECKING, len(differences(held))
    held.save()
    _tell("录完纸质票", held, box, by)
    return held


def differences(batch: PaperBatch) -> list[Cell]:
    """Where the two finished readings differ: sheet and line, not what was keyed."""
    first, second = _reading(batch, FIRST), _reading(batch, SECOND)
    return [
        (position, number)
        for position in range(1, batch.sheets + 1)
        for number, pair in enumerate(zip(first.get(position, ""), second.get(position, ""), strict=True), start=1)
        if pair[0] != pair[1]
    ]


def undecided(batch: PaperBatch) -> list[Cell]:
    """Differences that the scrutineer has not decided yet."""
    decided = _reading(batch, SCRUTINEER)
    return [
        (position, number)
        for position, number in differences(batch)
        if decided.get(position, "")[number - 1 : number] in ("", UNDECIDED)
    ]


@transaction.atomic
def decide(
    batch: PaperBatch,
    choices: Mapping[Cell, str],
    *,
    by: Person,
    sure: Set[tuple[int, int, str]] = frozenset(),
    void: Set[int] = frozenset(),
) -> list[Cell]:
    """监票人裁定: what stands on the paper where the readings differ. Returns what neither teller had keyed.

    Those are not taken unless they stand in ``sure`` (sheet, line, choice): a third opinion is looked at twice.
    ``void``: sheets void as a whole, also in the lines on which both tellers agree; all that differ of them is "x".
    A later decision replaces an earlier one until the batch is accepted. Raises Refused for a teller of the batch.
    """
    held, box = _hold(batch, PaperBatch.State.CHECKING)
    _refuse_teller(held, by)
    open_cells = set(differences(held))
    if not set(choices) <= open_cells or not set(choices.values()) <= PAPER_CHOICES:
        raise Refused("只能裁定两遍录入不同的项，可以按 1、2、3、4、0、x。请刷新页面。")
    first, second, decided = (_reading(held, reading) for reading in (FIRST, SECOND, SCRUTINEER))
    spoilt, doubtful = SPOILT * box.entry_count, []
    for (position, number), choice in choices.items():
        keyed = {first[position][number - 1], second[position][number - 1]}
        is_third = spoilt not in {first[position], second[position]} if position in void else choice not in keyed
        if is_third and (position, number, choice) not in sure:
            doubtful.append((position, number))
            continue
        line = _only_open(decided.get(position, UNDECIDED * box.entry_count), position, open_cells)
        decided[position] = spoilt if position in void else line[: number - 1] + choice + line[number:]
    for position in {position for position, _ in choices} & set(decided):
        _keep(held, SCRUTINEER, position, decided[position])
    return doubtful


def _only_open(line: str, position: int, open_cells: Set[Cell]) -> str:
    """What was decided of the lines that differ: a sheet decided anew is no longer void as a whole."""
    return "".join(mark if (position, number) in open_cells else UNDECIDED for number, mark in enumerate(line, start=1))


def _refuse_teller(batch: PaperBatch, person: Person) -> None:
    if person.pk in (batch.first_by_id, batch.second_by_id):
        raise Refused("录入这一批的计票人不能核定。请监票人核定。")


def _agreed(batch: PaperBatch) -> Iterator[str]:
    """The sheets as they go into the box: where both agree that, elsewhere what the scrutineer decided.

    A sheet that he decided in every line is void as a whole: no other is decided where both agree.
    """
    first, second, decided = (_reading(batch, reading) for reading in (FIRST, SECOND, SCRUTINEER))
    for position in range(1, batch.sheets + 1):
        third = decided.get(position, UNDECIDED * len(first[position]))
        if third == SPOILT * len(third):
            yield third
            continue
        cells = zip(first[position], second[position], third, strict=True)
        yield "".join(one if one == other else last for one, other, last in cells)


@transaction.atomic
def accept_batch(batch: PaperBatch, *, by: Person) -> Box:
    """核定入箱: the sheets become envelopes like any other, what was keyed is deleted, counts remain.

    More sheets of a panel collected than issued make the whole vote INVALID, and nothing goes in (I9). Raises
    Refused for a teller of the batch, while a difference is undecided, and for a sheet that cannot be.
    """
    box = hold_in(PaperBatch.objects.select_related("panel__box").get(pk=batch.pk).panel.box, Box.State.OPEN)
    held, _ = _hold(batch, PaperBatch.State.CHECKING)
    _refuse_teller(held, by)
    if left := undecided(held):
        raise Refused(f"{held}还有 {len(left)} 项两遍录入不同，须由监票人对照票面裁定后才能入箱。")
    panel = box.panels.get(pk=held.panel_id)
    ballots = list(_agreed(held))
    for position, ballot in enumerate(ballots, start=1):
        refuse_unless_ballot(ballot, box, panel, where=f"第 {position} 张")
    void = ballots.count(SPOILT * box.entry_count)
    returned = panel.paper_returned + held.sheets
    if returned > panel.paper_issued:
        return _void_for_stuffing(box, panel, returned, by)
    SystemRandom().shuffle(ballots)
    Envelope.objects.bulk_create([_envelope(ballot, box, panel) for ballot in ballots])
    panel.paper_returned, panel.paper_invalid = returned, panel.paper_invalid + void
    panel.exchanged += held.exchanged
    panel.save(update_fields=["paper_returned", "paper_invalid", "exchanged"])
    held.keyed.all().delete()
    held.state, held.decided_by, held.invalid = PaperBatch.State.ACCEPTED, by, void
    held.save()
    tellers = [held.first_by.name, held.second_by.name]
    counts = {"returned": held.sheets, "invalid": void, "differing": held.differing, "exchanged": held.exchanged}
    who = {"panel": panel.code, "batch": held.number, "tellers": tellers}
    acts.write(box, "录入纸质票", by=by, untold=counts, **who, **counts)
    return box


def _void_for_stuffing(box: Box, panel: Panel, returned: int, by: Person) -> Box:
    reason = f"{panel.label}收回纸质票 {returned} 张，多于发出 {panel.paper_issued} 张，整个测评无效，应重新测评。"
    KeyedSheet.objects.filter(batch__panel__box=box).delete()
    move_box(box, Box.State.INVALID, by=by, act="宣布无效", reason=reason)
    return box


def _envelope(ballot: str, box: Box, panel: Panel) -> Envelope:
    receipt = sealing.receipt_of(sealing.new_slip())
    sealed = sealing.seal(ballot, box.public_key)
    mac = sealing.mac_of_envelope(receipt, panel.pk, sealed)
    return Envelope(receipt=receipt, panel=panel, sealed=sealed, mac=mac)


@transaction.atomic
def return_batch(batch: PaperBatch, *, by: Person) -> None:
    """退回重录: throw away what was keyed of a batch that is not in the box. It is counted and keyed anew."""
    held, box = _hold(batch, PaperBatch.State.KEYING, PaperBatch.State.CHECKING)
    _tell("退回纸质票", held, box, by)
    held.delete()
