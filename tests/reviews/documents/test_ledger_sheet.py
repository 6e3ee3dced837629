"""整改台账 as a sheet: one line a problem that was fed back."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from reviews.documents.ledger_sheet import HEADINGS, build_ledger_sheet
from reviews.ledger import actions as ledger
from reviews.ledger.models import Measure, Problem, Progress
from reviews.plan.models import Stage
from tests.make import make_campaign, make_person, make_problem, make_review
from tests.reviews.documents.sheets import FORMULAS, formulas_in, rows_of
from tests.reviews.ledger.town import bring_to, build_bureau

pytestmark = pytest.mark.django_db


def silent(done, total):
    """Progress that nobody watches."""


def test_a_closed_problem_tells_its_whole_way():
    bureau = build_bureau()
    problem = bring_to(Problem.State.CLOSED, bureau, text="主题党日形式单一", is_common=True)
    older = make_problem(
        make_review(make_campaign(bureau.organizer, year=2025), organization=bureau.review.organization)
    )
    ledger.link_recurrence(problem, older=older, by=bureau.clerk)

    rows = rows_of(build_ledger_sheet(bureau.review.campaign, silent))

    problem.refresh_from_db()
    today = timezone.localdate()
    assert rows[1] == HEADINGS
    assert len(rows) == 3
    assert rows[2][:6] == [
        1,
        bureau.review.organization.name,
        bureau.secretary.name,
        "主题党日形式单一",
        "群众评议",
        "共性",
    ]
    assert rows[2][7] == "1. 每季度组织 1 次专题党课\n2. 年底前修订《支部学习制度》"
    assert rows[2][9] == problem.due_on.isoformat()
    assert rows[2][10] == f"{today} 已上 1 次党课"
    assert rows[2][11:] == ["已销号", today.isoformat(), "经办", "2025年同类问题"]


def test_what_was_not_fed_back_or_withdrawn_stays_out():
    review = make_review(make_campaign(stage=Stage.RECTIFYING))
    make_problem(review, text="在账", due_on=timezone.localdate() - timedelta(days=1))
    make_problem(review, text="未反馈", state="noted")
    make_problem(review, text="已撤回", state="withdrawn")

    rows = rows_of(build_ledger_sheet(review.campaign, silent))

    assert [(row[3], row[5], row[11]) for row in rows[2:]] == [("在账", "个性", "待认领（逾期）")]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_column_holds_a_formula(text):
    problem = make_problem(text=text, responsible=text, goal=text, state="claimed", due_on=date(2026, 6, 1))
    Measure.objects.create(problem=problem, number=1, text=text)
    Progress.objects.create(problem=problem, text=text, by=make_person())

    content = build_ledger_sheet(problem.review.campaign, silent)

    assert formulas_in(content) == 0
    assert [rows_of(content)[2][place] for place in (3, 6, 8)] == [text.replace("\r", "\n")] * 3


def test_two_exports_of_the_same_data_are_the_same_bytes():
    campaign = make_problem().review.campaign

    assert build_ledger_sheet(campaign, silent) == build_ledger_sheet(campaign, silent)


@pytest.mark.parametrize("many", [1, 3])
def test_the_sheet_costs_the_same_for_one_problem_or_three(many, django_assert_num_queries):
    review = make_review(make_campaign(stage=Stage.RECTIFYING))
    for _ in range(many):
        make_problem(review)

    with django_assert_num_queries(3):
        build_ledger_sheet(review.campaign, silent)
