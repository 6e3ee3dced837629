"""Suggestions are scoring's own, out of the opened box and what stands beside it."""

import io
import json
import zipfile

import pytest

from organizations.errors import Refused
from reviews.grade import suggesting
from reviews.grade.models import Decision, Suggestion
from reviews.plan.models import Stage
from scoring import count, document
from scoring.policy import fingerprint
from scoring.terms import policy_of
from tests.make import make_campaign, make_person, make_problem, make_review
from tests.reviews.grade.scene import FAIR, GOOD, POOR, build_scene, confirmed_fact, suggest

pytestmark = pytest.mark.django_db

THREE = [{"A": GOOD, "B": FAIR}, {"A": FAIR, "B": FAIR}, {"A": POOR, "B": GOOD}]


def box_of(scene):
    return scene.campaign.rounds.get().box


def test_suggestions_equal_what_scoring_says_of_the_same_box():
    scene = build_scene(THREE)
    kind = [{"id": str(number), "org_type": "党支部"} for number in (1, 2, 3)]
    expected = document.to_answer(count.suggestions_for(box_of(scene), kind))["reviews"]

    suggest(scene)

    stored = Suggestion.objects.order_by("review__order")
    assert [
        {"score": s.score, "score_exact": s.score_exact, "grade": s.grade, "open": s.is_open, "reasons": s.reasons}
        for s in stored
    ] == [
        {
            key: str(e[key]) if key == "score_exact" else e[key]
            for key in ("score", "score_exact", "grade", "open", "reasons")
        }
        for e in expected
    ]
    assert [s.consequences for s in stored] == [e["consequences"] for e in expected]
    assert [s.notices for s in stored] == [e["notices"] for e in expected]
    assert {s.policy_hash for s in stored} == {fingerprint(policy_of(box_of(scene)))}


def test_what_was_suggested_is_read_again_from_what_was_stored():
    scene = suggest(build_scene(THREE))

    stored, live = suggesting.read_stored(scene.campaign), suggesting.read_rules(scene.campaign)

    assert stored.outcome == live.outcome
    assert stored.standings == live.standings
    assert [list(standing["panels"]) for standing in stored.standings.values()] == [["A", "B"]] * 3


def test_a_later_change_beside_the_box_does_not_change_what_was_suggested():
    scene = suggest(build_scene(THREE))
    before = suggesting.read_stored(scene.campaign).outcome
    review = scene.reviews[0]
    last = make_review(make_campaign(scene.organizer, year=2025), organization=review.organization)

    make_problem(last, state="closed")

    assert suggesting.read_stored(scene.campaign).outcome == before
    assert suggesting.read_rules(scene.campaign).standings[review.pk]["closure_rate"] == "1.0000"


def test_last_years_low_grade_counts_against_the_same_person_only():
    scene = build_scene([{"A": POOR}, {"A": POOR}])
    last_year = make_campaign(scene.organizer, year=2025, stage=Stage.RECTIFYING)
    for place, secretary in enumerate([scene.reviews[0].secretary, make_person()]):
        review = make_review(last_year, organization=scene.reviews[place].organization, secretary=secretary)
        Decision.objects.create(
            review=review,
            grade="AVERAGE",
            reference="会议",
            decided_on=last_year.meets_on,
            proposed_by=scene.clerk,
            approved_by=scene.head,
        )

    suggest(scene)

    assert "CONSECUTIVE_LOW" in scene.suggestion(0).consequences
    assert "CONSECUTIVE_LOW" not in scene.suggestion(1).consequences


def decided_last_year(scene, grade, **review):
    campaign = review.pop("campaign", None) or make_campaign(scene.organizer, year=2025, stage=Stage.RECTIFYING)
    decision = {
        "reference": "会议",
        "decided_on": campaign.meets_on,
        "proposed_by": scene.clerk,
        "approved_by": scene.head,
    }
    Decision.objects.create(review=make_review(campaign, **review), grade=grade, **decision)
    return campaign


def test_last_years_grade_goes_with_the_person_to_another_organization_and_another_organizer():
    scene = build_scene([{"A": POOR}, {"A": POOR}])
    elsewhere = make_campaign(year=2025, stage=Stage.RECTIFYING)

    decided_last_year(scene, "AVERAGE", campaign=elsewhere, secretary=scene.reviews[0].secretary)

    assert suggesting.previous_grades(scene.campaign) == {scene.reviews[0].pk: "AVERAGE"}


@pytest.mark.parametrize(("same_grade", "told"), [("GOOD", "GOOD"), (None, "POOR")])
def test_who_led_several_has_the_grade_of_the_same_organization_else_his_lowest(same_grade, told):
    scene = build_scene([{"A": GOOD}])
    (review,) = scene.reviews
    campaign = decided_last_year(scene, "POOR", secretary=review.secretary)
    decided_last_year(scene, "AVERAGE", campaign=campaign, secretary=review.secretary)
    if same_grade:
        same = {"organization": review.organization, "secretary": review.secretary}
        decided_last_year(scene, same_grade, campaign=campaign, **same)

    assert suggesting.previous_grades(scene.campaign) == {review.pk: told}


def test_last_years_proposal_that_nobody_approved_is_no_grade():
    scene = build_scene()
    last = make_review(
        make_campaign(scene.organizer, year=2025),
        organization=scene.reviews[0].organization,
        secretary=scene.reviews[0].secretary,
    )

    Decision.objects.create(
        review=last, grade="POOR", reference="会议", decided_on=last.campaign.meets_on, proposed_by=scene.clerk
    )

    assert suggesting.previous_grades(scene.campaign) == {}


def test_places_are_shared_by_type_of_organization_and_said_in_chinese():
    votes = [{"A": GOOD}] * 5 + [{"A": FAIR}]
    kinds = ["branch"] * 5 + ["general_branch"]

    scene = suggest(build_scene(votes, policy={"quota_group_by": "ORG_TYPE", "tie_policy": "EXCLUDE_ALL"}, kinds=kinds))

    groups = suggesting.read_stored(scene.campaign).outcome.groups
    assert [(group.name, group.size, group.places) for group in groups] == [("党支部", 5, 4), ("党总支", 1, 0)]
    assert [scene.suggestion(place).grade for place in range(6)] == ["FAIRLY_GOOD"] * 6


def test_a_confirmed_fact_stands_beside_the_votes():
    scene = suggest(build_scene(THREE))

    confirmed_fact(scene, place=0)

    assert suggesting.read_stored(scene.campaign).standings[scene.reviews[0].pk]["facts"] == ["ACCOUNTABILITY"]


def test_without_an_opened_box_there_is_nothing_to_read():
    campaign = make_campaign(stage=Stage.BALLOT)

    with pytest.raises(Refused, match="尚未开箱"):
        suggesting.read_rules(campaign)

    assert suggesting.read_stored(campaign) is None


def test_the_recount_package_gives_the_grades_that_were_suggested_facts_included(db):
    scene = build_scene()
    confirmed_fact(scene)
    suggest(scene)

    with zipfile.ZipFile(io.BytesIO(suggesting.package_of(scene.fresh()))) as package:
        grades = json.loads(package.read("grades.json"))

    assert [line["grade"] for line in grades["reviews"]] == [scene.suggestion(0).grade, scene.suggestion(1).grade]
    assert grades["reviews"][0]["grade"] == "POOR"
