"""测评: a campaign's box made, voting opened, closed and counted. Its slips are made in ``slip_batches``.

What happens inside a box is scoring's; here stands who may, in which stage, and what it means for the campaign.
"""

import hashlib
from collections.abc import Callable, Sequence
from itertools import zip_longest

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max

from organizations import trail
from organizations.access import forget_duties
from organizations.errors import Refused
from organizations.models import Person
from reviews.ballot import permissions
from reviews.ballot.ceremony.models import Keeper
from reviews.ballot.models import Candidacy, Round
from reviews.meeting.actions import go_on_meeting
from reviews.meeting.noting import note
from reviews.meeting.turnout import demand_quorum
from reviews.plan.actions import move_campaign
from reviews.plan.models import Campaign, Review, Stage
from reviews.plan.policy_keeping import freeze_policy
from scoring import booth, sealing
from scoring.models import Box

VOTING_STAGES = {Stage.MEETING, Stage.BALLOT}
MOST_REASON = 300
PANEL_TERMS = ("code", "label", "weight", "eligible", "recusals", "is_secret")


def demand(may: Callable[[Person, Campaign], bool], by: Person, campaign: Campaign) -> None:
    """Ask a permission afresh: a right withdrawn a moment ago is no right."""
    forget_duties(by)
    if not may(by, campaign):
        raise PermissionDenied


def _hold_campaign(pk: int) -> Campaign:
    return Campaign.objects.select_for_update(of=("self",)).select_related("organizer").get(pk=pk)


def hold_round(round_: Round) -> Round:
    """The round, locked together with its campaign's stage. Raises Refused if somebody has discarded it."""
    held = Round.objects.select_for_update(of=("self",)).select_related("box").filter(pk=round_.pk).first()
    if held is None:
        raise Refused("这一轮测评已被清除，请回到“测评”页查看。")
    held.campaign = _hold_campaign(held.campaign_id)
    return held


@transaction.atomic
def prepare_round(campaign: Campaign, *, spare: dict[str, int], by: Person, is_rehearsal: bool = False) -> Round:
    """Make the box of a campaign: its panels, its secretaries in speaking order, its rules, all locked at once.

    ``spare``: panel code -> slips beyond the roll. From here on weights, names and rules cannot change
    (SECURITY I11). Raises Refused in another stage, beside another valid round, or for terms that cannot be
    voted on in secret. A rehearsal may be had as soon as there is somebody to vote about, until the real vote is over.
    """
    campaign = _hold_campaign(campaign.pk)
    demand(permissions.may_run, by, campaign)
    _refuse_untimely(campaign, is_rehearsal)
    if not is_rehearsal:
        freeze_policy(campaign, by=by)
    reviews = list(campaign.reviews.for_list())
    number = _number_for(campaign, is_rehearsal=is_rehearsal)
    box = booth.draft_box(
        title=f"{campaign.title}民主测评" + ("（演练）" if is_rehearsal else ""),
        panels=[panel | {"spare": spare.get(panel["code"], 0)} for panel in _panels_of(campaign)],
        entries=_entries_of(reviews),
        policy=_policy_of(campaign),
        organization=campaign.organizer,
        is_rehearsal=is_rehearsal,
        by=by,
    )
    booth.freeze(box, by=by)
    round_ = Round.objects.create(campaign=campaign, number=number, box=box, is_rehearsal=is_rehearsal, created_by=by)
    if not is_rehearsal:  # a rehearsal says nothing of anybody and binds no review
        entries = box.entries.order_by("number")
        Candidacy.objects.bulk_create(Candidacy(review=r, entry=e) for r, e in zip(reviews, entries, strict=True))
    return round_


def _refuse_untimely(campaign: Campaign, is_rehearsal: bool) -> None:
    """Raise Refused in a stage without a vote, and beside another round of the same kind that still holds."""
    if is_rehearsal and campaign.is_past(Stage.BALLOT):
        raise Refused("测评已经结束，不需要再演练。")
    if not is_rehearsal and campaign.stage not in VOTING_STAGES:
        raise Refused(f"“{campaign}”处于“{campaign.get_stage_display()}”阶段，进入评议会后才能准备测评。")
    for broken in campaign.rounds.filter(void_reason="", box__state=Box.State.INVALID).select_related("box"):
        write_void(broken, broken.box.reason)  # a box may have become invalid by itself, and the server stopped then
    if campaign.rounds.filter(is_rehearsal=is_rehearsal, void_reason="").exists():
        raise Refused(
            "已有一轮演练，请先清除。"
            if is_rehearsal
            else "已有一轮有效的测评。要重新测评，须先宣布该轮无效并写明原因。"
        )


