"""Asking for a document: it is built in the background and found again under 我的任务."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from organizations import jobs, trail
from organizations.errors import Refused
from organizations.models import Job, Person
from reviews.documents.permissions import may_have_letter, may_make
from reviews.documents.shelf import OWN_LETTER, SHELF
from reviews.documents.tasks import build_document
from reviews.models import Campaign, Review

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
