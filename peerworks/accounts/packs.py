"""Which rule packs a first program can follow: the app above that knows them fills this in."""

import datetime as dt
from collections.abc import Callable

Choices = Callable[[dt.date], list[tuple[str, str]]]
_loaders: list[Choices] = []


def register(choices: Choices) -> None:
    """Say which packs are in force on a day: (name, label in the active language)."""
    _loaders[:] = [choices]


def in_force(on: dt.date) -> list[tuple[str, str]]:
    """The packs that may be chosen on a day; empty while none is loaded."""
    return [each for load in _loaders for each in load(on)]
