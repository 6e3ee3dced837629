"""测评质量: what the page tells of a round. Each figure with what it may mean and what it does not say."""

from collections import Counter
from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from organizations.access import READING, grants_of
from organizations.errors import Refused
from organizations.models import Organization, Person, below
from reviews.grade.health.spread import Spread, spreads_of, widest_gap
from reviews.grade.health.variety import Variety, variety_of
from reviews.grade.suggesting import counted_round, read_stored
from reviews.ledger.models import Problem
from reviews.meeting.models import Comment
from reviews.plan.models import Campaign
from reviews.report.models import Report, Vetting
from scoring.health import FEWEST_BALLOTS, FEWEST_IN_A_PANEL

NOT_TAKEN = "本次未统计：开箱时系统还没有这项统计，原票已按规定不再保存，不能补算。"
TOO_FEW = (
    f"本次不统计：全部无记名票不足 {FEWEST_BALLOTS} 张，或有票种不足 {FEWEST_IN_A_PANEL} 张，统计会让人猜出个别票。"
)


@dataclass(frozen=True, slots=True)
class Ballots:
    """票面: the two shares kept at the opening, or in words why there are none."""

    total: int = 0
    alike: str = ""
    all_good: str = ""
    lack: str = ""


@dataclass(frozen=True, slots=True)
class Spreads:
    """票种差异, or why it is not told."""

    panels: list[Spread] = field(default_factory=list)
    widest_gap: int = 0
    lack: str = ""


@dataclass(frozen=True, slots=True)
class Rounds:
    """审核轮次: how many reports were approved in their n-th round, and how many were given back at least once."""

    reports: int
    by_number: list[tuple[int, int]]

    @property
    def returned(self) -> int:
        """Reports approved in a later round than the first."""
        return sum(reports for number, reports in self.by_number if number > 1)


@dataclass(frozen=True, slots=True)
class Level:
    """One row of what is overdue: its problems on the books, closed, overdue now."""

    label: str
    total: int
    closed: int
    overdue: int

    @property
    def share(self) -> int:
        """Per cent overdue, rounded down."""
        return self.overdue * 100 // self.total if self.total else 0


def ballots_of(campaign: Campaign) -> Ballots:
    """Raises nothing: a box that is not opened has no figures, which is said in words."""
    try:
        kept = counted_round(campaign).box.health
    except Refused as refused:
        return Ballots(lack=str(refused))
    if kept is None:
        return Ballots(lack=NOT_TAKEN)
    if not kept:
        return Ballots(lack=TOO_FEW)
    return Ballots(kept["ballots"], about(kept["alike"]), about(kept["all_good"]))


def about(share: int) -> str:
    """A share that is inexact by design, in words that say so.

    >>> [about(share) for share in (0, 60, 100)]
    ['很少或没有', '约 60 %', '几乎全部']
    """
    return {0: "很少或没有", 100: "几乎全部"}.get(share, f"约 {share} %")


def spreads_in(campaign: Campaign) -> Spreads:
    """How far the panels lie apart, if every count may be shown; all withheld else (SECURITY 3.4)."""
    try:
        reading = read_stored(campaign)
    except Refused as refused:
        return Spreads(lack=str(refused))
    if reading is None:
        return Spreads(lack="还没有生成建议等次，暂无各票种的对比。")
    if any(reading.hides(review) for review in reading.reviews.values()):
        return Spreads(lack=f"有票种不足 {FEWEST_IN_A_PANEL} 票，按规定不列票数，也不作对比。")
    standings = list(reading.standings.values())
    return Spreads(spreads_of(standings), widest_gap(standings))


def variety_in(campaign: Campaign) -> Variety:
    """All comments of the campaign as they were said."""
    said = Comment.objects.filter(review__campaign=campaign).order_by("pk")
    return variety_of(["".join(boxes) for boxes in said.values_list("strengths", "weaknesses", "advice")])


def rounds_in(campaign: Campaign) -> Rounds:
    """In which round the reports were approved."""
    approved = Vetting.objects.filter(
        version__report__review__campaign=campaign,
        verdict=Vetting.Verdict.APPROVED,
        version__report__state=Report.State.APPROVED,
    )
    last = dict(approved.order_by("number").values_list("version__report", "number"))
    counted = Counter(last.values())
    return Rounds(len(last), sorted(counted.items()))


def overdue_by_kind(campaign: Campaign) -> list[Level]:
    """The campaign's own problems, by kind of organization."""
    found = _counted(Problem.objects.filter(review__campaign=campaign), "review__organization__kind")
    labels = dict(Organization.Kind.choices)
    order = list(labels)
    return [_level(labels[kind], row) for kind, row in sorted(found.items(), key=lambda pair: order.index(pair[0]))]


def overdue_by_level(top: Organization) -> list[Level]:
    """All campaigns of an organization and of everybody below, of any year, by the level that runs them."""
    within = Problem.objects.filter(below(top.path, "review__campaign__organizer__path"))
    found = _counted(within, "review__campaign__organizer__depth")
    return [_level(level_in_words(depth - top.depth), row) for depth, row in sorted(found.items())]


def top_of(person: Person, organizer: Organization) -> Organization:
    """The highest organization above a campaign's organizer whose campaigns the person reads: where levels begin."""
    reading = [grant.organization for grant in grants_of(person) if grant.role in READING]
    return min((each for each in reading if organizer.is_under(each)), key=lambda each: each.depth, default=organizer)


def level_in_words(steps: int) -> str:
    """本级, 下一级, 下两级 …: how far below the organizer.

    >>> [level_in_words(steps) for steps in range(4)]
    ['本级组织的', '下一级组织的', '下两级组织的', '下三级组织的']
    """
    return "本级组织的" if not steps else f"下{'一两三四五六七八九'[min(steps, 9) - 1]}级组织的"


def _counted(problems: QuerySet[Problem], by: str) -> dict:
    late = Q(due_on__lt=timezone.localdate()) & ~Q(state=Problem.State.CLOSED)
    rows = (
        problems.on_the_books()
        .order_by()
        .values(by)
        .annotate(
            total=Count("pk"),
            closed=Count("pk", filter=Q(state=Problem.State.CLOSED)),
            overdue=Count("pk", filter=late),
        )
    )
    return {row.pop(by): row for row in rows}


def _level(label: str, row: dict) -> Level:
    return Level(label, row["total"], row["closed"], row["overdue"])
