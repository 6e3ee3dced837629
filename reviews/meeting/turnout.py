"""应到实到: how many of each panel were expected and came, and whether that is enough for a vote (DOMAIN 4.1)."""

from dataclasses import dataclass
from datetime import datetime

from organizations.errors import Refused
from reviews.meeting.models import Attendance
from reviews.plan.models import Campaign, PanelPlan
from reviews.plan.quorum import Quorum


@dataclass(frozen=True, slots=True)
class PanelTurnout:
    """One panel at the sign-in: its size, who came, who was excused. Counts only (SECURITY S7)."""

    panel: PanelPlan
    present: int
    excused: int
    counted_at: datetime | None  # None: not entered yet
    quorum: Quorum

    @property
    def expected(self) -> int:
        return self.panel.size

    @property
    def missing(self) -> int:
        """Neither present nor excused."""
        return max(0, self.expected - self.present - self.excused)

    @property
    def is_counted(self) -> bool:
        return self.counted_at is not None

    @property
    def is_possible(self) -> bool:
        """False where more came than were expected: the panel was made smaller after the sign-in."""
        return self.present + self.excused <= self.expected

    @property
    def is_reached(self) -> bool:
        """True if so many came as the campaign asks for, and no more than can have come."""
        return self.is_possible and self.quorum.is_reached(self.present, self.expected)

    @property
    def words(self) -> str:
        """应到 20 人，实到 8 人，请假 1 人，未到 11 人. Nobody is told to have stayed away before somebody counted."""
        if not self.is_counted:
            return f"应到 {self.expected} 人"
        excused = f"，请假 {self.excused} 人" if self.excused else ""
        missing = f"，未到 {self.missing} 人" if self.missing else ""
        return f"应到 {self.expected} 人，实到 {self.present} 人{excused}{missing}"

    @property
    def verdict(self) -> str:
        """达到 or 未达到, with the number asked for; that nothing was entered, before."""
        if not self.is_counted:
            return "还没有登记"
        if not self.is_possible:
            return "多于应到，请核对人数"
        return "达到要求" if self.is_reached else f"未达到要求，须 {self.quorum.needed(self.expected)} 人"


@dataclass(frozen=True, slots=True)
class Turnout:
    """By panel and in all, with what it means for the vote."""

    rows: list[PanelTurnout]
    quorum: Quorum

    @property
    def expected(self) -> int:
        return sum(row.expected for row in self.rows)

    @property
    def present(self) -> int:
        return sum(row.present for row in self.rows)

    @property
    def counted_at(self) -> datetime | None:
        """When the counts were last entered."""
        return max((row.counted_at for row in self.rows if row.counted_at), default=None)

    @property
    def short(self) -> list[PanelTurnout]:
        """Panels of which too few came, or nothing was entered."""
        return [row for row in self.rows if not (row.is_counted and row.is_reached)]

    @property
    def is_quorate(self) -> bool:
        """True if enough came of every panel."""
        return not self.short

    @property
    def words(self) -> str:
        """The sentence for the console and the minutes."""
        if not self.rows:
            return "还没有设置票种和应到人数。"
        if self.counted_at is None:
            return f"应到 {self.expected} 人，实到人数还没有登记。"
        counted = f"应到 {self.expected} 人，实到 {self.present} 人"
        if self.is_quorate:
            return f"{counted}，各票种实到人数均{self.quorum.words}，达到要求。"
        if not all(row.is_possible for row in self.rows):
            return f"{counted}。{self.gap}。请核对签到人数和票种人数。"
        return f"{counted}。{self.gap}，没有达到“实到人数{self.quorum.words}”的要求。"

    @property
    def gap(self) -> str:
        """Which panels fall short, in words; empty when none does."""
        return "、".join(f"{row.panel}应到 {row.expected} 人，{_came(row)}" for row in self.short)


def _came(row: PanelTurnout) -> str:
    if not row.is_counted:
        return "实到人数还没有登记"
    if not row.is_possible:
        return f"实到 {row.present} 人，多于应到"
    return f"实到 {row.present} 人，须 {row.quorum.needed(row.expected)} 人"


def turnout_of(campaign: Campaign) -> Turnout:
    """Expected (panel size), present, excused and missing without excuse, by panel. Two queries."""
    counted = {row.panel_id: row for row in Attendance.objects.filter(panel__campaign=campaign)}
    rows = []
    for panel in campaign.panels.all():
        row = counted.get(panel.pk)
        numbers = (row.present, row.excused, row.counted_at) if row else (0, 0, None)
        rows.append(PanelTurnout(panel, *numbers, campaign.quorum))
    return Turnout(rows, campaign.quorum)


def gap_of(campaign: Campaign) -> str:
    """What is missing before a vote may open without more ado, in words; empty where enough came.

    Where no meeting was held here nobody was counted, and nothing is judged.
    """
    return turnout_of(campaign).gap if hasattr(campaign, "meeting") else ""


def demand_quorum(campaign: Campaign, reason: str) -> str:
    """Ask before a vote opens whether enough came. Returns what is to be told in the minutes, "" where enough did.

    Raises Refused below the quorum: always where the campaign makes it binding, else without a written reason.
    """
    gap = gap_of(campaign)
    if not gap:
        return ""
    rule = f"本活动要求各票种实到人数{campaign.quorum.words}"
    if campaign.quorum.is_binding:
        raise Refused(f"{gap}。{rule}，未达到的不得开始测评。请核对签到人数，或改期召开。")
    if not reason.strip():
        raise Refused(f"{gap}。{rule}，未达到的须写明理由方可开始测评。请先登记签到，或填写理由。")
    return f"到会人数未达到要求，写明理由后开始测评。理由：{reason.strip()}（{gap}）"
