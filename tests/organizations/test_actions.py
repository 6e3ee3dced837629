"""The tree, the posts and the roles change by one verb each, under the lock and with a line in the trail."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from organizations.access import EXCLUSIVE, duties_of, forget_duties
from organizations.actions import (
    add_organization,
    appoint,
    change_organization,
    close_organization,
    effect_of_move,
    end_appointment,
    grant_role,
    move_organization,
    revoke_role,
)
from organizations.errors import Refused
from organizations.models import Appointment, Organization, Person, Role, RoleGrant, Trace
from tests.cast import Town, build_town
from tests.make import make_officer, make_organization, make_person, make_secretary

pytestmark = pytest.mark.django_db
KEEPERS = {Role.ORGANIZER, Role.SYS_ADMIN}


@pytest.fixture
def town() -> Town:
    return build_town()


@pytest.fixture
def organizer(town) -> Person:
    return town.people[Role.ORGANIZER]


def test_a_new_organization_stands_below_its_parent(town, organizer):
    made = add_organization(town.places["child"], name="净水班组党支部", kind="branch", code="W1", by=organizer)

    assert made.path == f"{town.places['child'].path}{made.pk}/"
    assert made.depth == 3
    assert Trace.objects.get(act="新增党组织").organization == made


def test_names_and_codes_are_not_taken_twice(town, organizer):
    add_organization(town.places["own"], name="甲党支部", kind="branch", code="W1", by=organizer)

    with pytest.raises(Refused, match="已有名为“甲党支部”"):
        add_organization(town.places["own"], name="甲党支部", kind="branch", by=organizer)
    with pytest.raises(Refused, match="组织编码“W1”已被使用"):
        add_organization(town.places["own"], name="乙党支部", kind="branch", code="W1", by=organizer)


def test_a_tree_does_not_grow_deeper_than_its_paths_hold(town, organizer):
    place = town.places["own"]
    while place.depth < 11:
        place = add_organization(place, name="下级党总支", kind="general_branch", by=organizer)

    with pytest.raises(Refused, match="层级不能超过 12 级"):
        add_organization(place, name="太深党支部", kind="branch", by=organizer)


@pytest.mark.parametrize("role", Role.values)
def test_only_the_keepers_change_the_roster(town, role):
    by = town.people[role]

    def act():
        change_organization(town.places["child"], name="改名党支部", by=by)

    if role in KEEPERS:
        act()
    else:
        with pytest.raises(Refused, match="没有维护权限"):
            act()

    town.places["child"].refresh_from_db()
    assert (town.places["child"].name == "改名党支部") == (role in KEEPERS)


@pytest.mark.parametrize("place", ["parent", "sibling", "foreign"])
def test_nobody_changes_what_lies_outside_his_reach(town, organizer, place):
    with pytest.raises(Refused, match="没有维护权限"):
        change_organization(town.places[place], name="改名", by=organizer)


def test_only_what_differs_is_written_down(town, organizer):
    change_organization(town.places["child"], name="供水中心党支部", code="W9", by=organizer)

    assert Trace.objects.get(act="修改党组织").facts == {"changes": {"code": ["", "W9"]}}


def test_a_subtree_moves_in_one_piece(town, organizer):
    own = town.places["own"]
    first = make_organization("第一党总支", parent=own, kind="general_branch")
    second = make_organization("第二党总支", parent=own, kind="general_branch")
    leaf = make_organization("小组党支部", parent=first)

    move_organization(first, second, by=organizer)

    leaf.refresh_from_db()
    assert leaf.path == f"{second.path}{first.pk}/{leaf.pk}/"
    assert leaf.depth == 4
    assert Organization.objects.get(pk=first.pk).parent == second


def test_nothing_moves_below_itself_or_to_where_it_is(town, organizer):
    first = make_organization("第一党总支", parent=town.places["own"])
    leaf = make_organization("小组党支部", parent=first)

    with pytest.raises(Refused, match="之下，不能作它的上级"):
        move_organization(first, leaf, by=organizer)
    with pytest.raises(Refused, match="上级已经是"):
        move_organization(first, town.places["own"], by=organizer)


@pytest.mark.parametrize(
    ("moved", "to"), [("child", "sibling"), ("own", "sibling"), ("sibling", "own"), ("own", "child")]
)
def test_both_ends_of_a_move_lie_within_reach(town, organizer, moved, to):
    before = town.places[moved].path

    with pytest.raises(Refused):
        move_organization(town.places[moved], town.places[to], by=organizer)

    town.places[moved].refresh_from_db()
    assert town.places[moved].path == before


def test_nothing_moves_beside_a_namesake(town, organizer):
    other = make_organization("第一党总支", parent=town.places["own"])
    make_organization("供水中心党支部", parent=other)

    with pytest.raises(Refused, match="已有名为"):
        move_organization(town.places["child"], other, by=organizer)


def test_the_effect_of_a_move_names_who_loses_and_who_gains(town):
    first = make_organization("第一党总支", parent=town.places["own"])
    second = make_organization("第二党总支", parent=town.places["own"])
    leaf = make_organization("小组党支部", parent=first)
    make_officer(Role.VETTER, first, name="旧审")
    make_officer(Role.VETTER, second, name="新审")

    effect = effect_of_move(leaf, second)

    assert effect.moved == 1
    assert [words.split("：")[0] for words in effect.lose] == ["旧审"]
    assert [words.split("：")[0] for words in effect.gain] == ["新审"]


def test_closing_ends_the_posts_and_keeps_the_history(town, organizer):
    close_organization(town.places["child"], by=organizer)

    place = Organization.objects.get(pk=town.places["child"].pk)
    assert not place.is_active
    assert place.appointments.get().ends_on == timezone.localdate()
    with pytest.raises(Refused, match="已撤销"):
        change_organization(place, name="改名", by=organizer)


def test_an_organization_with_others_below_is_not_closed(town, organizer):
    with pytest.raises(Refused, match="还有 1 个在册党组织"):
        close_organization(town.places["own"], by=organizer)


def test_a_new_secretary_takes_over_the_day_after(town, organizer):
    start = timezone.localdate()

    appoint(town.places["child"], make_person("新书记"), position="secretary", starts_on=start, by=organizer)

    old, new = Appointment.objects.order_by("pk")
    assert old.ends_on == start - timedelta(days=1)
    assert new.ends_on is None


def test_a_member_leaves_the_secretary_in_place(town, organizer):
    appoint(town.places["child"], make_person("委员"), position="member", by=organizer)

    assert Appointment.objects.filter(ends_on=None).count() == 2


def test_the_same_post_is_not_given_twice_nor_before_its_predecessor(town, organizer):
    secretary = town.people["secretary"]
    with pytest.raises(Refused, match="已是"):
        appoint(town.places["child"], secretary, position="secretary", by=organizer)
    Appointment.objects.update(starts_on=date(2024, 5, 1))

    with pytest.raises(Refused, match="须晚于这一天"):
        appoint(town.places["child"], make_person(), position="secretary", starts_on=date(2024, 5, 1), by=organizer)

    assert Appointment.objects.count() == 1


@pytest.mark.parametrize("role", [Role.SYS_ADMIN, Role.SEC_ADMIN, Role.AUDIT_ADMIN])
def test_an_administrator_is_not_appointed(town, organizer, role):
    with pytest.raises(Refused, match="不能同时担任党内职务"):
        appoint(town.places["child"], town.people[role], position="member", by=organizer)


def test_a_post_ends_once_and_not_before_it_began(town, organizer):
    post = Appointment.objects.get()
    Appointment.objects.update(starts_on=date(2024, 5, 1))
    with pytest.raises(Refused, match="不能早于任职日期"):
        end_appointment(post, on=date(2024, 4, 30), by=organizer)

    end_appointment(post, on=date(2025, 1, 31), by=organizer)

    post.refresh_from_db()
    assert post.ends_on == date(2025, 1, 31)
    with pytest.raises(Refused, match="已于 2025-01-31 免职"):
        end_appointment(post, on=date(2025, 2, 1), by=organizer)


def test_a_granted_role_holds_at_once_and_so_does_its_end(town):
    by, person = town.people[Role.SEC_ADMIN], town.people["stranger"]

    grant = grant_role(person, Role.VETTER, town.places["child"], by=by)
    forget_duties(person)
    assert duties_of(person) == {Role.VETTER}

    revoke_role(grant, by=by)
    forget_duties(person)
    assert duties_of(person) == set()
    assert list(Trace.objects.order_by("pk").values_list("act", flat=True)) == ["授权", "撤回授权"]


def test_a_role_is_not_granted_or_revoked_twice(town):
    by = town.people[Role.SEC_ADMIN]
    grant = grant_role(town.people["stranger"], Role.VETTER, town.places["own"], by=by)

    with pytest.raises(Refused, match="已有审核人角色"):
        grant_role(town.people["stranger"], Role.VETTER, town.places["own"], by=by)
    revoke_role(grant, by=by)
    with pytest.raises(Refused, match="已被撤回"):
        revoke_role(grant, by=by)


def test_nobody_grants_or_revokes_for_himself(town):
    by = town.people[Role.SEC_ADMIN]

    with pytest.raises(Refused, match="不能给自己授权"):
        grant_role(by, Role.VETTER, town.places["own"], by=by)
    with pytest.raises(Refused, match="不能给自己授权"):
        revoke_role(RoleGrant.objects.get(person=by), by=by)


@pytest.mark.parametrize("role", [role for role in Role.values if role != Role.SEC_ADMIN])
def test_nobody_but_the_security_administrator_grants(town, role):
    with pytest.raises(Refused, match="没有维护权限"):
        grant_role(town.people["stranger"], Role.VETTER, town.places["own"], by=town.people[role])


@pytest.mark.parametrize("place", ["parent", "sibling", "foreign"])
def test_roles_are_granted_within_reach_only(town, place):
    with pytest.raises(Refused, match="没有维护权限"):
        grant_role(town.people["stranger"], Role.VETTER, town.places[place], by=town.people[Role.SEC_ADMIN])


@pytest.mark.parametrize("held", Role.values)
def test_every_exclusive_pair_is_refused_and_every_other_granted(town, held):
    by = town.people[Role.SEC_ADMIN]
    outcomes = {}

    for wanted in Role.values:
        if wanted != held:
            person = make_officer(held, town.places["own"])
            try:
                grant_role(person, wanted, town.places["child"], by=by)
            except Refused as refused:
                outcomes[wanted] = "不相容" in str(refused)
            else:
                outcomes[wanted] = False

    assert outcomes == {wanted: frozenset((held, wanted)) in EXCLUSIVE for wanted in outcomes}


def test_a_secretary_does_not_become_an_administrator(town):
    with pytest.raises(Refused, match="在任书记"):
        grant_role(town.people["secretary"], Role.SYS_ADMIN, town.places["own"], by=town.people[Role.SEC_ADMIN])


def test_a_right_withdrawn_meanwhile_counts_under_the_lock(town, organizer):
    assert duties_of(organizer) == {Role.ORGANIZER}  # read and remembered, as in a request
    RoleGrant.objects.filter(person=organizer).delete()

    with pytest.raises(Refused, match="没有维护权限"):
        close_organization(town.places["child"], by=organizer)


def test_a_former_secretary_may_be_granted_anything(town):
    place = make_organization("旧党支部", parent=town.places["own"])
    person = make_secretary(place)
    Appointment.objects.filter(person=person).update(ends_on=timezone.localdate() - timedelta(days=1))

    grant_role(person, Role.AUDIT_ADMIN, town.places["own"], by=town.people[Role.SEC_ADMIN])

    assert person.grants.get().role == Role.AUDIT_ADMIN
