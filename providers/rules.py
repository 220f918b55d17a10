"""What a worker's file means on a day: on staff, certified, due to renew, hours still needed.

Pages, reminders, reports and gates ask these functions, so that they cannot answer differently.
Nothing here reads a clock or a table: the day and the facts are arguments. Days are local days of
the worker's site, and a last valid day belongs to the time that is valid.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import chain, combinations
from typing import Any

from peerworks.lib.findings import RecordRef
from peerworks.lib.periods import Days, add_months, calendar_year_of, merge, month_of
from peerworks.lib.rulepack import (
    CategoryRule,
    CredentialKindRule,
    EducationRule,
    Example,
    ExampleResult,
    Pack,
    Value,
)
from peerworks.lib.rulepack.examples import Given, result_of

_ONE_DAY = dt.timedelta(days=1)
_DAYS_OF_WEEK = 7
_STEPS_BEFORE = (0, 1, 7, 14, 30, 60, 90)
_SUPERVISOR_HEARS_FROM = 30
_ADMINISTRATOR_HEARS_FROM = 7


class EmploymentKind(StrEnum):
    """How somebody works for the agency; a PARTNER supervises from outside and is not staff."""

    EMPLOYEE = "EMPLOYEE"
    CONTRACTOR = "CONTRACTOR"
    VOLUNTEER = "VOLUNTEER"
    PARTNER = "PARTNER"


class Audience(StrEnum):
    """Who hears of a reminder step: the worker first, then who can still help."""

    WORKER = "WORKER"
    SUPERVISOR = "SUPERVISOR"
    ADMINISTRATOR = "ADMINISTRATOR"


_STAFF_PAID_FIRST = (
    EmploymentKind.EMPLOYEE,
    EmploymentKind.CONTRACTOR,
    EmploymentKind.VOLUNTEER,
)


@dataclass(frozen=True, slots=True)
class EmploymentFact:
    """One employment of a worker, as recorded."""

    kind: EmploymentKind
    days: Days
    record: RecordRef


@dataclass(frozen=True, slots=True, kw_only=True)
class CredentialDates:
    """The dates of one certificate, and the two values that say how to read them.

    `expires_on` is the last day printed on the certificate; `registry_ends_on` the one that the
    body's public page shows, which may already hold a late window (North Carolina does so: the
    earlier of the two counts). `valid_from` is the first valid day, `issued_on` stands in for it.
    `inactive_on` is the first day on which it is no longer valid, whatever else is printed, for
    instance after a suspension. `never_ends` says that this kind has no end.
    """

    issued_on: dt.date | None = None
    valid_from: dt.date | None = None
    expires_on: dt.date | None = None
    renewal_opens_on: dt.date | None = None
    file_by: dt.date | None = None
    late_fee_from: dt.date | None = None
    grace_until: dt.date | None = None
    inactive_on: dt.date | None = None
    registry_ends_on: dt.date | None = None
    late_window_counts_as_valid: bool = False
    never_ends: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LearningFact:
    """Hours of continuing education on one day; `categories` are the keys that they satisfy."""

    on: dt.date
    hours: Decimal
    categories: frozenset[str] = frozenset()
    format: str = ""
    sponsor: str = ""
    record: RecordRef | None = None


@dataclass(frozen=True, slots=True)
class HoursCounted:
    """Hours that count in a cycle: in all, and hours and courses by category key.

    `asked` is false for a cycle in which no hours accrue yet, and which therefore needs none.
    """

    hours: Decimal
    by_category: Mapping[str, Decimal]
    courses: Mapping[str, int]
    asked: bool = True


@dataclass(frozen=True, slots=True)
class HoursNeeded:
    """What is still missing; a category that lacks nothing is left out.

    `hours` is None where the pack does not say how many hours a cycle needs.
    """

    hours: Decimal | None
    by_category: Mapping[str, Decimal]
    courses: Mapping[str, int]

    @property
    def is_nothing(self) -> bool:
        """Whether the cycle's education is known to be complete."""
        return self.hours == 0 and not self.by_category and not self.courses


def on_staff(employments: Iterable[EmploymentFact], day: dt.date) -> EmploymentFact | None:
    """The employment that makes somebody staff on `day`, a paid one before a volunteer's."""
    held = [
        each for each in employments if each.kind in _STAFF_PAID_FIRST and each.days.contains(day)
    ]
    return min(held, key=lambda each: _STAFF_PAID_FIRST.index(each.kind), default=None)


