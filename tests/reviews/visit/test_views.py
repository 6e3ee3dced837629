"""The pages of the year's records: the phone's form, the list, one record, contact points."""

import io
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from organizations.models import Job
from reviews.ledger.models import Problem
from reviews.plan.models import Stage
from reviews.visit.actions import share_record
from reviews.visit.contacts import set_contact
from reviews.visit.models import ContactPoint, VisitRecord
from tests.cast import build_town
from tests.make import make_campaign, make_organization, make_review, make_visit
from tests.reviews.visit.pictures import HEIC, jpeg

pytestmark = pytest.mark.django_db
JSON = {"HTTP_ACCEPT": "application/json"}


@pytest.fixture
def town():
    return build_town()


@pytest.fixture
def leader(town, client):
    client.force_login(town.people["leader"])
    return town.people["leader"]


def said(town, **fields) -> dict:
    record = {"organization": town.places["child"].pk, "kind": "visit", "seen": "学习记录齐全", "key": str(uuid4())}
    return record | {"visited_on": f"{timezone.localdate()}"} | fields


def test_three_things_make_a_record(client, town, leader):
    response = client.post(reverse("visit:write"), said(town), follow=True)

    record = VisitRecord.objects.get()
    assert response.redirect_chain == [(reverse("visit:detail", args=[record.pk]), 302)]
    assert "已保存" in response.content.decode()


def test_photos_from_camera_and_album_are_kept_together(client, town, leader):
    files = [SimpleUploadedFile(f"{n}.jpg", jpeg(gps=True, color=c)) for n, c in enumerate(["red", "blue"])]

    client.post(reverse("visit:write"), said(town, photos=files))

    photos = VisitRecord.objects.get().photos.all()
    assert len(photos) == 2
    shown = client.get(reverse("visit:photo", args=[photos[0].pk]))
    assert shown["Content-Type"] == "image/jpeg"
    assert b"SecretPhone" not in b"".join(shown.streaming_content)


def test_a_wrong_photo_leaves_the_words_in_the_form(client, town, leader):
    response = client.post(
        reverse("visit:write"), said(town, seen="走到三楼", photos=SimpleUploadedFile("照片.jpg", HEIC))
    )

    assert response.status_code == 422
    text = response.content.decode()
    assert "第 1 张：照片是苹果手机的 HEIC 格式" in text
    assert "走到三楼" in text
    assert not VisitRecord.objects.exists()


def test_a_page_that_keeps_its_draft_is_answered_in_json(client, town, leader):
    fields = said(town)

    first = client.post(reverse("visit:write"), fields, **JSON)
    again = client.post(reverse("visit:write"), fields, **JSON)
    wrong = client.post(reverse("visit:write"), said(town, seen=""), **JSON)

    assert first.json() == again.json() == {"url": reverse("visit:detail", args=[VisitRecord.objects.get().pk])}
    assert wrong.status_code == 422
    assert wrong.json()["errors"] == ["请写一句看到的情况。"]


def test_another_record_after_the_back_key_comes_back_under_a_fresh_key(client, town, leader):
    fields = said(town)
    client.post(reverse("visit:write"), fields)

    response = client.post(reverse("visit:write"), fields | {"seen": "另一件事"})

    assert response.status_code == 409
    assert "再点一次" in response.content.decode()
    fresh = response.context["form"]["key"].value()
    client.post(reverse("visit:write"), fields | {"seen": "另一件事", "key": fresh})
    assert VisitRecord.objects.count() == 2


def test_a_typed_name_finds_the_unit_without_javascript(client, town, leader):
    client.post(reverse("visit:write"), said(town, organization="", organization_name="供水中心"))

    assert VisitRecord.objects.get().organization == town.places["child"]


def test_a_name_of_several_units_offers_them(client, town, leader):
    for number in (1, 2):
        make_organization(f"第{number}供水党支部", parent=town.places["own"])

    response = client.post(reverse("visit:write"), said(town, organization="", organization_name="供水"))

    assert response.status_code == 422
    assert "有 3 个单位的名称含“供水”" in response.content.decode()
    assert len(response.context["form"].found) == 3


def test_a_unit_out_of_reach_is_not_accepted(client, town, leader):
    response = client.post(reverse("visit:write"), said(town, organization=town.places["sibling"].pk))

    assert response.status_code == 422
    assert not VisitRecord.objects.exists()


