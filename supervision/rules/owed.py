"""What supervision a worker is owed on a day: pure, one truth for all callers.

Three ways of counting (1 TAC 354.3103 for the interval by stage, Tennessee's rules for the ratio):

INTERVAL: due on the last counting session plus the interval, that day included; overdue from the
next day. With no session yet it counts from the later of assignment and stage start. A session on
the day itself counts. "The same day next month" is the last day of a shorter month. What the stage
of the day asks holds at once: a worker who passes from monthly to weekly is measured weekly.

RATIO: so many hours for each full block of service hours in a window.

HOURS_PER_MONTH: so many hours in each calendar month that the duty covered wholly; a month that
ended short is overdue from the first of the next, until the month in progress has its own hours.

Sessions from before a gap in supervision do not count: who comes back starts anew.
"""

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from peerworks.lib import periods
from peerworks.lib.findings import RecordRef
from peerworks.lib.periods import Days, add_months, month_of
from peerworks.lib.rulepack import Every, Pack, SupervisionRule, Value
from providers.rules import (
    Audience,
    CredentialDates,
    first_valid_day,
    is_valid_on,
    last_valid_day,
    unbroken_since,
)

_ONE_DAY = dt.timedelta(days=1)
_DAYS_OF_WEEK = 7
_MINUTES_OF_HOUR = 60
_WARN_AT_PERCENT = 80
_FULL_PERCENT = 100
_ROLLING = re.compile(r"ROLLING_MONTHS\(([0-9]+)\)")


class Mode(StrEnum):
    """How a duty counts."""

    INTERVAL = "INTERVAL"
    RATIO = "RATIO"
    HOURS_PER_MONTH = "HOURS_PER_MONTH"


