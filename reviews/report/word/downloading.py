"""下载 Word: the report that a person may read, as a docx in the layout of official papers."""

import re

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from organizations.access import open_to
from organizations.errors import Refused
from reviews.report import permissions
from reviews.report.models import Report
from reviews.report.queries import text_for
from reviews.report.views import READERS, seen_report
from reviews.report.word.docx_out import Face, build_docx

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LONGEST_NAME = 60


@require_safe
@never_cache
@open_to(*READERS)
def docx(request: HttpRequest, pk: int) -> HttpResponse:
    """The text that the reading page shows, as a file; the right is asked for anew at every download (SECURITY F8)."""
    report = seen_report(request, pk)
    if not permissions.may_read(request.user, report):
        if report.state != Report.State.DRAFT:
            raise Refused("这份报告还没有审核通过，通过后才能下载。")
        raise PermissionDenied
    text = text_for(request.user, report)
    if text is None or not any(text.sections.values()):
        raise Refused("这份报告还没有文字，暂无内容可下载。")
    answer = HttpResponse(build_docx(face_of(report), text.sections), content_type=DOCX)
    answer["Content-Disposition"] = content_disposition_header(True, filename_of(report))
    return answer


def face_of(report: Report) -> Face:
    """Title, author and the day of handing in; a text still being written bears no date."""
    review = report.review
    is_handed_in = report.submitted_at is not None and report.state not in Report.WRITABLE
    return Face(
        title=f"{review.campaign.year}年度抓基层党建工作述职报告",
        organization=review.organization.name,
        secretary=review.secretary.name,
        duty=review.duty,
        handed_in_on=timezone.localtime(report.submitted_at).date() if is_handed_in else None,
    )


def filename_of(report: Report) -> str:
    """年度-单位-姓名-述职报告, without what a file system would stumble over."""
    review = report.review
    unit = re.sub(r'[\\/:*?"<>|\s]', "", f"{review.organization}-{review.secretary.name}")[:LONGEST_NAME]
    return f"{review.campaign.year}-{unit}-述职报告.docx"
