"""日程: the dates of a campaign around its meeting day, and what is wrong with them. Pure.

Rule: DOMAIN 4.9. Days are days in Asia/Shanghai; a deadline is the last second of its day.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

STARTS_BEFORE = timedelta(days=30)  # stage 2 of the process: the campaign is set up at T−30
REPORT_BEFORE = timedelta(days=7)  # 评议会召开前一周
FILING_AFTER = timedelta(days=7)  # 会议召开后7日内; the day after the meeting is day 1
ENDS_AFTER = timedelta(days=180)  # the first half-year bulletin still belongs to the campaign

LABELS = {
    "starts_on": "启动日期",
    "report_due_at": "述职报告截止日期",
    "meets_on": "评议会日期",
    "filing_due_at": "备案截止日期",
    "ends_on": "结束日期",
}


def end_of_day(day: date) -> datetime:
    """23:59:59 of a day in Asia/Shanghai."""
    return datetime.combine(day, time(23, 59, 59), tzinfo=SHANGHAI)


@dataclass(frozen=True, slots=True)
class Timetable:
    """The five days of a campaign, in their order."""

    starts_on: date
    report_due_on: date
    meets_on: date
    filing_due_on: date
    ends_on: date

    @classmethod
    def around(cls, meets_on: date) -> "Timetable":
        """The usual days for a meeting day (T): T−30, T−7, T, T+7, T+180."""
        return cls(
            starts_on=meets_on - STARTS_BEFORE,
            report_due_on=meets_on - REPORT_BEFORE,
            meets_on=meets_on,
            filing_due_on=meets_on + FILING_AFTER,
            ends_on=meets_on + ENDS_AFTER,
        )

    def as_fields(self) -> dict:
        """The values as the campaign stores them: two deadlines at the end of their day."""
        return {
            "starts_on": self.starts_on,
            "report_due_at": end_of_day(self.report_due_on),
            "meets_on": self.meets_on,
            "filing_due_at": end_of_day(self.filing_due_on),
            "ends_on": self.ends_on,
        }

    def faults(self, year: int) -> dict[str, str]:
        """Field -> what is wrong with it, in words; empty if the order and the years hold.

        启动 ≤ 报告截止 < 评议会 ≤ 备案截止 ≤ 结束, and every date in the campaign's year or the next.
        """
        days = {
            "starts_on": self.starts_on,
            "report_due_at": self.report_due_on,
            "meets_on": self.meets_on,
            "filing_due_at": self.filing_due_on,
            "ends_on": self.ends_on,
        }
        found = {
            field: f"{LABELS[field]}（{day}）应在 {year} 年或 {year + 1} 年，请核对年度。"
            for field, day in days.items()
            if day.year not in (year, year + 1)
        }
        wrong_order = [
            ("report_due_at", "starts_on", self.report_due_on < self.starts_on, "不能早于"),
            ("meets_on", "report_due_at", self.meets_on <= self.report_due_on, "须晚于"),
            ("filing_due_at", "meets_on", self.filing_due_on < self.meets_on, "不能早于"),
            ("ends_on", "filing_due_at", self.ends_on < self.filing_due_on, "不能早于"),
        ]
        for later, earlier, is_wrong, must in wrong_order:
            if is_wrong and later not in found:
                found[later] = f"{LABELS[later]}（{days[later]}）{must}{LABELS[earlier]}（{days[earlier]}）。"
        return found


def timetable_of(campaign) -> Timetable:
    """The days that a campaign stores."""
    return Timetable(
        starts_on=campaign.starts_on,
        report_due_on=campaign.report_due_at.astimezone(SHANGHAI).date(),
        meets_on=campaign.meets_on,
        filing_due_on=campaign.filing_due_at.astimezone(SHANGHAI).date(),
        ends_on=campaign.ends_on,
    )
