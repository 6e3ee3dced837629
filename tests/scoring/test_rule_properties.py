"""The properties that RULES.md section 3 demands, each under the name of its sentence."""

from dataclasses import fields, replace
from decimal import Decimal

from hypothesis import assume, example, given
from hypothesis import strategies as st

from scoring.policy import Comparator, ForcedPoorMode, TiePolicy
from scoring.rules import Grade, PanelCount, Policy, Standing, suggest_grades
from scoring.tally import count_marks, panel_count
from tests.scoring.make import codes, standing, suggest

MARKS = ("good", "fairly_good", "average", "poor", "abstain", "invalid", "recused")
FACTS = ("MAJOR_FAILURE", "ACCOUNTABILITY", "LATE_REPORT", "HEARSAY")
WEIGHTS = st.sampled_from([1, "0.5", "33.3", 50, 20])
EXPLAINING = {"CAP", "FORCED_BY_FACT", "FORCED_BY_BALLOTS", "QUOTA", "QUOTA_TIE"}


@st.composite
def counts(draw) -> PanelCount:
    """One panel that balances; mostly 好, so that the quota has work to do."""
    marks = [draw(st.integers(0, most)) for most in (30, 10, 3, 3, 2, 1, 1)]
    returned = sum(marks)
    return PanelCount(returned + draw(st.integers(0, 2)), returned, *marks)


@st.composite
def standings(draw, panels="ABC") -> list[Standing]:
    """A campaign; every review has the same panels, in the same order."""
    size = draw(st.integers(1, 8))
    scores = st.none() | st.sampled_from([Decimal(0), Decimal(70), Decimal("91.5"), Decimal(100)])
    return [
        Standing(
            id=number,
            panels={code: draw(counts()) for code in panels},
            org_type=draw(st.sampled_from(["BRANCH", "COMMITTEE"])),
            facts=tuple(draw(st.lists(st.sampled_from(FACTS), max_size=1))),
            routine=draw(scores),
            field=draw(scores),
            previous_grade=draw(st.none() | st.sampled_from(Grade)),
            closure_rate=draw(st.none() | st.sampled_from([Decimal(0), Decimal("0.5"), Decimal(1)])),
        )
        for number in range(size)
    ]


@st.composite
def policies(draw) -> Policy:
    """Any policy that weighs the panels A, B and C.

    A limit of nothing that triggers at nothing (GTE 0) is left out: it forces 差 on whoever has a voter at all,
    so there the first 好 vote of a panel does lower a grade.
    """
    comparator = draw(st.sampled_from(Comparator))
    least = 1 if comparator is Comparator.GTE else 0
    weighted = draw(st.booleans())
    return Policy(
        panel_weights={code: draw(WEIGHTS) for code in draw(st.permutations("ABC"))} if weighted else None,
        empty_panel=draw(st.sampled_from(["RENORMALIZE", "BLOCK"])),
        composite=draw(st.none() | st.fixed_dictionaries({"ballot": WEIGHTS, "routine": WEIGHTS, "field": WEIGHTS})),
        missing_component=draw(st.sampled_from(["BLOCK", "RENORMALIZE"])),
        forced_poor_mode=draw(st.sampled_from(ForcedPoorMode)),
        forced_poor_threshold_bp=draw(st.sampled_from([least, 999, 1000, 2500, 10000])),
        forced_poor_comparator=comparator,
        forced_poor_denominator=draw(
            st.sampled_from(["EXPRESSED", "EXPRESSED_PLUS_ABSTAIN", "RETURNED", "ISSUED"]),
        ),
        forced_poor_scope=draw(st.sampled_from(["POOLED", "ANY_PANEL", "WEIGHTED", "PANEL:B"])),
        caps=draw(st.sampled_from([{}, {"LATE_REPORT": "AVERAGE"}])),
        min_valid_ballots=draw(st.sampled_from([0, 5, 40])),
        quota_min_below_good_bp=draw(st.sampled_from([0, 1500, 5000, 10000])),
        quota_group_by=draw(st.sampled_from(["CAMPAIGN", "ORG_TYPE"])),
        quota_min_group=draw(st.sampled_from([0, 5])),
        tie_policy=draw(st.sampled_from(TiePolicy)),
    )


def by_id(everybody, policy) -> dict:
    """The suggestions without the order they came in."""
    return {suggestion.id: suggestion for suggestion in suggest_grades(everybody, policy).suggestions}


def with_one_more(one: Standing, code: str, mark: str) -> Standing:
    """The review after one more voter of a panel has come, voted and been counted."""
    panel = one.panels[code]
    more = replace(panel, issued=panel.issued + 1, returned=panel.returned + 1, **{mark: getattr(panel, mark) + 1})
    return replace_panels(one, one.panels | {code: more})


def replace_panels(one: Standing, panels: dict) -> Standing:
    rest = {each.name: getattr(one, each.name) for each in fields(one) if each.init and each.name != "panels"}
    return Standing(panels=panels, **rest)


@given(standings(), policies(), st.randoms())
def test_the_order_of_reviews_changes_nothing(everybody, policy, random):
    shuffled = random.sample(everybody, len(everybody))

    assert by_id(shuffled, policy) == by_id(everybody, policy)


