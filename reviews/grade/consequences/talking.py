"""约谈提醒: planned and told (通知), held and written down (记录), signed by the person talked to."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from organizations.errors import Refused
from organizations.models import Person
from reviews.grade.actions import demand
from reviews.grade.consequences import permissions
from reviews.grade.consequences.actions import demand_state, hold_line, record
from reviews.grade.consequences.models import Consequence, Talk

FARTHEST = timedelta(days=366)  # a talk farther off, either way, has a mistyped year


def _held(line: Consequence) -> Consequence:
    line = hold_line(line)
    if line.kind != Consequence.Kind.TALK:
        raise Refused("这一事项不是约谈提醒，没有谈话通知和记录。")
    return line


@transaction.atomic
def plan_talk(line: Consequence, *, meets_at: datetime, place: str, held_by: str, by: Person) -> Talk:
    """When, where and by whom; the person sees it at once. May be changed until the talk is recorded."""
    line = _held(line)
    demand(permissions.may_carry_out(by, line))
    demand_state(line, Consequence.State.OPEN)
    if hasattr(line, "talk") and line.talk.recorded_at:
        raise Refused("谈话记录已经登记，不能再改谈话安排。")
    if not place.strip() or not held_by.strip():
        raise Refused("请写明谈话地点和谈话人。")
    if abs(meets_at - timezone.now()) > FARTHEST:
        raise Refused("谈话时间与今天相差一年以上，请核对年份。")
    fields = {"meets_at": meets_at, "place": place.strip(), "held_by": held_by.strip(), "planned_by": by}
    talk, _ = Talk.objects.update_or_create(consequence=line, defaults=fields)
    record("安排约谈提醒", line, by, at=timezone.localtime(meets_at).strftime("%Y-%m-%d %H:%M"))
    return talk


@transaction.atomic
def record_talk(line: Consequence, *, points: str, statement: str, recorder: str, by: Person) -> None:
    """What was said and what the person declared. Raises Refused before the talk, and once it was signed."""
    line = _held(line)
    demand(permissions.may_carry_out(by, line))
    demand_state(line, Consequence.State.OPEN)
    if not hasattr(line, "talk"):
        raise Refused("请先登记谈话时间、地点和谈话人。")
    talk = line.talk
    if talk.signed_at:
        raise Refused("本人已在谈话记录上签字，不能再改。")
    if talk.meets_at > timezone.now():
        raise Refused("谈话时间还没有到，谈话后再登记记录；时间有变化的，请先改谈话安排。")
    if not points.strip() or not recorder.strip():
        raise Refused("请写明谈话要点和记录人。")
    talk.points, talk.statement, talk.recorder = points.strip(), statement.strip(), recorder.strip()
    talk.recorded_by, talk.recorded_at = by, timezone.now()
    talk.save()
    record("登记约谈提醒记录", line, by)


@transaction.atomic
def sign_talk(line: Consequence, *, by: Person) -> None:
    """本人签字: the person has read the record. It does not say that he agrees."""
    line = _held(line)
    demand(permissions.may_sign(by, line))
    if not hasattr(line, "talk") or not line.talk.recorded_at:
        raise Refused("谈话记录还没有登记，暂不能签字。")
    if line.talk.signed_at:
        raise Refused("您已经在这份谈话记录上签字。")
    line.talk.signed_at = timezone.now()
    line.talk.save(update_fields=["signed_at"])
    record("签字确认约谈提醒记录", line, by)