def unbroken_since(ranges: Iterable[Days], day: dt.date) -> dt.date | None:
    """The first day of the run of ranges, without a gap, that holds `day`; None outside of all."""
    return next((run.start for run in merge(ranges) if run.contains(day)), None)


def employed_since(employments: Iterable[EmploymentFact], day: dt.date) -> dt.date | None:
    """Since when somebody has been staff without a gap, as of `day`; None when not staff."""
    return unbroken_since((e.days for e in employments if e.kind in _STAFF_PAID_FIRST), day)


def first_valid_day(dates: CredentialDates) -> dt.date | None:
    """The first day on which a certificate is valid, or None where no date says so."""
    return dates.valid_from or dates.issued_on


def last_valid_day(dates: CredentialDates) -> dt.date | None:
    """The last day on which a certificate is valid, or None where it has no (known) end.

    The earlier of certificate date and registry date; the end of the late window where the pack
    counts that window as valid (Georgia does, North Carolina does not); never later than the day
    before it became inactive.
    """
    printed = _earliest(dates.expires_on, dates.registry_ends_on)
    if printed is not None and dates.late_window_counts_as_valid:
        printed = max(printed, dates.grace_until or printed)
    stopped = None if dates.inactive_on is None else dates.inactive_on - _ONE_DAY
    return _earliest(printed, stopped)


def are_known(dates: CredentialDates) -> bool:
    """Whether the dates suffice to say of every day if the certificate is valid on it."""
    has_end = dates.never_ends or last_valid_day(dates) is not None
    return first_valid_day(dates) is not None and has_end


def is_valid_on(dates: CredentialDates, day: dt.date) -> bool:
    """Whether a certificate is valid on `day`, both ends included; never where dates are missing.

    A later renewal does not reach back: it is a certificate of its own, and the days between stay
    uncovered.
    """
    if not are_known(dates):
        return False
    first, last = first_valid_day(dates), last_valid_day(dates)
    return (first is None or first <= day) and (last is None or day <= last)


def real_deadline(dates: CredentialDates) -> dt.date | None:
    """The day that reminders count down to: the filing day where there is one, else the last day."""
    return dates.file_by or last_valid_day(dates)


def dates_by_rule(
    rule: CredentialKindRule,
    *,
    issued_on: dt.date | None,
    valid_from: dt.date | None,
    ends_on: dt.date,
    registry_ends_on: dt.date | None = None,
) -> CredentialDates:
    """All dates of a certificate that ends on `ends_on`, by the deadlines of its kind.

    A late fee begins on the day after the filing day, or after the end where that is later; there
    is none without a late window. A deadline that the pack leaves out gives no date.
    """
    deadlines = rule.deadlines
    opens, file_by = _limit(deadlines.opens_days_before), _limit(deadlines.file_by_days_before)
    window = _limit(deadlines.late_window_days) or 0
    counts = deadlines.late_window_counts_as_valid
    filing = None if file_by is None else ends_on - dt.timedelta(days=file_by)
    return CredentialDates(
        issued_on=issued_on,
        valid_from=valid_from,
        expires_on=ends_on,
        renewal_opens_on=None if opens is None else ends_on - dt.timedelta(days=opens),
        file_by=filing,
        late_fee_from=max(ends_on, filing or ends_on) + _ONE_DAY if window else None,
        grace_until=ends_on + dt.timedelta(days=window) if window else None,
        registry_ends_on=registry_ends_on,
        late_window_counts_as_valid=counts is not None and counts.limit is True,
    )


def cycle_on(kind: str, months: int, anchor: dt.date, day: dt.date) -> Days:
    """The renewal cycle that holds `day`; its `last` is the day on which it ends.

    ANNIVERSARY counts whole cycles from `anchor`, the first valid day; MONTH_FIRST from the first
    day of the anchor's month (Michigan), CALENDAR_YEAR from the first of January of its year
    (Georgia). Each end is counted from the anchor itself, so that a short month in between does not
    move the later ones. Raises `ValueError` for another kind and for less than one month.
    """
    if months < 1:
        raise ValueError("a cycle has at least one month")
    first = _cycle_anchor(kind, anchor)
    turns = ((day.year - first.year) * 12 + day.month - first.month) // months
    if add_months(first, turns * months) > day:
        turns -= 1
    return Days(add_months(first, turns * months), add_months(first, (turns + 1) * months))


