"""Values as they come from outside: exact numbers, or a sentence with the path of what is wrong."""

from decimal import Decimal

import pytest

from scoring.policy import Policy, canonical, to_document
from scoring.standing import Standing, ballot_shares
from scoring.strict import Malformed, number, number_within, shown
from scoring.tally import PanelCount


def test_a_number_within_its_limits_is_given_back_exactly():
    assert number_within("91.50", "routine", 0, 100) == Decimal("91.5")
    assert [number_within(limit, "routine", 0, 100) for limit in (0, 100)] == [0, 100]


@pytest.mark.parametrize("beyond", [-1, "100.01"])
def test_a_number_beyond_its_limits_is_refused_with_its_path(beyond):
    with pytest.raises(Malformed, match="routine"):
        number_within(beyond, "routine", 0, 100)


@pytest.mark.parametrize("endless", [10**5000, "9" * 5000], ids=["whole", "written"])
def test_a_number_that_never_ends_is_refused_in_words(endless):
    with pytest.raises(Malformed, match="数过长"):
        number(endless, "policy.panel_weights.A")


def test_a_long_text_is_shown_by_its_first_forty_signs():
    assert shown("长" * 60) == '"' + "长" * 39 + "…"
    assert shown("长" * 38) == '"' + "长" * 38 + '"'


@pytest.mark.parametrize(("wrong", "told"), [(Decimal("0.5"), "0.5"), (b"", "bytes"), (True, "true")])
def test_what_is_no_number_is_shown_as_it_came(wrong, told):
    assert shown(wrong) == told


@pytest.mark.parametrize("wrong", [True, None, [], {}])
def test_what_is_no_number_is_refused(wrong):
    with pytest.raises(Malformed, match="应为数（整数或字符串）"):
        number(wrong, "routine")


def test_the_canonical_policy_is_written_in_chinese_as_it_stands():
    assert '"GOOD":"好"' in canonical(Policy())


def test_the_written_policy_names_its_grades():
    assert to_document(Policy())["grade_labels"] == {
        "GOOD": "好",
        "FAIRLY_GOOD": "较好",
        "AVERAGE": "一般",
        "POOR": "差",
    }


def test_the_share_of_one_panel_is_told_in_its_own_votes():
    panels = {"A": PanelCount(issued=20, returned=20, good=18, poor=2), "B": PanelCount(issued=5, returned=5, good=5)}
    policy = Policy(forced_poor_scope="PANEL:A")

    (share,) = ballot_shares(Standing("r1", panels), policy)

    assert (share.count, share.denominator, share.weighted) == (2, 20, False)
