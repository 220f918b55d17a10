"""What is wrong with an X12 file, as values that name where.

A message is short, technical English for the person who talks to the payer ("SE01=24 actual 25").
It never repeats the content of an element about a person: only envelope values, counts, places and
the names of characters. Pages translate by `code`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Code(StrEnum):
    """Why a file is refused. The first seven are for reading (EMPTY for writing too), the rest for writing.

    Of several, the error is named after the first in this order (`X12Error.code`).
    """

    DELIMITERS = "DELIMITERS"  # two delimiters are the same, or one is a letter or digit
    VERSION = "VERSION"  # not 005010, or a guide that is not read
    SYNTAX = "SYNTAX"  # an envelope segment missing or out of order, a limit exceeded
    COUNT = "COUNT"  # SE01, GE01 or IEA01 is not what was counted
    CONTROL = "CONTROL"  # SE02, GE02 or IEA02 is not the number of its header
    EMPTY = "EMPTY"  # nothing in it where something is claimed
    CONTENT = "CONTENT"  # an element that cannot be read: a date, an amount
    CHARACTER = "CHARACTER"  # a character that the basic set has no letter for
    LENGTH = "LENGTH"  # longer than the element, or missing; never cut
    FORM = "FORM"  # not of the form of that element


_ORDER = tuple(Code)


@dataclass(frozen=True, slots=True)
class Defect:
    """One thing that is wrong.

    `position` counts segments from 1 in the interchange (reading); `element` counts from 1 in the
    segment, 0 is the whole segment; `where` is the claim number (CLM01) it belongs to (writing).
    """

    code: Code
    message: str
    segment: str = ""
    position: int = 0
    element: int = 0
    where: str = ""


class X12Error(Exception):
    """A file, or what was to become one, is refused as a whole; `defects` says all that was found."""

    def __init__(self, *defects: Defect) -> None:
        self.defects = tuple(sorted(defects, key=lambda each: _ORDER.index(each.code)))
        super().__init__("; ".join(each.message for each in self.defects))

    @property
    def code(self) -> Code:
        """The most telling of the codes: the first in the order of `Code`."""
        return self.defects[0].code


def refuse_for(defects: Sequence[Defect]) -> None:
    """Raise `X12Error` with all of these, or do nothing when there are none."""
    if defects:
        raise X12Error(*defects)
