"""The opening: two codes, no number before it, and nothing to open afterwards."""

import pytest

from organizations.errors import Refused
from organizations.models import Trace
from scoring import booth, count
from scoring.models import Box, WrappedKey
from tests.scoring.boxes import (
    make_frozen,
    make_open,
    make_opened,
    vote,
)

pytestmark = pytest.mark.django_db


def test_wrong_codes_are_refused_in_words_and_not_for_ever():
    filled = make_open({"A": 5})
    for slip in filled.slips["A"]:
        vote(slip)
    booth.close(filled.box, by=filled.by)
    other = make_frozen({"A": 5})
    wrong = other.codes

    for left in reversed(range(10)):
        with pytest.raises(Refused, match=f"还可再试 {left} 次"):
            booth.unseal(filled.box, wrong, by=filled.by)
    with pytest.raises(Refused, match="已锁定"):
        booth.unseal(filled.box, filled.codes, by=filled.by)
    booth.forgive_wrong_codes(filled.box, by=filled.by)

    assert booth.unseal(filled.box, filled.codes, by=filled.by).state == Box.State.OPENED
    assert Box.objects.get(pk=other.box.pk).wrong_codes == 0  # tries on one box lock no other


@pytest.mark.parametrize("codes", [[], ["one"], ["same", "same"], ["", ""], ["甲", "乙"]])
def test_the_box_needs_two_different_codes(codes):
    filled = make_open({"A": 5})
    booth.close(filled.box, by=filled.by)

    with pytest.raises(Refused, match="两个不同的开箱码"):
        booth.unseal(filled.box, codes, by=filled.by)


def test_codes_made_anew_replace_the_old_ones():
    filled = make_frozen({"A": 5})
    codes = booth.make_keys(filled.box, 3, by=filled.by)
    booth.open_box(filled.box, by=filled.by)
    vote(filled.slips["A"][0])
    booth.close(filled.box, by=filled.by)

    with pytest.raises(Refused, match="不正确"):
        booth.unseal(filled.box, filled.codes, by=filled.by)

    assert booth.unseal(filled.box, [codes[2], codes[0].lower()], by=filled.by).state == Box.State.OPENED


def test_there_is_no_number_before_the_opening():
    filled = make_open({"A": 40})
    for slip in filled.slips["A"][:7]:
        vote(slip)

    for answer in (count.standings_input, count.document_of, count.suggestions_for, count.export_package):
        with pytest.raises(Refused, match="开箱后"):
            answer(filled.box)
    with pytest.raises(Refused, match="封箱后"):
        booth.returned_figures(filled.box)


def test_destroyed_keys_end_the_appeal_window():
    filled = make_opened({"A": 5})

    booth.destroy_keys(filled.box, by=filled.by)

    assert WrappedKey.objects.count() == 0


def test_what_grades_are_suggested_from_can_be_completed_from_outside():
    filled = make_opened({"A": 6}, ballots={"A": ["444"] * 6})
    facts = [{"id": 2, "facts": ["ACCOUNTABILITY"]}]

    outcome = count.suggestions_for(filled.box, facts)

    assert [outcome.of(number).grade.name for number in "123"] == ["GOOD", "POOR", "GOOD"]
    with pytest.raises(Refused, match="“9”"):
        count.suggestions_for(filled.box, [{"id": "9"}])


def test_the_trail_tells_of_the_opening_but_nothing_that_a_guess_at_the_counts_could_be_checked_by():
    """Whoever reads the trail is not thereby entitled to the counts of a small panel (SECURITY S10)."""
    box = make_opened({"A": 7}).fresh()

    told = str(list(Trace.objects.values_list("act", "facts")))

    assert "票箱：开箱" in told
    assert box.box_root not in told
    assert box.tally_hash not in told
    assert box.events.last().facts == {"box_root": box.box_root, "tally_hash": box.tally_hash}
