"""投票: the voter's side of a box. What a slip opens, and the cast (SECURITY 3.2, step 2).

A cast leaves no trail, no time and no name.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db import IntegrityError, connection, transaction
from django.db.models import F

from organizations.errors import Refused
from scoring import sealing
from scoring.models import Box, Entry, Envelope, Lid, ReceiptList, Token
from scoring.policy import labels_in

VOTER_CHOICES = frozenset("43210-")  # what a phone may send
PAPER_CHOICES = VOTER_CHOICES | {"x"}  # a line of a paper ballot may be spoilt

WRONG_SLIP = "测评码无效。请核对纸条上的 26 位代码（不分大小写），或重新扫码。"
MANY_WRONG = (
    "测评码无效。现场输错的次数已经很多，请不要反复试，把纸条交给工作人员核对。纸条上的测评码输对了，仍可照常投票。"
)
MOST_WRONG_SLIPS = 1000  # counted a box, never an address: a whole hall may stand behind one (SECURITY A8)
USED_SLIP = "该测评码已使用，不能重复投票。"
CLOSING = "正在封箱，不能再投票。"
NOT_OPEN = {
    Box.State.DRAFT: "测评尚未开始，请等主持人宣布后再试。",
    Box.State.FROZEN: "测评尚未开始，请等主持人宣布后再试。",
    Box.State.CLOSED: "测评已结束，票箱已封，不能再投票。",
    Box.State.OPENED: "测评已结束，票箱已开，不能再投票。",
    Box.State.INVALID: "本次测评已宣布无效，请听从现场工作人员安排。",
}

LOOK_UP = """
    SELECT token.state, panel.id, panel.recusals, panel.label, panel.is_secret,
           box.id, box.state, box.title, box.is_rehearsal, box.entry_count, box.public_key, lid.is_closing
    FROM scoring_token token
    JOIN scoring_panel panel ON panel.id = token.panel_id
    JOIN scoring_box box ON box.id = panel.box_id
    JOIN scoring_lid lid ON lid.box_id = box.id
    WHERE token.mac = %s
"""
# The share lock makes the close wait for every cast under way, and a cast that comes later sees the
# box closed; the lid is asked first, so that a busy hall cannot starve the close (SECURITY I5). The key
# says that the box is the one the ballot was sealed for. SQLite has one writer at a time and needs no lock.
SPEND = """
    UPDATE scoring_token SET state = 'spent'
    WHERE mac = %s AND state = 'issued' AND panel_id = %s
      AND EXISTS (SELECT 1 FROM scoring_lid WHERE box_id = %s AND NOT is_closing)
      AND EXISTS (SELECT 1 FROM scoring_box WHERE id = %s AND state = 'open' AND public_key = %s {lock})
"""
PUT_IN = "INSERT INTO scoring_envelope (receipt, panel_id, sealed, mac) VALUES (%s, %s, %s, %s)"
# One statement is one transaction: one journey to the server instead of four.
SPEND_AND_PUT_IN = f"""
    WITH spent AS ({SPEND.format(lock="FOR SHARE")} RETURNING panel_id)
    INSERT INTO scoring_envelope (receipt, panel_id, sealed, mac)
    SELECT %s::bytea, panel_id, %s::bytea, %s::bytea FROM spent
"""


@dataclass(frozen=True, slots=True)
class Slip:
    """What is known of a slip without writing anything: its box, its panel and how they stand."""

    token_state: str
    panel_id: int
    recusals: int
    panel_label: str
    is_secret: bool
    box_id: int
    box_state: str
    title: str
    is_rehearsal: bool
    entry_count: int
    public_key: bytes | None
    is_closing: bool

    def refuse_unless_open(self) -> None:
        """Raise Refused, in words, if nobody may cast in this box now."""
        if self.box_state != Box.State.OPEN:
            raise Refused(NOT_OPEN[self.box_state])
        if self.is_closing:
            raise Refused(CLOSING)


@dataclass(frozen=True, slots=True)
class Sheet:
    """测评表: what the phone page shows. ``entries`` are the box's own rows, in the order of the ballot."""

    title: str
    panel_id: int
    panel: str
    is_secret: bool
    is_rehearsal: bool
    recusals: int
    grades: tuple[str, ...]  # what the four grades are called, high to low
    entries: list[Entry]


