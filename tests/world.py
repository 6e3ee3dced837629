"""A world for one place: one thing of every kind that stands in an URL, so that every door can be tried."""

from dataclasses import dataclass, field
from datetime import date
from io import BytesIO

from django.core.files.base import ContentFile
from django.utils import timezone
from openpyxl import Workbook

from organizations.models import Appointment, Job, Organization, Person, RoleGrant, RosterFile
from reviews.ballot.models import Candidacy, Round, SlipBatch
from reviews.grade.consequences.models import Consequence, Talk
from reviews.grade.feedback.models import Letter, Objection
from reviews.grade.models import Decision, Fact, Suggestion
from reviews.grade.publishing.models import GradeNotice
from reviews.grade.scores.models import ScoreBatch
from reviews.ledger.models import Progress
from reviews.meeting.models import Attendance, Comment, Meeting, Turn
from reviews.plan.models import Reminder, Stage
from reviews.report.models import Attachment, Report, ReportVersion, Vetting
from reviews.report.publishing.models import Publication
from reviews.report.vetting.extension import Extension
from reviews.report.vetting.models import Remark
from reviews.visit.models import ContactPoint, VisitPhoto
from scoring import booth
from scoring.models import PaperBatch
from tests.cast import Town
from tests.make import (
    make_campaign,
    make_organization,
    make_panel,
    make_person,
    make_problem,
    make_review,
    make_secretary,
    make_visit,
)


@dataclass
class World:
    """Keys by kind."""

    keys: dict[str, int] = field(default_factory=dict)

    def keys_of(self, name: str, kind: str) -> dict:
        """The keyword arguments of one URL."""
        if not kind:
            return {}
        extra = {"version": {"number": 1}}.get(kind, {})
        if name == "report:answer":
            extra = {"problem": self.keys["problem"]}
        if name == "report:anchor":
            extra = {"item": self.keys["content item"]}
        if name == "documents:make":
            extra = {"kind": "grade_sheet"}
        return {"pk": self.keys[kind], **extra}


