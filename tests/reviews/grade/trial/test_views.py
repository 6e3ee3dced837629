"""The page of trials: what it answers, that it writes nothing, and that it is no oracle for hidden counts."""

import re

import pytest
from django.apps import apps
from django.urls import reverse

from reviews.grade.models import Suggestion
from reviews.grade.suggesting import read_stored
from reviews.grade.trial.queries import visible
from reviews.plan.models import Campaign, Stage
from tests.make import make_campaign, make_officer, make_review
from tests.reviews.grade.scene import GOOD, build_scene, suggest
from tests.reviews.plan.test_policy_form import sent

pytestmark = pytest.mark.django_db
ONE_POOR = "4444444441"
TYPED = "一支部\tA\t40\t40\t35\t0\t4\t1\n二支部\tA\t40\t40\t40\t0\t0\t0"


@pytest.fixture
def counted(client):
    """A campaign of which every panel is large enough to be shown; its clerk is logged in."""
    scene = suggest(build_scene([{"A": GOOD}, {"A": ONE_POOR}]))
    client.force_login(scene.clerk)
    return scene


def post(client, campaign, **asked):
    return client.post(reverse("grade:trial", args=[campaign.pk]), asked)


def edited(campaign: Campaign, **changes) -> dict:
    """The fields of the rules as the page sends them."""
    form = sent(campaign_policy(campaign), **changes)
    return {name: form.data.getlist(name) for name in form.data} | {"trial_rules": "edited"}


def campaign_policy(campaign):
    return read_stored(campaign).outcome.policy


def everything_stored() -> dict:
    """Every row of every table but the sessions, as text."""
    return {
        model: sorted(map(repr, model.objects.values_list()))
        for model in apps.get_models()
        if model._meta.label != "sessions.Session" and model._meta.managed
    }


def test_typed_figures_are_tried_under_a_preset(client, counted):
    answer = post(client, counted.campaign, trial_rules="preset:source", trial_figures="typed", trial_text=TYPED)

    page = answer.content.decode()
    assert answer.status_code == 200
    assert "结果：1 人变化" in page
    assert "一般票和差票合计 5/40=12.50 %，超过 10.00 %，等次定为差" in page


def test_own_votes_are_tried_under_rules_changed_on_the_page(client, counted):
    asked = edited(counted.campaign, forced_poor_threshold="5")

    answer = post(client, counted.campaign, trial_figures="own", **asked)

    page = answer.content.decode()
    assert re.findall(r'invalid-feedback d-block">[^<]*|notice-error.*?</div>', page, re.S) == []
    assert "结果：1 人变化" in page
    assert "低等次票比例上限：10.00 % → 5.00 %" in page
    assert "差票 1/10=10.00 %，超过 5.00 %，等次定为差" in page


def test_last_years_votes_are_tried_for_this_year(client, counted):
    this_year = make_campaign(counted.organizer, year=counted.campaign.year + 1)

    answer = post(client, this_year, trial_figures="last", trial_rules="preset:default")

    assert "没有人变化" in answer.content.decode()


def test_what_is_typed_wrong_stays_on_the_page_and_is_told_by_cell(client, counted):
    answer = post(client, counted.campaign, trial_figures="typed", trial_text="一支部\tA\t40\t40\t许多")

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "第 1 行第 5 列（好）写的是“许多”" in page
    assert "许多</textarea>" in page


def test_figures_may_be_typed_into_the_small_table(client, counted):
    cells = {f"cell-0-{place}": value for place, value in enumerate(["一支部", "A", "", "", "8", "2", "0", "0"])}

    answer = post(client, counted.campaign, trial_figures="typed", **cells)

    assert "一支部" in answer.content.decode()
    assert "没有人变化" in answer.content.decode()


@pytest.mark.parametrize("figures", ["typed", "own"])
def test_a_trial_writes_nothing(client, counted, figures):
    client.get(reverse("grade:trial", args=[counted.campaign.pk]))
    before = everything_stored()

    answer = post(client, counted.campaign, trial_rules="preset:source", trial_figures=figures, trial_text=TYPED)

    assert "结果：" in answer.content.decode()
    assert everything_stored() == before


