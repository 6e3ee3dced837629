"""会议记录 as a paper: the text and the signers, nothing of the marks; PDF and Word; only for who may read it."""

import io
import re

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from docx import Document

from organizations.errors import Refused
from organizations.models import Job, Role, RoleGrant, Trace
from reviews.documents.actions import ask_for_minutes
from reviews.documents.minutes_sheet import TEMPLATE, build_minutes_docx, build_minutes_pdf, paper_of
from reviews.meeting.recording import gather_minutes, in_force, sign_as_chair, sign_as_recorder
from tests.reviews.documents.test_letters import pages_in, silent
from tests.reviews.meeting.scene import hold_meeting, set_floor

pytestmark = pytest.mark.django_db


def signed():
    """The minutes of a short meeting, signed by both."""
    scene = set_floor(speakers=2)
    meeting = hold_meeting(scene)
    text = gather_minutes(meeting, by=scene.organizer)
    text = sign_as_recorder(meeting, edition=text.edition, by=scene.organizer)
    return scene, sign_as_chair(meeting, digest=text.digest, by=scene.leader)


def words_in(minutes) -> str:
    return re.sub(r"<[^>]+>", "", render_to_string(TEMPLATE, paper_of(minutes)))


def test_the_paper_has_the_text_two_signature_lines_who_signed_and_the_digest():
    _, minutes = signed()

    words = words_in(minutes)

    assert all(line in words for line in minutes.text.split("\n\n"))
    assert words.count("（签字）：") == 2
    assert "领导甲　" in words
    assert minutes.digest in words
    assert "尚未签定" not in words


def test_a_draft_says_that_it_is_one():
    scene = set_floor(speakers=1)
    gather_minutes(scene.meeting, by=scene.organizer)

    words = words_in(in_force(scene.meeting))

    assert "（整理稿，尚未签定）" in words
    assert "在系统中签定" not in words


def test_it_becomes_a_pdf_of_official_layout():
    _, minutes = signed()

    content = build_minutes_pdf(minutes, silent)

    assert content.startswith(b"%PDF")
    assert pages_in(content) >= 1


def test_it_becomes_a_word_file_with_the_same_words():
    _, minutes = signed()

    paper = Document(io.BytesIO(build_minutes_docx(minutes, silent)))

    lines = [paragraph.text for paragraph in paper.paragraphs if paragraph.text]
    assert lines[0] == "述职评议会会议记录"
    assert [line for line in minutes.text.split("\n\n") if line not in lines] == []
    assert "主持人（签字）：" in "".join(lines)


def test_asking_leaves_a_job_and_a_line_on_the_trail(django_capture_on_commit_callbacks):
    scene, minutes = signed()

    with django_capture_on_commit_callbacks(execute=True):
        ask_for_minutes(scene.campaign, ending="docx", by=scene.leader)

    job = Job.objects.get()
    assert job.filename.endswith("评议会会议记录.docx")
    assert Trace.objects.get(act="导出会议记录").facts["digest"] == minutes.digest


@pytest.mark.parametrize("ending", ["exe", ""])
def test_what_is_no_paper_or_not_yet_gathered_is_refused(ending):
    scene = set_floor(speakers=1)

    with pytest.raises(Refused, match="PDF 或 Word"):
        ask_for_minutes(scene.campaign, ending=ending, by=scene.organizer)
    with pytest.raises(Refused, match="还没有汇集"):
        ask_for_minutes(scene.campaign, ending="pdf", by=scene.organizer)

    assert not Job.objects.exists()


def test_who_debriefs_in_the_campaign_has_no_paper_of_its_minutes(client):
    scene, _ = signed()
    both = scene.reviews[0].secretary
    RoleGrant.objects.create(person=both, role=Role.ORGANIZER, organization=scene.bureau)
    client.force_login(both)

    answer = client.post(reverse("documents:minutes", args=[scene.campaign.pk]), {"ending": "pdf"})

    assert answer.status_code == 403
    assert not Job.objects.exists()
