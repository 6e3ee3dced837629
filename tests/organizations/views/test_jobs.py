"""One's own jobs: progress, file, cancelling, trying again."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from config.celery import app
from organizations import jobs
from organizations.models import Job, Person
from tests.make import make_person
from tests.organizations.counting import cost_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(client) -> Person:
    person = make_person("经办")
    client.force_login(person)
    return person


def make_job(person: Person, **fields) -> Job:
    return Job.objects.create(person=person, kind="sheet", title="等次表", **fields)


def door(name: str, job: Job) -> str:
    return reverse(f"organizations:{name}", args=[job.pk])


@app.task(name="tests.build_sheet")
def build_sheet(job_id):
    """A real task, which writes one file."""

    def build(asked_for, progress):
        progress(2, 2)
        return "等次表.xlsx", b"content"

    jobs.run(job_id, build)


@pytest.fixture
def task(monkeypatch):
    """The task above, known for jobs of its kind."""
    monkeypatch.setattr(jobs, "TASKS", {"sheet": build_sheet})
    return build_sheet


def test_the_list_costs_the_same_for_one_job_or_three(client, clerk):
    make_job(make_person(), status="running", heartbeat=timezone.now())
    costs = []

    for _ in range(3):
        make_job(clerk, status="running", done=1, total=4, started_at=timezone.now(), heartbeat=timezone.now())
        costs.append(cost_of(client, "/jobs/"))

    assert costs[0] == costs[1] == costs[2]
    assert client.get("/jobs/").content.decode().count("progressbar") == 3


def test_a_running_job_shows_its_progress_and_asks_again(client, clerk):
    began = timezone.now() - timedelta(seconds=100)
    job = make_job(clerk, status="running", done=40, total=160, started_at=began, heartbeat=timezone.now())

    part = client.get(door("job", job), headers={"HX-Request": "true"}).content.decode()

    assert 'data-meter="25"' in part
    assert "40 / 160（25%）约还需 6 分钟" in part
    assert f'hx-get="{door("job", job)}"' in part
    assert "<html" not in part


@pytest.mark.parametrize("status", ["done", "failed", "cancelled", "interrupted"])
def test_a_job_that_is_over_asks_no_more(client, clerk, status):
    job = make_job(clerk, status=status, error="原因如此")

    page = client.get(door("job", job)).content.decode()

    assert "hx-trigger" not in page
    assert job.get_status_display() in page
    assert "原因如此" in page


def test_a_silent_job_is_shown_as_interrupted_and_can_be_tried_again(
    client, clerk, task, django_capture_on_commit_callbacks
):
    job = make_job(clerk, status="running", heartbeat=timezone.now() - timedelta(minutes=2))
    assert "重新执行" in client.get("/jobs/").content.decode()

    with django_capture_on_commit_callbacks(execute=True):
        client.post(door("job_retry", job))

    job.refresh_from_db()
    assert (job.status, job.done, job.error) == ("done", 2, "")
    answer = client.get(door("job_file", job))
    assert b"".join(answer.streaming_content) == b"content"
    assert "attachment" in answer.headers["Content-Disposition"]


def test_a_job_left_waiting_can_be_sent_again_but_not_at_once(client, clerk, task, django_capture_on_commit_callbacks):
    job = make_job(clerk)
    assert client.post(door("job_retry", job)).status_code == 409

    Job.objects.update(created_at=timezone.now() - timedelta(minutes=2))
    with django_capture_on_commit_callbacks(execute=True):
        client.post(door("job_retry", job))

    job.refresh_from_db()
    assert job.status == "done"


@pytest.mark.parametrize("status", ["running", "done", "cancelled"])
def test_other_jobs_are_not_tried_again(client, clerk, task, status):
    job = make_job(clerk, status=status, heartbeat=timezone.now())

    assert client.post(door("job_retry", job)).status_code == 409


def test_an_unknown_kind_is_not_tried_again(client, clerk):
    job = make_job(clerk, status="interrupted")

    answer = client.post(door("job_retry", job))

    assert answer.status_code == 409
    assert "重新提交" in answer.content.decode()


def test_a_kind_is_made_known_by_its_task(task):
    jobs.register("letters", task)

    assert jobs.TASKS["letters"] is task


def test_cancelling_stops_a_waiting_job_once(client, clerk):
    job = make_job(clerk)

    assert client.post(door("job_cancel", job)).status_code == 302

    job.refresh_from_db()
    assert job.status == "cancelled"
    assert client.post(door("job_cancel", job)).status_code == 409


@pytest.mark.parametrize("name", ["job", "job_file"])
def test_the_jobs_of_others_are_not_found(client, clerk, name):
    job = make_job(make_person(), status="done", file=ContentFile(b"x", name="1"))

    assert client.get(door(name, job)).status_code == 404


@pytest.mark.parametrize("name", ["job_cancel", "job_retry"])
def test_the_jobs_of_others_are_not_touched(client, clerk, name):
    job = make_job(make_person(), status="running", heartbeat=timezone.now())

    assert client.post(door(name, job)).status_code == 404
    assert client.get(door(name, job)).status_code == 405


def test_a_file_that_is_not_there_is_not_found(client, clerk):
    unfinished, gone = make_job(clerk), make_job(clerk, status="done", file="jobs/gone")

    assert client.get(door("job_file", unfinished)).status_code == 404
    assert client.get(door("job_file", gone)).status_code == 404
