"""开箱仪式: two keepers enter their codes, each from his own account; then the box is opened in this process.

The first keeper's browser is given a secret; both codes wait behind the lock that it opens. So nothing stored on the
server, not even together with the server's own keys, gives a code, and the opening needs that browser to come back.

Why no worker opens the box: it would have to be handed a code or the key through Redis or the database, which write
down what they are given. The count of a box takes a second or two, in a thread of the process that was asked.
"""

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from nacl.public import PrivateKey

from organizations import jobs, trail
from organizations.errors import Refused
from organizations.models import Job, Person
from reviews.ballot import permissions
from reviews.ballot.actions import demand, go_on_to_grading, hold_round, note_for_minutes
from reviews.ballot.ceremony.models import Arrival, Keeper
from reviews.ballot.models import Round
from scoring import booth, opening, sealing
from scoring.models import Box

PATIENCE = timedelta(minutes=10)  # so long a key waits for the other one
KIND = "unseal"  # of the job that opens a box
GONE = (
    "第一把钥匙的凭据不在这台设备的浏览器里（换了设备、浏览器，或已超过 10 分钟）。票箱未开，未作任何改动。"
    "请在本页重新输入开箱码，另一位保管人随后也重新输入。"
)


def turn_key(round_: Round, code: str, *, by: Person) -> bytes | None:
    """放钥匙: a keeper enters his own code from his own account.

    Returns the secret that the first keeper's browser must keep, None for the second keeper. Raises Refused, in words,
    for a code that is none of this box (counted, ten lock the opening), another keeper's code, a second code by the
    same person, a code that has come already, and unless the box is sealed.
    """
    demand(permissions.may_turn, by, round_.campaign)
    keeper = _keeper_by(round_, code, by=by)
    return _let_wait(round_, keeper, code, by=by)


def _keeper_by(round_: Round, code: str, *, by: Person) -> Keeper:
    """Whose code this is. A wrong one is counted, in a transaction of its own."""
    box = Box.objects.get(pk=round_.box_id)
    _refuse_unless_sealed(box)
    opening.refuse_if_locked(box)
    keepers = list(round_.keepers.select_related("person"))
    if not keepers:
        raise Refused("这一轮的开箱码没有登记，不能分开输入。请两位保管人到场，在同一页上一起输入。")
    mark = sealing.mac_of_code(code, box.pk)
    keeper = next((each for each in keepers if sealing.same(each.mark, mark)), None)
    if keeper is None:
        left = opening.count_wrong_code(box, by=by)
        raise Refused(f"这不是本轮的开箱码，票箱未开，未作任何改动。请对照纸条核对（还可再试 {left} 次）。")
    if keeper.person_id not in (None, by.pk):
        raise Refused(
            f"{keeper}开箱码登记由{keeper.person}保管，须由本人用自己的账号输入；现在登录的是{by}。票箱未开。"
        )
    return keeper


def _refuse_unless_sealed(box: Box) -> None:
    if box.state != Box.State.CLOSED:
        raise Refused(f"“{box.title}”{box.get_state_display()}，封箱以后、开箱以前才能输入开箱码。")


@transaction.atomic
def _let_wait(round_: Round, keeper: Keeper, code: str, *, by: Person) -> bytes | None:
    held = hold_round(round_)
    demand(permissions.may_turn, by, held.campaign)
    _refuse_unless_sealed(held.box)
    _refuse_while_opening(held)
    here = _waiting(held, by)
    for arrival in here:
        if arrival.keeper_id == keeper.pk:
            raise Refused(f"这份开箱码已由{arrival.person}输入，同一份不能用两次。请另一位保管人输入自己那一份。")
    if any(arrival.person_id == by.pk for arrival in here):
        raise Refused("您的钥匙已到。一个人不能放两把钥匙，请另一位保管人用自己的账号、自己的设备输入。")
    if len(here) == 2:
        raise Refused(f"两把钥匙都已到，请{here[0].person}在自己的页面上点“开箱计票”。")
    secret = None
    if here:
        lock, until = here[0].lock, here[0].until
    else:
        secret, lock = sealing.new_waiting_lock()
        until = timezone.now() + PATIENCE
    held.arrivals.create(
        keeper=keeper,
        person=by,
        lock=lock,
        locked=sealing.wait_behind(code, lock),
        is_first=not here,
        until=until,
    )
    trail.record("开箱钥匙已到", held, by=by, organization=held.campaign.organizer, number=keeper.number)
    note_for_minutes(held, f"{by}放入{'第二' if here else '第一'}把钥匙")
    return secret


def _waiting(held: Round, by: Person) -> list[Arrival]:
    """The keys that have come and still count, the first one first.

    Old ones are forgotten; and all of them when the first keeper comes again: his browser has lost the secret.
    """
    here = list(held.arrivals.select_related("person", "keeper"))
    if any(arrival.is_over or (arrival.is_first and arrival.person_id == by.pk) for arrival in here):
        held.arrivals.all().delete()
        return []
    return here


def open_by_two(round_: Round, secret: bytes, *, by: Person) -> Job:
    """开箱 by the first keeper's browser, once both keys have come. The count runs as a job of this process.

    Raises Refused while a key is missing or too old, for anybody else, and for a secret that is not the one given.
    """
    demand(permissions.may_turn, by, round_.campaign)
    here = list(round_.arrivals.select_related("person"))
    if len(here) != 2:
        raise Refused("还差一把钥匙，票箱未开。请另一位保管人用自己的账号输入开箱码。")
    if any(arrival.is_over for arrival in here):
        raise Refused("钥匙超过 10 分钟没有用，已作废，票箱未开。请两位保管人重新输入开箱码。")
    if here[0].person_id != by.pk:
        raise Refused(f"请{here[0].person}在自己的页面上点“开箱计票”，别人不能代点。")
    codes = [sealing.come_forward(arrival.locked, secret) for arrival in here]
    if not all(codes):
        raise Refused(GONE)
    return _open(round_, booth.key_of(round_.box, codes, by=by), by=by)


def open_on_one_page(round_: Round, codes: Sequence[str], *, by: Person) -> Job:
    """开箱 where the hall has one computer: both keepers have typed their codes on one page, the trail says so."""
    demand(permissions.may_unseal, by, round_.campaign)
    key = booth.key_of(round_.box, codes, by=by)
    trail.record("两份开箱码在同一页输入", round_, by=by, organization=round_.campaign.organizer)
    return _open(round_, key, by=by)


def _open(round_: Round, key: PrivateKey, *, by: Person) -> Job:
    """Start the count. The key stays in the memory of this process; killed halfway, the box is still sealed."""

    def work(progress: jobs.Progress) -> None:
        booth.open_with(round_.box, key, by=by, progress=progress)
        Arrival.objects.filter(round=round_).delete()
        go_on_to_grading(round_, by=by)

    with transaction.atomic():
        held = hold_round(round_)
        _refuse_while_opening(held)
        return jobs.start_here(work, kind=KIND, title=f"开箱计票：{held}"[:120], by=by, asked_for={"round": held.pk})


def opening_of(round_: Round) -> Job | None:
    """The job that opened this box, or tried to last. One whose process died is marked so."""
    latest = Job.objects.filter(kind=KIND, asked_for__round=round_.pk).order_by("-pk").first()
    return jobs.give_up_silent(latest) if latest and not latest.is_over else latest


def _refuse_while_opening(held: Round) -> None:
    """Raise Refused while a count is under way."""
    latest = opening_of(held)
    if latest and not latest.is_over:
        raise Refused("正在开箱计票，请等它完成，不要再点。")
