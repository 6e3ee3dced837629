"""我的任务: one's own jobs, their progress and their files."""

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from organizations import jobs
from organizations.access import EVERYONE, open_to
from organizations.models import Job
from organizations.views.pages import page_of


@require_GET
@open_to(EVERYONE)
def job_list(request: HttpRequest) -> HttpResponse:
    """Every job of one's own, the newest first."""
    if any(jobs.is_silent(job) for job in request.user.jobs.filter(status=Job.Status.RUNNING)):
        jobs.mark_interrupted()
    page = page_of(request, request.user.jobs.all())
    if any(job.file and job.finished_at and job.finished_at < timezone.now() - jobs.KEPT for job in page):
        jobs.delete_old_files()
        page = page_of(request, request.user.jobs.all())
    jobs.send_unheard(page)
    for job in page:
        _add_remaining(job)
    return render(request, "organizations/jobs.html", {"page": page})


@require_GET
@open_to(EVERYONE)
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """One job: as a page, or as the row that htmx asks for until the job is over."""
    found = _own(request, pk)
    if jobs.is_silent(found):
        jobs.mark_interrupted()
        found.refresh_from_db()
    jobs.send_unheard([found])
    _add_remaining(found)
    template = "organizations/_job.html" if request.htmx else "organizations/job.html"
    return render(request, template, {"job": found})


def _own(request: HttpRequest, pk: int) -> Job:
    return get_object_or_404(request.user.jobs, pk=pk)


def _add_remaining(job: Job) -> None:
    """``job.remaining``: how long it will still take at its pace so far, in words; "" when nobody can say."""
    job.remaining = ""
    job.may_retry = job.status in {Job.Status.INTERRUPTED, Job.Status.FAILED} and job.kind in jobs.TASKS
    if job.status != Job.Status.RUNNING or not job.started_at or not job.done or not job.total:
        return
    passed = (timezone.now() - job.started_at).total_seconds()
    seconds = int(passed * max(0, job.total - job.done) / job.done)
    job.remaining = f"约还需 {seconds // 60 + 1} 分钟" if seconds >= 60 else f"约还需 {max(1, seconds)} 秒"


@require_GET
@open_to(EVERYONE)
def job_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The file that a job made; only for the person who asked for it."""
    found = _own(request, pk)
    if found.status != Job.Status.DONE or not found.file:
        raise Http404
    try:
        content = found.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(content, as_attachment=True, filename=found.filename or f"{found.pk}")


@require_POST
@open_to(EVERYONE)
def job_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """取消."""
    jobs.cancel(_own(request, pk))
    return redirect("organizations:jobs")


@require_POST
@open_to(EVERYONE)
def job_retry(request: HttpRequest, pk: int) -> HttpResponse:
    """重新执行."""
    jobs.retry(_own(request, pk))
    return redirect("organizations:jobs")
