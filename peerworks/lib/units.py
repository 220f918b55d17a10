"""Minutes into billable units: how to round (the engine), over what (the scope), whose they are.

Units belong to a group of visits, not to a visit: under DAY the minutes of all visits of one
participant, service day, code, modifiers and rendering provider are added and rounded once. What a
visit adds to its group, in order of start, is its share; so shares always add up to what is billed.
No unit is ever typed in. Where no source documents the rounding, packs ship FULL_UNIT with DAY,
which never bills more than the time supports.
"""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from peerworks.lib.findings import UnitGroup
from peerworks.lib.periods import in_utc

_THRESHOLD_MINUTES = 60
_THRESHOLD_MORE_MINUTES = 30


class Engine(StrEnum):
    """How minutes become units.

    MIDPOINT_8 counts a unit once more than half of it has passed; with 15 minutes this is the
    "8-minute rule" of CMS (Medicare Claims Processing Manual, chapter 5, section 20.2). FULL_UNIT
    counts whole units only, UP_TO any part of one (both: Michigan PIHP/CMHSP encounter rules).
    THRESHOLD_MONTH is the wording of G0140 and G0146: see `threshold_units`.
    """

    FULL_UNIT = "FULL_UNIT"
    MIDPOINT_8 = "MIDPOINT_8"
    UP_TO = "UP_TO"
    THRESHOLD_MONTH = "THRESHOLD_MONTH"


class Scope(StrEnum):
    """Which visits are rounded together: each alone, those of a day, or those of a month."""

    ENCOUNTER = "ENCOUNTER"
    DAY = "DAY"
    MONTH = "MONTH"


@dataclass(frozen=True, slots=True)
class Visit:
    """A visit as rounding sees it: `minutes` are those worked less deductions, never negative.

    Raises `ValueError` for a naive `start` and for negative minutes.
    """

    id: str
    start: dt.datetime
    minutes: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", in_utc(self.start))
        _check_minutes(self.minutes)


def threshold_units(month_minutes: int) -> tuple[int, int]:
    """The units of G0140 and of G0146 for the minutes of a month.

    One of G0140 from 60 minutes, and one of G0146 for each full 30 minutes beyond (the wording of
    the codes; that part of a unit earns nothing is our proposal). Raises `ValueError` for negative
    minutes.
    """
    _check_minutes(month_minutes)
    if month_minutes < _THRESHOLD_MINUTES:
        return 0, 0
    return 1, (month_minutes - _THRESHOLD_MINUTES) // _THRESHOLD_MORE_MINUTES


def units_for(minutes: int, *, engine: Engine, unit_minutes: int) -> int:
    """The units that `minutes` make, rounded once.

    Under THRESHOLD_MONTH this is the sum of both codes, and `unit_minutes` plays no part, since the
    codes fix their own lengths. Raises `ValueError` for negative minutes and for a unit of no
    length.
    """
    _check_minutes(minutes)
    _check_unit(unit_minutes)
    return _ROUNDING[engine].units(minutes, unit_minutes)


def minutes_for(units: int, *, engine: Engine, unit_minutes: int) -> int:
    """The fewest minutes that make this many units: the other way round of `units_for`.

    Raises `ValueError` for less than one unit and for a unit of no length.
    """
    _check_unit(unit_minutes)
    if units < 1:
        raise ValueError("only one unit or more takes minutes")
    return _ROUNDING[engine].minutes(units, unit_minutes)


def share_units(
    visits: Sequence[Visit],
    *,
    engine: Engine,
    unit_minutes: int,
    scope: Scope,
    judged: str | None = None,
) -> UnitGroup:
    """What each visit of a group adds to its units, in order of start (ties in order of id).

    The caller gives the visits that belong together; under ENCOUNTER each is rounded alone, whatever
    their number. `judged` is the id of the visit for which `next_unit_at` is asked: the minutes, of
    that visit, at which the group would have one more unit while the others stay as they are.
    Raises `ValueError` for two visits of one id, for a `judged` that is none of them, and for
    THRESHOLD_MONTH over less than a month.
    """
    _check_unit(unit_minutes)
    _check_group(visits, engine, scope, judged)
    rounding, is_alone = _ROUNDING[engine], scope is Scope.ENCOUNTER
    members: list[tuple[str, int, int]] = []
    minutes = units = 0
    for visit in sorted(visits, key=lambda visit: (visit.start, visit.id)):
        minutes += visit.minutes
        share = rounding.units(visit.minutes if is_alone else minutes, unit_minutes)
        if not is_alone:
            share -= units
        units += share
        members.append((visit.id, visit.minutes, share))
    return UnitGroup(
        members=tuple(members),
        minutes=minutes,
        units=units,
        next_unit_at=_next_unit_at(members, judged, rounding, unit_minutes, is_alone),
    )


def _next_unit_at(
    members: Sequence[tuple[str, int, int]],
    judged: str | None,
    rounding: "_Rounding",
    unit_minutes: int,
    is_alone: bool,
) -> int | None:
    if judged is None:
        return None
    units = sum(share for visit, _, share in members if visit == judged or not is_alone)
    others = sum(minutes for visit, minutes, _ in members if visit != judged and not is_alone)
    return rounding.minutes(units + 1, unit_minutes) - others


def _check_minutes(minutes: int) -> None:
    if minutes < 0:
        raise ValueError("minutes are never negative")


def _check_unit(unit_minutes: int) -> None:
    if unit_minutes < 1:
        raise ValueError("a unit has at least one minute")


def _check_group(visits: Sequence[Visit], engine: Engine, scope: Scope, judged: str | None) -> None:
    ids = {visit.id for visit in visits}
    if len(ids) != len(visits):
        raise ValueError("a visit stands only once in its unit group")
    if judged is not None and judged not in ids:
        raise ValueError("the judged visit is not in the unit group")
    if engine is Engine.THRESHOLD_MONTH and scope is not Scope.MONTH:
        raise ValueError("THRESHOLD_MONTH is counted over a month: its scope is MONTH")


def _less_than_half(unit_minutes: int) -> int:
    # The most whole minutes that are less than half a unit: 7 of 15, 14 of 30.
    return (unit_minutes - 1) // 2


@dataclass(frozen=True, slots=True)
class _Rounding:
    """An engine both ways: units of (minutes, unit length), fewest minutes of (units, unit length)."""

    units: Callable[[int, int], int]
    minutes: Callable[[int, int], int]


_ROUNDING = {
    Engine.FULL_UNIT: _Rounding(
        units=lambda minutes, unit: minutes // unit,
        minutes=lambda units, unit: units * unit,
    ),
    Engine.MIDPOINT_8: _Rounding(
        units=lambda minutes, unit: (minutes + _less_than_half(unit)) // unit,
        minutes=lambda units, unit: units * unit - _less_than_half(unit),
    ),
    Engine.UP_TO: _Rounding(
        units=lambda minutes, unit: (minutes + unit - 1) // unit,
        minutes=lambda units, unit: (units - 1) * unit + 1,
    ),
    Engine.THRESHOLD_MONTH: _Rounding(
        units=lambda minutes, _: sum(threshold_units(minutes)),
        minutes=lambda units, _: _THRESHOLD_MINUTES + (units - 1) * _THRESHOLD_MORE_MINUTES,
    ),
}
