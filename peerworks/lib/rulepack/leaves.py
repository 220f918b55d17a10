"""What a leaf of a rule pack may hold: each function makes a converter for one kind of leaf.

A converter takes a plain value of the file, returns it as the dataclasses hold it, and raises
`ValueError` with the fault in words.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from peerworks.lib.rulepack import words
from peerworks.lib.rulepack.people import Every
from peerworks.lib.rulepack.values import NONE

Convert = Callable[[Any], Any]

KEY: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
WORD: Final = re.compile(r"[A-Z][A-Z0-9]*([-_][A-Z0-9]+)*")
PLACE: Final = re.compile(r"[0-9]{2}")
CODE: Final = re.compile(r"[A-Z0-9]{5}")
MODIFIER: Final = re.compile(r"[A-Z0-9]{2}")


def whole(low: int = 0) -> Convert:
    """A whole number, `low` or more."""

    def convert(value: Any) -> int:
        if type(value) is not int:
            raise ValueError(f"a whole number is wanted, not {said(value)}")
        if value < low:
            raise ValueError(f"{value} is less than {low}")
        return value

    return convert


def number(value: Any) -> int | Decimal:
    """A whole number or a decimal, not negative: hours."""
    if type(value) is not int and not isinstance(value, Decimal):
        raise ValueError(f"a number is wanted, not {said(value)}")
    if value < 0:
        raise ValueError(f"{value} is less than 0")
    return value


def truth(value: Any) -> bool:
    """Exactly true or false."""
    if not isinstance(value, bool):
        raise ValueError(f"true or false is wanted, not {said(value)}")
    return value


def day(value: Any) -> dt.date:
    """A day, written YYYY-MM-DD."""
    if not isinstance(value, dt.date):
        raise ValueError(f"a day YYYY-MM-DD is wanted, not {said(value)}")
    return value


def day_or_none(value: Any) -> dt.date | str:
    """A day, or NONE for "there is none"."""
    return NONE if value == NONE else day(value)


def day_key(value: Any) -> str:
    """A day as the key of a map, which stays text: "2026-03-01"."""
    return dt.date.fromisoformat(value).isoformat()


def text(pattern: re.Pattern[str] | None = None) -> Convert:
    """Text that is not empty, of a shape where one is given."""

    def convert(value: Any) -> str:
        if not isinstance(value, str) or not value.strip():
            raise ValueError(f"text is wanted, not {said(value)}")
        if pattern is not None and not pattern.fullmatch(value):
            raise ValueError(f"{said(value)} does not have the shape {pattern.pattern}")
        return value

    return convert


def word(allowed: frozenset[str]) -> Convert:
    """One of the words allowed."""

    def convert(value: Any) -> str:
        if not isinstance(value, str) or value not in allowed:
            raise ValueError(f"{said(value)} is not one of {', '.join(sorted(allowed))}")
        return value

    return convert


def many(each: Convert) -> Convert:
    """A list without repetition, of one kind of leaf, as a tuple; not empty."""

    def convert(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, tuple) or not value:
            raise ValueError(f"a list is wanted, not {said(value)}")
        items = tuple(each(item) for item in value)
        if len(set(items)) != len(items):
            raise ValueError("the list names something twice")
        return items

    return convert


def series(each: Convert) -> Convert:
    """A list in which the same may stand twice (minutes of visits); not empty."""

    def convert(value: Any) -> tuple[Any, ...]:
        if not isinstance(value, tuple) or not value:
            raise ValueError(f"a list is wanted, not {said(value)}")
        return tuple(each(item) for item in value)

    return convert


def some(each: Convert) -> Convert:
    """As `many`, and the list may be empty."""
    filled = many(each)
    return lambda value: () if value == () else filled(value)


def by_key(each: Convert, key: Convert) -> Convert:
    """A map of one kind of leaf by one kind of key."""

    def convert(value: Any) -> Mapping[str, Any]:
        if not isinstance(value, dict):
            raise ValueError(f"a map is wanted, not {said(value)}")
        return {key(name): each(item) for name, item in value.items()}

    return convert


def every(value: Any) -> Every:
    """An interval: {days: n} or {months: n}."""
    if not isinstance(value, dict) or len(value) != 1 or not set(value) <= {"days", "months"}:
        raise ValueError("an interval is written {days: n} or {months: n}")
    return Every(**{unit: whole(1)(count) for unit, count in value.items()})


_ROLLING: Final = re.compile(r"ROLLING_MONTHS\(([1-9][0-9]?)\)")


def window(value: Any) -> tuple[str, int]:
    """A window and, for ROLLING_MONTHS(n), its months (else 0)."""
    rolling = _ROLLING.fullmatch(value) if isinstance(value, str) else None
    if rolling:
        return "ROLLING_MONTHS", int(rolling[1])
    if not isinstance(value, str) or value not in words.WINDOWS:
        allowed = ", ".join(sorted(words.WINDOWS))
        raise ValueError(f"{said(value)} is not one of {allowed}, ROLLING_MONTHS(n)")
    return value, 0


def said(value: Any) -> str:
    """A value as a message names it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "a map"
    if isinstance(value, tuple):
        return "a list"
    return "nothing" if value is None else f'"{value}"'
