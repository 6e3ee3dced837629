"""How alike ballots are, told so that no ballot can be found again. The attack knows counts and shares."""

from collections import Counter, defaultdict
from fractions import Fraction
from itertools import combinations_with_replacement, product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import health

MARKS = "4321"
SHARES = range(0, 101, health.STEP)
PILES = st.lists(st.text("43210x-", min_size=3, max_size=3), min_size=30, max_size=40)


def small_boxes(voters, entries, marks="41"):
    """Every possible content of a small box, as a sorted pile."""
    sheets = ["".join(sheet) for sheet in product(marks, repeat=entries)]
    return list(combinations_with_replacement(sheets, voters))


def counts_of(box):
    """What is published of every vote: how many chose what, line by line."""
    return tuple(tuple(sorted(Counter(column).items())) for column in zip(*box, strict=True))


def exact(box):
    return health.alike(box), health.all_good(box)


def without_noise(box):
    return tuple(health.rounded(number, len(box)) for number in exact(box))


def certain(boxes):
    """Ballots that lie in every one of these boxes, and those that lie in none of them: what an attacker knows."""
    return frozenset.intersection(*map(frozenset, boxes)), frozenset().union(*boxes)


def determined_by(publish, boxes):
    """Published shares that tell more of some whole ballot than the counts alone: how many of them there are."""
    by_counts, by_both = defaultdict(list), defaultdict(list)
    for box in boxes:
        by_counts[counts_of(box)].append(box)
        for shares in publish(box):
            by_both[counts_of(box), shares].append(box)
    return sum(certain(fitting) != certain(by_counts[counts]) for (counts, _), fitting in by_both.items())


def reachable(box):
    """Every pair of shares that a box may publish: noise has no limit, and twice the box is beyond every clamp."""
    ways = range(-2 * len(box), 2 * len(box) + 1)
    return set(product(*({health.rounded(number + way, len(box)) for way in ways} for number in exact(box))))


@pytest.mark.parametrize(("voters", "entries"), [(3, 2), (4, 2), (5, 2), (3, 3), (4, 3)])
def test_published_shares_determine_no_whole_ballot_in_any_small_box(voters, entries):
    boxes = small_boxes(voters, entries)

    told = determined_by(reachable, boxes)

    assert told == 0


@pytest.mark.parametrize("publish", [exact, without_noise], ids=["exact", "rounded only"])
def test_the_attack_finds_whole_ballots_in_shares_that_were_not_made_inexact(publish):
    """The negative control: rounding alone is not enough, in a small box it rounds nothing away."""
    boxes = small_boxes(4, 3)

    told = determined_by(lambda box: {publish(box)}, boxes)

    assert told > 50


def test_rounding_alone_betrays_a_pair_of_marks_even_among_thirty():
    """Two lines with one 差 each: on one ballot, or on two? The share of ballots alike would say it."""
    of_one_voter = ["44"] * 14 + ["34"] * 15 + ["11"]
    of_two_voters = ["44"] * 13 + ["34"] * 15 + ["14"] + ["41"]

    shares = [health.rounded(health.all_good(box), 30) for box in (of_one_voter, of_two_voters)]

    assert shares == [50, 40]


@given(PILES, st.sampled_from(SHARES), st.sampled_from(SHARES))
def test_any_box_may_have_published_any_pair_of_shares(box, alike, all_good):
    wanted = (alike, all_good)

    possible = reachable(box)

    assert wanted in possible


def chance_of(count, total, share):
    """How likely a count is told as a share, exactly; beyond the reach the clamp swallows the whole tail."""
    reach = 2 * total
    inside = {way: Fraction(1, 3 * 2 ** abs(way)) for way in range(-reach + 1, reach)}
    tail = Fraction(2, 3 * 2**reach)  # the sum of all ways from reach on
    ends = {0: tail, 100: tail}
    return ends.get(share, 0) + sum(p for way, p in inside.items() if health.rounded(count + way, total) == share)


@given(PILES, st.integers(0, 29), st.text("43210x-", min_size=3, max_size=3), st.sampled_from(SHARES))
def test_one_voter_makes_a_share_at_most_twice_or_four_times_as_likely(box, place, other, share):
    changed = [*box[:place], other, *box[place + 1 :]]

    before = [chance_of(number, len(box), share) for number in exact(box)]
    after = [chance_of(number, len(box), share) for number in exact(changed)]

    assert after[0] <= 4 * before[0]
    assert after[1] <= 2 * before[1]


@given(PILES, st.integers(0, 29), st.text("43210x-", min_size=3, max_size=3))
def test_one_voter_moves_alike_by_two_and_all_good_by_one(box, place, other):
    changed = [*box[:place], other, *box[place + 1 :]]

    moved = [abs(one - two) for one, two in zip(exact(box), exact(changed), strict=True)]

    assert moved[0] <= 2
    assert moved[1] <= 1


@pytest.mark.parametrize(
    "sizes",
    [(29,), (10, 10, 9), (20, 9), (100, 1), (12, 12, 4, 2), ()],
    ids=str,
)
def test_too_few_ballots_are_told_nothing_of(sizes):
    piles = [["444"] * size for size in sizes]

    shares = health.shares_of(piles)

    assert shares == {}


@pytest.mark.parametrize("sizes", [(30,), (10, 10, 10), (20, 10, 0)], ids=str)
def test_thirty_ballots_in_panels_of_ten_are_enough(sizes):
    piles = [["444"] * size for size in sizes]

    shares = health.shares_of(piles, coin=lambda: 0)

    assert shares == {"ballots": 30, "alike": 100, "all_good": 100}


@given(PILES)
def test_shares_are_whole_tens_and_nothing_else_is_kept(box):
    coin = Random(len(set(box))).getrandbits

    shares = health.shares_of([box], coin=lambda: coin(1))

    assert set(shares) == {"ballots", "alike", "all_good"}
    assert shares["alike"] in SHARES
    assert shares["all_good"] in SHARES


def test_noise_takes_both_sides_and_is_near_zero_on_average():
    coin = Random(7).getrandbits

    drawn = [health.noise(lambda: coin(1)) for _ in range(3000)]

    assert min(drawn) < -5
    assert max(drawn) > 5
    assert abs(sum(drawn)) < 300
    assert 0.30 < drawn.count(0) / 3000 < 0.37


def test_spoilt_and_empty_ballots_are_nobodys_twins():
    spoilt = ["xxx", "xxx", "000", "000", "---"]

    numbers = exact(spoilt)

    assert numbers == (0, 0)
