"""The plan over HTTP: a campaign from nothing to published, bad input told in words, what each page costs."""

import pytest
from django.urls import reverse

from organizations.models import Role
from reviews.plan import actions
from reviews.plan.models import Campaign, Review, Stage
from reviews.plan.quorum import Quorum
from tests.make import (
    make_campaign,
    make_officer,
    make_organization,
    make_panel,
    make_person,
    make_review,
    make_secretary,
)

pytestmark = pytest.mark.django_db
PAGES = ["edit", "reviews", "content", "panels", "policy", "preview", "move"]


@pytest.fixture
def bureau():
    return make_organization("测试局党组", kind="leading_party_group")


@pytest.fixture
def clerk(bureau, client):
    clerk = make_officer(Role.ORGANIZER, bureau)
    client.force_login(clerk)
    return clerk


@pytest.fixture
def campaign(bureau):
    """A campaign being planned, with one panel."""
    campaign = make_campaign(bureau)
    make_panel(campaign, "A", weight=100, size=10)
    return campaign


def url(name, campaign):
    return reverse(f"plan:{name}", args=[campaign.pk])


def new_campaign(bureau, **changes):
    return {
        "source": "preset:bureau",
        "organizer": bureau.pk,
        "year": 2026,
        "title": "",
        "meets_on": "2026-12-20",
        **changes,
    }


def items(*texts):
    rows = {f"items-{n}-text": text for n, text in enumerate(texts)}
    rows |= {f"items-{n}-number": n + 1 for n in range(len(texts))}
    return {"items-TOTAL_FORMS": len(texts), "items-INITIAL_FORMS": 0, **rows}


def panel_rows(*rows):
    names = ("code", "label", "weight", "size", "recusals")
    fields = {f"panels-{n}-{name}": value for n, row in enumerate(rows) for name, value in zip(names, row, strict=True)}
    return {"panels-TOTAL_FORMS": len(rows), "panels-INITIAL_FORMS": 0, **fields}


POLICY = {
    "forced_poor_mode": "AVERAGE_PLUS_POOR",
    "forced_poor_scope": "PANEL:A",
    "forced_poor_comparator": "GTE",
    "forced_poor_threshold": "12.5",
    "forced_poor_denominator": "RETURNED",
    "floor_good": "92",
    "floor_fairly_good": "75",
    "floor_average": "60",
    "quota_min_below_good": "20",
    "quota_enforcement": "BLOCK",
    "tie_policy": "INCLUDE_ALL",
    "min_valid_ballots": 8,
}


def test_a_clerk_takes_a_campaign_from_nothing_to_published(client, bureau, clerk):
    branches = [make_organization(f"第{n}支部", parent=bureau) for n in range(3)]
    for branch in branches:
        make_secretary(branch)

    client.post(reverse("plan:create"), new_campaign(bureau))
    campaign = Campaign.objects.get()
    picked = {"picked": [branch.pk for branch in branches], f"mode-{branches[2].pk}": "written"}
    client.post(url("pick", campaign), picked)
    client.post(url("content", campaign), items("甲", "", "乙"))
    client.post(url("panels", campaign), panel_rows(("a", "班子", "60", 7, 0), ("b", "群众", "40", 20, "")))
    answer = client.post(url("move", campaign), {"to": "reporting"}, follow=True)

    campaign.refresh_from_db()
    assert campaign.title == "2026年度党组织书记抓基层党建述职评议考核"
    assert f"{campaign.report_due_at:%Y-%m-%d}" == "2026-12-13"
    assert actions.contents_of(campaign) == ["甲", "乙"]
    assert [(panel.code, panel.size) for panel in campaign.panels.all()] == [("A", 7), ("B", 20)]
    assert [r.mode for r in campaign.reviews.order_by("order")] == ["onsite", "onsite", "written"]
    assert campaign.stage == Stage.REPORTING
    assert "活动现处于“述职报告”阶段" in answer.content.decode()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"meets_on": "20号"}, "请按“2026-12-20”的格式填写日期"),
        ({"report_due_on": "2026-12-21"}, "评议会日期（2026-12-20）须晚于述职报告截止日期（2026-12-21）"),
        ({"year": "2024"}, "应在 2024 年或 2025 年"),
        ({"source": "preset:none"}, "需要改正"),
        ({"organizer": "0"}, "需要改正"),
        ({"title": "长" * 121}, "120"),
        ({"meets_on": "0001-01-01"}, "年份不对，请核对年份"),
        ({"meets_on": "9999-12-31"}, "年份不对，请核对年份"),
    ],
)
def test_a_wrong_new_campaign_is_told_and_keeps_what_was_typed(client, bureau, clerk, changes, words):
    answer = client.post(reverse("plan:create"), new_campaign(bureau, basis="某某通知", **changes))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "某某通知" in page
    assert not Campaign.objects.exists()


