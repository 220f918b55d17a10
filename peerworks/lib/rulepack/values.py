"""A rule value and the source it rests on: what everything in a rule pack is made of.

A `Value | None` that is None was left out of the pack: the gate that needs it answers UNKNOWN.
`NONE` (`Value.is_none`) says that there is no such limit, which is an answer.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from peerworks.lib.findings import Status

NONE: Final = "NONE"


@dataclass(frozen=True, slots=True)
class Value:
    """A rule value: what holds, by which entry of `sources`, and where it stands in the pack.

    Lists are tuples of text; `every` holds an `Every`; `NONE` is the text "NONE". `path` is a key
    path such as "services.sud-individual.caps.day.units".
    """

    value: Any
    source: str
    path: str

    @property
    def is_none(self) -> bool:
        """Whether the pack says that there is no such limit or demand."""
        return bool(self.value == NONE)

    @property
    def limit(self) -> Any:
        """The value, or None where the pack says NONE."""
        return None if self.is_none else self.value

    @property
    def members(self) -> tuple[str, ...]:
        """The value as a tuple of words; empty where the pack says NONE."""
        return () if self.is_none else tuple(self.value)


@dataclass(frozen=True, slots=True)
class Source:
    """Where values come from. SOURCED has an address, and was read on a day by somebody."""

    key: str
    status: Status
    title: str
    url: str = ""
    verified_on: dt.date | None = None
    verified_by: str = ""
