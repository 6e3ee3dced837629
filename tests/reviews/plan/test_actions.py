"""What may be done to a campaign's plan, by whom, and in which stage."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied

from organizations.errors import Refused
from organizations.models import Role, RoleGrant, Trace
from reviews.plan import actions
from reviews.plan.models import Campaign, Stage
from reviews.plan.presets import BUREAU, PanelSpec
from reviews.plan.stamp import stamp_of
from reviews.plan.timetable import Timetable, timetable_of
from reviews.report.checks.limits import ReportLimits
from reviews.report.limiting import set_report_limits
from tests.make import make_campaign, make_officer, make_organization, make_panel, make_review

pytestmark = pytest.mark.django_db
USUAL = Timetable.around(date(2026, 12, 20))


def clerk_of(campaign: Campaign):
    return make_officer(Role.ORGANIZER, campaign.organizer)


def create(organizer, by, **fields):
    fields = {"year": 2026, "title": "2026年度述职", "timetable": USUAL, "pattern": BUREAU, **fields}
    return actions.create_campaign(organizer, by=by, **fields)


def ready_campaign():
    """A campaign that may be published, and its clerk."""
    organizer = make_organization("测试局党组", kind="leading_party_group")
    clerk = make_officer(Role.ORGANIZER, organizer)
    campaign = create(organizer, clerk)
    make_review(campaign)
    return campaign, clerk


def test_the_preset_brings_ten_items_three_panels_and_complete_rules():
    organizer = make_organization()

    campaign = create(organizer, make_officer(Role.ORGANIZER, organizer))

    assert campaign.content_items.count() == 10
    assert [(p.code, p.label, int(p.weight)) for p in campaign.panels.all()] == [
        ("A", "领导班子", 50),
        ("B", "同级书记", 30),
        ("C", "党员群众代表", 20),
    ]
    assert (campaign.stage, campaign.speaking_minutes) == (Stage.PLANNING, 5)
    assert campaign.policy["forced_poor_threshold_bp"] == 1000
    assert campaign.policy["panel_weights"] == {"A": "50", "B": "30", "C": "20"}
    assert Trace.objects.get(act="新建活动").organization == organizer


def test_last_years_campaign_is_copied_without_people_and_dates():
    organizer = make_organization()
    clerk = make_officer(Role.ORGANIZER, organizer)
    old = create(organizer, clerk, year=2025, title="旧", timetable=Timetable.around(date(2025, 12, 20)))
    make_review(old)
    actions.set_content(old, ["只此一项"], by=clerk)
    set_report_limits(old, ReportLimits(max_chars=3000, off=("TYPO",)), by=clerk)
    actions.set_policy(old, {"min_valid_ballots": 7}, by=clerk)
    old.refresh_from_db()

    new = create(organizer, clerk, pattern=actions.pattern_of(old))

    assert actions.contents_of(new) == ["只此一项"]
    assert actions.panels_of(new) == actions.panels_of(old)
    assert new.policy["min_valid_ballots"] == 7
    assert ReportLimits.from_document(new.report_limits) == ReportLimits(max_chars=3000, off=("TYPO",))
    assert (new.reviews.count(), new.meets_on) == (0, date(2026, 12, 20))


def test_dates_out_of_order_create_nothing():
    organizer = make_organization()
    days = replace(USUAL, report_due_on=date(2026, 12, 21))

    with pytest.raises(Refused, match="评议会日期"):
        create(organizer, make_officer(Role.ORGANIZER, organizer), timetable=days)

    assert not Campaign.objects.exists()


def test_a_second_click_creates_no_second_campaign():
    organizer = make_organization()
    clerk = make_officer(Role.ORGANIZER, organizer)
    create(organizer, clerk)

    with pytest.raises(Refused, match="已有同名活动"):
        create(organizer, clerk)

    assert Campaign.objects.count() == 1


@pytest.mark.parametrize("role", sorted(set(Role.values) - {Role.ORGANIZER}))
def test_only_the_clerk_creates(role):
    organizer = make_organization()

    with pytest.raises(PermissionDenied):
        create(organizer, make_officer(role, organizer))


def test_the_clerk_of_a_branch_creates_nothing_for_the_bureau():
    organizer = make_organization()
    below = make_organization(parent=organizer)

    with pytest.raises(PermissionDenied):
        create(organizer, make_officer(Role.ORGANIZER, below))


def test_a_right_taken_away_meanwhile_counts_under_the_lock():
    campaign = make_campaign()
    clerk = clerk_of(campaign)
    actions.set_content(campaign, ["一"], by=clerk)
    RoleGrant.objects.all().delete()

    with pytest.raises(PermissionDenied):
        actions.set_content(campaign, ["二"], by=clerk)

    assert actions.contents_of(campaign) == ["一"]


def amend(campaign, by, *, reason="", seen=None, **changes):
    days = replace(timetable_of(campaign), **{k: v for k, v in changes.items() if k in Timetable.__slots__})
    values = {k: v for k, v in changes.items() if k not in Timetable.__slots__}
    return actions.amend_campaign(campaign, values=values, timetable=days, by=by, reason=reason, seen=seen)


def settled(campaign):
    """A campaign whose deadlines stand at the end of their day, as the forms write them."""
    for name, value in timetable_of(campaign).as_fields().items():
        setattr(campaign, name, value)
    campaign.save()
    return campaign


def test_while_planning_everything_may_change():
    campaign = settled(make_campaign())

    changed = amend(campaign, clerk_of(campaign), title="新名称", place="三楼会议室", meets_on=date(2026, 12, 22))

    campaign.refresh_from_db()
    assert changed == ["title", "place", "meets_on"]
    assert (campaign.title, campaign.place, campaign.meets_on) == ("新名称", "三楼会议室", date(2026, 12, 22))


def test_after_publishing_a_date_changes_with_a_reason_on_the_trail():
    campaign = settled(make_campaign(stage=Stage.REPORTING))

    amend(campaign, clerk_of(campaign), meets_on=date(2026, 12, 22), reason="会场占用")

    line = Trace.objects.get(act="修改活动")
    assert line.facts == {"reason": "会场占用", "meets_on": ["2026-12-20", "2026-12-22"]}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"meets_on": date(2026, 12, 22)}, "须写明原因"),
        ({"title": "改名", "reason": "想改"}, "名称不能再改"),
    ],
)
def test_after_publishing_other_changes_are_refused(changes, words):
    campaign = settled(make_campaign(stage=Stage.REPORTING))
    before = actions.basics_of(campaign)

    with pytest.raises(Refused, match=words):
        amend(campaign, clerk_of(campaign), **changes)

    campaign.refresh_from_db()
    assert actions.basics_of(campaign) == before


def test_a_closed_campaign_is_not_changed():
    campaign = settled(make_campaign(stage=Stage.CLOSED))

    with pytest.raises(Refused, match="归档"):
        amend(campaign, clerk_of(campaign), place="别处", reason="想改")


def test_a_stale_form_is_told_and_changes_nothing():
    campaign = settled(make_campaign())
    clerk = clerk_of(campaign)
    seen = stamp_of(actions.basics_of(campaign))
    amend(campaign, clerk, place="先到", seen=seen)

    with pytest.raises(Refused, match="已被他人修改"):
        amend(campaign, clerk, place="后到", seen=seen)

    campaign.refresh_from_db()
    assert campaign.place == "先到"


def test_content_is_fixed_once_reports_are_written():
    campaign = make_campaign(stage=Stage.REPORTING)

    with pytest.raises(Refused, match="不能再修改"):
        actions.set_content(campaign, ["一"], by=clerk_of(campaign))


A = PanelSpec("A", "领导班子", Decimal(60), 9)
B = PanelSpec("B", "群众", Decimal(40), 20)


def test_panels_keep_their_rows_and_carry_their_weights_into_the_rules():
    campaign = make_campaign()
    kept = make_panel(campaign, "A")
    make_panel(campaign, "Z")

    actions.set_panels(campaign, [B, A], by=clerk_of(campaign))

    campaign.refresh_from_db()
    assert [(p.pk == kept.pk, p.code, p.size) for p in campaign.panels.all()] == [(True, "A", 9), (False, "B", 20)]
    assert campaign.policy["panel_weights"] == {"A": "60", "B": "40"}


def test_at_the_meeting_only_the_numbers_of_voters_may_be_corrected():
    campaign = make_campaign(stage=Stage.MEETING)
    make_panel(campaign, "A", label="领导班子", weight=60, size=10)
    clerk = clerk_of(campaign)

    actions.set_panels(campaign, [A], by=clerk)
    with pytest.raises(Refused, match="只能更正应到人数"):
        actions.set_panels(campaign, [replace(A, weight=Decimal(70))], by=clerk)

    assert actions.panels_of(campaign) == [A]


def test_a_panel_that_the_rules_look_at_is_not_removed():
    campaign = make_campaign(policy={"forced_poor_scope": "PANEL:B"})
    make_panel(campaign, "B")

    with pytest.raises(Refused, match="只看B票"):
        actions.set_panels(campaign, [A], by=clerk_of(campaign))

    assert [panel.code for panel in campaign.panels.all()] == ["B"]


@pytest.mark.parametrize("stage", [Stage.PLANNING, Stage.REPORTING])
def test_rules_change_until_the_meeting(stage):
    campaign = make_campaign(stage=stage)

    actions.set_policy(campaign, {"forced_poor_mode": "EITHER"}, note="党组会议定", by=clerk_of(campaign))

    campaign.refresh_from_db()
    assert campaign.policy["forced_poor_mode"] == "EITHER"


@pytest.mark.parametrize("stage", [Stage.MEETING, Stage.BALLOT, Stage.GRADING, Stage.RECTIFYING, Stage.CLOSED])
def test_rules_are_fixed_from_the_meeting_on(stage):
    campaign = make_campaign(stage=stage)

    with pytest.raises(Refused, match="评定规则不能再修改"):
        actions.set_policy(campaign, {"forced_poor_mode": "EITHER"}, by=clerk_of(campaign))


def test_rules_that_contradict_themselves_are_refused_by_name():
    campaign = make_campaign()

    with pytest.raises(Refused, match="score_floors"):
        actions.set_policy(campaign, {"score_floors": ["50", "70", "90"]}, by=clerk_of(campaign))


def test_a_complete_plan_is_published():
    campaign, clerk = ready_campaign()

    actions.publish_campaign(campaign, by=clerk)

    campaign.refresh_from_db()
    move = campaign.moves.get()
    assert (campaign.stage, move.before, move.after, move.by) == (Stage.REPORTING, "planning", "reporting", clerk)


def test_an_empty_plan_is_not_published_and_says_what_is_missing():
    campaign = make_campaign()

    with pytest.raises(Refused) as refused:
        actions.publish_campaign(campaign, by=clerk_of(campaign))

    for words in ("还没有考核内容", "还没有票种", "还没有述职人"):
        assert words in str(refused.value)
    assert Campaign.objects.get().stage == Stage.PLANNING


def test_a_second_publishing_is_refused():
    campaign, clerk = ready_campaign()
    actions.publish_campaign(campaign, by=clerk)

    with pytest.raises(Refused, match="不能重复发布"):
        actions.publish_campaign(campaign, by=clerk)

    assert campaign.moves.count() == 1


@pytest.mark.parametrize(("before", "after"), [(Stage.REPORTING, Stage.PLANNING), (Stage.MEETING, Stage.REPORTING)])
def test_a_step_back_needs_a_reason(before, after):
    campaign = make_campaign(stage=before)
    clerk = clerk_of(campaign)

    with pytest.raises(Refused, match="须写明原因"):
        actions.step_back(campaign, after, by=clerk, reason="  ")
    actions.step_back(campaign, after, by=clerk, reason="名单有误")

    campaign.refresh_from_db()
    assert (campaign.stage, campaign.moves.get().reason) == (after, "名单有误")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Stage.MEETING, Stage.PLANNING),
        (Stage.BALLOT, Stage.MEETING),
        (Stage.RECTIFYING, Stage.GRADING),
        (Stage.CLOSED, Stage.RECTIFYING),
    ],
)
def test_other_ways_back_are_not_the_plans(before, after):
    campaign = make_campaign(stage=before)

    with pytest.raises(Refused, match="不能在这里退回"):
        actions.step_back(campaign, after, by=clerk_of(campaign), reason="想退")


def test_a_reason_too_long_is_told():
    campaign = make_campaign(stage=Stage.REPORTING)

    with pytest.raises(Refused, match="原因最多 300 字，现有 301 字"):
        actions.step_back(campaign, Stage.PLANNING, by=clerk_of(campaign), reason="长" * 301)


@pytest.mark.parametrize("stage", sorted(set(Stage.values) - {Stage.RECTIFYING}))
def test_only_a_campaign_under_rectification_is_archived(stage):
    campaign = make_campaign(stage=stage)

    with pytest.raises(Refused):
        actions.archive_campaign(campaign, by=clerk_of(campaign))


def test_a_campaign_under_rectification_is_archived():
    campaign = make_campaign(stage=Stage.RECTIFYING)

    actions.archive_campaign(campaign, by=clerk_of(campaign))

    assert Campaign.objects.get().stage == Stage.CLOSED