def test_own_votes_are_not_offered_before_the_opening(client, counted):
    running = make_campaign(counted.organizer, stage=Stage.BALLOT, year=2030)

    answer = post(client, running, trial_figures="own")

    assert answer.status_code == 422
    assert "结果：" not in answer.content.decode()


def test_a_clerk_who_debriefs_himself_tries_typed_figures_only(client, counted):
    make_review(counted.campaign, secretary=counted.clerk)

    own = post(client, counted.campaign, trial_figures="own", trial_rules="preset:source")
    typed = post(client, counted.campaign, trial_figures="typed", trial_text=TYPED)

    assert "结果：" not in own.content.decode()
    assert "结果：" in typed.content.decode()


def test_only_who_decides_or_supervises_may_try(client, counted):
    client.force_login(make_officer("superior", counted.organizer))

    assert client.get(reverse("grade:trial", args=[counted.campaign.pk])).status_code == 403


def answers_to(client, scene, thresholds) -> list[str]:
    """What a trial says of the votes for each limit on the share of 差, without the token of the form."""
    pages = []
    for threshold in thresholds:
        for scope in ("POOLED", "PANEL:A"):
            asked = edited(scene.campaign, forced_poor_threshold=str(threshold), forced_poor_scope=scope)
            page = post(client, scene.campaign, trial_figures="own", **asked).content.decode()
            told = re.search(
                r'<section class="trial-result.*?</section>|<div class="notice notice-error.*?</div>', page, re.S
            )
            pages.append(told.group())
    return pages


def test_halving_the_limit_finds_a_shown_count_but_never_a_hidden_one(client):
    """The attack: move the limit until somebody becomes 差. With a panel of seven it learns nothing at all."""
    limits = [0, 5, 10, 15, 20, 30, 50, 90]
    shown = suggest(build_scene([{"A": GOOD}, {"A": ONE_POOR}]))
    client.force_login(shown.clerk)
    told_of_shown = answers_to(client, shown, limits)
    small = suggest(build_scene([{"A": "4444441", "B": GOOD}, {"A": "4444444", "B": GOOD}]))
    client.force_login(small.clerk)

    told_of_small = answers_to(client, small, limits)

    assert len(set(told_of_shown)) > 1
    assert len(set(told_of_small)) == 1
    assert "会推算出不显示的票数" in told_of_small[0]


def test_a_hidden_review_takes_no_part_in_the_places_of_the_others(client, counted):
    """The attack through the quota: whether a shown review is pushed below the line must not depend on hidden votes."""
    answers = []

    for good in (7, 0):
        hidden = Suggestion.objects.get(review=counted.reviews[0])
        hidden.standing["panels"]["A"] |= {"issued": 7, "returned": 7, "good": good, "poor": 7 - good}
        hidden.save()
        answers.append(told(client, counted))

    assert [doc["id"] for doc in visible(read_stored(counted.campaign))] == ["2"]
    assert answers[0] == answers[1]
    assert "有 1 人的票种票数太少" in answers[0]


def told(client, scene) -> str:
    asked = edited(scene.campaign, quota_min_below_good="50", quota_min_group="1", floor_good="80")
    page = post(client, scene.campaign, trial_figures="own", **asked).content.decode()
    return re.search(r'<section class="trial-result.*?</section>', page, re.S).group()


@pytest.mark.parametrize("people", [1, 3])
def test_a_trial_costs_the_same_for_one_or_three(client, people, django_assert_num_queries):
    scene = suggest(build_scene([{"A": GOOD}] * people))
    client.force_login(scene.clerk)
    post(client, scene.campaign, trial_figures="own")  # the first visit also dates the session

    with django_assert_num_queries(18):
        answer = post(client, scene.campaign, trial_figures="own", trial_rules="preset:source")

    assert answer.status_code == 200
