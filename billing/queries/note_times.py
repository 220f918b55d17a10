"""The times of a note's draft as they were typed, also one that the clocks never showed.

A draft loses nothing, and it keeps moments; but an hour of the spring has none. Such a time is kept
as the moment at which a clock that nobody had set forward would have shown it, and marked by one
microsecond, which no typed time has: so it comes back as it was typed. It is refused before it is
signed, and the gates never see it.
"""

import datetime as dt
import zoneinfo
from dataclasses import dataclass

from peerworks.lib.periods import SkippedTime, moment_of

_MARK = dt.timedelta(microseconds=1)
_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class TypedTime:
    """A local day and time as they were typed; `moment` is None where the clocks skipped the time."""

    day: dt.date
    time: dt.time
    moment: dt.datetime | None


def to_keep(day: dt.date, time: dt.time, zone: str) -> dt.datetime:
    """What a draft keeps of a typed day and time: the moment, in UTC.

    Of a time that the clocks show twice in autumn it is the first; who means the second finds that
    the end comes before the start, and is told so. One that they skip in spring is kept with a mark.
    """
    typed = time.replace(microsecond=0, tzinfo=None)
    try:
        return moment_of(day, typed, zone)
    except SkippedTime:
        unset = dt.datetime.combine(day, typed, zoneinfo.ZoneInfo(zone))
        return unset.astimezone(dt.UTC) + _MARK


def as_typed(moment: dt.datetime, zone: str) -> TypedTime:
    """A kept moment as it was typed at a site."""
    skipped = _skipped(moment, zone) if moment.microsecond == _MARK.microseconds else None
    if skipped is not None:
        return skipped
    local = moment.astimezone(zoneinfo.ZoneInfo(zone))
    return TypedTime(local.date(), local.time(), moment)


def _skipped(moment: dt.datetime, zone: str) -> TypedTime | None:
    # The clocks are set once a day at most: a day before, they told the time that was typed by.
    before = (moment - _ONE_DAY).astimezone(zoneinfo.ZoneInfo(zone)).utcoffset()
    clock = (moment - _MARK).astimezone(dt.timezone(before or dt.timedelta()))
    day, time = clock.date(), clock.time()
    try:
        moment_of(day, time, zone)
    except SkippedTime:
        return TypedTime(day, time, None)
    return None


def real(moment: dt.datetime | None, zone: str) -> dt.datetime | None:
    """A kept moment, or None where there is none: not typed, or never shown by the clocks."""
    return None if moment is None else as_typed(moment, zone).moment