def counting_days(education: EducationRule, cycle: Days, first_issued_on: dt.date) -> Days | None:
    """The days of a cycle whose hours count; None where none do.

    Where hours accrue from NEXT_JANUARY, those before 1 January of the year after the first issue
    do not count (Georgia).
    """
    accrues = education.accrues_from
    if accrues is None or accrues.value != "NEXT_JANUARY":
        return cycle
    return cycle.intersection(Days(dt.date(first_issued_on.year + 1, 1, 1)))


def hours_counted(
    entries: Iterable[LearningFact], education: EducationRule, within: Days | None
) -> HoursCounted:
    """The hours that count in a cycle.

    One course may satisfy several categories, and its hours count once in the total. Hours of a
    category beyond its maximum count in the total only where another category of the same course
    has room for them. A category with a `format` or `sponsor` takes entries by these, whatever they
    are about; any other by its key.
    """
    counted = [each for each in entries if within is not None and within.contains(each.on)]
    members = {
        rule.key: [each for each in counted if _belongs(each, rule)]
        for rule in education.categories
    }
    return HoursCounted(
        hours=_total(counted, education.categories),
        by_category={key: _sum(each.hours for each in held) for key, held in members.items()},
        courses={key: len(held) for key, held in members.items()},
        asked=within is not None,
    )


def hours_needed(counted: HoursCounted, education: EducationRule) -> HoursNeeded:
    """What a cycle still needs: in all, and by category; never less than nothing."""
    if not counted.asked:
        return HoursNeeded(Decimal(0), {}, {})
    asked = education.hours
    lacking = {
        rule.key: _limit_hours(rule.min) - counted.by_category[rule.key]
        for rule in education.categories
    }
    courses = {
        rule.key: (_limit(rule.min_courses) or 0) - counted.courses[rule.key]
        for rule in education.categories
    }
    return HoursNeeded(
        hours=None if asked is None else max(_limit_hours(asked) - counted.hours, Decimal(0)),
        by_category={key: hours for key, hours in lacking.items() if hours > 0},
        courses={key: count for key, count in courses.items() if count > 0},
    )


def expiry_steps(deadline: dt.date, on: dt.date) -> tuple[str, ...]:
    """The reminder steps reached on the day `on`, the nearest first, then all earlier ones.

    D90, D60, D30, D14, D7, D1, D0 before the deadline and on it; then W1, W2 … every seven days for
    as long as it stays open. Only the first is raised; the others count as superseded.
    """
    left = (deadline - on).days
    weeks = -left // _DAYS_OF_WEEK if left < 0 else 0
    after = tuple(f"W{week}" for week in range(weeks, 0, -1))
    return after + tuple(f"D{days}" for days in _STEPS_BEFORE if left <= days)


def audience(step: str) -> frozenset[Audience]:
    """Who hears of a step of `expiry_steps`: the circle widens as the deadline comes near.

    Above 30 days the worker; 30 to 8 also the supervisor; 7 and below, and after it, also the
    administrators.
    """
    left = int(step[1:]) if step.startswith("D") else 0
    heard = {Audience.WORKER}
    if left <= _SUPERVISOR_HEARS_FROM:
        heard.add(Audience.SUPERVISOR)
    if left <= _ADMINISTRATOR_HEARS_FROM:
        heard.add(Audience.ADMINISTRATOR)
    return frozenset(heard)


def _earliest(*days: dt.date | None) -> dt.date | None:
    return min((day for day in days if day is not None), default=None)


def _cycle_anchor(kind: str, anchor: dt.date) -> dt.date:
    match kind:
        case "ANNIVERSARY":
            return anchor
        case "CALENDAR_YEAR":
            return calendar_year_of(anchor).start
        case "MONTH_FIRST":
            return month_of(anchor).start
    raise ValueError(f"no cycle of this kind is known: {kind!r}")


def _limit(value: Value | None) -> int | None:
    return None if value is None or value.limit is None else int(value.limit)


def _limit_hours(value: Value | None) -> Decimal:
    return Decimal(0) if value is None or value.limit is None else Decimal(value.limit)


