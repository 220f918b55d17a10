"""Money: decimals with two places, rounded half up, and never a float.

An amount is a plain `Decimal`, named `Money` in signatures where it has been through `money` and so
has exactly two places; its text, `str(amount)`, is then what is stored, hashed and sent.
"""

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

Money = Decimal

_CENT = Decimal("0.01")
_CENTS = 100


def money(value: Decimal | int | str) -> Money:
    """The amount with two places, rounded half up: `money("2.345")` is 2.35.

    Raises `TypeError` for a float or a truth value, and `ValueError` for text that is no number,
    for NaN or infinity and for more digits than money has.
    """
    if isinstance(value, bool) or not isinstance(value, Decimal | int | str):
        raise TypeError(f"money is made from a Decimal, an int or text, not {type(value).__name__}")
    try:
        rounded = Decimal(value).quantize(_CENT, rounding=ROUND_HALF_UP)
    except InvalidOperation as error:
        raise ValueError("this is not an amount of money") from error
    if not rounded.is_finite():
        raise ValueError("this is not an amount of money")
    return rounded.copy_abs() if rounded.is_zero() else rounded


def charge_for(units: int, rate: Decimal) -> Money:
    """The charge of `units` at `rate` dollars a unit, rounded once, at the end.

    A rate may have more than two places. Raises `TypeError` for anything but an int and a Decimal,
    and `ValueError` where one is negative or the rate is no number.
    """
    if type(units) is not int or not isinstance(rate, Decimal):
        raise TypeError("a charge is made from whole units and a Decimal rate")
    if units < 0 or not rate.is_finite() or rate < 0:
        raise ValueError("units and a rate are numbers, and never negative")
    return money(units * rate)


def cents(amount: Decimal) -> int:
    """The amount in whole cents.

    Raises `TypeError` for anything but a Decimal and `ValueError` for a fraction of a cent, which
    `money` should have rounded before.
    """
    if not isinstance(amount, Decimal):
        raise TypeError(f"an amount is a Decimal, not {type(amount).__name__}")
    exact = money(amount)
    if exact != amount:
        raise ValueError("this amount has a fraction of a cent")
    return int(exact * _CENTS)


def from_cents(count: int) -> Money:
    """The amount of `count` whole cents. Raises `TypeError` for anything but an int."""
    if type(count) is not int:
        raise TypeError(f"cents are counted in an int, not {type(count).__name__}")
    return money(Decimal(count) / _CENTS)


def total(amounts: Iterable[Decimal]) -> Money:
    """The sum of amounts, 0.00 for none; exact, since it is added up in cents. Raises as `cents`."""
    return from_cents(sum(cents(each) for each in amounts))
