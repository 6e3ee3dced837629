"""Versions of the rules: kept on every change, never changed, frozen with the box, handed on to next year."""

import pytest
from django.urls import reverse

from organizations.errors import Refused
from organizations.models import Role
from reviews.ballot.actions import prepare_round
from reviews.plan import actions
from reviews.plan.models import Campaign, PolicyVersion, Stage
from reviews.plan.policy_keeping import BEFORE_VERSIONS, current_version
from reviews.plan.presets import BUREAU, PanelSpec
from reviews.plan.readiness import policy_of
from scoring.differences import differences
from scoring.policy import fingerprint
from tests.make import MEETS_ON, make_campaign, make_officer, make_organization, make_panel, make_review
from tests.reviews.plan.test_policy_form import sent

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(client):
    person = make_officer(Role.ORGANIZER, make_organization("测试局党组", kind="leading_party_group"))
    client.force_login(person)
    return person


@pytest.fixture
def campaign(clerk):
    """A new campaign of the clerk's bureau, from the preset."""
    return begin(clerk, 2026)


def begin(clerk, year, pattern=BUREAU) -> Campaign:
    (grant,) = clerk.grants.all()
    return actions.create_campaign(
        grant.organization,
        year=year,
        title=f"{year}年度",
        timetable=actions.Timetable.around(MEETS_ON.date().replace(year=year)),
        pattern=pattern,
        by=clerk,
    )


def fields_of(campaign, **changes) -> dict:
    """The form of the rules as a browser sends it."""
    data = sent(policy_of(campaign), **changes).data
    return {name: data.getlist(name) for name in data}


def url(name, campaign):
    return reverse(f"plan:{name}", args=[campaign.pk])


def test_a_new_campaign_begins_with_the_first_version_and_says_where_from(campaign):
    version = current_version(campaign)

    assert (version.number, version.origin) == (1, "模板“盟市局模板”")
    assert version.policy == policy_of(campaign)
    assert version.fingerprint == fingerprint(policy_of(campaign))


def test_every_saved_change_is_a_version_with_who_and_why(campaign, clerk):
    changed = actions.set_policy(campaign, {"forced_poor_threshold_bp": 1500}, note="党组会议定", by=clerk)

    campaign.refresh_from_db()
    newer, older = campaign.policy_versions.all()
    assert [str(each) for each in changed] == ["低等次票比例上限：10.00 % → 15.00 %"]
    assert (newer.number, newer.by, newer.note) == (2, clerk, "党组会议定")
    assert differences(older.policy, newer.policy) == changed
    assert campaign.policy["version"] == 2


def test_saving_without_a_change_makes_no_version(campaign, clerk):
    assert actions.set_policy(campaign, {"forced_poor_threshold_bp": 1000}, by=clerk) == []

    assert campaign.policy_versions.count() == 1


def test_other_words_for_a_source_are_a_version_too(campaign, clerk):
    actions.set_policy(campaign, {}, sources={"quota": "局考核办法第十二条。"}, by=clerk)

    assert current_version(campaign).sources == {"quota": "局考核办法第十二条。"}


def test_a_change_of_the_weights_of_panels_is_a_version(campaign, clerk):
    panels = [PanelSpec("A", "班子", 60, 10), PanelSpec("B", "书记", 40, 10)]

    actions.set_panels(campaign, panels, by=clerk)

    assert "panel_weights" in {each.field for each in differences(*(v.policy for v in campaign.policy_versions.all()))}


def test_a_campaign_from_before_there_were_versions_keeps_its_old_rules_as_the_first(clerk):
    (grant,) = clerk.grants.all()
    old = make_campaign(grant.organization)

    actions.set_policy(old, {"min_valid_ballots": 9}, by=clerk)

    assert [(v.number, v.policy.min_valid_ballots) for v in old.policy_versions.all()] == [(2, 9), (1, 5)]
    assert old.policy_versions.last().origin == BEFORE_VERSIONS


def test_a_campaign_without_any_version_says_how_there_will_be_one(client, clerk):
    (grant,) = clerk.grants.all()

    answer = client.get(url("policy_versions", make_campaign(grant.organization)))

    assert answer.status_code == 200
    assert "还没有保存过规则" in answer.content.decode()


def test_after_publishing_a_change_needs_its_reason(campaign, clerk):
    Campaign.objects.update(stage=Stage.REPORTING)

    with pytest.raises(Refused, match="须写明原因"):
        actions.set_policy(campaign, {"min_valid_ballots": 9}, note="  ", by=clerk)

    assert campaign.policy_versions.count() == 1


def ready_to_vote(clerk) -> Campaign:
    (grant,) = clerk.grants.all()
    campaign = make_campaign(grant.organization, stage=Stage.MEETING)
    make_panel(campaign, "A", size=10)
    make_review(campaign)
    return campaign


def test_the_rules_are_frozen_with_the_box_and_the_box_takes_exactly_them(clerk, client):
    campaign = ready_to_vote(clerk)

    round_ = prepare_round(campaign, spare={}, by=clerk)

    campaign.refresh_from_db()
    version = current_version(campaign)
    assert version.frozen_at is not None
    round_.box.refresh_from_db()
    assert round_.box.frozen["policy"]["version"] == version.number
    assert fingerprint(policy_of(campaign)) == version.fingerprint
    page = client.get(url("policy", campaign)).content.decode()
    assert "已锁定" in page
    assert version.fingerprint in page
    with pytest.raises(Refused, match="评定规则不能再修改"):
        actions.set_policy(campaign, {"min_valid_ballots": 9}, note="想改", by=clerk)