def _belongs(entry: LearningFact, rule: CategoryRule) -> bool:
    if not rule.format and not rule.sponsor:
        return rule.key in entry.categories
    return rule.format in ("", entry.format) and rule.sponsor in ("", entry.sponsor)


def _total(entries: Sequence[LearningFact], categories: Sequence[CategoryRule]) -> Decimal:
    # The most hours that fit when each goes to one category of its course with room left: by the
    # max-flow min-cut theorem, the least over all sets of full categories of what these hold and
    # what courses outside of them bring. Packs have a handful of maxima, so the sets are few.
    capped = {
        rule.key: _limit_hours(rule.max) for rule in categories if _limit(rule.max) is not None
    }
    homes = [(each.hours, _homes(each, categories)) for each in entries]
    return min(
        _sum(capped[key] for key in full)
        + _sum(hours for hours, keys in homes if not keys or not keys <= set(full))
        for full in _subsets(tuple(capped))
    )


def _homes(entry: LearningFact, categories: Sequence[CategoryRule]) -> frozenset[str]:
    return frozenset(rule.key for rule in categories if _belongs(entry, rule))


def _subsets(keys: tuple[str, ...]) -> Iterable[tuple[str, ...]]:
    return chain.from_iterable(combinations(keys, size) for size in range(len(keys) + 1))


def _sum(hours: Iterable[Decimal]) -> Decimal:
    return sum(hours, Decimal(0))


def run_renewal_example(pack: Pack, example: Example) -> ExampleResult:
    """One RENEWAL example of a pack: what it expects against the dates and hours of that kind."""
    rule, given = pack.credential_kind(example.credential), Given(example.given)
    printed, by_stage = given.get("ends"), _end_of_stage(rule, given)
    ends = printed or by_stage or _end_of_cycle(rule, given)
    dates = dates_by_rule(rule, issued_on=dt.date.min, valid_from=None, ends_on=ends)
    found: dict[str, Any] = {
        "ends": ends,
        "opens_on": dates.renewal_opens_on,
        "file_by": dates.file_by,
        "last_valid_day": last_valid_day(dates),
        "valid": is_valid_on(dates, given["on"]),
        **_education_found(rule, given, ends),
    }
    wrong = [
        f"{key} is {found[key]}"
        for key, wanted in example.expect.items()
        if not _agrees(found[key], wanted)
    ]
    if by_stage is not None and by_stage != ends:
        wrong.append(f"the stage ends on {by_stage}")
    return result_of(example, given, wrong)


def _end_of_stage(rule: CredentialKindRule, given: Mapping[str, Any]) -> dt.date | None:
    """The end of the stage that the example names, where the pack limits it."""
    stage = rule.stage(given.get("stage", "FULL"))
    months = None if stage is None else _limit(stage.months)
    return None if months is None else add_months(given["stage_from"], months) - _ONE_DAY


def _end_of_cycle(rule: CredentialKindRule, given: Mapping[str, Any]) -> dt.date:
    turn = cycle_on(rule.cycle.kind, int(rule.cycle.months.value), given["issued_on"], given["on"])
    return turn.start if turn.last is None else turn.last


def _education_found(
    rule: CredentialKindRule, given: Mapping[str, Any], ends: dt.date
) -> dict[str, Any]:
    after = ends + _ONE_DAY
    cycle = Days(add_months(after, -int(rule.cycle.months.value)), after)
    within = counting_days(rule.education, cycle, given.get("issued_on", dt.date.min))
    keys = [each.key for each in rule.education.categories]
    counted = HoursCounted(
        hours=Decimal(given.get("hours", 0)),
        by_category={key: Decimal(given.get("category_hours", {}).get(key, 0)) for key in keys},
        courses={key: int(given.get("category_courses", {}).get(key, 0)) for key in keys},
        asked=within is not None,
    )
    needed = hours_needed(counted, rule.education)
    return {
        "hours_missing": needed.hours,
        "category_hours_missing": needed.by_category,
        "category_courses_missing": needed.courses,
    }


def _agrees(found: Any, wanted: Any) -> bool:
    if not isinstance(wanted, Mapping):
        return bool(found == wanted)
    return all(found.get(key, 0) == value for key, value in wanted.items())
