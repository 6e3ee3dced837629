"""The hall: a campaign at its meeting, the people around its box, and what only people have: codes and slips."""

from dataclasses import dataclass, field
from itertools import count

from organizations.models import Organization, Person, Role
from reviews.ballot.actions import (
    ask_for_slips,
    close_voting,
    cosign_slips,
    make_keys,
    open_voting,
    prepare_round,
    print_slips,
)
from reviews.ballot.models import Round
from reviews.plan.models import Campaign, PanelPlan, Review, Stage
from scoring import booth, sealing
from scoring.models import Box
from tests.make import make_campaign, make_officer, make_organization, make_review, make_secretary

NAMES = ["林望舒", "何景行", "苏听澜", "陆知远", "程若谷", "方既白"]
NUMBER = count(1)


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


def printed(hall: Hall | None = None, *, custodians: int = 2, **fields) -> Hall:
    """Codes are handed out, slips co-signed and printed: one step before voting."""
    hall = prepared(hall, **fields)
    hall.codes = make_keys(hall.round, custodians=custodians, by=hall.clerk)
    ask_for_slips(hall.round, by=hall.clerk)
    cosign_slips(hall.round, by=hall.supervisor)
    hall.slips = {batch.panel.code: print_slips(batch, by=hall.clerk) for batch in hall.round.batches.all()}
    return hall


def voting(hall: Hall | None = None, **fields) -> Hall:
    """Everybody has a slip and nobody has voted."""
    hall = printed(hall, **fields)
    open_voting(hall.round, by=hall.clerk)
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
