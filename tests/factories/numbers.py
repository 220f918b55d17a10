"""One row of numbers for everything made up that must differ from what is there."""

import itertools

_numbers = itertools.count(1)


def next_number() -> int:
    """The next number."""
    return next(_numbers)


def go_on_after(last: int) -> None:
    """Go on above this number, never below what was given out: rows of another process hold those up to it."""
    global _numbers
    _numbers = itertools.count(max(last + 1, next_number()))
