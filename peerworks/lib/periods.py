"""Half-open ranges of days and of moments, and the calendar windows that rules count in.

A day here is a local calendar day; a moment is an aware `datetime`. Which day a visit belongs to is
answered in one place, `service_day`. Nothing here asks for the time: a rule is given its day.
Every "last valid day" is part of its range: `Days.through` makes one from that day, and `Days.last`
gives it back. What falls outside the calendar of Python, years 1 to 9999, raises `ValueError`.
"""

import calendar
import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self
from zoneinfo import ZoneInfo

_ONE_MINUTE = dt.timedelta(minutes=1)
_MONTHS_OF_YEAR = 12
_DAYS_OF_WEEK = 7
_WEEKDAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
_MONTH_AND_DAY = re.compile(r"([0-9]{2})-([0-9]{2})")
_A_COMMON_YEAR = 2001  # without 29 February: a year that begins on that day would not begin yearly


def _refuse_a_moment(day: dt.date) -> None:
    # A datetime is a date to Python; which day it falls on depends on a time zone.
    if isinstance(day, dt.datetime):
        raise TypeError("a moment was given where a day is needed: ask service_day for its day")


def in_utc(moment: dt.datetime) -> dt.datetime:
    """The same moment in UTC, where comparing and subtracting are right across a clock change.

    Raises `ValueError` for a moment without a time zone and for one outside the calendar of UTC.
    """
    # As the database gives them, and so nearly all: asked of each visit many times.
    return moment if moment.tzinfo is dt.UTC else _in_zone(moment, dt.UTC)


