"""The tree and its organizations in the browser: what is shown, what a form answers, who may not."""

from datetime import date

import pytest
from django.urls import reverse

from organizations.models import Appointment, Organization, Role
from tests.cast import Town, build_town
from tests.make import make_organization, make_person, make_secretary
from tests.organizations.counting import cost_of

pytestmark = pytest.mark.django_db
FORMS = ["add", "change", "move", "close", "appoint"]


@pytest.fixture
def town() -> Town:
    return build_town()


@pytest.fixture
def organizer(client, town):
    client.force_login(town.people[Role.ORGANIZER])
    return town.people[Role.ORGANIZER]


def door(name: str, *args) -> str:
    return reverse(f"organizations:{name}", args=args)


def test_the_tree_opens_at_the_persons_own_top(client, town, organizer):
    page = client.get(door("tree")).content.decode()

    assert "云岭市水务局党组" in page
    assert "供水中心党支部" in page
    assert "述职书记" in page
    assert "云岭市委" not in page
    assert "林业局" not in page


def test_the_way_to_one_organization_can_be_opened_without_script(client, town, organizer):
    below = make_organization("净水班组党支部", parent=town.places["child"])

    assert "净水班组" not in client.get(door("tree")).content.decode()
    assert "净水班组" in client.get(door("tree"), {"open": town.places["child"].pk}).content.decode()
    assert client.get(door("tree"), {"open": town.places["sibling"].pk}).status_code == 404
    assert client.get(door("tree"), {"open": "9" * 40}).status_code == 200
    assert client.get(door("tree"), {"open": "²"}).status_code == 200  # a digit that is no number
    assert client.get(door("detail", below.pk)).status_code == 200


def test_any_line_that_is_open_can_be_folded_without_script_the_top_too(client, town, organizer):
    make_organization("净水班组党支部", parent=town.places["child"])

    top = client.get(door("tree"), {"fold": town.places["own"].pk}).content.decode()
    below = client.get(door("tree"), {"fold": town.places["child"].pk}).content.decode()

    assert "云岭市水务局党组" in top
    assert "供水中心党支部" not in top
    assert "供水中心党支部" in below
    assert "净水班组" not in below


def test_htmx_gets_one_line_open_or_folded(client, town, organizer):
    unfolded = client.get(door("children", town.places["own"].pk)).content.decode()
    folded = client.get(door("children", town.places["own"].pk), {"fold": 1}).content.decode()

    assert "供水中心党支部" in unfolded
    assert "供水中心党支部" not in folded
    assert "<html" not in unfolded


def test_the_tree_costs_the_same_for_one_branch_or_three(client, town, organizer):
    one = cost_of(client, door("tree"))

    for _ in range(2):
        make_secretary(make_organization(parent=town.places["own"]))

    assert cost_of(client, door("tree")) == one


def test_a_search_costs_the_same_for_one_hit_or_three(client, town, organizer):
    asked, costs = {"q": "净　水"}, []

    for number in range(3):
        make_secretary(make_organization(f"净水{number}党支部", parent=town.places["own"], code=f"Q{number}"))
        costs.append(cost_of(client, door("tree"), asked))

    assert costs[0] == costs[1] == costs[2]
    assert client.get(door("tree"), asked).content.decode().count("<tr>") == 4


@pytest.mark.parametrize("words", ["Q1", "q1", "净水", "\x00", "%", "'", "　"])
def test_any_search_is_answered(client, town, organizer, words):
    make_organization("净水党支部", parent=town.places["own"], code="Q1")

    answer = client.get(door("tree"), {"q": words})

    assert answer.status_code == 200


def test_an_organizations_page_costs_the_same_for_one_child_or_three(client, town, organizer):
    make_secretary(town.places["own"])
    one = cost_of(client, door("detail", town.places["own"].pk))

    for _ in range(2):
        make_secretary(make_organization(parent=town.places["own"]))
        make_secretary(town.places["own"])

    assert cost_of(client, door("detail", town.places["own"].pk)) == one
    assert "直接下级 3 个" in client.get(door("detail", town.places["own"].pk)).content.decode()


@pytest.mark.parametrize("name", ["detail", "children", *FORMS])
@pytest.mark.parametrize("place", ["parent", "sibling", "foreign"])
def test_what_is_not_ones_own_is_not_found(client, town, organizer, name, place):
    assert client.get(door(name, town.places[place].pk)).status_code == 404


@pytest.mark.parametrize("name", FORMS)
def test_who_only_reads_is_kept_out_of_the_forms(client, town, name):
    client.force_login(town.people[Role.SUPERVISOR])
    before = list(Organization.objects.values())

    assert client.get(door("detail", town.places["child"].pk)).status_code == 200
    assert client.get(door(name, town.places["child"].pk)).status_code == 403
    assert client.post(door(name, town.places["child"].pk), {}).status_code == 403
    assert list(Organization.objects.values()) == before


@pytest.mark.parametrize("name", FORMS)
def test_every_form_opens(client, town, organizer, name):
    assert client.get(door(name, town.places["child"].pk)).status_code == 200