def _number_for(campaign: Campaign, *, is_rehearsal: bool) -> int:
    """Real rounds count 1, 2, 3 as the minutes tell them, which know no rehearsal: one in the way moves behind."""
    behind = (campaign.rounds.aggregate(last=Max("number"))["last"] or 0) + 1
    if is_rehearsal:
        return behind
    number = (campaign.rounds.filter(is_rehearsal=False).aggregate(last=Max("number"))["last"] or 0) + 1
    campaign.rounds.filter(is_rehearsal=True, number=number).update(number=behind)
    return number


def write_void(round_: Round, reason: str) -> None:
    round_.void_reason = reason[:MOST_REASON]
    round_.save(update_fields=["void_reason"])
    note_for_minutes(round_, f"本轮测评宣布无效，原因：{round_.void_reason}")


def note_for_minutes(round_: Round, words: str) -> None:
    """A line for the minutes; a rehearsal leaves none. Never how many voted (SECURITY S8)."""
    if not round_.is_rehearsal:
        note(round_.campaign, f"第{round_.number}轮：{words}")


def _policy_of(campaign: Campaign) -> dict:
    """The campaign's rules; the weights are the panels' own."""
    return {**campaign.policy, "panel_weights": None}


def _entries_of(reviews: Sequence[Review]) -> list[dict]:
    return [
        {"label": f"{review.organization} {review.secretary}"[:120], "subtitle": _subtitle(review)}
        for review in reviews
    ]


def _subtitle(review: Review) -> str:
    return f"{review.duty} {review.get_mode_display()}".strip()


def _panels_of(campaign: Campaign) -> list[dict]:
    return [
        {
            "code": panel.code,
            "label": panel.label,
            "weight": panel.weight,
            "eligible": panel.size,
            "recusals": min(panel.recusals, 1),  # a voter passes over one line at most: his own
            "is_secret": panel.is_secret,
        }
        for panel in campaign.panels.all()
    ]


def is_out_of_date(round_: Round) -> bool:
    """True if the plan was changed after the box was locked: a panel, a secretary, the order, a rule."""
    campaign, box = round_.campaign, round_.box
    panels = [{name: getattr(panel, name) for name in PANEL_TERMS} for panel in box.panels.all()]
    entries = [{"label": entry.label, "subtitle": entry.subtitle} for entry in box.entries.all()]
    planned = campaign.reviews.for_list()
    return (panels, entries, box.policy) != (_panels_of(campaign), _entries_of(planned), _policy_of(campaign))


@transaction.atomic
def discard_round(round_: Round, *, by: Person) -> None:
    """Throw a round away: a rehearsal at any time, a real one only while nobody could vote in it yet."""
    held = hold_round(round_)
    demand(permissions.may_run, by, held.campaign)
    if not held.is_rehearsal and held.box.state not in {Box.State.DRAFT, Box.State.FROZEN}:
        raise Refused("已经开始过的正式测评不能删除；确有问题请宣布无效并写明原因。")
    box = held.box
    Candidacy.objects.filter(entry__box=box).delete()
    held.batches.all().delete()
    held.delete()
    booth.discard_box(box, by=by)


@transaction.atomic
def make_keys(
    round_: Round, *, custodians: int, by: Person, replaces: str = "", keepers: Sequence[Person | None] = ()
) -> list[str]:
    """The custodians' opening codes, returned once. Any two open the box, one alone does not.

    ``replaces``: the ``mark_of_keys`` that the person saw when asking. A page with codes that is loaded again asks
    with the mark of before; it is refused, or the codes already handed out would be worth nothing. ``keepers``: who
    is handed which code, in their order; a code without one may be entered by any custodian.
    """
    held = hold_round(round_)
    demand(permissions.may_run, by, held.campaign)
    if replaces != mark_of_keys(held.box):
        raise Refused(
            "开箱码已经生成，只显示一次，这次没有重新生成，已发的开箱码仍然有效。"
            "如果没有打印出来，请回到本轮测评页点“重新生成开箱码”。"
        )
    named = [keeper for keeper in keepers[:custodians] if keeper]
    for keeper in named:
        if not permissions.may_turn(keeper, held.campaign):
            raise Refused(f"{keeper}不是本次活动的开箱码保管人，或是本次的述职人，不能保管开箱码。")
    if len(set(named)) < len(named):
        raise Refused("一个人只能保管一份开箱码，请为每份登记不同的保管人。")
    codes = booth.make_keys(held.box, custodians, by=by)
    held.keepers.all().delete()
    Keeper.objects.bulk_create(
        Keeper(round=held, number=number, person=person, mark=sealing.mac_of_code(code, held.box_id))
        for number, (code, person) in enumerate(zip_longest(codes, keepers[:custodians]), start=1)
    )
    return codes


def mark_of_keys(box: Box) -> str:
    """Tells one set of opening codes from the next; "" while there are none."""
    return hashlib.sha256(bytes(box.public_key)).hexdigest()[:16] if box.public_key else ""