def test_the_pattern_of_another_bureau_is_not_offered(client, bureau, clerk):
    foreign = make_campaign(make_organization("外局"))

    answer = client.post(reverse("plan:create"), new_campaign(bureau, source=f"campaign:{foreign.pk}"))

    assert answer.status_code == 422
    assert Campaign.objects.count() == 1


def test_a_campaign_is_begun_from_last_years(client, bureau, clerk):
    old = make_campaign(bureau, year=2025)
    make_panel(old, "Q", label="特邀", weight=100, size=6)

    client.post(reverse("plan:create"), new_campaign(bureau, source=f"campaign:{old.pk}"))

    new = Campaign.objects.get(year=2026)
    assert [panel.label for panel in new.panels.all()] == ["特邀"]


def test_the_basics_are_saved(client, campaign, clerk):
    days = {"starts_on": "2026-11-20", "report_due_on": "2026-12-10", "meets_on": "2026-12-18"}
    days |= {"filing_due_on": "2026-12-25", "ends_on": "2027-06-30"}

    answer = client.post(
        url("edit", campaign), {"title": "新名", "year": 2026, "place": "礼堂", "speaking_minutes": 6, **days}
    )

    campaign.refresh_from_db()
    assert answer.status_code == 302
    assert (campaign.title, campaign.place, campaign.speaking_minutes) == ("新名", "礼堂", 6)
    assert f"{campaign.meets_on} {campaign.ends_on}" == "2026-12-18 2027-06-30"


def test_the_quorum_is_saved_kept_where_left_out_refused_above_one_and_told_in_words(client, campaign, clerk):
    days = {"starts_on": "2026-11-20", "report_due_on": "2026-12-10", "meets_on": "2026-12-18"}
    days |= {"filing_due_on": "2026-12-25", "ends_on": "2027-06-30"}
    sent = {"title": "新名", "year": 2026, "speaking_minutes": 5, **days}
    quorum = {"quorum_is_strict": "False", "quorum_num": 2, "quorum_den": 3, "quorum_is_binding": "True"}

    client.post(url("edit", campaign), sent | quorum)
    wrong = client.post(url("edit", campaign), sent | {"quorum_num": 4, "quorum_den": 3})
    client.post(url("edit", campaign), sent | {"place": "礼堂"})
    preview = client.get(url("preview", campaign)).content.decode()

    campaign.refresh_from_db()
    assert campaign.quorum == Quorum(2, 3, is_strict=False, is_binding=True)
    assert wrong.status_code == 422
    assert "到会比例不能大于 1" in wrong.content.decode()
    assert "各票种实到人数须不少于应到人数的2/3；未达到的，不得开始测评。" in preview


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([("A", "班子", "0", 5, 0)], "大于或等于0.01"),
        ([("A", "班子", "50", 5, 6)], "可回避人数不能超过应到人数"),
        ([("A", "", "50", 5, 0)], "请填写A票的人员类别"),
        ([("甲", "班子", "50", 5, 0)], "代号用字母或数字"),
        ([("A", "班子", "50", 5, 0), ("a", "群众", "50", 5, 0)], "代号重复"),
        ([("", "", "", "", "")], "至少保留一个票种"),
        ([("A", "班子", "NaN", 5, 0)], "输入"),
    ],
)
def test_wrong_panels_are_told_and_change_nothing(client, campaign, clerk, rows, words):
    before = actions.panels_of(campaign)

    answer = client.post(url("panels", campaign), panel_rows(*rows))

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert actions.panels_of(campaign) == before


@pytest.mark.parametrize(
    ("size", "is_secret", "told"),
    [
        (4, True, "不足 5 人难以保密：合并或改为实名"),
        (9, True, "不足 10 人，开箱后全场只显示等次和所依据的规则"),
        (9, False, ""),
        (10, True, ""),
    ],
)
def test_what_a_small_panel_costs_is_told_while_it_can_still_be_changed(client, campaign, clerk, size, is_secret, told):
    campaign.panels.update(size=size, is_secret=is_secret)

    page = client.get(url("panels", campaign)).content.decode()

    assert told in page
    assert ("notice-warning" in page) == bool(told)


