"""Exact numbers as people read them."""

from decimal import ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.exact import as_fraction, basis_points, in_both_forms, percent, plain, two_places


@given(st.fractions(max_denominator=10_000))
def test_two_places_are_rounded_half_up(number):
    with localcontext() as context:
        context.prec = 100
        expected = (Decimal(number.numerator) / Decimal(number.denominator)).quantize(Decimal("0.01"), ROUND_HALF_UP)

    assert two_places(number) == str(expected or abs(expected))


@pytest.mark.parametrize(
    ("number", "written"),
    [
        (Fraction(5, 1000), "0.01"),
        (Fraction(4999, 1000000), "0.00"),
        (Fraction(-5, 1000), "-0.01"),
        (Fraction(-1, 1000), "0.00"),
        (Fraction(99995, 1000), "100.00"),
        (0, "0.00"),
    ],
)
def test_halves_go_up_and_nothing_is_minus_zero(number, written):
    assert two_places(number) == written


def test_ten_point_nought_nought_four_per_cent_prints_as_ten():
    assert percent(Fraction(10004, 100000)) == "10.00 %"


def test_ten_thousand_basis_points_are_the_whole():
    assert basis_points(10_000) == "100.00 %"


def test_numbers_longer_than_python_prints_are_printed():
    assert len(as_fraction(Fraction(10**5000))) == 5001
    assert two_places(Fraction(10**5000)).endswith("0.00")


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-1000, max_value=1000))
def test_a_plain_decimal_loses_nothing(number):
    assert Decimal(plain(number)) == number
    assert not plain(number).endswith(".")


def test_a_fraction_stands_beside_what_two_places_do_not_tell():
    assert in_both_forms(Fraction(1, 8)) == "1/8 ≈ 0.13"
    assert in_both_forms(Fraction(1, 4)) == "0.25"
