"""The consoles of the security and the audit administrator."""

import pytest
from django.urls import reverse

from organizations import trail
from organizations.models import Role, RoleGrant, Trace
from tests.cast import Town, build_town
from tests.make import make_officer, make_person
from tests.organizations.counting import cost_of

pytestmark = pytest.mark.django_db
ROLES, TRAIL = "/roles/", "/trail/"


@pytest.fixture
def town() -> Town:
    return build_town()


def test_a_role_is_granted_and_holds_at_the_next_request(client, town):
    person = town.people["stranger"]
    visitor = client.__class__()
    visitor.force_login(person)
    client.force_login(town.people[Role.SEC_ADMIN])
    assert visitor.get("/organizations/").status_code == 403

    answer = client.post(ROLES, {"person": "cast-stranger", "role": "organizer", "organization": "供水中心党支部"})

    grant = RoleGrant.objects.get(person=person)
    assert answer.url == ROLES
    assert grant.granted_by == town.people[Role.SEC_ADMIN]
    assert visitor.get("/organizations/").status_code == 200

    client.post(reverse("organizations:revoke", args=[grant.pk]))

    assert visitor.get("/organizations/").status_code == 403


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({}, "必填"),
        ({"person": "cast-organizer", "role": "approver", "organization": "供水中心党支部"}, "不相容岗位"),
        ({"person": "cast-sec_admin", "role": "vetter", "organization": "供水中心党支部"}, "找不到"),
        ({"person": "cast-stranger", "role": "king", "organization": "供水中心党支部"}, "king"),
        ({"person": "cast-stranger", "role": "vetter", "organization": "云岭市林业局党组"}, "找不到"),
    ],
)
def test_a_wrong_grant_comes_back_in_words(client, town, said, reason):
    client.force_login(town.people[Role.SEC_ADMIN])
    before = RoleGrant.objects.count()

    answer = client.post(ROLES, said)

    assert answer.status_code == 422
    assert reason in answer.content.decode()
    assert RoleGrant.objects.count() == before


def test_grants_out_of_reach_are_not_found(client, town):
    client.force_login(town.people[Role.SEC_ADMIN])
    make_officer(Role.VETTER, town.places["sibling"])
    grant = RoleGrant.objects.get(organization=town.places["sibling"])

    assert client.post(reverse("organizations:revoke", args=[grant.pk])).status_code == 404


def test_ones_own_role_is_not_revoked(client, town):
    client.force_login(town.people[Role.SEC_ADMIN])
    grant = RoleGrant.objects.get(person=town.people[Role.SEC_ADMIN])

    answer = client.post(reverse("organizations:revoke", args=[grant.pk]))

    assert answer.status_code == 409
    assert "不能给自己" in answer.content.decode()


def test_the_grants_cost_the_same_for_one_or_three(client, town):
    client.force_login(town.people[Role.SEC_ADMIN])
    asked, costs = {"q": "列表审核"}, []

    for _ in range(3):
        make_officer(Role.VETTER, town.places["child"], name="列表审核")
        costs.append(cost_of(client, ROLES, asked))

    assert costs[0] == costs[1] == costs[2]
    assert client.get(ROLES, asked).content.decode().count("<tr>") == 4


@pytest.mark.parametrize("who", [role for role in Role.values if role != Role.SEC_ADMIN] + ["secretary", "stranger"])
def test_the_grants_open_for_the_security_administrator_only(client, town, who):
    client.force_login(town.people[who])

    assert client.get(ROLES).status_code == 403
    assert client.post(ROLES, {}).status_code == 403


@pytest.mark.parametrize("role", [Role.AUDIT_ADMIN, Role.SUPERVISOR])
def test_the_trail_costs_the_same_for_one_line_or_three(client, town, role):
    client.force_login(town.people[role])
    costs = []

    for number in range(3):
        trail.record("任职", f"第{number}件", by=make_person(), organization=town.places["child"], count=number)
        costs.append(cost_of(client, TRAIL))

    assert costs[0] == costs[1] == costs[2]
    assert client.get(TRAIL).content.decode().count("件</td>") == 3