def test_the_search_finds_what_the_person_may_write_about_only(client, town, leader):
    response = client.get(reverse("visit:organizations"), {"organization_name": "党"})

    text = response.content.decode()
    assert "供水中心党支部" in text
    assert "林业局" not in text


def test_a_problem_is_listed_from_the_page_of_a_record(client, town, leader):
    make_review(make_campaign(town.places["own"], stage=Stage.REPORTING), organization=town.places["child"])
    record = make_visit(town.places["child"], by=leader)

    response = client.post(reverse("visit:list_problem", args=[record.pk]), {"text": "名册差1人"})

    assert response.status_code == 302
    assert Problem.objects.get().text == "名册差1人"
    assert "已列入" in client.get(reverse("visit:detail", args=[record.pk])).content.decode()


def test_a_change_a_follow_up_and_a_withdrawal_stand_on_the_page(client, town, leader):
    record = make_visit(town.places["child"], by=leader)
    fields = said(town, seen="改过的话", edition=0)

    client.post(reverse("visit:change", args=[record.pk]), fields)
    client.post(reverse("visit:follow_up", args=[record.pk]), {"text": "已经整改"})
    client.post(reverse("visit:withdraw", args=[record.pk]), {"reason": "记错单位"})

    text = client.get(reverse("visit:detail", args=[record.pk])).content.decode()
    for words in ("改过的话", "党员活动室有人值守", "已经整改", "记错单位"):
        assert words in text


def test_an_empty_follow_up_comes_back_with_a_sentence(client, town, leader):
    record = make_visit(town.places["child"], by=leader)

    response = client.post(reverse("visit:follow_up", args=[record.pk]), {"text": ""})

    assert response.status_code == 422
    assert "请填写内容" in response.content.decode()


def test_a_secretary_reads_what_was_shared(client, town):
    record = make_visit(town.places["child"], by=town.people["leader"])
    client.force_login(town.people["secretary"])
    page = reverse("visit:detail", args=[record.pk])

    assert client.get(page).status_code == 404
    share_record(record, shared=True, by=town.people["leader"])
    assert client.get(page).status_code == 200
    assert record.seen in client.get(reverse("visit:list")).content.decode()


def test_the_year_in_figures(client, town, leader):
    second = make_organization("水库管理所党支部", parent=town.places["own"])
    make_visit(town.places["child"], by=leader)
    make_visit(town.places["child"], by=leader, kind="inspection")
    make_visit(town.places["child"], by=leader, withdrawn_at=timezone.now(), withdrawn_reason="错")
    make_visit(second, by=leader, visited_on=timezone.localdate() - timedelta(days=800))

    figures = client.get(reverse("visit:list")).context["figures"]

    assert (figures.total, figures.visited, figures.unvisited) == (2, 1, 1)
    assert dict(figures.kinds)["督查"] == 1
    assert figures.unvisited_names == [second]


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({}, 1),
        ({"kind": "inspection"}, 0),
        ({"words": "供水"}, 1),
        ({"who": "点评"}, 1),
        ({"waiting": "1"}, 0),
        ({"year": "1999"}, 0),
        ({"year": "all"}, 1),
        ({"year": "0000", "page": "x", "kind": "\x00"}, 0),
    ],
)
def test_the_list_is_narrowed(client, town, leader, asked, count):
    make_visit(town.places["child"], by=leader)

    response = client.get(reverse("visit:list"), asked)

    assert response.status_code == 200
    assert response.context["page"].paginator.count == count


@pytest.mark.parametrize("records", [1, 3])
def test_the_list_costs_the_same_for_one_or_three(client, town, leader, records, django_assert_num_queries):
    for _ in range(records):
        make_visit(town.places["child"], by=leader).leaders.add(leader)
    client.get(reverse("visit:list"))

    with django_assert_num_queries(13):
        client.get(reverse("visit:list"))


@pytest.mark.parametrize("records", [1, 3])
def test_the_piece_for_other_pages_costs_the_same(client, town, leader, records, django_assert_num_queries):
    review = make_review(
        make_campaign(town.places["own"], stage=Stage.REPORTING, year=timezone.localdate().year),
        organization=town.places["child"],
    )
    for _ in range(records):
        make_visit(town.places["child"], by=leader).leaders.add(leader)
    piece = reverse("visit:of_review", args=[review.pk])
    client.get(piece, HTTP_HX_REQUEST="true")

    with django_assert_num_queries(8):
        response = client.get(piece, HTTP_HX_REQUEST="true")

    assert response.content.decode().count("<li>") == records
    assert "<html" not in response.content.decode()


