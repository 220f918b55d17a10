"""The hours of a worker, day by day, as the ledger has them."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from peerworks.lib.periods import month_of
from peerworks.web import words
from providers.models import CLASS_OF, Activity, ActivityClass, Provider, WorkEntry, WorkSpan

_ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class WorkLine:
    """An activity of a span: the clock times at the site, minutes, where and by what recorded."""

    start: str
    end: str
    activity: str
    minutes: int
    program: str
    source: str


@dataclass(frozen=True, slots=True)
class WorkDay:
    """One local day and its lines in order."""

    day: dt.date
    minutes: int
    lines: tuple[WorkLine, ...]


@dataclass(frozen=True, slots=True)
class MonthOfWork:
    """The days of a month on which somebody worked, and the minutes by class of activity."""

    days: tuple[WorkDay, ...]
    classes: tuple[tuple[str, int], ...]
    minutes: int


def month_of_work(provider: Provider, month: dt.date) -> MonthOfWork:
    """The recorded time of a worker in the calendar month of a day: 2 queries.

    A span belongs to the local day of its start at its site; one that is reversed counts nowhere.
    """
    days = month_of(month)
    spans = [each for each in _spans(provider, days.start) if days.contains(_day(each))]
    entries = [entry for span in spans for entry in span.entries.all()]
    return MonthOfWork(
        days=tuple(_days(spans)),
        classes=tuple(_classes(entries)),
        minutes=sum(each.minutes for each in entries),
    )


def _spans(provider: Provider, first: dt.date) -> Iterable[WorkSpan]:
    # One day more on each side: the site's day may begin before or after the day in UTC.
    start = dt.datetime.combine(first, dt.time(), dt.UTC) - _ONE_DAY
    end = start + dt.timedelta(days=33)
    found = WorkSpan.objects.standing().filter(provider=provider).begun_within(start, end)
    return (
        found.select_related("site", "program").prefetch_related("entries").order_by("period", "pk")
    )


def _zone(span: WorkSpan) -> ZoneInfo:
    return ZoneInfo(span.site.time_zone)


def _day(span: WorkSpan) -> dt.date:
    return span.stretch.start.astimezone(_zone(span)).date()


def _days(spans: Iterable[WorkSpan]) -> Iterable[WorkDay]:
    by_day: dict[dt.date, list[WorkSpan]] = {}
    for each in spans:
        by_day.setdefault(_day(each), []).append(each)
    for day, held in sorted(by_day.items(), reverse=True):
        lines = tuple(line for span in held for line in _lines(span))
        yield WorkDay(day, sum(each.minutes for each in lines), lines)


def _lines(span: WorkSpan) -> Iterable[WorkLine]:
    start, end = (
        words.clock(each.astimezone(_zone(span)).timetz().replace(tzinfo=None))
        for each in (span.stretch.start, span.stretch.end)
    )
    for entry in sorted(span.entries.all(), key=lambda each: (-each.minutes, each.activity)):
        yield WorkLine(
            start,
            end,
            str(entry.get_activity_display()),
            entry.minutes,
            span.program.name,
            str(span.get_source_kind_display()),
        )


def _classes(entries: Iterable[WorkEntry]) -> Iterable[tuple[str, int]]:
    totals = dict.fromkeys(ActivityClass, 0)
    for each in entries:
        totals[CLASS_OF[Activity(each.activity)]] += each.minutes
    return ((str(key.label), minutes) for key, minutes in totals.items())