@given(standings(), policies(), st.randoms())
def test_the_order_of_panels_changes_nothing(everybody, policy, random):
    """Where the weights are given; without them the first panel of the document breaks ties (step 8)."""
    assume(policy.panel_weights is not None)
    turned = []
    for one in everybody:
        order = random.sample(list(one.panels), len(one.panels))
        turned.append(replace_panels(one, {code: one.panels[code] for code in order}))

    before, after = by_id(everybody, policy), by_id(turned, policy)

    assert {key: _without_words(each) for key, each in after.items()} == {
        key: _without_words(each) for key, each in before.items()
    }


def _without_words(suggestion):
    """A sentence names its panels in the order of the document."""
    notices = [notice.code for notice in suggestion.notices]
    return replace(suggestion, reasons=(), notices=()), codes(suggestion), notices


@given(standings(), policies(), st.sampled_from("ABC"))
def test_one_more_good_vote_never_lowers_anyones_own_suggestion(everybody, policy, code):
    """No grade at all is not a lower one: a vote can lift a forced 差 from someone whose score is blocked."""
    one = everybody[0]

    before = suggest_own(one, policy)
    after = suggest_own(with_one_more(one, code, "good"), policy)

    assert None in (before, after) or after >= before


@given(standings(), policies(), st.sampled_from("ABC"))
def test_one_more_poor_vote_never_raises_ones_own_suggestion(everybody, policy, code):
    """With EITHER it can: see the next test."""
    assume(policy.forced_poor_mode is not ForcedPoorMode.EITHER)
    one = everybody[0]

    before = suggest_own(one, policy)
    after = suggest_own(with_one_more(one, code, "poor"), policy)

    assert before is None or after <= before  # and a grade is never taken away


def test_under_either_one_more_poor_vote_dilutes_the_average_ones():
    """The one exception to the property above, and it lies in the rule: 11/109 is over 10 %, 11/110 is not."""
    before = suggest(standing(good=89, average=11, poor=9), forced_poor_mode="EITHER")
    after = suggest(standing(good=89, average=11, poor=10), forced_poor_mode="EITHER")

    assert (before.grade, after.grade) == (Grade.POOR, Grade.GOOD)


def suggest_own(one: Standing, policy: Policy) -> Grade | None:
    return suggest_grades([one], policy).suggestions[0].own_grade


@given(standings(panels="A"), policies())
def test_with_weights_equal_and_one_panel_pooled_is_weighted(everybody, policy):
    policy = replace(policy, panel_weights=None)

    pooled = by_id(everybody, replace(policy, forced_poor_scope="POOLED"))
    weighted = by_id(everybody, replace(policy, forced_poor_scope="WEIGHTED"))

    assert {key: _without_words(each) for key, each in pooled.items()} == {
        key: _without_words(each) for key, each in weighted.items()
    }


@given(standings(), policies(), st.sampled_from([Decimal(3), Decimal("0.07"), Decimal(1000)]))
def test_multiplying_all_weights_by_a_constant_changes_nothing(everybody, policy, constant):
    def times(weights):
        return weights and tuple((name, weight * constant) for name, weight in weights)

    scaled = replace(policy, panel_weights=times(policy.panel_weights), composite=times(policy.composite))

    assert by_id(everybody, scaled) == by_id(everybody, policy)


@given(standings(), policies())
def test_the_good_that_are_not_open_never_exceed_the_places_unless_ties_are_included(everybody, policy):
    """Nor where the group is too small for the quota to lower anybody."""
    assume(policy.tie_policy is not TiePolicy.INCLUDE_ALL)

    outcome = suggest_grades(everybody, policy)

    for group in outcome.groups:
        settled = [
            each
            for each in outcome.suggestions
            if each.group == group.name and each.grade is Grade.GOOD and not each.is_open
        ]
        assert group.notices or len(settled) <= group.places


@given(standings(), policies())
@example([standing(good=20), *(standing(f"r{n}", 20) for n in range(2, 7))], Policy())
def test_every_grade_other_than_the_bands_has_a_reason_that_explains_the_difference(everybody, policy):
    for suggestion in suggest_grades(everybody, policy).suggestions:
        if suggestion.grade is not suggestion.band:
            assert EXPLAINING & set(codes(suggestion))
        else:
            assert suggestion.reasons


@given(standings(), policies())
def test_a_grade_that_is_not_there_says_why(everybody, policy):
    for suggestion in suggest_grades(everybody, policy).suggestions:
        silent = {"NO_VALID_BALLOTS", "EMPTY_PANEL", "MISSING_COMPONENT"} & set(codes(suggestion))
        assert (suggestion.band is None) == bool(silent)


ballots = st.lists(st.text("44443210x-", min_size=3, max_size=3), min_size=1, max_size=40)


def _graded(box: list[str], issued: int) -> list:
    marks = count_marks(box, 3)
    everybody = [Standing(number, {"A": panel_count(mark, issued=issued)}) for number, mark in enumerate(marks)]
    policy = Policy(quota_min_group=0, quota_min_below_good_bp=5000)
    return list(suggest_grades(everybody, policy).suggestions)


@given(ballots, st.randoms())
def test_permuting_the_ballots_changes_nothing(box, random):
    assert _graded(random.sample(box, len(box)), 50) == _graded(box, 50)


@given(ballots)
def test_adding_a_void_ballot_changes_nothing(box):
    """Nor does an abstention, as long as only expressed votes are counted."""
    assert _graded([*box, "xxx"], 50) == _graded(box, 50)
    assert _graded([*box, "000"], 50) == _graded(box, 50)