def test_a_review_shows_the_records_of_its_year_and_its_contact(client, town, leader):
    this_year = timezone.localdate().year
    campaign = make_campaign(town.places["own"], stage=Stage.REPORTING, year=this_year)
    review = make_review(campaign, organization=town.places["child"])
    set_contact(town.places["child"], leader, year=this_year, by=town.people["organizer"])
    make_visit(town.places["child"], by=leader, seen="今年看到的")
    make_visit(
        town.places["child"], by=leader, seen="前年看到的", visited_on=timezone.localdate() - timedelta(days=800)
    )
    make_visit(town.places["own"], by=leader, seen="别处看到的")

    text = client.get(reverse("visit:of_review", args=[review.pk])).content.decode()

    assert "今年看到的" in text
    assert f"联系领导：{leader.name}" in text
    assert "前年看到的" not in text
    assert "别处看到的" not in text


def test_the_year_leaves_as_excel(client, town, leader, django_capture_on_commit_callbacks):
    make_visit(town.places["child"], by=leader, seen="=1+1 看到的")

    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("documents:visits"), {"year": str(timezone.localdate().year)})

    job = Job.objects.get()
    assert job.status == Job.Status.DONE
    with job.file.open("rb") as kept:
        rows = list(load_workbook(io.BytesIO(kept.read())).active.values)
    assert rows[2][2] == "供水中心党支部"
    assert rows[2][7] == "=1+1 看到的"


@pytest.mark.parametrize("year", ["", "0000", "20x6", "1999"])
def test_a_year_without_records_is_told(client, town, leader, year):
    response = client.post(reverse("documents:visits"), {"year": year})

    assert response.status_code == 409
    assert not Job.objects.exists()


def test_contact_points_are_tried_set_and_taken_back(client, town):
    client.force_login(town.people["organizer"])
    table = "点评领导\t供水中心党支部"
    page = reverse("visit:import_contacts")

    tried = client.post(page, {"year": "2026", "table": table})
    done = client.post(page, {"year": "2026", "table": table, "then": "apply"})

    assert "还没有改动任何内容" in tried.content.decode()
    assert done.status_code == 302
    point = ContactPoint.objects.get()
    client.post(reverse("visit:remove_contact", args=[point.pk]))
    assert not ContactPoint.objects.exists()
    one = {"year": "2026", "leader": town.people["leader"].pk, "organization_name": "供水中心党支部"}
    assert client.post(reverse("visit:set_contact"), one).status_code == 302
    assert client.post(reverse("visit:set_contact"), one | {"organization_name": "没有"}).status_code == 422
    assert client.post(reverse("visit:set_contact"), one | {"year": "1900"}).status_code == 409
    assert ContactPoint.objects.count() == 1


def test_a_wrong_line_keeps_the_table_in_the_box(client, town):
    client.force_login(town.people["organizer"])

    response = client.post(reverse("visit:import_contacts"), {"year": "2026", "table": "某人\t某支部", "then": "apply"})

    assert response.status_code == 409
    assert "某人\t某支部" in response.content.decode()


ANY = st.text(max_size=30) | st.sampled_from(["1", "-1", "9" * 30, "visit", "on", "2026-11-01", "\x00", "‮𝟙"])
FIELDS = ["organization", "organization_name", "kind", "seen", "visited_on", "key", "leaders", "place", "wants_problem"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(st.dictionaries(st.sampled_from([*FIELDS, "edition", "dropped", "reason", "text", "year", "table"]), ANY))
def test_no_form_of_this_stage_ends_in_an_error(client, town, leader, typed):
    record = make_visit(town.places["child"], by=leader)
    pages = [reverse("visit:write"), *(reverse(f"visit:{name}", args=[record.pk]) for name in ("change", "follow_up"))]

    statuses = {client.post(page, typed).status_code for page in pages}
    statuses |= {client.get(reverse("visit:list"), typed).status_code}

    assert statuses <= {200, 302, 409, 422}
