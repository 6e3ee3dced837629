"""历史版本: what was kept of a report, any two versions compared, an old one taken up again."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from organizations.access import SECRETARY, open_to
from reviews.report import permissions
from reviews.report.keeping import restore_version
from reviews.report.models import Report, ReportVersion
from reviews.report.queries import compare_versions, versions_for
from reviews.report.views import READERS, seen_report


@require_safe
@never_cache
@open_to(*READERS)
def versions(request: HttpRequest, pk: int) -> HttpResponse:
    """版本: what was kept, newest first, each with what changed since the one before; any two to compare."""
    report = followed_report(request, pk)
    seen = list(versions_for(request.user, report))
    context = {
        "report": report,
        "review": report.review,
        "campaign": report.review.campaign,
        "versions": seen,
        "older": seen[1] if len(seen) > 1 else None,
        "may_write": permissions.may_write(request.user, report),
    }
    return render(request, "reviews/report/versions.html", context)


@require_safe
@never_cache
@open_to(*READERS)
def version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One version, and what changed since the one before it, or since ``?against=2``."""
    report = followed_report(request, pk)
    seen = versions_for(request.user, report)
    this = get_object_or_404(seen, number=number)
    before = compared_with(request, seen, this)
    context = {
        "report": report,
        "review": report.review,
        "campaign": report.review.campaign,
        "version": this,
        "before": before,
        "others": seen.exclude(pk=this.pk),
        "comparison": compare_versions(before or this, this),
        "may_restore": permissions.may_write(request.user, report) and this.sections != report.sections,
    }
    return render(request, "reviews/report/version.html", context)


@require_safe
@open_to(*READERS)
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """两版比较: ``?older=3&newer=5`` leads to the newer one beside the older, whichever was chosen where."""
    report = followed_report(request, pk)
    seen = versions_for(request.user, report)
    asked = [request.GET.get(name, "") for name in ("older", "newer")]
    if not all(number.isdecimal() and len(number) < 7 for number in asked):
        return redirect("report:versions", report.pk)
    older, newer = sorted(get_object_or_404(seen, number=int(number)).number for number in asked)
    return redirect(f"{reverse('report:version', args=[report.pk, newer])}?against={older}")


@require_POST
@open_to(SECRETARY)
def restore(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """恢复这一版: its text becomes the draft; what stood there is kept as a version."""
    report = followed_report(request, pk)
    if not permissions.is_author(request.user, report):
        raise PermissionDenied
    get_object_or_404(report.versions, number=number)
    restore_version(report.review, number=number, by=request.user)
    messages.success(request, f"已恢复第 {number} 版的文字。恢复前的文字留在“历史版本”，可以再找回。")
    return redirect("report:write", report.review_id)


def compared_with(request: HttpRequest, seen: QuerySet, this: ReportVersion) -> ReportVersion | None:
    """The version that the address names, else the one before. 404 for one that is not there."""
    if not request.GET.get("against"):
        return seen.filter(number__lt=this.number).first()
    asked = request.GET["against"]
    if not asked.isdecimal() or len(asked) > 6:
        raise Http404
    return get_object_or_404(seen, number=int(asked))


def followed_report(request: HttpRequest, pk: int) -> Report:
    """A report whose versions the person may see: 404 unless his to see, 403 unless he follows it."""
    report = seen_report(request, pk)
    if not permissions.may_follow(request.user, report):
        raise PermissionDenied
    return report