def test_a_rehearsal_freezes_nothing(clerk):
    campaign = ready_to_vote(clerk)

    prepare_round(campaign, spare={}, by=clerk, is_rehearsal=True)

    assert not PolicyVersion.objects.filter(frozen_at__isnull=False).exists()


def test_next_years_campaign_takes_rules_and_sources_over_and_names_their_origin(campaign, clerk):
    actions.set_policy(campaign, {"min_valid_ballots": 9}, sources={"few": "本局办法第八条。"}, by=clerk)
    campaign.refresh_from_db()

    next_year = begin(clerk, 2027, actions.pattern_of(campaign))

    version = current_version(next_year)
    assert differences(policy_of(campaign), version.policy) == []
    assert version.sources == {"few": "本局办法第八条。"}
    assert version.origin.startswith("沿用“2026年度”第 2 版规则，校验值 ")


def test_a_preset_fills_the_fields_and_tells_what_it_would_change_without_saving(client, campaign):
    page = client.get(url("policy", campaign), {"from": "preset:source"}).content.decode()

    assert "尚未保存" in page
    assert "低等次票的口径：只计差票 → 一般票与差票合计" in page
    assert campaign.policy_versions.count() == 1


def test_a_preset_is_saved_with_where_it_came_from(client, campaign):
    answer = client.post(
        url("policy", campaign), fields_of(campaign, forced_poor_mode="AVERAGE_PLUS_POOR") | {"from": "preset:source"}
    )

    assert answer.status_code == 302
    assert current_version(campaign).origin == "预设“源方案原文”"
    assert current_version(campaign).policy.forced_poor_mode == "AVERAGE_PLUS_POOR"


@pytest.mark.parametrize("key", ["preset:nothing", "version:99", "campaign:x", "version:" + "9" * 30, "'"])
def test_rules_from_nowhere_are_those_that_hold(client, campaign, key):
    answer = client.get(url("policy", campaign), {"from": key})

    assert answer.status_code == 200
    assert "尚未保存" not in answer.content.decode()


def test_an_old_version_comes_back_as_a_new_one(client, campaign, clerk):
    actions.set_policy(campaign, {"min_valid_ballots": 9}, by=clerk)

    page = client.get(url("policy", campaign), {"from": "version:1"}).content.decode()

    assert "最少有效票数：9 张 → 5 张" in page
    assert 'name="min_valid_ballots" value="5"' in page


def test_trying_tells_what_changes_and_saves_nothing(client, campaign):
    answer = client.post(url("policy_try", campaign), fields_of(campaign, forced_poor_threshold="15"))

    page = answer.content.decode()
    assert "低等次票比例上限：<del>10.00 %</del> → <ins>15.00 %</ins>" in page
    assert "差票 3/29=10.34 %，未超过 15.00 %，不触发" in page
    assert "尚未保存" in page
    assert campaign.policy_versions.count() == 1


def test_while_somebody_types_the_examples_come_back_each_for_its_place(client, campaign):
    sent_by_htmx = {"HTTP_HX_REQUEST": "true"}

    good = client.post(url("policy_try", campaign), fields_of(campaign, quota_min_below_good="20"), **sent_by_htmx)
    half_typed = client.post(url("policy_try", campaign), fields_of(campaign, quota_min_below_good=""), **sent_by_htmx)

    assert 'id="example-quota" hx-swap-oob="true"' in good.content.decode()
    assert "取整为 14 个" in good.content.decode()
    assert "hx-swap-oob" not in half_typed.content.decode()
    assert "较好及以下至少占" in half_typed.content.decode()


def test_any_two_versions_are_read_beside_each_other(client, campaign, clerk):
    actions.set_policy(campaign, {"min_valid_ballots": 9}, by=clerk)
    actions.set_policy(campaign, {"min_valid_ballots": 7, "tie_policy": "EXCLUDE_ALL"}, by=clerk)

    page = client.get(url("policy_versions", campaign), {"a": "3", "b": "1"}).content.decode()

    assert "第 1 版 → 第 3 版" in page
    assert "最少有效票数：<del>5 张</del> → <ins>7 张</ins>" in page
    assert "名额线上并列的：<del>留待党组研究</del> → <ins>均不占名额</ins>" in page


def test_the_method_is_told_to_the_secretary_too(client, campaign):
    review = make_review(campaign)
    Campaign.objects.update(stage=Stage.REPORTING)
    client.force_login(review.secretary)

    page = client.get(url("method", campaign)).content.decode()

    assert "差票超过有效票的 10.00 % 的，等次确定为差。" in page
    assert "3/29=10.34 %" in page
    assert fingerprint(policy_of(Campaign.objects.get(pk=campaign.pk))) in page


@pytest.mark.parametrize("versions", [1, 3])
def test_the_versions_cost_the_same_for_one_or_three(client, campaign, clerk, versions, django_assert_num_queries):
    for number in range(versions - 1):
        actions.set_policy(campaign, {"min_valid_ballots": 20 + number}, by=clerk)
    client.get(url("policy_versions", campaign))

    with django_assert_num_queries(8):
        client.get(url("policy_versions", campaign))
