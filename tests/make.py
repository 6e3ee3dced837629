"""Makers: one row of each kind with as few surprises as possible. Every argument may be said."""

from datetime import datetime, timedelta
from itertools import count
from uuid import uuid4
from zoneinfo import ZoneInfo

from organizations.models import Appointment, Organization, Person, RoleGrant
from reviews.ledger.models import Problem
from reviews.meeting.models import Meeting, Turn
from reviews.plan.models import Campaign, PanelPlan, Review, Stage
from reviews.report.models import Report
from reviews.visit.models import VisitRecord

NUMBER = count(1)
PASSWORD = "Right-Horse-7"
MEETS_ON = datetime(2026, 12, 20, tzinfo=ZoneInfo("Asia/Shanghai"))


def make_organization(
    name: str = "", *, parent: Organization | None = None, kind: str = "branch", **fields
) -> Organization:
    return Organization.objects.plant(parent=parent, name=name or f"第{next(NUMBER)}党支部", kind=kind, **fields)


def make_person(name: str = "", *, password: str | None = None, **fields) -> Person:
    number = next(NUMBER)
    fields.setdefault("username", f"person{number}")
    return Person.objects.create_user(name=name or f"甲{number}", password=password, **fields)


def make_officer(role: str, organization: Organization, name: str = "", **fields) -> Person:
    """A person who holds a role for an organization."""
    person = make_person(name, **fields)
    RoleGrant.objects.create(person=person, role=role, organization=organization)
    return person


def make_secretary(organization: Organization, name: str = "", **fields) -> Person:
    """A person who leads an organization."""
    person = make_person(name, **fields)
    Appointment.objects.create(person=person, organization=organization, position=Appointment.Position.SECRETARY)
    return person


def make_campaign(organizer: Organization | None = None, *, stage: str = Stage.PLANNING, **fields) -> Campaign:
    organizer = organizer or make_organization("测试局党组", kind="leading_party_group")
    fields.setdefault("year", 2026)
    fields.setdefault("title", f"2026年度述职评议考核{next(NUMBER)}")
    fields.setdefault("starts_on", (MEETS_ON - timedelta(days=30)).date())
    fields.setdefault("report_due_at", MEETS_ON - timedelta(days=7))
    fields.setdefault("meets_on", MEETS_ON.date())
    fields.setdefault("filing_due_at", MEETS_ON + timedelta(days=7))
    fields.setdefault("ends_on", (MEETS_ON + timedelta(days=40)).date())
    if "created_by" not in fields:
        fields["created_by"] = make_person()
    return Campaign.objects.create(organizer=organizer, stage=stage, **fields)


def make_panel(
    campaign: Campaign, code: str = "A", *, label: str = "领导班子", weight: int = 100, size: int = 10
) -> PanelPlan:
    return PanelPlan.objects.create(campaign=campaign, code=code, label=label, weight=weight, size=size)


def make_review(
    campaign: Campaign | None = None,
    *,
    organization: Organization | None = None,
    secretary: Person | None = None,
    **fields,
) -> Review:
    campaign = campaign or make_campaign()
    organization = organization or make_organization(parent=campaign.organizer)
    secretary = secretary or make_secretary(organization)
    fields.setdefault("order", campaign.reviews.count() + 1)
    return Review.objects.create(campaign=campaign, organization=organization, secretary=secretary, **fields)


def make_report(review: Review | None = None, *, state: str = Report.State.DRAFT, **fields) -> Report:
    review = review or make_review(make_campaign(stage=Stage.REPORTING))
    return Report.objects.create(review=review, state=state, **fields)


def make_problem(
    review: Review | None = None,
    *,
    state: str = Problem.State.OPEN,
    source: str = Problem.Source.SELF,
    text: str = "主题党日形式单一",
    **fields,
) -> Problem:
    review = review or make_review(make_campaign(stage=Stage.RECTIFYING))
    return Problem.objects.create(review=review, state=state, source=source, text=text, **fields)


def make_meeting(campaign: Campaign | None = None, *, state: str = Meeting.State.OPEN, **fields) -> Meeting:
    """A meeting that is open, with nobody on its agenda yet."""
    campaign = campaign or make_campaign(stage=Stage.MEETING)
    fields.setdefault("opened_at", MEETS_ON)
    return Meeting.objects.create(campaign=campaign, state=state, **fields)


def make_turn(review: Review | None = None, *, state: str = Turn.State.WAITING, **fields) -> Turn:
    """A turn on the floor, in the order of the review."""
    review = review or make_review(make_campaign(stage=Stage.MEETING))
    meeting = Meeting.objects.filter(campaign=review.campaign).first() or make_meeting(review.campaign)
    fields.setdefault("order", review.order)
    return Turn.objects.create(meeting=meeting, review=review, state=state, **fields)


def make_visit(organization: Organization | None = None, *, by: Person | None = None, **fields) -> VisitRecord:
    """A record of a visit, shared with nobody."""
    organization = organization or make_organization()
    fields.setdefault("kind", VisitRecord.Kind.VISIT)
    fields.setdefault("seen", "党员活动室有人值守，学习记录到十月")
    return VisitRecord.objects.create(organization=organization, by=by or make_person(), key=uuid4(), **fields)
