"""PURE: exact numbers as people read them. Rounding happens here and nowhere else, and only for the eye."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction


def digits(number: int) -> str:
    """A whole number in digits. By way of Decimal, since ``str`` gives up on more than 4300 of them."""
    return format(Decimal(number), "f")


def plain(number: Decimal | int) -> str:
    """A decimal as short as it can be written without losing anything.

    >>> plain(Decimal("60.00")), plain(Decimal("0.250")), plain(Decimal(100))
    ('60', '0.25', '100')
    """
    written = format(Decimal(number), "f")
    return written.rstrip("0").rstrip(".") if "." in written else written


def two_places(number: Fraction | Decimal | int) -> str:
    """A number rounded half up to two decimals, for the eye alone.

    >>> two_places(Fraction(8484, 95)), two_places(Fraction(10005, 1000)), two_places(80)
    ('89.31', '10.01', '80.00')
    """
    this = Fraction(number)
    hundredths = (abs(this.numerator) * 200 + this.denominator) // (2 * this.denominator)
    whole, rest = divmod(hundredths, 100)
    sign = "-" if this < 0 and hundredths else ""
    return f"{sign}{digits(whole)}.{rest:02d}"


def as_fraction(number: Fraction) -> str:
    """A reduced fraction, or the whole number it is.

    >>> as_fraction(Fraction(8484, 95)), as_fraction(Fraction(160, 2))
    ('8484/95', '80')
    """
    above = digits(number.numerator)
    return above if number.denominator == 1 else f"{above}/{digits(number.denominator)}"


def percent(share: Fraction) -> str:
    """A share in per cent.

    >>> percent(Fraction(3, 29))
    '10.34 %'
    """
    return f"{two_places(share * 100)} %"


def basis_points(bp: int) -> str:
    """Basis points in per cent.

    >>> basis_points(1000)
    '10.00 %'
    """
    return percent(Fraction(bp, 10_000))


def in_both_forms(number: Fraction) -> str:
    """A number with two decimals, and beside it the fraction wherever the two decimals are not all of it.

    >>> in_both_forms(Fraction(92)), in_both_forms(Fraction(8484, 95))
    ('92.00', '8484/95 ≈ 89.31')
    """
    rounded = two_places(number)
    return rounded if number * 100 == int(number * 100) else f"{as_fraction(number)} ≈ {rounded}"
