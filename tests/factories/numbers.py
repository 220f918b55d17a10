"""One row of numbers for everything made up that must differ from what is there."""

import itertools

_numbers = itertools.count(1)


def next_number() -> int:
    """The next number."""
    return next(_numbers)


def go_on_at(first: int) -> None:
    """Go on there: rows that another process made hold the numbers below."""
    global _numbers
    _numbers = itertools.count(first)
