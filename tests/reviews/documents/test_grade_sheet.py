"""综合评价等次表: what stands in it, and what must not."""

import pytest

from organizations.models import Organization, Person
from reviews.documents.grade_sheet import HEADINGS, build_grade_sheet
from reviews.grade import actions
from reviews.grade.actions import Proposal
from reviews.plan.models import Review
from tests.reviews.documents.sheets import FORMULAS, formulas_in, rows_of
from tests.reviews.grade.scene import FAIR, GOOD, POOR, approve, build_scene, propose, suggest

pytestmark = pytest.mark.django_db


def silent(done, total):
    """Progress that nobody watches."""


def test_every_secretary_has_a_row_with_votes_score_and_decision():
    scene = approve(build_scene([{"A": GOOD, "B": FAIR}, {"A": POOR, "B": "4" * 9 + "0"}]))
    steps = []

    rows = rows_of(build_grade_sheet(scene.campaign, lambda done, total: steps.append((done, total))))

    first = scene.reviews[0]
    assert rows[0][0] == f"{scene.campaign.title}综合评价等次表"
    assert scene.suggestion().policy_hash[:16] in rows[1][0]
    assert rows[2] == HEADINGS
    assert rows[3][:5] == [1, first.organization.name, first.secretary.name, None, "现场述职"]
    assert rows[3][5:11] == [20, 13, 7, 0, 0, 0]
    assert rows[3][11:] == ["94.40", "好", "得分 94.40，达到好（≥90）", "好", None, "局党组第2次会议（2026-01-05）"]
    assert rows[4][5:13] == [19, 16, 0, 0, 3, 1, "89.20", "差"]
    assert "差票 3/19=15.79 %，超过 10.00 %" in rows[4][13]
    assert rows[4][14] == "差"
    assert steps == [(1, 2), (2, 2)]


def test_a_proposal_that_nobody_approved_is_no_grade():
    scene = suggest(build_scene())
    propose(scene)

    rows = rows_of(build_grade_sheet(scene.campaign, silent))

    assert [row[14:] for row in rows[3:]] == [[None] * 3] * 2


def test_before_the_suggestion_the_names_stand_alone():
    scene = build_scene()

    rows = rows_of(build_grade_sheet(scene.campaign, silent))

    assert [row[5:] for row in rows[3:]] == [[None] * 12] * 2
    assert "尚未评定" in rows[1][0]


@pytest.mark.parametrize("n", range(5, 10))
@pytest.mark.parametrize("second", [{}, {"B": FAIR}])
def test_a_small_panel_leaves_no_count_in_the_sheet(n, second):
    scene = suggest(build_scene([{"A": "4" * (n - 1) + "1", **second}, {"A": "4" * n, **second}]))

    rows = rows_of(build_grade_sheet(scene.campaign, silent))

    for row in rows[3:]:
        assert row[5:11] == ["有票种不足 10 票，不列票数和得分", *["—"] * 5]
        assert f"/{n}" not in row[13]
        assert f"/{n + 10}" not in row[13]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_column_holds_a_formula(text):
    scene = suggest(build_scene())
    Review.objects.update(duty=text)
    for review in scene.reviews:
        Organization.objects.filter(pk=review.organization_id).update(name=f"{text}{review.pk}")
        Person.objects.filter(pk=review.secretary_id).update(name=text)
    propose(scene, [Proposal(r, "AVERAGE", text.strip() and text, text) for r in scene.reviews], reference=text)
    actions.approve(scene.campaign, seen=actions.digest_of(scene.campaign), by=scene.head)

    content = build_grade_sheet(scene.campaign, silent)

    assert formulas_in(content) == 0
    row = rows_of(content)[3]
    kept = text.replace("\r", "\n")
    assert (row[1], row[2], row[3]) == (f"{kept}{scene.reviews[0].pk}", kept, kept)
    assert row[15] == text.strip()


def test_two_exports_of_the_same_data_are_the_same_bytes():
    scene = approve(build_scene())

    assert build_grade_sheet(scene.campaign, silent) == build_grade_sheet(scene.campaign, silent)


@pytest.mark.parametrize("many", [1, 3])
def test_the_sheet_costs_the_same_for_one_review_or_three(many, django_assert_num_queries):
    scene = approve(build_scene([{"A": FAIR}] * many))

    with django_assert_num_queries(5):
        build_grade_sheet(scene.campaign, silent)
