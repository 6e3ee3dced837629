"""后台任务: work a person asked for, with progress. Redis and a worker, or two threads of this process.

Both ways run the same Celery task and write the same Job row, so the page shows the same progress.
"""

import logging
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from celery import Task
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import close_old_connections, connections, transaction
from django.db.models import Q
from django.utils import timezone

from organizations.errors import Refused
from organizations.models import Job, Person, RosterFile

logger = logging.getLogger(__name__)

# A running job says so at least this often; after that it counts as interrupted.
SILENCE = timedelta(seconds=60)
# A waiting job that nobody took for so long is sent again when its owner looks at it.
UNHEARD = timedelta(seconds=30)
# A made or uploaded file may be had for so long; then it is deleted and must be made or uploaded anew (SECURITY F8).
KEPT = timedelta(hours=24)

Progress = Callable[[int, int], None]

# kind -> the Celery task that does such jobs; filled by ``register`` where the tasks are written.
TASKS: dict[str, Task] = {}


class Cancelled(Exception):  # noqa: N818 -- an answer, not a fault
    """The person no longer wants the job."""


def _pool() -> ThreadPoolExecutor:
    if not hasattr(_pool, "made"):
        _pool.made = ThreadPoolExecutor(max_workers=2, thread_name_prefix="job")
    return _pool.made


def register(kind: str, task: Task) -> None:
    """Make a kind of job known, so that an interrupted one can be tried again."""
    TASKS[kind] = task


def submit(task: Task, *, kind: str, title: str, by: Person, asked_for: dict) -> Job:
    """Write down a job and send it off once the transaction has committed."""
    job = Job.objects.create(person=by, kind=kind, title=title, asked_for=asked_for)
    _send_on_commit(task, job.pk)
    return job


def _send_on_commit(task: Task, job_id: int) -> None:
    """A queue that cannot be reached breaks no page: the job waits, and ``send_unheard`` tries again."""
    transaction.on_commit(lambda: send(task, job_id), robust=True)


def send(task: Task, job_id: int) -> None:
    """Hand the job to the worker, or to a thread of this process when there is no Redis."""
    if settings.CELERY_TASK_ALWAYS_EAGER:
        task.apply(args=[job_id], throw=False)
    elif settings.REDIS_URL:
        task.delay(job_id)
    else:
        _pool().submit(_run_here, task, job_id)


def start_here(work: Callable[[Progress], None], *, kind: str, title: str, by: Person, asked_for: dict) -> Job:
    """Work that holds what may be written nowhere (an opening code, a key): a thread of this very process.

    The queue would store it, hence never the worker. The row tells the progress like any other job's; if the process
    dies the job is interrupted, and only the page it came from can begin anew, for its kind is not registered.
    """
    job = Job.objects.create(person=by, kind=kind, title=title, asked_for=asked_for)

    def build(_: dict, progress: Progress) -> tuple[str, bytes]:
        work(progress)
        return "", b""

    if settings.CELERY_TASK_ALWAYS_EAGER:
        run(job.pk, build)
    else:
        transaction.on_commit(lambda: _pool().submit(_with_own_connection, run, job.pk, build))
    return job


def _run_here(task: Task, job_id: int) -> None:
    _with_own_connection(task.apply, args=[job_id], throw=False)


def _with_own_connection(work: Callable, *args, **kwargs) -> None:
    close_old_connections()
    try:
        work(*args, **kwargs)
    finally:
        connections.close_all()


def run(job_id: int, build: Callable[[dict, Progress], tuple[str, bytes]]) -> None:
    """Run a waiting job: ``build(asked_for, progress)`` gives file name and content; no content leaves no file.

    Safe to call twice: only the first caller finds the job waiting.
    """
    this = Job.objects.filter(pk=job_id)
    now = timezone.now()
    if not this.filter(status=Job.Status.WAITING).update(status=Job.Status.RUNNING, started_at=now, heartbeat=now):
        return

    delete_old_files()

    def progress(done: int, total: int) -> None:
        if not this.filter(status=Job.Status.RUNNING).update(done=done, total=total, heartbeat=timezone.now()):
            raise Cancelled

    job = this.get()
    try:
        job.filename, content = build(job.asked_for, progress)
        if content:
            job.file.save(f"{job.pk}", ContentFile(content), save=False)
        job.status = Job.Status.DONE
    except Cancelled:
        return
    except Refused as refused:
        job.status, job.error = Job.Status.FAILED, str(refused)[:300]
    except Exception:
        logger.exception("job %s failed", job_id)
        job.status, job.error = Job.Status.FAILED, "生成失败，请联系系统管理员。"
    _finish(job)