def test_the_policy_is_read_in_sentences_and_saved(client, campaign, clerk):
    before = client.get(url("policy", campaign)).content.decode()

    answer = client.post(url("policy", campaign), POLICY, follow=True)

    campaign.refresh_from_db()
    assert 'name="forced_poor_threshold" value="10"' in before
    assert "差票 3/29=10.34 %，超过 10.00 %，等次定为差。" in before
    assert "A票中一般票和差票合计（占收回票） 3/30=10.00 %，未达到 12.50 %，不触发。" in answer.content.decode()
    assert campaign.policy["forced_poor_threshold_bp"] == 1250
    assert campaign.policy["score_floors"] == {"GOOD": "92", "FAIRLY_GOOD": "75", "AVERAGE": "60"}
    assert campaign.policy["composite"] is None


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"floor_good": "60"}, "应从高到低依次递减"),
        ({"forced_poor_threshold": "10.005"}, "2"),
        ({"forced_poor_threshold": "101"}, "100"),
        ({"forced_poor_scope": "PANEL:Z"}, "需要改正"),
        (
            {"is_composite": "on", "weight_ballot": "0", "weight_routine": "0", "weight_field": "0"},
            "三项权重不能全为 0",
        ),
    ],
)
def test_wrong_rules_are_told_beside_their_field(client, campaign, clerk, changes, words):
    before = campaign.policy

    answer = client.post(url("policy", campaign), POLICY | changes)

    campaign.refresh_from_db()
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert campaign.policy == before


def test_a_stale_policy_form_keeps_what_was_typed(client, campaign, clerk):
    answer = client.post(url("policy", campaign), {**POLICY, "seen": "0" * 16})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "已被他人修改" in page
    assert 'value="12.5"' in page


@pytest.mark.parametrize("words", ["发布后才交来的考核内容", "字" * 301])
def test_content_items_sent_after_publishing_are_told_and_stay_on_the_page(client, campaign, clerk, words):
    Campaign.objects.update(stage=Stage.REPORTING)

    answer = client.post(url("content", campaign), items("加强理论学习", words))

    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "不能再保存" in page
    assert not campaign.content_items.exists()


def test_the_weights_of_a_preset_go_from_the_rules_to_the_panels_in_one_click(client, campaign, clerk):
    make_panel(campaign, "C", weight=20, size=12)
    before = actions.panels_of(campaign)

    rules = client.get(url("policy", campaign), {"from": "preset:panels_60_40"}).content.decode()
    filled = client.get(url("panels", campaign), {"from": "preset:panels_60_40"}).content.decode()

    assert f"{url('panels', campaign)}?from=preset%3Apanels_60_40" in rules
    assert "A票 60、B票 40，尚未保存" in filled
    assert 'name="panels-0-weight" value="60"' in filled
    assert 'name="panels-2-weight" value="40"' in filled
    assert "这套规则没有C票" in filled
    assert actions.panels_of(campaign) == before


@pytest.mark.parametrize("source", ["preset:default", "preset:nothing", "version:99999999999999999999", "campaign:0"])
def test_rules_that_weigh_no_panels_leave_the_weights_alone(client, campaign, clerk, source):
    page = client.get(url("panels", campaign), {"from": source})

    assert page.status_code == 200
    assert "已填入" not in page.content.decode()


def test_panels_and_rules_sent_after_the_vote_began_stay_on_the_page(client, campaign, clerk):
    Campaign.objects.update(stage=Stage.BALLOT)

    panels = client.post(url("panels", campaign), panel_rows(("B", "本单位党员代表", "100", "7", "0")))
    rules = client.post(url("policy", campaign), POLICY)

    assert "本单位党员代表" in panels.content.decode()
    assert 'value="12.5"' in rules.content.decode()
    assert {panels.status_code, rules.status_code} == {422}


def test_rows_are_put_into_order_without_a_script_and_with_one(client, campaign, clerk):
    first, second = make_review(campaign), make_review(campaign)

    plain = client.post(url("arrange", campaign), {"down": first.pk})
    swapped = client.post(url("arrange", campaign), {"down": second.pk}, headers={"HX-Request": "true"})

    assert plain.status_code == 302
    assert swapped.content.decode().strip().startswith('<section id="chosen"')
    assert list(campaign.reviews.order_by("order")) == [first, second]


@pytest.mark.parametrize("wrong", [{"up": "x"}, {"down": "9" * 30}, {"up": "0"}])
def test_an_unknown_row_is_not_found(client, campaign, clerk, wrong):
    assert client.post(url("arrange", campaign), wrong).status_code == 404


def test_an_order_that_is_no_number_is_told(client, campaign, clerk):
    review = make_review(campaign)

    answer = client.post(url("arrange", campaign), {f"order-{review.pk}": "第一", f"mode-{review.pk}": "onsite"})

    assert answer.status_code == 422
    assert "顺序没有保存" in answer.content.decode()


