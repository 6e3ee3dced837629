"""Asking for a document: it is built in the background and found again under 我的任务."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from organizations import jobs, trail
from organizations.errors import Refused
from organizations.models import Job, Person
from reviews.documents.permissions import (
    may_have_letter,
    may_have_minutes,
    may_have_tally_sheet,
    may_make,
    may_print_paper,
)
from reviews.documents.shelf import MINUTES, OWN_LETTER, PAPER_BALLOTS, SHELF, TALLY_SHEET, VISIT_SHEET
from reviews.documents.tasks import build_document
from reviews.meeting.recording import in_force
from reviews.models import Campaign, Review, Round, SlipBatch, VisitRecord
from scoring.models import Box

jobs.register("document", build_document)


@transaction.atomic
def ask_for_document(campaign: Campaign, kind: str, *, by: Person) -> Job:
    """Have one document of the shelf built. Raises Refused while it lacks something, in words."""
    if not may_make(by, campaign):
        raise PermissionDenied
    document = SHELF.get(kind)
    if document is None:
        raise Refused("没有这种材料。请从材料列表中选择。")
    if lack := document.lacks(campaign):
        raise Refused(f"{document.label}暂不能生成：{lack}。")
    trail.record("生成材料", document.label, by=by, organization=campaign.organizer, campaign=campaign.pk)
    return jobs.submit(
        build_document,
        kind="document",
        title=f"{campaign.year}年{document.label}",
        by=by,
        asked_for={"kind": kind, "campaign": campaign.pk},
    )


@transaction.atomic
def ask_for_own_letter(review: Review, *, by: Person) -> Job:
    """Have one's own feedback letter built as PDF."""
    if not may_have_letter(by, review):
        raise PermissionDenied
    trail.record("生成反馈函", review, by=by, organization=review.campaign.organizer)
    asked_for = {"kind": OWN_LETTER, "letter": review.letter.pk}
    return jobs.submit(
        build_document, kind="document", title=f"{review.campaign.year}年反馈函", by=by, asked_for=asked_for
    )


@transaction.atomic
def ask_for_paper_ballots(batch: SlipBatch, *, by: Person, is_large: bool = False) -> Job:
    """Have the paper ballots of a batch laid out, as many as were co-signed. Raises Refused before that."""
    campaign = batch.round.campaign
    if not may_print_paper(by, campaign):
        raise PermissionDenied
    if not batch.is_printed or not batch.paper:
        raise Refused("纪委监督人员会签、点“印制”以后，才能生成纸质票。")
    title = f"{batch.panel.code}票纸质评议表{'（大字版）' if is_large else ''} {batch.paper} 张"
    trail.record("生成纸质票", title, by=by, organization=campaign.organizer, count=batch.paper)
    asked_for = {"kind": PAPER_BALLOTS, "batch": batch.pk, "is_large": is_large}
    return jobs.submit(build_document, kind="document", title=title, by=by, asked_for=asked_for)


@transaction.atomic
def ask_for_tally_sheet(round_: Round, *, by: Person) -> Job:
    """Have the sheet of figures made that scrutineers and tellers sign. Raises Refused before the box is open."""
    if not may_have_tally_sheet(by, round_.campaign):
        raise PermissionDenied
    if round_.box.state != Box.State.OPENED:
        raise Refused("开箱计票后才能生成计票结果报告单。")
    trail.record("生成计票结果报告单", round_, by=by, organization=round_.campaign.organizer)
    asked_for = {"kind": TALLY_SHEET, "round": round_.pk, "campaign": round_.campaign_id}
    title = f"{round_.campaign.year}年计票结果报告单{'（演练）' if round_.is_rehearsal else ''}"
    return jobs.submit(build_document, kind="document", title=title, by=by, asked_for=asked_for)


@transaction.atomic
def ask_for_minutes(campaign: Campaign, *, ending: str, by: Person) -> Job:
    """Have the minutes in force made as a paper, ``ending`` pdf or docx. Raises Refused before they were gathered."""
    if not may_have_minutes(by, campaign):
        raise PermissionDenied
    if ending not in {"pdf", "docx"}:
        raise Refused("会议记录可以导出为 PDF 或 Word，请选择其中一种。")
    meeting = getattr(campaign, "meeting", None)
    minutes = in_force(meeting) if meeting else None
    if minutes is None:
        raise Refused("会议记录还没有汇集成文，没有可以导出的内容。请经办人先点“整理成文”。")
    facts = {"state": minutes.get_state_display(), "digest": minutes.digest}
    trail.record("导出会议记录", meeting, by=by, organization=campaign.organizer, **facts)
    asked_for = {"kind": MINUTES, "minutes": minutes.pk, "ending": ending, "campaign": campaign.pk}
    return jobs.submit(build_document, kind="document", title=f"{campaign.year}年会议记录", by=by, asked_for=asked_for)


@transaction.atomic
def ask_for_visits(year: int, *, by: Person) -> Job:
    """Have the year's visit records that the person may see built as Excel. Raises Refused when there is none."""
    if not VisitRecord.objects.visible_to(by).of_year(year).exists():
        raise Refused(f"{year} 年没有您可以看到的记录，没有可以导出的内容。")
    trail.record("导出平时记录", f"{year}年", by=by, year=year)
    asked_for = {"kind": VISIT_SHEET, "person": by.pk, "year": year}
    return jobs.submit(build_document, kind="document", title=f"{year}年调研与平时记录", by=by, asked_for=asked_for)
