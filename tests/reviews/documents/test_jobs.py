"""Documents are built in the background: by threads of the process, or by a Celery worker where there is Redis."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from organizations import jobs
from organizations.errors import Refused
from organizations.models import Job
from reviews.documents import shelf
from reviews.documents.actions import ask_for_document, ask_for_own_letter
from reviews.documents.tasks import build_document
from reviews.models import Letter
from tests.jobs import NOBODY_LISTENS, broker, threads, wait_for
from tests.make import make_person
from tests.reviews.documents.sheets import rows_of
from tests.reviews.grade.scene import build_scene, send_letters, suggest


def the_file(client, job: Job, *, status: int = 200) -> bytes:
    answer = client.get(reverse("organizations:job_file", args=[job.pk]))
    assert answer.status_code == status
    return b"".join(answer.streaming_content) if status == 200 else b""


def test_a_document_is_built_in_the_background_and_only_its_owner_has_it(real_jobs, client):
    scene = suggest(build_scene())
    client.force_login(scene.clerk)

    asked = client.post(reverse("documents:make", args=[scene.campaign.pk, "grade_sheet"]))

    assert asked.status_code == 302
    job = wait_for(scene.clerk.jobs.get())
    assert (job.status, job.done, job.total, job.error) == ("done", 2, 2, "")
    assert job.heartbeat >= job.started_at
    assert rows_of(the_file(client, job))[0][0] == f"{scene.campaign.title}综合评价等次表"
    client.force_login(scene.head)
    the_file(client, job, status=404)


@pytest.mark.pdf
def test_a_letter_is_printed_in_the_background(real_jobs, client):
    scene = send_letters(build_scene())
    secretary = scene.reviews[0].secretary

    ask_for_own_letter(scene.reviews[0], by=secretary)

    job = wait_for(secretary.jobs.get())
    assert (job.status, job.error) == ("done", "")
    assert job.filename == f"2026-{secretary}-反馈函.pdf"
    client.force_login(secretary)
    assert the_file(client, job).startswith(b"%PDF-")


def test_a_job_that_cannot_be_done_says_why(real_jobs):
    scene = send_letters(build_scene())
    asked_for = {"kind": "letters", "campaign": scene.campaign.pk}
    Letter.objects.all().delete()

    job = jobs.submit(build_document, kind="document", title="反馈函", by=scene.clerk, asked_for=asked_for)

    assert wait_for(job).status == "failed"
    assert job.error == "还没有发出的反馈函。请先在“评定”中研究决定并发出反馈。"
    assert not job.file


def test_a_job_that_breaks_tells_no_traceback(real_jobs, caplog):
    job = jobs.submit(
        build_document, kind="document", title="无", by=make_person(), asked_for={"kind": "grade_sheet", "campaign": 0}
    )

    assert wait_for(job).status == "failed"
    assert job.error == "生成失败，请联系系统管理员。"


def test_a_cancelled_job_is_not_begun(real_jobs):
    scene = suggest(build_scene())
    job = Job.objects.create(
        person=scene.clerk,
        kind="document",
        title="表",
        asked_for={"kind": "grade_sheet", "campaign": scene.campaign.pk},
    )
    jobs.cancel(job)

    jobs.send(build_document, job.pk)
    after = jobs.submit(build_document, kind="document", title="后", by=scene.clerk, asked_for=job.asked_for)

    assert wait_for(after).status == "done"  # the queue is worked off in order: the first had its chance
    job.refresh_from_db()
    assert (job.status, job.started_at) == ("cancelled", None)


@pytest.mark.django_db
def test_a_running_job_stops_at_its_next_step_and_leaves_no_file():
    job = Job.objects.create(person=make_person(), kind="document", title="表")
    steps = []

    def build(asked_for, progress):
        for number in range(3):
            steps.append(number)
            if number == 1:
                jobs.cancel(job)
            progress(number, 3)
        return "表.xlsx", b"content"

    jobs.run(job.pk, build)

    job.refresh_from_db()
    assert steps == [0, 1]
    assert (job.status, bool(job.file)) == ("cancelled", False)


@pytest.mark.django_db
def test_a_job_cancelled_after_its_last_step_stays_cancelled_and_its_file_is_gone(settings):
    job = Job.objects.create(person=make_person(), kind="document", title="表")

    def build(asked_for, progress):
        progress(1, 1)
        jobs.cancel(job)
        return "表.xlsx", b"content"

    jobs.run(job.pk, build)

    job.refresh_from_db()
    assert (job.status, bool(job.file), job.filename) == ("cancelled", False, "")
    assert not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]


@pytest.mark.django_db
def test_a_job_sent_twice_is_done_once():
    job = Job.objects.create(person=make_person(), kind="document", title="表")
    built = []

    for _ in range(2):
        jobs.run(job.pk, lambda asked_for, progress: (built.append(1), ("表.xlsx", b"content"))[1])

    job.refresh_from_db()
    assert (built, job.status) == ([1], "done")


@pytest.mark.django_db(transaction=True)
def test_with_redis_stopped_the_job_waits_and_is_sent_again_when_its_owner_looks(client, settings):
    """No page breaks; when jobs can be sent again, looking at the list is enough."""
    scene = suggest(build_scene())
    client.force_login(scene.clerk)
    settings.CELERY_TASK_ALWAYS_EAGER, settings.REDIS_URL = False, NOBODY_LISTENS
    with broker(broker_url=NOBODY_LISTENS):
        asked = client.post(reverse("documents:make", args=[scene.campaign.pk, "grade_sheet"]))
        job = scene.clerk.jobs.get()
        Job.objects.update(created_at=timezone.now() - timedelta(seconds=40))
        looked = client.get(reverse("organizations:jobs"))

    job.refresh_from_db()
    assert (asked.status_code, looked.status_code, job.status) == (302, 200, "waiting")
    assert "排队中" in looked.content.decode()

    settings.REDIS_URL = ""
    Job.objects.update(heartbeat=timezone.now() - timedelta(seconds=40))
    with threads():
        client.get(reverse("organizations:job", args=[job.pk]))
        assert wait_for(job).status == "done"


@pytest.mark.django_db
def test_a_job_is_sent_again_at_most_once_in_half_a_minute(monkeypatch, django_capture_on_commit_callbacks):
    sent = []
    monkeypatch.setattr(jobs, "send", lambda task, job_id: sent.append(job_id))
    job = Job.objects.create(person=make_person(), kind="document", title="表")

    def look() -> int:
        job.refresh_from_db()
        with django_capture_on_commit_callbacks(execute=True):
            jobs.send_unheard([job])
        return len(sent)

    assert look() == 0
    Job.objects.update(created_at=timezone.now() - jobs.UNHEARD - timedelta(seconds=1))
    assert (look(), look()) == (1, 1)
    Job.objects.update(heartbeat=timezone.now() - jobs.UNHEARD - timedelta(seconds=1))
    assert look() == 2
    Job.objects.update(status="running")
    assert look() == 2


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "lack"),
    [("letters", "尚未发出反馈"), ("ledger_sheet", "台账中还没有"), ("grade_sheet", "尚未生成建议等次")],
)
def test_what_is_not_there_yet_is_not_asked_for(kind, lack):
    scene = build_scene()

    with pytest.raises(Refused, match=lack):
        ask_for_document(scene.campaign, kind, by=scene.clerk)

    assert not Job.objects.exists()


@pytest.mark.django_db
def test_a_file_is_named_by_year_unit_and_kind():
    campaign = build_scene().campaign
    campaign.organizer.name = "云岭/市\n水务局:党组" + "长" * 200

    name = shelf.filename_of(shelf.SHELF["grade_sheet"], campaign)

    assert name.startswith("2026-云岭市水务局党组长")
    assert name.endswith("-综合评价等次表.xlsx")
    assert len(name) < 120
