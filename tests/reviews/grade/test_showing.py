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

    assert [bar.in_words for bar in alone] == ["多数为“好”（有票种不足 10 票，不列票数和得分）"]
    assert [bar.in_words for bar in beside] == [f"收回 {n + 20} 票（有票种不足 10 票，不列票数和得分）"]
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
def test_beside_a_small_panel_nothing_is_told_but_the_grade_and_the_rule_that_made_it(scope):
    """However five leaders and ten others vote: the same result looks the same, so no figure shows through it."""
    policy = Policy(panel_weights={"A": 60, "B": 40}, forced_poor_scope=scope)
    looks: dict[tuple, set] = {}

    for small, large in product(histograms(5), histograms(10)[::7]):
        this = standing(A=panel(*small), B=panel(*large))
        _, read = document.read_document({"policy": to_document(policy), "reviews": [this]})
        answer = document.to_answer(suggest_grades(read, policy))["reviews"][0]
        reasons = answer["reasons"] + answer["notices"]
        result = (answer["grade"], *(reason["code"] for reason in reasons))
        told = [reason["text"] for reason in showing.told(reasons, this, policy)]
        looks.setdefault(result, set()).add((*told, *(bar.in_words for bar in showing.votes_of(this))))

    assert len(looks) > 3
    assert {len(look) for look in looks.values()} == {1}


def test_a_single_panel_of_ten_hides_its_shares_of_nobody():
    reasons = [{"code": "FORCED_BY_BALLOTS", "text": "差票 2/10=20.00 %，超过 10.00 %，等次定为差"}]

    assert showing.told(reasons, standing(A=panel(good=8, poor=2)), Policy()) == reasons


@pytest.mark.parametrize("n", range(5, 10))
def test_reasons_name_no_number_of_a_small_vote(n):
    this, policy = standing(A=panel(good=n - 1, poor=1)), Policy()
    outcome = suggest_grades(document.read_document({"reviews": [this]})[1], policy)
    answer = document.to_answer(outcome)["reviews"][0]

    reasons, notices = (showing.told(answer[name], this, policy) for name in ("reasons", "notices"))

    assert f"1/{n}" in answer["reasons"][1]["text"]
    assert [reason["code"] for reason in reasons] == ["BAND", "FORCED_BY_BALLOTS"]
    assert [reason["text"] for reason in reasons] == [
        "已按得分划入等次（有票种不足 10 票，不列票数和得分）",
        "低等次票的比例超过 10.00 %，等次定为差（有票种不足 10 票，不列票数和得分）",
    ]
    assert notices == []


DIFFER = [{"code": "READINGS_DIFFER", "text": "两种口径结论不同：差票 1/12"}]


def test_that_the_readings_differ_is_told_of_ten_ballots_in_all_but_not_of_fewer():
    many, few = standing(A=panel(good=5), B=panel(good=5, average=2)), standing(A=panel(good=5, average=2))

    assert [line["text"] for line in showing.told(DIFFER, many, Policy())] == [
        "两种口径结论不同：只计差票与合计一般票，结果不一样（有票种不足 10 票，不列票数和得分）"
    ]
    assert showing.told(DIFFER, few, Policy()) == []


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("BAND", "得分 96.00，达到好（≥90）"),
        ("EMPTY_PANEL", "A票没有有效票，按规则不计得分，不提出等次建议"),
        ("FEW_BALLOTS", "有效票 4 张，少于 5 张，等次由党组研究确定"),
        ("QUOTA", "同组 18 人中“好”的名额为 15 个，排在第 17 位，名额之外，定为较好"),
        ("QUOTA_TIE", "同组 18 人中“好”的名额为 15 个，并列第 15 位的有 2 人，各项指标均相同，名额不够，均定为较好"),
    ],
)
def test_what_a_rule_says_of_a_small_vote_holds_no_figure_of_it(code, text):
    (told,) = showing.told([{"code": code, "text": text}], standing(A=panel(good=5)), Policy())

    assert told["code"] == code
    assert not set("4679") & set(told["text"])  # 5 and 10 are the policy's and the page's own numbers
    assert "A票" not in told["text"]


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
