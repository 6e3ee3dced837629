"""The figures of the ledger by hand-made cases: rates, last year's problems, recurrences, history."""

from fractions import Fraction

import pytest

from reviews.ledger import actions
from reviews.ledger.models import Problem
from reviews.ledger.queries import (
    closure_rate,
    closure_rates,
    figures_of,
    history_of,
    in_percent,
    likely_recurrences,
    problems_of_last_year,
)
from tests.make import make_campaign, make_problem, make_review
from tests.reviews.ledger.town import bring_to, build_bureau, in_days

pytestmark = pytest.mark.django_db
State = Problem.State


def of_year(bureau, year: int):
    """A review of the bureau's branch in another year."""
    campaign = make_campaign(bureau.organizer, year=year)
    return make_review(campaign, organization=bureau.review.organization, secretary=bureau.secretary)


def test_problems_of_last_year_come_newest_year_first_and_only_from_the_books_of_the_organization():
    bureau = build_bureau()
    before, last = of_year(bureau, 2024), of_year(bureau, 2025)
    old = make_problem(before, state=State.CLOSED)
    new = make_problem(last, state=State.CLAIMED)
    for state in (State.NOTED, State.WITHDRAWN):
        make_problem(last, state=state)
    make_problem(make_review(last.campaign), state=State.OPEN)
    make_problem(bureau.review, state=State.OPEN)

    assert list(problems_of_last_year(bureau.review)) == [new, old]


def test_figures_count_what_is_on_the_books_and_rates_are_exact():
    review = build_bureau().review
    closed = {"state": State.CLOSED}
    make_problem(review, **closed, due_on=in_days(-5), closed_on=in_days(-5))  # on its last day: on time
    make_problem(review, **closed, due_on=in_days(-5), closed_on=in_days(-4))  # late
    make_problem(review, **closed, due_on=in_days(9), closed_on=in_days(-4))  # not yet due
    make_problem(review, state=State.CLAIMED, due_on=in_days(-1))  # overdue
    make_problem(review, state=State.CLOSING, due_on=in_days(0))  # today still counts
    make_problem(review, state=State.OPEN)
    make_problem(review, state=State.NOTED)
    make_problem(review, state=State.WITHDRAWN)

    figures = figures_of(Problem.objects.filter(review=review))

    assert (figures.total, figures.unclaimed, figures.rectifying, figures.closing, figures.closed) == (6, 1, 1, 1, 3)
    assert (figures.due, figures.on_time, figures.overdue) == (3, 1, 1)
    assert figures.closure == Fraction(1, 2)
    assert figures.punctuality == Fraction(1, 3)


def test_rates_of_nothing_are_absent():
    figures = figures_of(Problem.objects.all())

    assert (figures.closure, figures.punctuality, in_percent(figures.closure)) == (None, None, "—")


@pytest.mark.parametrize(
    ("share", "shown"),
    [
        (Fraction(0), "0.0%"),
        (Fraction(1, 2000), "0.1%"),
        (Fraction(1, 3), "33.3%"),
        (Fraction(2, 3), "66.7%"),
        (Fraction(1), "100.0%"),
    ],
)
def test_shares_are_shown_half_up_to_one_decimal(share, shown):
    assert in_percent(share) == shown


def test_closure_rate_is_last_years_share_alone():
    bureau = build_bureau()
    last = of_year(bureau, 2025)
    for state in (State.CLOSED, State.CLOSED, State.OPEN, State.WITHDRAWN, State.NOTED):
        make_problem(last, state=state)
    make_problem(of_year(bureau, 2024), state=State.CLAIMED)
    bare = make_review(bureau.review.campaign)

    assert closure_rate(bureau.review) == Fraction(2, 3)
    assert closure_rate(bare) is None


@pytest.mark.parametrize("reviews", [1, 3])
def test_closure_rates_of_a_campaign_cost_two_queries(reviews, django_assert_num_queries):
    campaign, last = make_campaign(year=2026), make_campaign(year=2025)
    for _ in range(reviews):
        review = make_review(campaign)
        make_problem(make_review(last, organization=review.organization), state=State.CLOSED)

    with django_assert_num_queries(2):
        rates = closure_rates(campaign)

    assert rates == dict.fromkeys(campaign.reviews.values_list("pk", flat=True), Fraction(1))


def test_likely_recurrences_stand_first_and_only_recent_ones_are_suggested():
    bureau = build_bureau()
    other = make_problem(of_year(bureau, 2025), state=State.CLOSED, text="台账更新不及时")
    again = make_problem(other.review, state=State.CLOSED, text="主题党日形式比较单一")
    long_ago = make_problem(of_year(bureau, 2023), state=State.CLOSED, text="主题党日形式单一")
    problem = bring_to(State.OPEN, bureau)

    found = likely_recurrences(problem)

    assert [(line.older, line.is_suggested) for line in found] == [(again, True), (long_ago, False), (other, False)]


def test_history_tells_every_act_in_its_order():
    bureau = build_bureau()
    problem = bring_to(State.CLOSED, bureau)
    actions.reopen_problem(problem, reason="又出现了", by=bureau.clerk)

    told = [line.act for line in history_of(problem)]

    assert told == ["登记问题", "反馈问题", "认领问题", "报告进展", "申请销号", "同意销号", "重新整改"]
