"""A campaign whose box is open: its people, its reviews, and votes said as one string a panel and review."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count

from django.utils import timezone

from organizations.models import Organization, Person, Role
from reviews.ballot.models import Candidacy, Round
from reviews.grade import actions
from reviews.grade.actions import Proposal
from reviews.grade.feedback import actions as feedback
from reviews.grade.models import Suggestion
from reviews.ledger import actions as ledger
from reviews.plan.models import Campaign, Review, Stage
from scoring import booth
from scoring.policy import from_document, to_document
from tests.make import make_campaign, make_officer, make_organization, make_panel, make_review

RECEIPTS = count(1)
GOOD = "4444444444"
FAIR = "4443333333"
POOR = "4444444111"
MEETING = "局党组第2次会议"

Votes = list[dict[str, str]]  # a review each: panel code -> one mark a voter


@dataclass
class Scene:
    """One organizer, its officers, one campaign in grading."""

    organizer: Organization
    campaign: Campaign
    reviews: list[Review]
    clerk: Person
    head: Person
    supervisor: Person

    def fresh(self) -> Campaign:
        return Campaign.objects.get(pk=self.campaign.pk)

    def suggestion(self, place: int = 0) -> Suggestion:
        return Suggestion.objects.get(review=self.reviews[place])


def build_scene(votes: Votes | None = None, *, policy: dict | None = None, kinds: list[str] | None = None) -> Scene:
    """A counted campaign; nothing suggested yet. ``kinds``: the organizations' kinds, all branches if left out."""
    votes = votes or [{"A": GOOD}, {"A": FAIR}]
    organizer = make_organization("云岭市水务局党组", kind="leading_party_group")
    campaign = make_campaign(organizer, stage=Stage.GRADING, policy=to_document(from_document(policy or {})))
    for code, marks in votes[0].items():
        make_panel(campaign, code, weight=60 if code == "A" else 40, size=len(marks))
    kinds = kinds or ["branch"] * len(votes)
    reviews = [make_review(campaign, organization=make_organization(parent=organizer, kind=kind)) for kind in kinds]
    clerk = make_officer(Role.ORGANIZER, organizer, "经办")
    scene = Scene(
        organizer,
        campaign,
        reviews,
        clerk,
        make_officer(Role.APPROVER, organizer, "负责人"),
        make_officer(Role.SUPERVISOR, organizer, "纪检"),
    )
    _count(scene, votes)
    return scene


def _count(scene: Scene, votes: Votes) -> None:
    panels = scene.campaign.panels.all()
    box = booth.draft_box(
        title="测评",
        panels=[
            {"code": p.code, "label": p.label, "weight": p.weight, "eligible": p.size, "is_secret": p.is_secret}
            for p in panels
        ],
        entries=[{"label": str(review)} for review in scene.reviews],
        policy={**scene.campaign.policy, "panel_weights": None},
        organization=scene.organizer,
        by=scene.clerk,
    )
    booth.freeze(box, by=scene.clerk)
    Round.objects.create(campaign=scene.campaign, number=1, box=box, created_by=scene.clerk)
    for review, entry in zip(scene.reviews, box.entries.order_by("number"), strict=True):
        Candidacy.objects.create(review=review, entry=entry)
    codes = booth.make_keys(box, 2, by=scene.clerk)
    slips = {panel.code: booth.issue_slips(panel, panel.eligible, by=scene.clerk) for panel in box.panels.all()}
    booth.open_box(box, by=scene.clerk)
    for code, cut in slips.items():
        for voter, slip in enumerate(cut):
            marks = {number: vote[code][voter] for number, vote in enumerate(votes, start=1)}
            booth.cast(slip, marks, next(RECEIPTS).to_bytes(32, "big"))
    booth.close(box, by=scene.clerk)
    booth.unseal(box, codes, by=scene.clerk)


def suggest(scene: Scene) -> Scene:
    actions.suggest(scene.campaign, by=scene.clerk)
    return scene


def as_suggested(scene: Scene, **grades: str) -> list[Proposal]:
    """What the rules suggest for everybody, with a reason where it is open; ``r0="GOOD"`` decides otherwise."""
    proposals = []
    for place, review in enumerate(scene.reviews):
        suggestion = scene.suggestion(place)
        grade = grades.get(f"r{place}", suggestion.grade)
        proposals.append(Proposal(review, grade, "并列，经集体研究确定" if suggestion.is_open else "", "工作扎实。"))
    return proposals


def propose(scene: Scene, proposals: list[Proposal] | None = None, **fields) -> None:
    fields = {"reference": MEETING, "decided_on": date(2026, 1, 5), "by": scene.clerk, **fields}
    actions.propose(scene.campaign, as_suggested(scene) if proposals is None else proposals, **fields)


def approve(scene: Scene) -> Scene:
    """Suggested, proposed as suggested, approved."""
    propose(suggest(scene))
    actions.approve(scene.campaign, seen=actions.digest_of(scene.campaign), by=scene.head)
    return scene


def note(review: Review, by: Person, text: str = "主题党日形式单一", **fields):
    fields = {"source": "superior_comment", **fields}
    return ledger.open_problem(review, text=text, by=by, **fields)


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def send_letters(scene: Scene) -> Scene:
    """Approved and fed back."""
    feedback.send_letters(approve(scene).campaign, rectify_by=in_days(30), by=scene.clerk)
    return scene


def confirmed_fact(scene: Scene, place: int = 0, code: str = "ACCOUNTABILITY"):
    fact = actions.enter_fact(scene.reviews[place], code=code, evidence="纪发〔2026〕3号", by=scene.clerk)
    actions.confirm_fact(fact, by=scene.head)
    return fact