def _finish(job: Job) -> None:
    """Write down how a job ended, unless it was cancelled or given up meanwhile: then it leaves no file behind."""
    told = {name: getattr(job, name) for name in ("status", "error", "filename")}
    told |= {"file": job.file.name or "", "finished_at": timezone.now()}
    if not Job.objects.filter(pk=job.pk, status=Job.Status.RUNNING).update(**told) and job.file:
        job.file.delete(save=False)


def cancel(job: Job) -> None:
    """Stop a job that is not over. A running one stops at its next progress."""
    waiting_or_running = Job.objects.filter(pk=job.pk, status__in=[Job.Status.WAITING, Job.Status.RUNNING])
    if not waiting_or_running.update(status=Job.Status.CANCELLED, finished_at=timezone.now()):
        raise Refused("任务已结束，不能取消。")


@transaction.atomic
def retry(job: Job) -> None:
    """Send an interrupted or failed job off again, or one that has been waiting unheard for a while.

    Raises Refused when it is under way or done, or when its kind is not known any more.
    """
    if job.kind not in TASKS:
        raise Refused("这类任务现在不能重新执行，请回到原页面重新提交。")
    stuck = Q(status=Job.Status.WAITING, created_at__lt=timezone.now() - SILENCE)
    again = stuck | Q(status__in=[Job.Status.INTERRUPTED, Job.Status.FAILED])
    fresh = {"done": 0, "total": 0, "error": "", "started_at": None, "finished_at": None, "heartbeat": timezone.now()}
    if not Job.objects.filter(again, pk=job.pk).update(status=Job.Status.WAITING, **fresh):
        raise Refused("任务正在进行或已完成，无需重新执行。")
    _send_on_commit(TASKS[job.kind], job.pk)


def send_unheard(waiting: Iterable[Job]) -> None:
    """Send those jobs again that have been waiting unheard: Redis was stopped, or the process that held them.

    At most once in ``UNHEARD``, whoever looks how often; a job that is taken twice is still done once.
    """
    now = timezone.now()
    unheard = Q(heartbeat__isnull=True, created_at__lt=now - UNHEARD) | Q(heartbeat__lt=now - UNHEARD)
    for job in waiting:
        if (
            job.status != Job.Status.WAITING
            or job.kind not in TASKS
            or (job.heartbeat or job.created_at) > now - UNHEARD
        ):
            continue
        if Job.objects.filter(unheard, pk=job.pk, status=Job.Status.WAITING).update(heartbeat=now):
            _send_on_commit(TASKS[job.kind], job.pk)


def is_silent(job: Job) -> bool:
    """True if a running job has not said so for too long: its process died."""
    return job.status == Job.Status.RUNNING and (job.heartbeat is None or job.heartbeat < timezone.now() - SILENCE)


def give_up_silent(job: Job) -> Job:
    """A job of ``start_here`` afresh: INTERRUPTED if its process died while it ran, or before it could."""
    before = timezone.now() - SILENCE
    died = Q(status=Job.Status.RUNNING, heartbeat__lt=before) | Q(status=Job.Status.WAITING, created_at__lt=before)
    words = "任务被中断，请回到原页面重新开始。"
    Job.objects.filter(died, pk=job.pk).update(status=Job.Status.INTERRUPTED, error=words, finished_at=timezone.now())
    job.refresh_from_db()
    return job


def delete_old_files() -> int:
    """Take from the disk what jobs made and people uploaded more than a day ago; how many files went.

    The rows stay and tell what there was. Asked at every new job and upload, and by whoever looks at an old job.
    """
    before = timezone.now() - KEPT
    old = [*Job.objects.filter(finished_at__lt=before).exclude(file="")]
    old += RosterFile.objects.filter(created_at__lt=before).exclude(file="")
    for row in old:
        row.file.delete(save=False)
        row.save(update_fields=["file"])
    return len(old)


def mark_interrupted() -> int:
    """Jobs that stopped saying so (the process died): mark them, so that they can be tried again."""
    silent = Job.objects.filter(status=Job.Status.RUNNING, heartbeat__lt=timezone.now() - SILENCE)
    return silent.update(status=Job.Status.INTERRUPTED, error="任务被中断，可重新执行。", finished_at=timezone.now())
