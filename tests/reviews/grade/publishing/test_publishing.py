"""Approved, fed back and published are three acts; a notice tells grades alone, to its audience alone."""

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from organizations.errors import Refused
from organizations.models import Role
from reviews.grade.models import Decision
from reviews.grade.publishing import actions
from reviews.grade.publishing.models import GradeNotice
from tests.make import make_officer, make_organization, make_person
from tests.reviews.grade.scene import FAIR, POOR, approve, build_scene, send_letters

pytestmark = pytest.mark.django_db

VOTES = [{"A": FAIR, "B": FAIR}, {"A": POOR, "B": FAIR}]


def page(client, person, scene, name="notice"):
    client.force_login(person)
    return client.get(reverse(f"grade:{name}", args=[scene.campaign.pk]))


def published(audience="secretaries"):
    scene = send_letters(build_scene(VOTES))
    actions.publish_grades(scene.campaign, audience=audience, by=scene.head)
    return scene


def test_before_the_letters_nothing_can_be_published(client):
    scene = approve(build_scene(VOTES))

    with pytest.raises(Refused, match="阶段才能这样做"):
        actions.publish_grades(scene.campaign, audience="secretaries", by=scene.head)

    assert "反馈函发出以后才能公布" in page(client, scene.head, scene, "publish").content.decode()
    assert page(client, scene.reviews[0].secretary, scene).status_code == 404


def test_a_notice_holds_organization_person_and_grade_and_nothing_else(client):
    scene = published()

    told = page(client, scene.reviews[0].secretary, scene).content.decode()

    assert [sorted(line) for line in GradeNotice.objects.get().lines] == [["grade", "organization", "secretary"]] * 2
    assert all(str(review.secretary) in told for review in scene.reviews)
    assert "<strong>差</strong>" in told
    assert "得分" not in told
    assert "86.00" not in told


@pytest.mark.parametrize(
    ("audience", "secretary", "inside", "outside"),
    [("secretaries", 200, 404, 404), ("organization", 200, 200, 404), ("nobody", 404, 404, 404)],
)
def test_only_its_audience_reads_a_notice(client, audience, secretary, inside, outside):
    scene = published(audience)
    member = make_officer(Role.LEADER, make_organization(parent=scene.organizer))
    stranger = make_officer(Role.LEADER, make_organization())

    answers = [page(client, person, scene).status_code for person in (scene.reviews[0].secretary, member, stranger)]

    assert answers == [secretary, inside, outside]
    assert page(client, make_person(), scene).status_code in (403, 404)


def test_nobody_is_a_decision_too_and_keeps_no_grades():
    published("nobody")

    assert GradeNotice.objects.get().lines == []


def test_only_the_approver_publishes(client):
    scene = send_letters(build_scene(VOTES))

    for person in (scene.clerk, scene.supervisor):
        with pytest.raises(PermissionDenied):
            actions.publish_grades(scene.campaign, audience="secretaries", by=person)
        client.force_login(person)
        url = reverse("grade:publish", args=[scene.campaign.pk])
        assert client.post(url, {"audience": "secretaries"}).status_code == 403

    assert not GradeNotice.objects.exists()


def test_one_notice_stands_at_a_time_and_a_withdrawn_one_is_read_by_nobody(client):
    scene = published()
    with pytest.raises(Refused, match="请先撤回"):
        actions.publish_grades(scene.campaign, audience="organization", by=scene.head)
    with pytest.raises(Refused, match="须写明原因"):
        actions.withdraw_notice(scene.campaign, reason=" ", by=scene.head)

    actions.withdraw_notice(scene.campaign, reason="等次有更正", by=scene.head)

    assert page(client, scene.reviews[0].secretary, scene).status_code == 404
    assert "原因：等次有更正" in page(client, scene.head, scene, "publish").content.decode()
    with pytest.raises(Refused, match="没有可撤回"):
        actions.withdraw_notice(scene.campaign, reason="再撤", by=scene.head)
    assert actions.publish_grades(scene.campaign, audience="organization", by=scene.head).lines


def test_a_grade_changed_later_does_not_change_what_was_published(client):
    scene = published()

    Decision.objects.filter(review=scene.reviews[1]).update(grade="AVERAGE")

    assert "<strong>差</strong>" in page(client, scene.reviews[0].secretary, scene).content.decode()
    assert "请撤回后重新公布" in page(client, scene.head, scene, "publish").content.decode().replace("要更正的，", "")


def test_the_page_publishes_and_asks_for_an_audience(client):
    scene = send_letters(build_scene(VOTES))
    client.force_login(scene.head)
    url = reverse("grade:publish", args=[scene.campaign.pk])

    without, given = client.post(url, {}), client.post(url, {"audience": "secretaries"}, follow=True)

    assert without.status_code == 422
    assert "请选择公布范围" in without.content.decode()
    assert "等次已公布" in given.content.decode()
    again = client.post(url, {"audience": "nobody"})
    assert again.status_code == 409


def test_the_table_shows_the_five_steps(client):
    scene = published()

    table = page(client, scene.clerk, scene, "table").content.decode()

    assert table.count('<li class="is-done">') == 5
    assert "2 份，已签收 0 份" in table
    assert "本次述职的全体书记" in table


def test_its_audience_finds_the_notice_on_the_overview(client):
    scene = published()
    link = reverse("grade:notice", args=[scene.campaign.pk])
    client.force_login(scene.reviews[0].secretary)
    assert link in client.get(reverse("desk:overview", args=[scene.campaign.pk])).content.decode()

    actions.withdraw_notice(scene.campaign, reason="更正", by=scene.head)

    assert link not in client.get(reverse("desk:overview", args=[scene.campaign.pk])).content.decode()