def build_world(town: Town, relation: str, looker: Person | None) -> World:
    """The things of a place by its relation to the looker's own. The cast's secretary debriefs at ``own``."""
    place = town.places[relation]
    organization, secretary = _debriefing(town, relation, place)
    by = make_person()
    campaign = make_campaign(place, stage=Stage.BALLOT, created_by=by)
    panel = make_panel(campaign)
    review = make_review(campaign, organization=organization, secretary=secretary)
    report = Report.objects.create(review=review, state=Report.State.SUBMITTED, duty="述职")
    attachment = Attachment.objects.create(
        report=report, file=ContentFile(b"%PDF-1.4", "1.pdf"), name="1.pdf", size=8, sha256="0" * 64, by=secretary
    )
    version = ReportVersion.objects.create(
        report=report,
        number=1,
        occasion=ReportVersion.Occasion.SUBMITTED,
        by=secretary,
        duty="述职",
        enclosed={"attachments": [{"pk": attachment.pk}]},
    )
    vetting = Vetting.objects.create(version=version, number=1, verdict="returned", opinion="请修改", by=by)
    remark = Remark.objects.create(
        version=version, section="duty", start=0, end=2, quote="述职", text="请写实", by=by, vetting=vetting
    )
    extension = Extension.objects.create(review=review, due_at=campaign.report_due_at, reason="出差", by=by)
    publication = Publication.objects.create(review=review, version=version, circle="branch", duty="述职", by=by)
    meeting = Meeting.objects.create(campaign=campaign, state=Meeting.State.OPEN)
    Attendance.objects.create(meeting=meeting, panel=panel)
    turn = Turn.objects.create(meeting=meeting, review=review, order=1)
    problem = make_problem(review)
    comment = Comment.objects.create(review=review, by=by, weaknesses="一是学习不深。")
    point = comment.points.create(number=1, text="学习不深", problem=make_problem(review))
    progress = Progress.objects.create(
        problem=problem, text="已整改", by=secretary, evidence=ContentFile(b"%PDF-1.4", "1.pdf"), evidence_name="1.pdf"
    )
    leader = town.people["leader"]
    visit = make_visit(organization, by=leader if relation in {"own", "child"} else by)
    photo = VisitPhoto.objects.create(record=visit, number=1, digest="0" * 64)
    photo.image.save("1.jpg", ContentFile(b"\xff\xd8\xff"), save=False)
    photo.thumbnail.save("2.jpg", ContentFile(b"\xff\xd8\xff"))
    reminder = Reminder.objects.create(review=review, to=secretary, about="report", text="请提交", by=by)
    contact = ContactPoint.objects.create(organization=organization, leader=leader, year=campaign.year, set_by=by)
    letter = Letter.objects.create(review=review, rectify_by=campaign.ends_on, sent_by=by)
    objection = Objection.objects.create(letter=letter, asks="grade", grounds="票数有误，请核对。")
    consequence = Consequence.objects.create(
        review=review,
        kind="ADMONITION_TALK",
        grade="POOR",
        owner=by,
        due_on=campaign.ends_on,
        file=ContentFile(b"%PDF-1.4", "1.pdf"),
        file_name="1.pdf",
    )
    Talk.objects.create(consequence=consequence, meets_at=timezone.now(), place="会议室", held_by="主任", planned_by=by)
    Suggestion.objects.create(review=review, grade="GOOD", policy_hash="0" * 64, standing={"id": "1", "panels": {}})
    Decision.objects.create(review=review, grade="GOOD", reference="会议", decided_on=campaign.meets_on, proposed_by=by)
    paper_of_fact = {"paper": ContentFile(b"%PDF-1.4", "1.pdf"), "paper_name": "1.pdf"}
    fact = Fact.objects.create(review=review, code="ACCOUNTABILITY", evidence="文件", entered_by=by, **paper_of_fact)
    GradeNotice.objects.create(campaign=campaign, audience="secretaries", published_by=by)
    scores = ScoreBatch.objects.create(
        campaign=campaign,
        kind="routine",
        scored_by="组织科",
        basis="平时记录",
        scored_on=date(2026, 1, 1),
        entered_by=by,
    )
    round_ = _round(campaign, review, panel, number=1, by=by)
    batch = SlipBatch.objects.create(round=round_, panel=panel, count=10, by=by)
    closed = _round(campaign, review, panel, number=2, by=by, is_rehearsal=True)
    _vote(closed, by)
    paper = PaperBatch.objects.create(panel=round_.box.panels.get(), number=1, sheets=1, first_by=by)
    owner = looker if relation == "own" and looker else by
    job = Job.objects.create(person=owner, kind="document", title="材料", status=Job.Status.DONE, filename="材料.xlsx")
    job.file.save("1", ContentFile(b"x"))
    upload = _upload(owner)
    grant = RoleGrant.objects.create(person=make_person(), role="teller", organization=place)
    appointment = Appointment.objects.create(person=make_person(), organization=organization, position="member")
    return World(
        {
            "campaign": campaign.pk,
            "review": review.pk,
            "report": report.pk,
            "version": report.pk,
            "attachment": attachment.pk,
            "remark": remark.pk,
            "extension": extension.pk,
            "publication": publication.pk,
            "content item": campaign.content_items.create(number=1, text="理论学习").pk,
            "turn": turn.pk,
            "comment": comment.pk,
            "point": point.pk,
            "problem": problem.pk,
            "progress": progress.pk,
            "visit": visit.pk,
            "photo": photo.pk,
            "contact": contact.pk,
            "reminder": reminder.pk,
            "fact": fact.pk,
            "scores": scores.pk,
            "objection": objection.pk,
            "consequence": consequence.pk,
            "round": round_.pk,
            "batch": batch.pk,
            "paper": paper.pk,
            "closed round": closed.pk,
            "job": job.pk,
            "upload": upload.pk,
            "organization": organization.pk,
            "person": secretary.pk,
            "appointment": appointment.pk,
            "grant": grant.pk,
        }
    )


def _upload(owner: Person) -> RosterFile:
    """An uploaded roster of one row."""
    book, content = Workbook(), BytesIO()
    book.active.append(["党组织名称", "类型", "上级党组织"])
    book.active.append(["新建党支部", "党支部", "云岭市水务局党组"])
    book.save(content)
    return RosterFile.objects.create(
        person=owner, filename="花名册.xlsx", file=ContentFile(content.getvalue(), "1.xlsx")
    )


def _debriefing(town: Town, relation: str, place: Organization) -> tuple[Organization, Person]:
    if relation == "own":
        return town.places["child"], town.people["secretary"]
    organization = make_organization(parent=place)
    return organization, make_secretary(organization)


def _round(campaign, review, panel, *, number: int, by: Person, is_rehearsal: bool = False) -> Round:
    """A round with a frozen box."""
    box = booth.draft_box(
        title="测评",
        panels=[{"code": panel.code, "label": panel.label, "eligible": 10}],
        entries=[{"label": str(review)}],
        organization=campaign.organizer,
        is_rehearsal=is_rehearsal,
        by=by,
    )
    booth.freeze(box, by=by)
    round_ = Round.objects.create(campaign=campaign, number=number, box=box, is_rehearsal=is_rehearsal, created_by=by)
    Candidacy.objects.create(review=review, entry=box.entries.get())
    return round_


def _vote(round_: Round, by: Person) -> None:
    """Ten ballots in, closed and opened."""
    box = round_.box
    codes = booth.make_keys(box, 2, by=by)
    slips = booth.issue_slips(box.panels.get(), 10, by=by)
    booth.open_box(box, by=by)
    for number, slip in enumerate(slips):
        booth.cast(slip, {1: "4"}, bytes([number]) * 32)
    booth.close(box, by=by)
    booth.unseal(box, codes, by=by)