class State(StrEnum):
    """How a worker stands on a day; DUE is the last day on which nothing is overdue."""

    CURRENT = "CURRENT"
    DUE = "DUE"
    OVERDUE = "OVERDUE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """What one pack asks of a worker in one stage, with all values at hand: see `duty_of`.

    `minutes` are those of supervision that a month, or `per_minutes` of service, ask for. `over` is
    the window of a ratio in the words of a pack; EPISODE runs from the beginning of the duty.
    """

    stage: str
    mode: Mode
    formats: frozenset[str]
    meeting_modes: frozenset[str] | None = None
    every: Every = field(default_factory=Every)
    minutes: int = 0
    per_minutes: int = 0
    over: str = ""
    week_starts: str = "MONDAY"
    fiscal_year_starts: str = "07-01"


@dataclass(frozen=True, slots=True)
class StageFact:
    """A stage of certification and the days on which the worker is in it."""

    stage: str
    days: Days


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionFact:
    """A supervision session as one supervisee received it.

    `credited` is false for one that may not count whatever a pack says: not signed, or struck.
    """

    on: dt.date
    minutes: int
    format: str
    mode: str
    record: RecordRef | None = None
    credited: bool = True


@dataclass(frozen=True, slots=True)
class ServedFact:
    """Minutes of service given on a day; only a ratio asks for them."""

    on: dt.date
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisionFacts:
    """All that is known of one worker's supervision, of any day: `assigned` are assignments."""

    assigned: tuple[Days, ...] = ()
    stages: tuple[StageFact, ...] = ()
    sessions: tuple[SessionFact, ...] = ()
    served: tuple[ServedFact, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """How a worker stands against one duty, as of one day.

    `counts_from` is the day that an interval is counted from, `last` the last counting session,
    `due_on` the last day on which nothing is overdue (None where hours or ratio are kept). `had` and
    `owed` are minutes of supervision in `window`; both are 0 for an interval. `percent` is how much
    of the interval, of the month or of the block of service has passed.
    """

    duty: Duty
    state: State
    counts_from: dt.date
    last: SessionFact | None
    due_on: dt.date | None
    window: Days
    percent: int
    had: int = 0
    owed: int = 0


def duties_of(pack: Pack) -> tuple[tuple[Duty, Value], ...]:
    """The duties that a pack states, each with the value that it rests on."""
    found = []
    for rule in pack.workforce.supervision:
        duty = duty_of(
            rule,
            week_starts=pack.calendar.week_starts,
            fiscal_year_starts=pack.calendar.fiscal_year_starts,
        )
        value = rule.every or rule.hours
        if duty is not None and value is not None:
            found.append((duty, value))
    return tuple(found)


def duty_of(
    rule: SupervisionRule, *, week_starts: str = "MONDAY", fiscal_year_starts: str = "07-01"
) -> Duty | None:
    """The duty that a pack's rule states; None where a value that its mode needs is missing or NONE."""
    needed = {
        Mode.INTERVAL: (rule.every,),
        Mode.RATIO: (rule.hours, rule.per_service_hours, rule.over),
        Mode.HOURS_PER_MONTH: (rule.hours,),
    }[Mode(rule.mode)]
    if any(value is None or value.is_none for value in needed):
        return None
    return Duty(
        stage=rule.stage,
        mode=Mode(rule.mode),
        formats=frozenset(rule.formats),
        meeting_modes=None if rule.modes is None else frozenset(rule.modes.members) or None,
        every=Every() if rule.every is None else rule.every.value,
        minutes=_minutes(rule.hours),
        per_minutes=_minutes(rule.per_service_hours),
        over="" if rule.over is None else str(rule.over.value),
        week_starts=week_starts,
        fiscal_year_starts=fiscal_year_starts,
    )


def stages_of(certificates: Iterable[tuple[str, CredentialDates]]) -> tuple[StageFact, ...]:
    """The stages that certificates put a worker in, each for its valid days; unknown ones for none."""
    found = []
    for stage, dates in certificates:
        first, last = first_valid_day(dates), last_valid_day(dates)
        if first is not None and is_valid_on(dates, first):
            found.append(StageFact(stage, Days.through(first, last)))
    return tuple(found)


def stages_on(stages: Iterable[StageFact], day: dt.date) -> tuple[str, ...]:
    """The stages that a worker is in on `day`: more than one with several certificates."""
    return tuple(dict.fromkeys(each.stage for each in stages if each.days.contains(day)))


def owed(duty: Duty, facts: SupervisionFacts, day: dt.date) -> Owed | None:
    """How the worker stands against `duty` as of `day`; None where it does not bind that day.

    It binds a worker who has a supervisor assigned and is in its stage. Of what came after `day`
    nothing is looked at.
    """
    assigned = unbroken_since(facts.assigned, day)
    in_stage = [each.days for each in facts.stages if each.stage == duty.stage]
    stage_start = unbroken_since(in_stage, day)
    if assigned is None or stage_start is None:
        return None
    counting = [each for each in facts.sessions if _counts(each, duty, assigned, day)]
    since = max(assigned, stage_start)
    if duty.mode is Mode.RATIO:
        return _owed_by_ratio(duty, counting, facts.served, since, day)
    by_time = _owed_by_interval if duty.mode is Mode.INTERVAL else _owed_by_month
    return by_time(duty, counting, since, day)


def strictest(several: Iterable[Owed | None]) -> Owed | None:
    """The one that decides for a worker with several duties: overdue first, then the soonest due."""
    return min(
        (each for each in several if each is not None),
        key=lambda each: (each.state is not State.OVERDUE, each.due_on or dt.date.max),
        default=None,
    )


def owed_on(duties: Iterable[Duty], facts: SupervisionFacts, day: dt.date) -> Owed | None:
    """How a worker stands as of `day` against the strictest duty that binds; None without any.

    `duties` are those of all programs that the worker is placed in on that day.
    """
    return strictest(owed(duty, facts, day) for duty in duties)


def status_on(duties: Iterable[Duty], facts: SupervisionFacts, day: dt.date) -> State | None:
    """CURRENT, DUE or OVERDUE as of `day`; None where no duty binds."""
    standing = owed_on(duties, facts, day)
    return None if standing is None else standing.state


def overdue_steps(standing: Owed, on: dt.date) -> tuple[str, ...]:
    """The reminder steps reached on the day `on`, as of which `standing` was asked, nearest first.

    P80 at four fifths of the interval (of the month, of the block of service hours), P100 on the
    due day, then W1, W2 … every seven days until a session counts.
    """
    steps: tuple[str, ...] = ()
    if standing.due_on is not None and on > standing.due_on:
        weeks = (on - standing.due_on).days // _DAYS_OF_WEEK
        steps = tuple(f"W{week}" for week in range(weeks, 0, -1))
    if standing.percent >= _FULL_PERCENT:
        steps += ("P100",)
    if standing.percent >= _WARN_AT_PERCENT:
        steps += ("P80",)
    return steps


def audience(step: str) -> frozenset[Audience]:
    """Who hears of a step of `overdue_steps`: administrators from the due day on."""
    return frozenset(Audience) - (
        frozenset({Audience.ADMINISTRATOR}) if step == "P80" else frozenset()
    )


def window_on(duty: Duty, since: dt.date, day: dt.date) -> Days:
    """The part of a ratio's window that holds `day` and that the duty covers.

    Raises `ValueError` for a window that packs do not know.
    """
    rolling = _ROLLING.fullmatch(duty.over)
    window = (
        periods.rolling_months(int(rolling[1]), day) if rolling else _calendar_window(duty, day)
    )
    return Days(max(window.start, since), window.end)


def _calendar_window(duty: Duty, day: dt.date) -> Days:
    match duty.over:
        case "DAY":
            return Days.through(day, day)
        case "WEEK":
            return periods.week_of(day, duty.week_starts)
        case "MONTH":
            return month_of(day)
        case "CALENDAR_YEAR":
            return periods.calendar_year_of(day)
        case "FISCAL_YEAR":
            return periods.fiscal_year_of(day, duty.fiscal_year_starts)
        case "EPISODE":
            return Days(dt.date.min)
    raise ValueError(f"no window of this name is known: {duty.over!r}")


def _minutes(hours: Value | None) -> int:
    return (
        0 if hours is None or hours.limit is None else int(Decimal(hours.limit) * _MINUTES_OF_HOUR)
    )


def _counts(session: SessionFact, duty: Duty, assigned: dt.date, day: dt.date) -> bool:
    in_time = assigned <= session.on <= day
    by_mode = duty.meeting_modes is None or session.mode in duty.meeting_modes
    return session.credited and in_time and session.format in duty.formats and by_mode


def _last(counting: Sequence[SessionFact]) -> SessionFact | None:
    return max(counting, key=lambda each: each.on, default=None)


def _owed_by_interval(
    duty: Duty, counting: Sequence[SessionFact], since: dt.date, day: dt.date
) -> Owed:
    last = _last(counting)
    counts_from = since if last is None else last.on
    due_on = add_months(counts_from, duty.every.months) + dt.timedelta(days=duty.every.days)
    return Owed(
        duty=duty,
        state=_state(day, due_on),
        counts_from=counts_from,
        last=last,
        due_on=due_on,
        window=Days.through(counts_from, due_on),
        percent=_percent((day - counts_from).days, (due_on - counts_from).days),
    )


def _owed_by_month(
    duty: Duty, counting: Sequence[SessionFact], since: dt.date, day: dt.date
) -> Owed:
    month = month_of(day)
    had = _minutes_in(counting, month)
    # A month that the duty did not cover wholly asks for nothing.
    asked = duty.minutes if since <= month.start else 0
    short = _months_short(duty, counting, since, month) if had < duty.minutes else []
    if short:
        window, state, percent = short[0], State.OVERDUE, _FULL_PERCENT
        had, asked = _minutes_in(counting, window), duty.minutes
    else:
        window, length = month, ((month.end or day) - month.start).days
        state = _state(day, month.start + (length - 1) * _ONE_DAY) if had < asked else State.CURRENT
        percent = _percent((day - month.start).days + 1, length) if had < asked else 0
    return Owed(
        duty=duty,
        state=state,
        counts_from=since,
        last=_last(counting),
        due_on=window.last if had < asked else None,
        had=had,
        owed=asked,
        window=window,
        percent=percent,
    )


def _months_short(
    duty: Duty, counting: Sequence[SessionFact], since: dt.date, month: Days
) -> list[Days]:
    """The unbroken run of short months that ends with the one before `month`, the oldest first."""
    short: list[Days] = []
    before = month_of(month.start - _ONE_DAY)
    while since <= before.start and _minutes_in(counting, before) < duty.minutes:
        short.insert(0, before)
        before = month_of(before.start - _ONE_DAY)
    return short


def _owed_by_ratio(
    duty: Duty,
    counting: Sequence[SessionFact],
    served: Sequence[ServedFact],
    since: dt.date,
    day: dt.date,
) -> Owed:
    def served_had_asked(on: dt.date) -> tuple[int, int, int]:
        window = window_on(duty, since, on)
        minutes = _minutes_in(served, window, on)
        return (
            minutes,
            _minutes_in(counting, window, on),
            minutes // duty.per_minutes * duty.minutes,
        )

    served_minutes, had, asked = served_had_asked(day)
    short_since = day if had < asked else None
    while short_since is not None and short_since > since:
        _, had_then, asked_then = served_had_asked(short_since - _ONE_DAY)
        if had_then >= asked_then:
            break
        short_since -= _ONE_DAY
    # How far the service has come into the block that supervision so far does not cover.
    into_block = served_minutes - had // duty.minutes * duty.per_minutes
    return Owed(
        duty=duty,
        state=State.CURRENT if short_since is None else State.OVERDUE,
        counts_from=since,
        last=_last(counting),
        due_on=short_since,
        had=had,
        owed=asked,
        window=window_on(duty, since, day),
        percent=_percent(into_block, duty.per_minutes),
    )


def _minutes_in(
    facts: Iterable[SessionFact | ServedFact], window: Days, through: dt.date = dt.date.max
) -> int:
    return sum(each.minutes for each in facts if window.contains(each.on) and each.on <= through)


def _state(day: dt.date, due_on: dt.date) -> State:
    if day > due_on:
        return State.OVERDUE
    return State.DUE if day == due_on else State.CURRENT


def _percent(part: int, whole: int) -> int:
    return max(part, 0) * _FULL_PERCENT // whole
