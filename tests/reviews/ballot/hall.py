"""The hall: a campaign at its meeting, the people around its box, and what only people have: codes and slips."""

from dataclasses import dataclass, field
from itertools import count

from django.utils import timezone

from organizations.models import Organization, Person, Role
from reviews.ballot import paper
from reviews.ballot.actions import close_voting, make_keys, open_voting, prepare_round
from reviews.ballot.models import Round
from reviews.ballot.slip_batches import ask_for_slips, cosign_slips, print_slips
from reviews.meeting.models import Attendance, Meeting
from reviews.plan.models import Campaign, PanelPlan, Review, Stage
from scoring import booth, sealing
from scoring.models import Box
from tests.make import make_campaign, make_officer, make_organization, make_review, make_secretary

NAMES = ["林望舒", "何景行", "苏听澜", "陆知远", "程若谷", "方既白"]
NUMBER = count(1)


@dataclass(frozen=True)
class Table:
    """Who counts paper: two tellers and a scrutineer."""

    one: Person
    other: Person
    scrutineer: Person


@dataclass
class Hall:
    """Who stands around the box, and what was printed."""

    campaign: Campaign
    reviews: list[Review]
    clerk: Person
    supervisor: Person
    custodian: Person
    approver: Person
    round: Round | None = None
    codes: list[str] = field(default_factory=list)
    slips: dict[str, list[str]] = field(default_factory=dict)

    @property
    def bureau(self) -> Organization:
        return self.campaign.organizer

    @property
    def box(self) -> Box:
        return Box.objects.get(round=self.round)

    @property
    def stage(self) -> str:
        return Campaign.objects.get(pk=self.campaign.pk).stage

    def vote(self, code: str = "A", many: int = 1, choice: str = "4") -> list[str]:
        """So many voters of a panel put their ballot in. Gives their receipt codes."""
        marks = dict.fromkeys(range(1, len(self.reviews) + 1), choice)
        spent, self.slips[code] = self.slips[code][:many], self.slips[code][many:]
        return [booth.cast(slip, marks, booth.receipt_of(f"phone-of-voter-{next(NUMBER)}")) for slip in spent]


def set_hall(*, stage: str = Stage.MEETING, secretaries: int = 3, panels: dict[str, int] | None = None) -> Hall:
    """A campaign with its roll; nothing of the vote is prepared. ``panels``: code -> how many voters."""
    bureau = make_organization("云岭市水务局党组", kind="leading_party_group")
    campaign = make_campaign(bureau, stage=stage)
    reviews = []
    for name in NAMES[:secretaries]:
        branch = make_organization(parent=bureau)
        reviews.append(
            make_review(campaign, organization=branch, secretary=make_secretary(branch, name), duty="党支部书记")
        )
    for code, size in (panels or {"A": 10}).items():
        PanelPlan.objects.create(campaign=campaign, code=code, label=f"{code}类人员", weight=50, size=size)
    return Hall(
        campaign,
        reviews,
        clerk=make_officer(Role.ORGANIZER, bureau, "经办甲"),
        supervisor=make_officer(Role.SUPERVISOR, bureau, "监督甲"),
        custodian=make_officer(Role.CUSTODIAN, bureau, "保管甲"),
        approver=make_officer(Role.APPROVER, bureau, "负责甲"),
    )


def prepared(hall: Hall | None = None, *, is_rehearsal: bool = False, spare: int = 0, **fields) -> Hall:
    """The box is locked; no codes, no slips yet."""
    hall = hall or set_hall(**fields)
    spares = {panel.code: spare for panel in hall.campaign.panels.all()}
    hall.round = prepare_round(hall.campaign, spare=spares, by=hall.clerk, is_rehearsal=is_rehearsal)
    return hall


def printed(hall: Hall | None = None, *, custodians: int = 2, paper: dict[str, int] | None = None, **fields) -> Hall:
    """Codes are handed out, slips co-signed and printed: one step before voting. ``paper``: panel code -> sheets."""
    hall = prepared(hall, **fields)
    hall.codes = make_keys(hall.round, custodians=custodians, by=hall.clerk)
    ask_for_slips(hall.round, paper=paper, by=hall.clerk)
    cosign_slips(hall.round, by=hall.supervisor)
    hall.slips = {batch.panel.code: print_slips(batch, by=hall.clerk) for batch in hall.round.batches.all()}
    return hall


def sign_in(hall: Hall) -> None:
    """Everybody has come, where a meeting is held at all."""
    meeting = Meeting.objects.filter(campaign=hall.campaign).first()
    for panel in hall.campaign.panels.all() if meeting else []:
        counted = {"present": panel.size, "counted_at": timezone.now()}
        Attendance.objects.update_or_create(meeting=meeting, panel=panel, defaults=counted)


def voting(hall: Hall | None = None, **fields) -> Hall:
    """Everybody has a slip and nobody has voted."""
    hall = printed(hall, **fields)
    sign_in(hall)
    open_voting(hall.round, knows_loss=True, by=hall.clerk)
    return hall


def closed(hall: Hall | None = None, *, voters: int = 10, **fields) -> Hall:
    """All have voted and the box is sealed."""
    hall = voting(hall, **fields)
    for code in list(hall.slips):
        hall.vote(code, voters)
    close_voting(hall.round, by=hall.clerk)
    return hall


def as_filled(slip: str, hall: Hall, *, choice: str = "4", code: str = "", **more) -> dict:
    """What a phone sends."""
    marks = {f"mark-{number}": choice for number in range(1, len(hall.reviews) + 1)}
    return {"slip": slip, "code": code or sealing.new_slip(), **marks, **more}


def table_of(hall: Hall) -> Table:
    """The people at the table where paper is counted."""
    return Table(
        make_officer(Role.TELLER, hall.bureau, "计票甲"),
        make_officer(Role.TELLER, hall.bureau, "计票乙"),
        make_officer(Role.SCRUTINEER, hall.bureau, "监票甲"),
    )


def keyed(hall: Hall, table: Table, first: list[str], second: list[str] | None = None, code: str = "A"):
    """A pile keyed by both tellers, before the scrutineer. ``second``: what the other one keyed, if it differs."""
    batch = paper.begin_batch(hall.round, panel=code, sheets=len(first), by=table.one)
    for teller, reading in ((table.one, first), (table.other, second or first)):
        for position, ballot in enumerate(reading, start=1):
            paper.key_sheet(batch, position, ballot, by=teller)
        batch = paper.finish_reading(batch, by=teller)
    return batch