@transaction.atomic
def open_voting(round_: Round, *, knows_loss: bool, by: Person, below_quorum: str = "") -> None:
    """Let the vote begin; the campaign enters the ballot stage.

    ``knows_loss``: it was acknowledged (已知晓) that without two opening codes nobody ever opens the box.
    ``below_quorum``: why the vote opens although too few have come. Raises Refused without the first, below the quorum
    without the second (or in spite of it, where the campaign says so), in another stage, and where the plan was
    changed after the lock.
    """
    held = hold_round(round_)
    demand(permissions.may_run, by, held.campaign)
    if held.box.state == Box.State.FROZEN and not knows_loss:
        raise Refused("开始测评前请勾选“已知晓”：凑不齐两份开箱码，任何人都打不开票箱，本轮测评作废。测评还没有开始。")
    if not held.is_rehearsal and held.campaign.stage not in VOTING_STAGES:
        raise Refused(f"“{held.campaign}”处于“{held.campaign.get_stage_display()}”阶段，不能开始测评。")
    if is_out_of_date(held):
        raise Refused("锁定以后，述职人名单、票种或评定规则又有修改。请清除这一轮，重新准备后再开始测评。")
    shortfall = "" if held.is_rehearsal else demand_quorum(held.campaign, below_quorum)
    booth.open_box(held.box, by=by)
    if shortfall:
        note_for_minutes(held, shortfall)
        trail.record("到会不足开始测评", held, by=by, organization=held.campaign.organizer, reason=shortfall)
    note_for_minutes(held, "开始测评")
    if not held.is_rehearsal and held.campaign.stage == Stage.MEETING:
        move_campaign(held.campaign, Stage.BALLOT, by=by)


def close_voting(round_: Round, *, by: Person) -> Box:
    """封箱: nobody casts any more and the counts are published; a box that does not balance makes the round void.

    Not one transaction: the closing flag must be seen by every cast before the box is locked (SECURITY I5).
    """
    demand(permissions.may_run, by, round_.campaign)
    box = booth.close(round_.box, by=by)
    if box.state == Box.State.INVALID:
        note_for_minutes(round_, "测评结束，封箱时票数不平，票箱没有封成")
        write_void(round_, box.reason)
    else:
        note_for_minutes(round_, "测评结束，封箱")
    return box


@transaction.atomic
def void_round(round_: Round, *, reason: str, by: Person) -> None:
    """Declare a round invalid, with a reason everybody may read. It is kept beside the round that replaces it."""
    held = hold_round(round_)
    demand(permissions.may_run, by, held.campaign)
    if held.campaign.is_past(Stage.BALLOT):
        raise Refused("测评结果已进入评定，不能再宣布无效。")
    booth.void(held.box, reason, by=by)
    write_void(held, reason.strip())


@transaction.atomic
def back_to_meeting(campaign: Campaign, *, reason: str, by: Person) -> None:
    """Go back from the ballot to the meeting, with a reason: after a void round, to hear or comment further.

    Raises Refused while a round counts: its box would stand open, or sealed, behind the meeting's back.
    """
    campaign = Campaign.objects.select_for_update(of=("self",)).select_related("organizer").get(pk=campaign.pk)
    demand(permissions.may_run, by, campaign)
    rounds = campaign.rounds.filter(is_rehearsal=False).select_related("box")
    if campaign.stage == Stage.BALLOT and any(r.is_live and r.box.state != Box.State.FROZEN for r in rounds):
        raise Refused("有一轮测评正在进行或已经封箱，不能退回评议会。确需退回的，先宣布该轮无效并写明原因。")
    move_campaign(campaign, Stage.MEETING, by=by, reason=reason)
    go_on_meeting(campaign, reason=reason)


def unseal_round(
    round_: Round, codes: Sequence[str], *, by: Person, progress: Callable[[int, int], None] | None = None
) -> Box:
    """开箱 with two opening codes: every ballot is counted, the campaign goes on to grading.

    Not one transaction: wrong codes must be remembered although nothing else changes.
    """
    demand(permissions.may_unseal, by, round_.campaign)
    box = booth.unseal(round_.box, codes, by=by, progress=progress)
    go_on_to_grading(round_, by=by)
    return box


@transaction.atomic
def go_on_to_grading(round_: Round, *, by: Person) -> None:
    """Take the campaign to grading once its box is open; asked again after a crash it finishes the step."""
    held = hold_round(round_)
    demand(permissions.may_unseal, by, held.campaign)
    if held.is_rehearsal or held.campaign.stage == Stage.GRADING:
        return
    if held.box.state != Box.State.OPENED:
        raise Refused("开箱计票后才能进入评定。")
    note_for_minutes(held, "开箱计票")
    move_campaign(held.campaign, Stage.GRADING, by=by)


@transaction.atomic
def forgive_wrong_codes(round_: Round, *, by: Person) -> None:
    """Let the custodians try again after ten wrong codes."""
    held = hold_round(round_)
    demand(permissions.may_forgive, by, held.campaign)
    booth.forgive_wrong_codes(held.box, by=by)