@pytest.mark.parametrize("name", ["add", "change", "move", "appoint"])
@pytest.mark.parametrize(
    "junk",
    [
        {},
        {
            "name": "\x00" * 9,
            "kind": "x",
            "term_ends_on": "gestern",
            "parent": "#9" * 60,
            "person": "#",
            "position": "?",
        },
    ],
)
def test_a_wrong_form_comes_back_filled_and_changes_nothing(client, town, organizer, name, junk):
    before = list(Organization.objects.values()), list(Appointment.objects.values())

    answer = client.post(door(name, town.places["child"].pk), junk)

    assert answer.status_code == 422
    assert (list(Organization.objects.values()), list(Appointment.objects.values())) == before


def test_an_organization_is_added_in_its_tidy_form(client, town, organizer):
    said = {"name": "　净水 党支部", "kind": "branch", "short_name": "", "code": "", "term_ends_on": "2027-05-01"}

    answer = client.post(door("add", town.places["child"].pk), said)

    made = Organization.objects.get(name="净水党支部")
    assert answer.url == door("detail", made.pk)
    assert (made.parent, made.code, made.term_ends_on) == (town.places["child"], None, date(2027, 5, 1))


def test_a_taken_name_is_refused_on_the_filled_form(client, town, organizer):
    answer = client.post(door("add", town.places["own"].pk), {"name": "供水中心党支部", "kind": "branch"})

    assert answer.status_code == 422
    assert "已有名为" in answer.content.decode()


def test_a_field_that_is_not_on_the_form_changes_nothing(client, town, organizer):
    child = town.places["child"]
    said = {
        "name": child.name,
        "kind": "branch",
        "path": "1/",
        "is_active": "",
        "parent": town.places["foreign"].pk,
        "sort_order": 9,
    }

    client.post(door("change", child.pk), said)

    assert Organization.objects.get(pk=child.pk).path == child.path
    assert Organization.objects.get(pk=child.pk).is_active


def test_a_move_shows_its_effect_before_it_happens(client, town, organizer):
    general = make_organization("净水党总支", parent=town.places["own"], kind="general_branch", code="Z1")
    child = town.places["child"]

    shown = client.post(door("move", child.pk), {"parent": "Z1"}).content.decode()

    assert "共 <strong>1</strong> 个党组织" in shown
    assert Organization.objects.get(pk=child.pk).parent == town.places["own"]

    client.post(door("move", child.pk), {"parent": f"#{general.pk}", "confirmed": "1"})

    assert Organization.objects.get(pk=child.pk).parent == general


def test_a_move_out_of_reach_or_below_itself_is_no_choice(client, town, organizer):
    below = make_organization("净水党支部", parent=town.places["child"])

    for place in (below, town.places["sibling"], town.places["child"]):
        answer = client.post(door("move", town.places["child"].pk), {"parent": f"#{place.pk}", "confirmed": "1"})
        assert answer.status_code == 422


def test_the_highest_organization_of_ones_reach_stays_where_it_is(client, town, organizer):
    assert client.get(door("move", town.places["own"].pk)).status_code == 403


def test_closing_asks_first_and_a_second_click_is_told(client, town, organizer):
    child = town.places["child"]
    assert "述职书记" in client.get(door("close", child.pk)).content.decode()
    assert Organization.objects.get(pk=child.pk).is_active

    assert client.post(door("close", child.pk)).status_code == 302

    again = client.post(door("close", child.pk))
    assert again.status_code == 409
    assert "已撤销" in again.content.decode()


def test_a_post_begins_and_ends(client, town, organizer):
    person = make_secretary(make_organization(parent=town.places["own"]), "新书记")
    child = town.places["child"]

    client.post(
        door("appoint", child.pk),
        {"person": "新书记", "position": "secretary", "duty": "主任", "starts_on": "2026-03-01"},
    )
    post = child.appointments.get(person=person)
    client.post(door("end_appointment", post.pk), {"on": "2026-04-01"})

    post.refresh_from_db()
    assert post.ends_on == date(2026, 4, 1)


def test_namesakes_are_told_apart_by_their_number(client, town, organizer):
    first = make_secretary(make_organization(parent=town.places["own"]), "同名")
    make_secretary(make_organization(parent=town.places["own"]), "同名")
    said = {"position": "member", "starts_on": "2026-03-01"}

    unclear = client.post(door("appoint", town.places["child"].pk), {"person": "同名", **said})
    assert unclear.status_code == 422
    assert "有几个“同名”" in unclear.content.decode()

    client.post(door("appoint", town.places["child"].pk), {"person": f"同名#{first.pk}", **said})
    assert town.places["child"].appointments.filter(person=first).exists()


def test_people_outside_ones_reach_cannot_be_appointed(client, town, organizer):
    make_secretary(town.places["foreign"], "外人")
    make_person("无职者")

    for name in ("外人", "无职者"):
        said = {"person": name, "position": "member", "starts_on": "2026-03-01"}
        assert client.post(door("appoint", town.places["child"].pk), said).status_code == 422


def test_a_foreign_post_is_not_found(client, town, organizer):
    make_secretary(town.places["sibling"])
    post = Appointment.objects.get(organization=town.places["sibling"])

    assert client.post(door("end_appointment", post.pk), {"on": "2026-04-01"}).status_code == 404