def look_up(slip: str) -> Slip:
    """The slip's box and panel, read only. Raises Refused for a slip that nobody issued."""
    with connection.cursor() as cursor:
        cursor.execute(LOOK_UP, [sealing.mac_of(slip)])
        row = cursor.fetchone()
    if row is None:
        raise Refused(MANY_WRONG if _count_wrong() else WRONG_SLIP)
    return Slip(*row)


def _count_wrong() -> bool:
    """Count a slip that nobody issued on every open box; True once a box has seen too many.

    No address and no time are kept. Beyond the limit nothing is written any more, so that whoever goes on guessing
    only reads; slips that are right are looked up as ever.
    """
    is_many = False
    open_lids = Lid.objects.filter(box__state=Box.State.OPEN).order_by("pk").values_list("pk", "wrong_slips")
    for box_id, wrong in list(open_lids):
        is_many = is_many or wrong >= MOST_WRONG_SLIPS
        if wrong < MOST_WRONG_SLIPS:
            Lid.objects.filter(pk=box_id).update(wrong_slips=F("wrong_slips") + 1)
    return is_many


def is_guessed_at(box: Box) -> bool:
    """True if so many slips that nobody issued were tried that somebody may be guessing: staff should look around."""
    return Lid.objects.filter(box=box, wrong_slips__gte=MOST_WRONG_SLIPS).exists()


# panel key -> the terms of its open box. Frozen terms never change and keys are never given twice; the cast
# compares the box's public key all the same, so that what is remembered here can never misplace a ballot.
_terms_known: dict[int, Slip] = {}
MOST_TERMS = 200


def _remember(found: Slip) -> None:
    """Keep the terms of an open box for the ballots to come."""
    if len(_terms_known) >= MOST_TERMS:
        _terms_known.clear()
    _terms_known[found.panel_id] = found


def sheet_for(slip: str) -> Sheet:
    """The ballot that a slip opens. Changes nothing, however often it is asked (SECURITY S6).

    Raises Refused, in words, for a wrong or used slip and for a box that is not open.
    """
    found = look_up(slip)
    found.refuse_unless_open()
    if found.token_state != Token.State.ISSUED:
        raise Refused(USED_SLIP)
    _remember(found)
    return Sheet(
        title=found.title,
        panel_id=found.panel_id,
        panel=found.panel_label,
        is_secret=bool(found.is_secret),
        is_rehearsal=bool(found.is_rehearsal),
        recusals=found.recusals,
        grades=labels_in(Box.objects.values_list("policy", flat=True).get(pk=found.box_id)),
        entries=list(Entry.objects.filter(box_id=found.box_id)),
    )


def cast(slip: str, marks: Mapping[int, int | str], receipt: bytes, *, panel: int | None = None) -> str:
    """Spend a slip and put a sealed envelope in its box. Returns the receipt code to show (回执码).

    ``marks``: entry number -> 4 好, 3 较好, 2 一般, 1 差, 0 弃权, or "-" 回避 where the panel allows it; every
    entry must be answered. ``receipt``: 32 bytes, ``sealing.receipt_of(code)`` of a code that the phone made
    *before* it sent anything. The same slip with the same receipt again changes nothing and succeeds, also
    after the close, so a phone whose answer was lost simply asks again (SECURITY I4). ``panel`` is the key of
    the panel that the sheet named: with it an ordinary cast is one statement; a wrong one does no harm.

    Without the custodians' key nothing stored can be read: even the database's own log ties a slip to
    sealed bytes only. Raises Refused in words for everything else; then nothing was changed.
    """
    if len(receipt) != 32:
        raise Refused("页面已过期，请重新扫码后再提交。")
    if _cast_on_known_terms(slip, marks, receipt, panel):
        return sealing.receipt_code(receipt)
    found = look_up(slip)
    if found.token_state == Token.State.SPENT:
        return _counted_before(found.box_id, receipt)
    found.refuse_unless_open()
    _remember(found)
    ballot = ballot_of(marks, entries=found.entry_count, recusals=found.recusals)
    if not _put_in(slip, ballot, receipt, found):
        now = look_up(slip)
        if now.token_state != Token.State.SPENT:
            now.refuse_unless_open()
        return _counted_before(found.box_id, receipt)
    return sealing.receipt_code(receipt)


