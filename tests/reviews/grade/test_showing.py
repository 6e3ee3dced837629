"""Small panels are shown nowhere, and cannot be found again from what is shown (S10, S11)."""

from itertools import product

import pytest

from reviews.grade import showing
from scoring import document
from scoring.policy import Policy, to_document
from scoring.rules import suggest_grades
from scoring.tally import PanelCount

COUNTS = ("good", "fairly_good", "average", "poor")


def panel(good=0, fairly_good=0, average=0, poor=0, **others) -> dict:
    marks = {"good": good, "fairly_good": fairly_good, "average": average, "poor": poor}
    marks |= {"abstain": 0, "invalid": 0, "recused": 0} | others
    returned = sum(marks.values())
    return {"issued": returned, "returned": returned, **marks}


def standing(**panels) -> dict:
    return {"id": "1", "panels": panels}


LARGE = panel(good=14, fairly_good=4, average=1, poor=1)


def test_large_panels_are_shown_each_with_its_counts():
    bars = showing.votes_of(standing(A=LARGE, B=panel(good=10)))

    assert [(bar.label, bar.returned, bar.withheld) for bar in bars] == [("A票", 20, ""), ("B票", 10, "")]
    assert bars[0].shares == [("好", 14, 70), ("较好", 4, 20), ("一般", 1, 5), ("差", 1, 5)]
    assert bars[1].in_words == "好 10，较好 0，一般 0，差 0"


@pytest.mark.parametrize("n", range(5, 10))
@pytest.mark.parametrize("is_unanimous", [True, False])
def test_a_panel_of_five_to_nine_shows_no_count_and_takes_the_others_with_it(n, is_unanimous):
    small = panel(good=n) if is_unanimous else panel(good=n - 1, poor=1)

    alone, beside = showing.votes_of(standing(A=small)), showing.votes_of(standing(A=small, B=LARGE))

    assert [bar.in_words for bar in alone] == ["多数为“好”（有票种不足 10 票，不列票数）"]
    assert [bar.in_words for bar in beside] == [f"收回 {n + 20} 票（有票种不足 10 票，不列票数）"]
    assert alone[0].shares == beside[0].shares == []


def test_below_five_ballots_nothing_is_shown():
    bars = showing.votes_of(standing(A=panel(good=3, poor=1)))

    assert [(bar.label, bar.shares, bar.withheld) for bar in bars] == [("合计", [], "不足 5 票，不显示")]


def test_a_panel_in_which_nobody_voted_hides_nobody():
    assert [bar.shares[0] for bar in showing.votes_of(standing(A=panel(), B=LARGE))] == [("好", 0, 0), ("好", 14, 70)]


def test_a_panel_that_votes_by_name_may_be_small():
    this = standing(A=panel(good=3), B=LARGE)

    assert [len(bar.shares) for bar in showing.votes_of(this, by_name={"A"})] == [4, 4]
    assert showing.hides_counts(this)
    assert not showing.hides_counts(this, by_name={"A"})


def histograms(voters: int) -> list[tuple[int, ...]]:
    return [marks for marks in product(range(voters + 1), repeat=4) if sum(marks) == voters]


@pytest.mark.parametrize("scope", ["POOLED", "ANY_PANEL", "PANEL:A", "WEIGHTED"])
def test_beside_a_small_panel_only_the_score_and_what_it_led_to_are_told(scope):
    """However five leaders and ten others vote: the same result looks the same, so no count shows through it."""
    policy = Policy(panel_weights={"A": 60, "B": 40}, forced_poor_scope=scope)
    looks: dict[tuple, set] = {}

    for small, large in product(histograms(5), histograms(10)[::7]):
        this = standing(A=panel(*small), B=panel(*large))
        _, read = document.read_document({"policy": to_document(policy), "reviews": [this]})
        answer = document.to_answer(suggest_grades(read, policy))["reviews"][0]
        reasons = answer["reasons"] + answer["notices"]
        result = (answer["score"], answer["grade"], *(reason["code"] for reason in reasons))
        told = [showing.told(reason, this, policy)["text"] for reason in reasons]
        looks.setdefault(result, set()).add((*told, *(bar.in_words for bar in showing.votes_of(this))))

    assert len(looks) > 50
    assert {len(look) for look in looks.values()} == {1}


def test_a_single_panel_of_ten_hides_its_shares_of_nobody():
    policy = Policy()
    reason = {"code": "FORCED_BY_BALLOTS", "text": "差票 2/10=20.00 %，超过 10.00 %，等次定为差"}

    assert showing.told(reason, standing(A=panel(good=8, poor=2)), policy) == reason


@pytest.mark.parametrize("n", range(5, 10))
def test_reasons_name_no_count_of_a_small_vote(n):
    this, policy = standing(A=panel(good=n - 1, poor=1)), Policy()
    outcome = suggest_grades(document.read_document({"reviews": [this]})[1], policy)
    reasons = document.to_answer(outcome)["reviews"][0]["reasons"]

    told = [showing.told(reason, this, policy) for reason in reasons]

    assert [reason["code"] for reason in told] == ["BAND", "FORCED_BY_BALLOTS"]
    assert f"1/{n}" in reasons[1]["text"]
    assert told[1]["text"] == "低等次票的比例超过 10.00 %，等次定为差（有票种不足 10 票，不列票数）"


def test_the_score_of_fewer_than_five_ballots_is_not_told():
    this = standing(A=panel(good=2, poor=1))

    told = showing.told({"code": "BAND", "text": "得分 80.00，达到较好（≥70）"}, this, Policy())

    assert showing.hides_score(this)
    assert "80" not in told["text"]


def test_all_panels_together_add_up():
    both = showing.pooled(standing(A=LARGE, B=panel(good=9, abstain=1)))

    assert both == {
        "good": 23,
        "fairly_good": 4,
        "average": 1,
        "poor": 1,
        "abstain": 1,
        "invalid": 0,
        "recused": 0,
        "returned": 30,
    }
    assert PanelCount(issued=30, **both).breach() == ""
