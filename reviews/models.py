"""Index of the tables of the process, in the order of the year. One migration chain."""

from reviews.ballot.ceremony.models import Arrival, Keeper
from reviews.ballot.models import Candidacy, Round, SlipBatch
from reviews.grade.consequences.models import Consequence, Talk
from reviews.grade.feedback.models import GradeChange, Letter, Objection
from reviews.grade.models import Decision, Fact, Suggestion
from reviews.grade.opinion.models import Opinion
from reviews.grade.publishing.models import GradeNotice
from reviews.grade.scores.models import Score, ScoreBatch
from reviews.ledger.models import Measure, Problem, Progress, Step
from reviews.meeting.models import Attendance, Comment, CommentDraft, Meeting, Point, Turn
from reviews.meeting.record_models import AgendaItem, Happening, Minutes
from reviews.plan.models import Campaign, ContentItem, PanelPlan, PolicyVersion, Reminder, Review, StageMove
from reviews.report.copying.models import CommonRun, Fingerprint
from reviews.report.models import Anchor, Annex, Answer, Attachment, Report, ReportVersion, Vetting
from reviews.report.publishing.models import Publication
from reviews.report.vetting.extension import Extension
from reviews.report.vetting.models import OpinionTemplate, Remark, TakingBack
from reviews.visit.models import ContactPoint, FollowUp, VisitChange, VisitPhoto, VisitRecord

__all__ = [
    "AgendaItem",
    "Anchor",
    "Annex",
    "Answer",
    "Arrival",
    "Attachment",
    "Attendance",
    "Campaign",
    "Candidacy",
    "Comment",
    "CommentDraft",
    "CommonRun",
    "Consequence",
    "ContactPoint",
    "ContentItem",
    "Decision",
    "Extension",
    "Fact",
    "Fingerprint",
    "FollowUp",
    "GradeChange",
    "GradeNotice",
    "Happening",
    "Keeper",
    "Letter",
    "Measure",
    "Meeting",
    "Minutes",
    "Objection",
    "Opinion",
    "OpinionTemplate",
    "PanelPlan",
    "Point",
    "PolicyVersion",
    "Problem",
    "Progress",
    "Publication",
    "Remark",
    "Reminder",
    "Report",
    "ReportVersion",
    "Review",
    "Round",
    "Score",
    "ScoreBatch",
    "SlipBatch",
    "StageMove",
    "Step",
    "Suggestion",
    "TakingBack",
    "Talk",
    "Turn",
    "Vetting",
    "VisitChange",
    "VisitPhoto",
    "VisitRecord",
]
