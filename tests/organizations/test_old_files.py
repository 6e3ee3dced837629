"""Files are kept for a day and then taken from the disk; what they were stays known."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone

from organizations.jobs import delete_old_files
from organizations.models import Job, RosterFile
from tests.make import make_person

pytestmark = pytest.mark.django_db


def made_job(person, hours):
    job = Job(person=person, kind="document", title="反馈函", status=Job.Status.DONE, filename="反馈函.pdf")
    job.finished_at = timezone.now() - timedelta(hours=hours)
    job.file.save("x", ContentFile(b"x"))
    return job


def uploaded(person, hours):
    roster = RosterFile(person=person, filename="花名册.xlsx", sha256="0")
    roster.file.save("x", ContentFile(b"x"))
    RosterFile.objects.filter(pk=roster.pk).update(created_at=timezone.now() - timedelta(hours=hours))
    return roster


@pytest.mark.parametrize("make", [made_job, uploaded])
def test_a_file_goes_after_a_day_and_its_row_stays(make):
    person = make_person()
    old, young = make(person, 25), make(person, 23)
    path = Path(old.file.path)

    gone = delete_old_files()

    assert gone == 1
    assert not path.exists()
    assert Path(young.file.path).exists()
    old.refresh_from_db()
    assert not old.file
    assert delete_old_files() == 0


def test_whoever_looks_at_an_old_job_is_told_that_its_file_is_gone(client):
    person = make_person()
    client.force_login(person)
    made_job(person, 25)

    page = client.get(reverse("organizations:jobs")).content.decode()

    assert "文件已过期（保留 24 小时）" in page
    assert ">下载</a>" not in page