def test_the_trail_is_shown_within_reach_and_logins_to_the_highest_audit_administrator(client, town):
    trail.record("任职", "这里的事", by=None, organization=town.places["child"])
    trail.record("任职", "别处的事", by=None, organization=town.places["sibling"])
    trail.record("登录", "某人登录", by=None)
    highest = make_officer(Role.AUDIT_ADMIN, town.places["parent"])

    def seen(person) -> list[str]:
        client.force_login(person)
        page = client.get(TRAIL).content.decode()
        return [words for words in ("这里的事", "别处的事", "某人登录") if words in page]

    assert seen(town.people[Role.SUPERVISOR]) == ["这里的事"]
    assert seen(town.people[Role.AUDIT_ADMIN]) == ["这里的事"]
    assert seen(highest) == ["这里的事", "别处的事", "某人登录"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"person": "cast-organizer"}, ["任职"]),
        ({"person": "组织部经办"}, ["任职"]),
        ({"act": "撤销"}, ["撤销党组织"]),
        ({"since": "2026-05-02"}, ["撤销党组织"]),
        ({"until": "2026-05-01"}, ["任职"]),
        ({"person": "nobody"}, []),
    ],
)
def test_the_trail_is_filtered_by_person_act_and_day(client, town, asked, found):
    first = trail.record("任职", "甲", by=town.people[Role.ORGANIZER], organization=town.places["child"])
    second = trail.record("撤销党组织", "乙", by=None, organization=town.places["child"])
    Trace.objects.filter(pk=first.pk).update(at="2026-05-01T23:30:00+08:00")
    Trace.objects.filter(pk=second.pk).update(at="2026-05-02T00:30:00+08:00")
    client.force_login(town.people[Role.SUPERVISOR])

    page = client.get(TRAIL, asked)

    assert [line.act for line in page.context["page"]] == found


@pytest.mark.parametrize("asked", [{"since": "gestern"}, {"act": "长" * 99}])
def test_a_wrong_filter_is_told(client, town, asked):
    client.force_login(town.people[Role.AUDIT_ADMIN])

    answer = client.get(TRAIL, asked)

    assert answer.status_code == 422
    assert "未筛选" in answer.content.decode()


def test_the_chain_is_checked_on_request(client, town, django_capture_on_commit_callbacks):
    client.force_login(town.people[Role.AUDIT_ADMIN])
    with django_capture_on_commit_callbacks(execute=True):
        for number in range(3):
            trail.record("任职", f"第{number}件", by=None, organization=town.places["child"])
    assert "校验通过" in client.get(TRAIL, {"check": 1}).content.decode()

    Trace.objects.filter(place=2).update(subject="改过")

    page = client.get(TRAIL, {"check": 1}).content.decode()
    assert "校验未通过" in page
    assert "第 2 条留痕与校验值不符" in page


def test_facts_are_told_in_chinese(client, town):
    client.force_login(town.people[Role.AUDIT_ADMIN])
    facts = {
        "is_locked": True,
        "changes": {"name": ["甲", "乙"], "code": ["", "1"]},
        "ended": ["一", "二"],
        "odd": None,
    }
    trail.record("任职", "甲", by=None, organization=town.places["child"], **facts)

    page = client.get(TRAIL)

    told = dict(page.context["page"][0].told)
    assert set(told.pop("变化").split("，")) == {"名称 甲 → 乙", "编码 空 → 1"}
    assert told == {"已锁定": "是", "结束任职": "一、二", "odd": ""}


@pytest.mark.parametrize(
    "who",
    [role for role in Role.values if role not in {Role.AUDIT_ADMIN, Role.SUPERVISOR}] + ["secretary", "stranger"],
)
def test_the_trail_is_closed_to_all_others(client, town, who):
    client.force_login(town.people[who])

    assert client.get(TRAIL).status_code == 403
