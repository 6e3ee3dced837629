"""雷同比对: the block of a page, and the page of its own, that set a report beside those it shares passages with."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from organizations.access import open_to
from reviews.report import permissions
from reviews.report.copying.sources import compare_report, shown_to
from reviews.report.queries import text_for
from reviews.report.views import READERS, seen_report


@require_safe
@never_cache
@open_to(*READERS)
def copied(request: HttpRequest, pk: int) -> HttpResponse:
    """What of this report stands elsewhere. The author, while he writes, compares what he saved last.

    Pages load it by itself when they are there (htmx); without a script it is a page behind a link.
    """
    report = seen_report(request, pk)
    if not permissions.may_read(request.user, report):
        raise PermissionDenied
    text = text_for(request.user, report)
    comparison = compare_report(report, text.sections if text else {})
    is_draft = text is report
    context = {
        "report": report,
        "review": report.review,
        "campaign": report.review.campaign,
        "is_draft": is_draft,
        "is_own": permissions.is_author(request.user, report),
        "chars": comparison.chars,
        "copied_chars": comparison.copied_chars,
        "copied_share": comparison.share_bp(comparison.copied_chars) / 100,
        "own_chars": comparison.own_chars,
        "own_share": comparison.share_bp(comparison.own_chars) / 100,
        "sources": shown_to(request.user, comparison),
    }
    template = "_copied" if request.htmx else "copied"
    return render(request, f"reviews/report/{template}.html", context)
