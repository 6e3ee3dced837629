"""Facts on the page: entered with their proof, confirmed, withdrawn."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from reviews.grade.models import Fact
from tests.reviews.grade.pages import VOTES, door, page_of
from tests.reviews.grade.scene import (
    build_scene,
    confirmed_fact,
    send_letters,
    suggest,
)

pytestmark = pytest.mark.django_db


def test_a_fact_is_entered_confirmed_and_withdrawn_on_the_page(client):
    scene = suggest(build_scene(VOTES))
    review = scene.reviews[0]
    assert "被问责追责" in page_of(client, scene.clerk, "fact_add", review.pk)

    client.post(door("fact_add", review.pk), {"code": "ACCOUNTABILITY", "evidence": "纪发〔2026〕3号"})
    assert "待确认，未计入" in page_of(client, scene.head, "why", review.pk)
    fact = Fact.objects.get()
    client.post(door("fact_confirm", fact.pk))
    assert "已确认，计入评定" in page_of(client, scene.head, "why", review.pk)
    without_reason = client.post(door("fact_withdraw", fact.pk), {"reason": ""})
    client.post(door("fact_withdraw", fact.pk), {"reason": "问责决定已撤销"})

    assert without_reason.status_code == 409
    page = page_of(client, scene.clerk, "why", review.pk)
    assert "问责决定已撤销" in page
    assert "建议等次：好" in page


@pytest.mark.parametrize("typed", [{}, {"code": "XXX", "evidence": "文件"}, {"code": "ACCOUNTABILITY", "evidence": ""}])
def test_an_unfinished_fact_comes_back(client, typed):
    scene = build_scene()
    client.force_login(scene.clerk)

    assert client.post(door("fact_add", scene.reviews[0].pk), typed).status_code == 422
    assert not Fact.objects.exists()


def test_after_the_feedback_no_fact_can_be_touched(client):
    scene = build_scene()
    fact = confirmed_fact(scene)
    send_letters(scene)
    page = page_of(client, scene.clerk, "why", scene.reviews[0].pk)

    late = client.post(door("fact_add", scene.reviews[0].pk), {"code": "ACCOUNTABILITY", "evidence": "文件"})
    withdrawn = client.post(door("fact_withdraw", fact.pk), {"reason": "原因"})

    assert "登记事实" not in page
    assert "撤回这条事实" not in page
    assert (late.status_code, withdrawn.status_code) == (409, 409)


def test_a_fact_is_proved_by_a_file_that_only_readers_of_results_fetch(client):
    scene = suggest(build_scene(VOTES))
    review = scene.reviews[0]
    client.force_login(scene.clerk)
    scan = SimpleUploadedFile("处分决定.pdf", b"%PDF-1.7 ...")

    client.post(door("fact_add", review.pk), {"code": "ACCOUNTABILITY", "evidence": "纪发〔2026〕3号", "paper": scan})

    fact = Fact.objects.get()
    assert "处分决定.pdf" in page_of(client, scene.head, "why", review.pk)
    answer = client.get(door("fact_paper", fact.pk))
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 ..."
    assert answer["Content-Disposition"].startswith("attachment")
    page_of(client, review.secretary, "fact_paper", fact.pk, status=403)


def test_a_file_that_is_not_what_it_says_is_told_on_the_form(client):
    scene = build_scene()
    client.force_login(scene.clerk)
    typed = {"code": "ACCOUNTABILITY", "evidence": "文件", "paper": SimpleUploadedFile("决定.pdf", b"MZ not a pdf")}

    answer = client.post(door("fact_add", scene.reviews[0].pk), typed)

    assert answer.status_code == 422
    assert "文件内容不是 PDF 格式" in answer.content.decode()
    assert not Fact.objects.exists()
