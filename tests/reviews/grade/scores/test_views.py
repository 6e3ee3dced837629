"""The page of scores: filled by hand, by paste or by workbook, looked through before it is kept."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import Workbook

from organizations.models import Role
from reviews.grade.scores.models import Score, ScoreBatch
from tests.make import make_officer
from tests.organizations.counting import cost_of
from tests.reviews.grade.scene import FAIR, build_scene, send_letters, suggest
from tests.reviews.grade.scores.test_actions import FIELD, ROUTINE, confirmed

pytestmark = pytest.mark.django_db

SOURCE = {"kind": "routine", "scored_by": "局机关党委", "basis": "记实表", "scored_on": "2025-12-20"}


def door(scene) -> str:
    return reverse("grade:scores", args=[scene.campaign.pk])


def post(client, scene, person=None, **typed):
    client.force_login(person or scene.clerk)
    return client.post(door(scene), {**SOURCE, **typed})


def box(review) -> str:
    return f"value-{review.pk}"


def test_scores_are_entered_confirmed_and_shown_on_the_table(client):
    scene = suggest(build_scene())
    entered = post(client, scene, **{box(scene.reviews[0]): "91.5"})
    batch = ScoreBatch.objects.get()
    assert entered.status_code == 302
    client.force_login(scene.head)
    assert "待确认，未计入" in client.get(door(scene)).content.decode()

    client.post(reverse("grade:score_confirm", args=[batch.pk]))

    assert "已确认，计入评定" in client.get(door(scene)).content.decode()
    table = client.get(reverse("grade:table", args=[scene.campaign.pk])).content.decode()
    assert "平时考核 91.50（参考）" in table


def test_a_full_width_score_in_a_box_is_kept_as_what_it_says(client):
    scene = build_scene()

    post(client, scene, **{box(scene.reviews[0]): "９１．５"})

    assert str(Score.objects.get().value) == "91.50"


def test_a_paste_fills_the_boxes_names_bad_cells_and_keeps_nothing(client):
    scene = build_scene()
    one, other = scene.reviews
    pasted = f"{one.organization}\t91.5\n{other.organization}\t九十\n无此支部\t80"

    answer = post(client, scene, fill="1", pasted=pasted)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'name="{box(one)}" value="91.5"' in page
    assert "的分数“九十”不是数" in page
    assert "“无此支部”不在本次述职人名单中" in page
    assert 'value="局机关党委"' in page
    assert not ScoreBatch.objects.exists()


def test_a_workbook_fills_the_boxes_too(client):
    scene = build_scene()
    book, content = Workbook(), BytesIO()
    book.active.append(["单位", "分数"])
    for review, value in zip(scene.reviews, (91.5, 88), strict=True):
        book.active.append([review.organization.name, value])
    book.save(content)

    answer = post(client, scene, fill="1", workbook=SimpleUploadedFile("平时.xlsx", content.getvalue()))

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "读到 2 人的分数" in page
    assert f'name="{box(scene.reviews[0])}" value="91.5"' in page
    assert f'name="{box(scene.reviews[1])}" value="88"' in page


def test_what_is_no_workbook_is_told(client):
    scene = build_scene()

    answer = post(client, scene, fill="1", workbook=SimpleUploadedFile("平时.xlsx", b"PK not a book"))

    assert answer.status_code == 422
    assert "有 1 处读不进去" in answer.content.decode()


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"value-{0}": "101"}, "不在 0 到 100 之间"),
        ({"value-{0}": "90", "scored_on": "2199-01-01"}, "不能晚于今天"),
        ({"value-{0}": "90", "basis": ""}, "这个字段是必填项"),
        ({}, "至少填写一人"),
    ],
)
def test_a_bad_form_comes_back_filled(client, typed, words):
    scene = build_scene()

    answer = post(client, scene, **{key.format(scene.reviews[0].pk): value for key, value in typed.items()})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert 'value="局机关党委"' in page
    assert not Score.objects.exists()


def test_only_the_clerk_enters_and_a_superior_waits_for_the_approval(client):
    scene = build_scene()
    superior = make_officer(Role.SUPERIOR, scene.organizer)

    assert post(client, scene, scene.head, **{box(scene.reviews[0]): "90"}).status_code == 403
    client.force_login(superior)
    assert "等次尚未批准" in client.get(door(scene)).content.decode()


def test_withdrawing_asks_for_a_reason(client):
    scene = build_scene()
    batch = confirmed(scene, ROUTINE, "90")
    client.force_login(scene.clerk)
    url = reverse("grade:score_withdraw", args=[batch.pk])

    without, given = client.post(url, {"reason": ""}), client.post(url, {"reason": "重评"})

    assert (without.status_code, given.status_code) == (409, 302)
    assert "原因：重评" in client.get(door(scene)).content.decode()


@pytest.mark.parametrize("page", ["scores", "publish"])
def test_a_page_costs_the_same_for_one_review_or_three(client, page):
    costs = []
    for many in (1, 3):
        scene = build_scene([{"A": FAIR}] * many)
        for source in (ROUTINE, FIELD):
            confirmed(scene, source, *["90"] * many)
        send_letters(scene)
        client.force_login(scene.head)
        costs.append(cost_of(client, reverse(f"grade:{page}", args=[scene.campaign.pk])))

    assert costs[0] == costs[1]


def test_more_batches_cost_no_more(client):
    costs = []
    for many in (1, 3):
        scene = build_scene()
        for _ in range(many):
            confirmed(scene, ROUTINE, "90", "80")
        client.force_login(scene.clerk)
        costs.append(cost_of(client, door(scene)))

    assert costs[0] == costs[1]