def test_picking_nothing_and_picking_nonsense_change_nothing(client, campaign, clerk):
    for picked in ([], ["x", "9" * 40]):
        answer = client.post(url("pick", campaign), {"picked": picked})

        assert answer.status_code == 409
        assert "没有选择述职人" in answer.content.decode()
    assert not Review.objects.exists()


def test_publishing_too_early_is_told_in_words(client, campaign, clerk):
    page = client.get(url("move", campaign)).content.decode()
    answer = client.post(url("move", campaign), {"to": "reporting"})

    assert "还没有述职人" in page
    assert answer.status_code == 409
    assert "还没有述职人" in answer.content.decode()


@pytest.mark.parametrize("asked", [{}, {"to": "elsewhere"}, {"to": "grading"}, {"to": "planning", "reason": "退"}])
def test_a_move_that_is_not_the_plans_changes_nothing(client, campaign, clerk, asked):
    answer = client.post(url("move", campaign), asked)

    campaign.refresh_from_db()
    assert answer.status_code == 409
    assert campaign.stage == Stage.PLANNING


def test_a_secretary_without_account_is_warned_about(client, campaign, clerk):
    make_review(campaign, secretary=make_person("未开通"))

    page = client.get(url("move", campaign)).content.decode()

    assert "1 名述职人还没有可用账号" in page
    assert "未开通" in page


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("role", [Role.APPROVER, Role.SUPERVISOR, Role.SUPERIOR])
def test_readers_see_every_page_and_change_nothing(client, bureau, campaign, name, role):
    client.force_login(make_officer(role, bureau))

    page = client.get(url(name, campaign))
    answer = client.post(url(name, campaign), {"to": "reporting"})

    assert page.status_code == 200
    assert answer.status_code in (403, 405)


def test_the_printed_plan_says_what_the_campaign_says(client, campaign, clerk):
    campaign.place = "三楼会议室"
    campaign.save()
    make_review(campaign)
    make_review(campaign, mode=Review.Mode.WRITTEN)

    page = client.get(url("preview", campaign)).content.decode()

    for words in ("2026年12月20日在三楼会议室召开", "2 个党支部", "现场述职 1 名，书面述职 1 名", "不超过 2500 字"):
        assert words in page
    for part in ("一、时间、范围和方式", "二、主要内容", "三、方法步骤", "四、组织领导", "附件 1", "附件 2"):
        assert part in page


def test_a_secretary_reads_the_published_plan_and_nothing_before(client, bureau):
    campaign = make_campaign(bureau)
    review = make_review(campaign)
    client.force_login(review.secretary)

    hidden = client.get(url("preview", campaign))
    Campaign.objects.update(stage=Stage.REPORTING)
    shown = client.get(url("preview", campaign))

    assert (hidden.status_code, shown.status_code) == (404, 200)
    assert reverse("plan:edit", args=[campaign.pk]) not in shown.content.decode()


@pytest.mark.parametrize("query", ["year=²", "year=99999", "stage=x", "words=%00", "page=x", "words=%25"])
def test_any_filter_answers(client, campaign, clerk, query):
    assert client.get(reverse("plan:list") + "?" + query).status_code == 200


def test_the_list_is_narrowed(client, bureau, clerk):
    make_campaign(bureau, title="甲活动", year=2025)
    make_campaign(bureau, title="乙活动", stage=Stage.REPORTING)

    by_year = client.get(reverse("plan:list"), {"year": "2025"}).content.decode()
    by_stage = client.get(reverse("plan:list"), {"stage": "reporting"}).content.decode()

    assert ("甲活动" in by_year, "乙活动" in by_year) == (True, False)
    assert ("甲活动" in by_stage, "乙活动" in by_stage) == (False, True)


FRAME = 5  # session, person, grants, posts, what waits


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_one_or_three(client, bureau, clerk, rows, django_assert_num_queries):
    for _ in range(rows):
        make_review(make_campaign(bureau))

    client.get(reverse("plan:list"))  # the first visit also dates the session

    with django_assert_num_queries(FRAME + 4):  # count, campaigns, years, may create
        client.get(reverse("plan:list"))


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(
    ("name", "cost"),
    [("reviews", 8), ("content", 3), ("panels", 4), ("policy", 8), ("preview", 6), ("move", 9), ("edit", 2)],
)
def test_a_page_costs_the_same_for_one_or_three(client, campaign, clerk, rows, name, cost, django_assert_num_queries):
    for number in range(rows):
        make_review(campaign)
        make_secretary(make_organization(parent=campaign.organizer))
        make_panel(campaign, f"P{number}")
        campaign.content_items.create(number=number + 1, text="项")

    client.get(url(name, campaign))  # the first visit also dates the session

    with django_assert_num_queries(FRAME + cost):
        client.get(url(name, campaign))
