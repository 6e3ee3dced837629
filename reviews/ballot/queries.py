"""What the console shows of a round: its checklist, its figures, its counts."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from reviews.ballot.actions import is_out_of_date
from reviews.ballot.models import Round
from reviews.plan.models import Campaign
from scoring import watching
from scoring.auditing import audit
from scoring.models import Box, Checkpoint, Panel


@dataclass(frozen=True, slots=True)
class Check:
    """One line of a checklist before an act: done or not, and what to do about it."""

    label: str
    is_done: bool
    advice: str = ""


def rounds_of(campaign: Campaign):
    """All rounds of a campaign, the newest first."""
    return campaign.rounds.select_related("box", "campaign__organizer").order_by("-number")


def rounds_visible(campaigns: QuerySet) -> QuerySet:
    """Rounds of the campaigns given."""
    return Round.objects.filter(campaign__in=campaigns).select_related("box", "campaign__organizer")


def checks_before_opening(round_: Round) -> list[Check]:
    """What must be done before voting opens, in order."""
    box, batches = round_.box, list(round_.batches.all())
    panels = box.panels.count()
    all_asked = len({batch.panel_id for batch in batches}) == panels
    signed = all_asked and all(batch.cosigned_by_id for batch in batches)
    printed = all_asked and all(batch.is_printed for batch in batches)
    has_keys, is_old = box.public_key is not None, is_out_of_date(round_)
    locked = "锁定以后方案又有修改，请在页末清除这一轮，重新准备" if is_old else f"校验值 {box.frozen_hash[:16]}"
    return [
        Check("票种、述职人、评定规则已锁定", box.state == Box.State.FROZEN and not is_old, locked),
        Check(
            "开箱码已交保管人",
            has_keys,
            "任两人可开箱，一人不能开箱" if has_keys else "点“生成开箱码”，当场交给两位或三位保管人",
        ),
        Check("测评码、纸质票张数经纪委会签", signed, "" if signed else "点“申请制作测评码”，由纪委监督人员会签"),
        Check("测评码已印制", printed, "" if printed else "会签后逐个票种印制，裁开后打乱、折叠发放"),
    ]


AUDITED = {
    "terms": ("票种、被测评人、规则与锁定时一致", "锁定后有改动，请立即停用这一轮的结果"),
    "events": ("票箱记事从第一条到最后一条前后相连，没有缺少、改动", "记事被改动或缺少"),
    "issued": ("库中制作的测评码张数与票箱记事一致", "库中张数与记事不一致，可能有人加码"),
    "slips": ("制作的测评码等于已用与作废之和", "测评码张数不平"),
    "returned": ("收回张数等于回执条数，各票种收回不超过发出、不超过应到加备用", "收回张数不平"),
    "receipts": ("回执码清单与封箱时的校验值一致", "回执码清单被改动"),
    "counts": ("逐人逐项票数与开箱时的校验值一致", "票数被改动"),
}


def audit_checks(box: Box) -> list[Check]:
    """The supervisor's checks of a closed box, computed now; empty before the close."""
    checks = audit(box).items()
    return [Check(AUDITED[name][0], holds, "" if holds else AUDITED[name][1]) for name, holds in checks]


@dataclass(frozen=True, slots=True)
class Watch:
    """值守: what the supervisor sees of an open box. Nothing finer than everybody's turnout (SECURITY S8)."""

    checkpoints: list[Checkpoint]
    fault: str
    altered: str
    files_read_at: datetime | None

    @property
    def is_alarming(self) -> bool:
        return bool(self.fault) or self.altered not in ("", watching.NO_LIST)


def watch_of(box: Box) -> Watch:
    """The checkpoints of an open box, the newest first, and what is wrong with them or with the program's files."""
    points = list(box.checkpoints.order_by("-place"))
    broken = next((point for point in reversed(points) if not point.is_balanced), None)
    fault = f"{broken}起票数不平，可能有人直接改动了票箱。" if broken else ""
    return Watch(points, fault, box.lid.altered, box.lid.manifest_read_at)


def panels_without_slips(round_: Round) -> list[Panel]:
    """Panels of the box for which nobody has asked for slips or paper yet."""
    return list(round_.box.panels.exclude(code__in=round_.batches.values("panel__code")))


def asked_of(round_: Round) -> list[tuple[Panel, int]]:
    """Every panel of the box, and how many slips and paper ballots have been asked for it."""
    asked: Counter = Counter()
    for code, count, paper in round_.batches.values_list("panel__code", "count", "paper"):
        asked[code] += count + paper
    return [(panel, asked[panel.code]) for panel in round_.box.panels.all()]


def panels_with_room(round_: Round) -> list[tuple[Panel, int]]:
    """Panels of which slips may still be made beyond those asked for, and how many (补制)."""
    panels = [(panel, panel.slip_limit - asked) for panel, asked in asked_of(round_) if asked]
    return [(panel, left) for panel, left in panels if left > 0]


def keepers_of(box: Box) -> int:
    """How many opening codes were handed out: two make one pair, three make three; 0 before they are made."""
    pairs = box.wrapped_keys.count()
    return 3 if pairs == 3 else 2 * pairs


def published_receipts(code: str) -> list[Box]:
    """Closed boxes in whose published list a receipt code stands."""
    return list(Box.objects.filter(Q(receipt_list__codes__contains=code)).defer("frozen", "policy"))
