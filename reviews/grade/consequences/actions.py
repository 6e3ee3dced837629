"""结果运用: lines opened with the letters, carried out with a proof, settled by another; adjusted, never deleted."""

from collections.abc import Sequence
from datetime import date

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from organizations import trail
from organizations.access import holds_any
from organizations.errors import Refused
from organizations.models import Person
from reviews.grade.actions import demand
from reviews.grade.consequences import permissions
from reviews.grade.consequences.following import due_day, kinds_that_follow
from reviews.grade.consequences.models import Consequence
from reviews.ledger.evidence import Evidence
from reviews.plan.models import Campaign, Review

State = Consequence.State
ADDED = "异议复核后列入"


def open_lines(campaign: Campaign, reviews: Sequence[Review], *, by: Person) -> int:
    """Open what follows from the grades being fed back (decision and letter loaded). Returns how many.

    With the letters and not with the approval: before his letter the person knows nothing, and a talk or a bar
    that comes before it would tell him the grade. Called within the transaction of the letters.
    """
    follow = kinds_that_follow(campaign, reviews)
    lines = [_new(review, kind, by) for review in reviews for kind in follow.get(review.pk, [])]
    Consequence.objects.bulk_create(lines)
    if lines:
        trail.record("列入结果运用事项", campaign, by=by, organization=campaign.organizer, count=len(lines))
    return len(lines)


def _new(review: Review, kind: str, by: Person) -> Consequence:
    due_on = due_day(kind, review.letter.rectify_by)
    return Consequence(review=review, kind=kind, grade=review.decision.grade, owner=by, due_on=due_on)


def adjust_lines(review: Review, *, reason: str, by: Person) -> None:
    """After an objection changed the grade (review with fresh decision and letter): cancel what no longer follows,
    open what newly does. Nothing is deleted: a cancelled line keeps its proof. Within the objection's transaction.
    """
    follow = kinds_that_follow(review.campaign, [review]).get(review.pk, [])
    standing = list(review.consequences.select_for_update().exclude(state=State.CANCELLED))
    for line in standing:
        if line.kind in follow:
            line.grade = review.decision.grade
            line.save(update_fields=["grade"])
            continue
        was = "（撤销前已办结）" if line.state == State.CLOSED else ""
        line.state, line.words = State.CANCELLED, f"{reason}{was}"[:300]
        line.settled_by, line.settled_at = by, timezone.now()
        line.save(update_fields=["state", "words", "settled_by", "settled_at"])
    kept = {line.kind for line in standing}
    owner = standing[0].owner if standing else by
    new = [_new(review, kind, owner) for kind in follow if kind not in kept]
    Consequence.objects.bulk_create(new)
    cancelled = sum(line.state == State.CANCELLED for line in standing)
    facts = {"cancelled": cancelled, "new": len(new)}
    trail.record("调整结果运用事项", review, by=by, organization=review.campaign.organizer, **facts)


def hold_line(line: Consequence) -> Consequence:
    """The line, locked, with what the permissions ask of it."""
    lines = Consequence.objects.select_for_update(of=("self",))
    return lines.select_related("review__campaign__organizer", "review__letter").get(pk=line.pk)


def demand_state(line: Consequence, *states: str) -> None:
    """Raises Refused, naming the state, unless the line is in one of them."""
    if line.state not in states:
        raise Refused(f"“{line}”现为“{line.get_state_display()}”，不能再这样办理，请刷新页面查看。")


def record(act: str, line: Consequence, by: Person, **facts) -> None:
    """One line of the trail about a line of the register."""
    organizer = line.review.campaign.organizer
    trail.record(act, line.review, by=by, organization=organizer, kind=line.get_kind_display(), **facts)


@transaction.atomic
def assign_line(line: Consequence, *, owner: Person, due_on: date, by: Person) -> None:
    """Say whose task it is and by when. Raises Refused for a past day and for somebody who may not carry it out."""
    line = hold_line(line)
    demand(permissions.may_assign(by, line))
    demand_state(line, State.OPEN)
    organizer = line.review.campaign.organizer
    if not holds_any(owner, permissions.CARRYING, organizer) or permissions.is_about(owner, line.review):
        raise Refused(f"{owner}不能承办这一事项：承办人须是组织部经办或班子成员，且不是述职人本人。")
    if due_on < timezone.localdate():
        raise Refused("办理期限不能早于今天。")
    line.owner, line.due_on = owner, due_on
    line.save(update_fields=["owner", "due_on"])
    record("交办结果运用事项", line, by, person=owner.name, due_on=str(due_on))


@transaction.atomic
def hand_in_proof(line: Consequence, *, proof: str, by: Person, file: Evidence | None = None) -> None:
    """Say what was done, with a checked file if there is one; from now on the head confirms.

    Raises Refused without words, for a talk that is not recorded, and for a file already handed in being lost.
    """
    line = hold_line(line)
    demand(permissions.may_carry_out(by, line))
    demand_state(line, State.OPEN)
    if not proof.strip():
        raise Refused("请写明办理情况：何时、由谁、做了什么。")
    if line.kind == Consequence.Kind.TALK and not _has_record(line):
        raise Refused("约谈提醒要先登记谈话记录，才能报送办理情况。")
    line.proof, line.handed_by, line.handed_at, line.state = proof.strip(), by, timezone.now(), State.HANDED_IN
    if file:
        line.file_name = file.shown_name
        line.file.save(file.stored_name(), ContentFile(file.content), save=False)
    line.save()
    record("报送结果运用办理情况", line, by, evidence=line.file_name)


def _has_record(line: Consequence) -> bool:
    return hasattr(line, "talk") and line.talk.recorded_at is not None


@transaction.atomic
def confirm_done(line: Consequence, *, words: str, by: Person) -> None:
    """办结: another person than the one who handed the proof in has looked at it."""
    _settle(line, State.HANDED_IN, State.CLOSED, words.strip() or "办理情况属实，同意办结。", "确认结果运用办结", by)


@transaction.atomic
def give_back(line: Consequence, *, words: str, by: Person) -> None:
    """退回: the proof is not enough; it is to be handed in again. The reason stands on the line."""
    if not words.strip():
        raise Refused("退回须写明原因。")
    _settle(line, State.HANDED_IN, State.OPEN, words.strip(), "退回结果运用办理情况", by)


@transaction.atomic
def waive_line(line: Consequence, *, words: str, by: Person) -> None:
    """不再办理: the head settles an open line without a proof, with a reason."""
    if not words.strip():
        raise Refused("不再办理须写明原因。")
    _settle(line, State.OPEN, State.WAIVED, words.strip(), "结果运用事项不再办理", by)


def _settle(line: Consequence, before: str, after: str, words: str, act: str, by: Person) -> None:
    line = hold_line(line)
    demand(permissions.may_settle(by, line))
    demand_state(line, before)
    line.state, line.words, line.settled_by, line.settled_at = after, words[:300], by, timezone.now()
    line.save(update_fields=["state", "words", "settled_by", "settled_at"])
    record(act, line, by, reason=words[:300])
