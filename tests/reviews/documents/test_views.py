"""The shelf of documents: what can be made, who may, and what is told."""

import pytest
from django.urls import reverse

from organizations.models import Job, Person, Role, RoleGrant
from tests.make import make_officer
from tests.organizations.counting import cost_of
from tests.reviews.grade.scene import FAIR, build_scene, note, send_letters, suggest

pytestmark = pytest.mark.django_db


def shelf_of(scene) -> str:
    return reverse("documents:index", args=[scene.campaign.pk])


def test_the_shelf_says_of_each_document_whether_it_can_be_made(client):
    scene = suggest(build_scene())
    client.force_login(scene.clerk)

    page = client.get(shelf_of(scene)).content.decode()

    assert page.count("可生成") == 1
    assert "尚未发出反馈" in page
    assert "台账中还没有已反馈的问题" in page
    assert reverse("documents:make", args=[scene.campaign.pk, "grade_sheet"]) in page
    assert reverse("documents:make", args=[scene.campaign.pk, "letters"]) not in page


def test_a_document_is_asked_for_and_found_on_the_shelf(client, django_capture_on_commit_callbacks):
    scene = suggest(build_scene())
    client.force_login(scene.head)

    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("documents:make", args=[scene.campaign.pk, "grade_sheet"]))

    job = Job.objects.get()
    assert answer.url == shelf_of(scene)
    assert job.status == "done"
    page = client.get(shelf_of(scene)).content.decode()
    assert "2026年综合评价等次表" in page
    assert reverse("organizations:job_file", args=[job.pk]) in page


@pytest.mark.parametrize(("kind", "words"), [("letters", "尚未发出反馈"), ("no_such_thing", "没有这种材料")])
def test_what_cannot_be_made_is_told_in_words(client, kind, words):
    scene = suggest(build_scene())
    client.force_login(scene.clerk)

    answer = client.post(reverse("documents:make", args=[scene.campaign.pk, kind]))

    assert answer.status_code == 409
    assert words in answer.content.decode()
    assert not Job.objects.exists()


def test_a_clerk_who_debriefs_is_told_why_the_shelf_is_closed_to_him(client):
    scene = suggest(build_scene())
    secretary = scene.reviews[0].secretary
    RoleGrant.objects.create(person=secretary, role=Role.ORGANIZER, organization=scene.organizer)
    client.force_login(Person.objects.get(pk=secretary.pk))

    answer = client.get(shelf_of(scene))

    assert answer.status_code == 403
    assert "您参加本次述职评议，反馈之前不能查看" in answer.text


def test_the_shelf_costs_the_same_for_one_job_or_three(client):
    scene = suggest(build_scene([{"A": FAIR}]))
    client.force_login(scene.clerk)
    costs = []

    for _ in range(3):
        Job.objects.create(
            person=scene.clerk, kind="document", title="表", asked_for={"campaign": scene.campaign.pk}, status="done"
        )
        costs.append(cost_of(client, shelf_of(scene)))

    assert costs[0] == costs[1] == costs[2]


def test_a_clerk_who_debriefs_makes_no_document_before_the_feedback(client):
    scene = suggest(build_scene())
    RoleGrant.objects.create(person=scene.reviews[0].secretary, role=Role.ORGANIZER, organization=scene.organizer)
    clerk = Person.objects.get(pk=scene.reviews[0].secretary_id)
    client.force_login(clerk)

    assert client.get(shelf_of(scene)).status_code == 403
    assert client.post(reverse("documents:make", args=[scene.campaign.pk, "grade_sheet"])).status_code == 403


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.SUPERIOR, Role.LEADER])
def test_others_make_no_documents(client, role):
    scene = suggest(build_scene())
    client.force_login(make_officer(role, scene.organizer))

    assert client.get(shelf_of(scene)).status_code == 403
    assert client.post(reverse("documents:make", args=[scene.campaign.pk, "grade_sheet"])).status_code == 403


def test_the_addressee_asks_for_his_own_letter_and_no_other(client, django_capture_on_commit_callbacks):
    scene = suggest(build_scene())
    note(scene.reviews[0], scene.clerk)
    mine, other = scene.reviews
    client.force_login(mine.secretary)
    assert client.post(reverse("documents:own_letter", args=[mine.pk])).status_code == 403
    send_letters(scene)

    own = client.post(reverse("documents:own_letter", args=[mine.pk]))
    foreign = client.post(reverse("documents:own_letter", args=[other.pk]))

    assert own.url == reverse("organizations:jobs")
    assert foreign.status_code == 404
    assert Job.objects.get().asked_for == {"kind": "own_letter", "letter": mine.letter.pk}