def _in_zone(moment: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    if moment.utcoffset() is None:
        raise ValueError("a moment needs a time zone: this datetime is naive")
    try:
        return moment.astimezone(zone)
    except OverflowError as error:
        raise ValueError("this moment is outside the calendar") from error


def _days_after(day: dt.date, count: int) -> dt.date:
    try:
        return day + dt.timedelta(days=count)
    except OverflowError as error:
        raise ValueError(f"{count} days from {day} is outside the calendar") from error


@dataclass(frozen=True, slots=True)
class Days:
    """The days from `start` up to, and not including, `end`; without an end where that is None.

    There is no empty range: `ValueError` when `end` is not after `start`.
    """

    start: dt.date
    end: dt.date | None = None

    def __post_init__(self) -> None:
        _refuse_a_moment(self.start)
        if self.end is None:
            return
        _refuse_a_moment(self.end)
        if self.end <= self.start:
            raise ValueError(f"a range of days must end after its start: {self.start}, {self.end}")

    @classmethod
    def through(cls, start: dt.date, last: dt.date | None) -> Self:
        """The days from `start` to `last`, both included; without an end where `last` is None.

        The last day of the calendar, which payers write for "no end", means that too.
        """
        if last is None or last == dt.date.max:
            return cls(start)
        return cls(start, _days_after(last, 1))

    @property
    def last(self) -> dt.date | None:
        """The last day that belongs to the range, or None where it has no end."""
        return None if self.end is None else _days_after(self.end, -1)

    def contains(self, day: dt.date) -> bool:
        """Whether `day` is one of these days."""
        _refuse_a_moment(day)
        return self.start <= day and (self.end is None or day < self.end)

    def overlaps(self, other: "Days") -> bool:
        """Whether the two have a day in common; ranges that only touch have none."""
        return self.intersection(other) is not None

    def intersection(self, other: "Days") -> "Days | None":
        """The days in both, or None where there are none."""
        start = max(self.start, other.start)
        end = _earlier(self.end, other.end)
        return None if end is not None and end <= start else Days(start, end)


@dataclass(frozen=True, slots=True)
class Stretch:
    """The time from `start` up to `end`; both are kept in UTC, whatever zone they were given in.

    UTC, because Python compares two datetimes of one zone by their clock faces, which is wrong in
    the hour that a clock change repeats. `ValueError` for a naive datetime and when `end` is not
    after `start`.
    """

    start: dt.datetime
    end: dt.datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", in_utc(self.start))
        object.__setattr__(self, "end", in_utc(self.end))
        if self.end <= self.start:
            raise ValueError("a stretch of time must end after its start")

    @property
    def minutes(self) -> int:
        """The whole minutes that passed, whatever the clocks did; a begun minute does not count."""
        return (self.end - self.start) // _ONE_MINUTE

    def overlaps(self, other: "Stretch") -> bool:
        """Whether the two share any time; 10:00 to 10:30 and 10:30 to 11:00 do not."""
        return self.start < other.end and other.start < self.end


def merge(ranges: Iterable[Days]) -> list[Days]:
    """The same days in the fewest ranges, in order; ranges that overlap or touch become one."""
    merged: list[Days] = []
    for each in sorted(ranges, key=lambda days: days.start):
        before = merged[-1] if merged else None
        if before is None or (before.end is not None and before.end < each.start):
            merged.append(each)
        else:
            merged[-1] = Days(before.start, _later(before.end, each.end))
    return merged


def gaps(ranges: Iterable[Days], within: Days) -> list[Days]:
    """The days of `within` that no range covers, in order; the last has no end if `within` has none."""
    covered = merge(part for each in ranges if (part := each.intersection(within)) is not None)
    starts = (within.start, *(each.end for each in covered))
    ends = (*(each.start for each in covered), within.end)
    pairs = zip(starts, ends, strict=True)
    return [Days(start, end) for start, end in pairs if start is not None and start != end]


def _earlier(one: dt.date | None, other: dt.date | None) -> dt.date | None:
    if one is None or other is None:
        return other if one is None else one
    return min(one, other)


def _later(one: dt.date | None, other: dt.date | None) -> dt.date | None:
    return None if one is None or other is None else max(one, other)


def service_day(start: dt.datetime, zone: str) -> dt.date:
    """The day that a visit belongs to: the local date of its start in the site's time zone.

    `zone` is a name of the IANA time zone database, such as "America/Chicago". Raises `ValueError`
    for a naive `start` and for a zone that is not known.
    """
    return _in_zone(start, _zone_of(zone)).date()


class SkippedTime(ValueError):
    """A local time that the clocks never showed: it lies in the hour that they skip in spring."""

    def __init__(self, day: dt.date, time: dt.time) -> None:
        super().__init__(f"the clocks skipped {time} on {day}")
        self.day, self.time = day, time


def moment_of(day: dt.date, time: dt.time, zone: str) -> dt.datetime:
    """The moment, in UTC, at which the clocks of a time zone showed this time on this day.

    Of a time that they show twice in autumn it is the first. Raises `SkippedTime` for one that they
    skip in spring, and `ValueError` as `service_day` does. `time` is local and has no zone.
    """
    _refuse_a_moment(day)
    site = _zone_of(zone)
    local = dt.datetime.combine(day, time.replace(fold=0), site)
    moment = _in_zone(local, dt.UTC)
    if moment.astimezone(site).replace(fold=0) != local:
        raise SkippedTime(day, time)
    return moment


def _zone_of(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise ValueError(f"no time zone of this name is known: {name!r}") from error


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day of the month `months` later (earlier if negative); the last day of a shorter one."""
    _refuse_a_moment(day)
    years, month = divmod(day.month - 1 + months, _MONTHS_OF_YEAR)
    year, month = day.year + years, month + 1
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        raise ValueError(f"{months} months from {day} is outside the calendar")
    return day.replace(
        year=year, month=month, day=min(day.day, calendar.monthrange(year, month)[1])
    )


def rolling_months(months: int, ending: dt.date) -> Days:
    """The `ROLLING_MONTHS(n)` window of rule packs that ends on, and includes, the day `ending`.

    It runs from the day after "`ending` minus `months` months" (the last day of a shorter month).
    Raises `ValueError` for less than one month.
    """
    if months < 1:
        raise ValueError("a rolling window has at least one month")
    return Days.through(_days_after(add_months(ending, -months), 1), ending)


def age_on(birth: dt.date, day: dt.date) -> int:
    """Full years of age on `day`; who was born on 29 February turns on 1 March of other years.

    Raises `ValueError` for a day before birth.
    """
    _refuse_a_moment(birth)
    _refuse_a_moment(day)
    if day < birth:
        raise ValueError("an age was asked for a day before birth")
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def week_of(day: dt.date, starts: str = "MONDAY") -> Days:
    """The seven days around `day` that begin on the weekday `starts` (a pack's `week_starts`).

    Raises `ValueError` for a word that is no weekday in capitals.
    """
    _refuse_a_moment(day)
    if starts not in _WEEKDAYS:
        raise ValueError(f"a week starts on one of {', '.join(_WEEKDAYS)}, not {starts!r}")
    since = (day.weekday() - _WEEKDAYS.index(starts)) % _DAYS_OF_WEEK
    first = _days_after(day, -since)
    return Days(first, _days_after(first, _DAYS_OF_WEEK))


def month_of(day: dt.date) -> Days:
    """The calendar month of `day`."""
    _refuse_a_moment(day)
    first = day.replace(day=1)
    return Days(first, add_months(first, 1))


def calendar_year_of(day: dt.date) -> Days:
    """The calendar year of `day`, from 1 January."""
    return fiscal_year_of(day, starts="01-01")


def fiscal_year_of(day: dt.date, starts: str = "07-01") -> Days:
    """The twelve months around `day` that begin on `starts`, "MM-DD" (a pack's `fiscal_year_starts`).

    Raises `ValueError` for a start that is not a day of every year.
    """
    _refuse_a_moment(day)
    month, of_month = _month_and_day(starts)
    first = dt.date(day.year, month, of_month)
    if day < first:
        first = add_months(first, -_MONTHS_OF_YEAR)
    return Days(first, add_months(first, _MONTHS_OF_YEAR))


def _month_and_day(text: str) -> tuple[int, int]:
    found = _MONTH_AND_DAY.fullmatch(text)
    if found is None:
        raise ValueError(f"a fiscal year starts on a day written MM-DD, not {text!r}")
    start = dt.date(_A_COMMON_YEAR, int(found[1]), int(found[2]))
    return start.month, start.day