def _cast_on_known_terms(slip: str, marks: Mapping[int, int | str], receipt: bytes, panel: int | None) -> bool:
    """The cast in one journey to the database: True if it is done, False if it must be looked into.

    The sheet named its panel, and what a ballot of that panel must be was frozen before anybody voted. Whatever
    is not as it should be, from a blank line to a wrong panel, changes nothing here and is told by the long way.
    """
    known = _terms_known.get(panel)
    if known is None:
        return False
    try:
        ballot = ballot_of(marks, entries=known.entry_count, recusals=known.recusals)
    except Refused:
        return False
    return _put_in(slip, ballot, receipt, known)


def _put_in(slip: str, ballot: str, receipt: bytes, terms: Slip) -> bool:
    """Token spent and envelope stored, both or neither; False if the slip or the box no longer allows it."""
    sealed = sealing.seal(ballot, terms.public_key)
    mac = sealing.mac_of_envelope(receipt, terms.panel_id, sealed)
    spend = [sealing.mac_of(slip), terms.panel_id, terms.box_id, terms.box_id, terms.public_key]
    try:
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(SPEND_AND_PUT_IN, [*spend, receipt, sealed, mac])
                return cursor.rowcount == 1
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(SPEND.format(lock=""), spend)
            if cursor.rowcount != 1:
                return False
            cursor.execute(PUT_IN, [receipt, terms.panel_id, sealed, mac])
            return True
    except IntegrityError as twice:
        raise Refused("回执码与他人重复，请刷新页面后再提交一次；您的测评码尚未使用。") from twice


def _counted_before(box_id: int, receipt: bytes) -> str:
    """The receipt code of a ballot that already lies in the box; raises Refused if it does not."""
    code = sealing.receipt_code(receipt)
    if Envelope.objects.filter(receipt=receipt, panel__box=box_id).exists():
        return code
    published = ReceiptList.objects.filter(box=box_id).first()
    if published is None or code not in published.codes.splitlines():
        raise Refused(USED_SLIP)
    return code


def ballot_of(
    marks: Mapping[int, int | str], *, entries: int, recusals: int, choices: Iterable[str] = VOTER_CHOICES
) -> str:
    """Marks as a ballot: one character an entry, in the order of the entries (SECURITY I15).

    Raises Refused, naming the entries, for one left out, one too many, or a choice that is none.
    """
    said = {number: str(choice) for number, choice in marks.items()}
    missing = [str(number) for number in range(1, entries + 1) if said.get(number, "") == ""]
    if missing:
        raise Refused(f"第 {'、'.join(missing)} 项还没有选择。请逐项选择，不想评价的请选“弃权”。")
    wrong = [str(number) for number, choice in said.items() if choice not in choices]
    if wrong or len(said) != entries:
        raise Refused("测评表内容与本次测评不符，请重新扫码后填写。")
    ballot = "".join(said[number] for number in range(1, entries + 1))
    if not is_ballot(ballot, entries, recusals):
        raise Refused(f"最多可对 {recusals} 人选择“回避”。" if recusals else "本票种不能选择“回避”。")
    return ballot


def is_ballot(ballot: str, entries: int, recusals: int) -> bool:
    """True if a ballot has one known mark an entry and no more recusals than its panel allows."""
    return len(ballot) == entries and set(ballot) <= PAPER_CHOICES and ballot.count("-") <= recusals
