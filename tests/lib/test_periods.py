"""Days, stretches of time and calendar windows: their algebra, and both clock changes."""

import datetime as dt
from collections.abc import Callable
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerworks.lib.periods import (
    Days,
    SkippedTime,
    Stretch,
    add_months,
    age_on,
    calendar_year_of,
    fiscal_year_of,
    gaps,
    in_utc,
    merge,
    moment_of,
    month_of,
    rolling_months,
    service_day,
    week_of,
)

D = dt.date
CHICAGO = ZoneInfo("America/Chicago")
NAIVE = dt.datetime(2026, 3, 8, 9, 0)  # noqa: DTZ001 - it is refused, which is what is tested
NOON = dt.datetime(2026, 3, 8, 12, 0, tzinfo=dt.UTC)

FIRST, LAST = D(2026, 1, 1), D(2026, 3, 1)
CALENDAR = [FIRST + dt.timedelta(days=n) for n in range((LAST - FIRST).days + 30)]
some_day = st.dates(FIRST, LAST)


@st.composite
def some_days(draw: st.DrawFn) -> Days:
    start = draw(some_day)
    length = draw(st.none() | st.integers(1, 20))
    return Days(start, None if length is None else start + dt.timedelta(days=length))


def covered(ranges: list[Days]) -> set[dt.date]:
    return {day for day in CALENDAR if any(days.contains(day) for days in ranges)}


def at(hour: int, minute: int = 0, *, day: int = 1, fold: int = 0, month: int = 11) -> dt.datetime:
    return dt.datetime(2026, month, day, hour, minute, tzinfo=CHICAGO, fold=fold)


class TestDays:
    def test_holds_its_start_and_not_its_end(self) -> None:
        days = Days(D(2026, 3, 1), D(2026, 3, 15))
        assert not days.contains(D(2026, 2, 28))
        assert days.contains(D(2026, 3, 1))
        assert days.contains(D(2026, 3, 14))
        assert not days.contains(D(2026, 3, 15))

    def test_without_end_holds_every_later_day(self) -> None:
        assert Days(D(2026, 3, 1)).contains(D(9999, 12, 31))

    def test_through_includes_the_last_valid_day(self) -> None:
        days = Days.through(D(2025, 3, 15), D(2026, 3, 14))
        assert days.contains(D(2026, 3, 14))
        assert not days.contains(D(2026, 3, 15))
        assert days.last == D(2026, 3, 14)

    @pytest.mark.parametrize("last", [None, dt.date.max])
    def test_through_no_day_or_the_last_of_the_calendar_has_no_end(
        self, last: dt.date | None
    ) -> None:
        assert Days.through(D(2026, 1, 1), last) == Days(D(2026, 1, 1), None)
        assert Days.through(D(2026, 1, 1), last).last is None

    @pytest.mark.parametrize("end", [D(2026, 3, 1), D(2026, 2, 28)])
    def test_refuses_to_end_before_it_began(self, end: dt.date) -> None:
        with pytest.raises(ValueError, match="must end after its start"):
            Days(D(2026, 3, 1), end)

    def test_refuses_a_moment_for_a_day(self) -> None:
        for make in (
            lambda: Days(NOON),
            lambda: Days(D(2026, 1, 1), NOON),
            lambda: Days(D(2026, 1, 1)).contains(NOON),
        ):
            with pytest.raises(TypeError, match="service_day"):
                make()

    def test_ranges_that_touch_do_not_overlap(self) -> None:
        before = Days(D(2026, 1, 1), D(2026, 2, 1))
        after = Days(D(2026, 2, 1), None)
        assert not before.overlaps(after)
        assert not after.overlaps(before)
        assert before.intersection(after) is None

    def test_intersection_of_two_without_end_has_none(self) -> None:
        assert Days(D(2026, 1, 1)).intersection(Days(D(2026, 2, 1))) == Days(D(2026, 2, 1))

    @pytest.mark.slow
    @given(some_days(), some_days())
    def test_intersection_holds_what_both_hold(self, one: Days, other: Days) -> None:
        both = one.intersection(other)
        assert covered([both] if both else []) == covered([one]) & covered([other])
        assert both == other.intersection(one)
        assert one.overlaps(other) is other.overlaps(one) is (both is not None)


class TestMergeAndGaps:
    def test_merge_joins_what_overlaps_or_touches(self) -> None:
        january = Days(D(2026, 1, 1), D(2026, 2, 1))
        february = Days(D(2026, 2, 1), D(2026, 3, 1))
        later = Days(D(2026, 3, 2), None)
        assert merge([later, february, january]) == [Days(D(2026, 1, 1), D(2026, 3, 1)), later]

    def test_merge_keeps_the_later_end_of_one_inside_another(self) -> None:
        year = Days(D(2026, 1, 1), D(2027, 1, 1))
        assert merge([year, Days(D(2026, 2, 1), D(2026, 3, 1))]) == [year]

    def test_gaps_of_a_year_with_two_certificates(self) -> None:
        certificates = [
            Days(D(2025, 6, 1), D(2026, 3, 1)),
            Days(D(2026, 4, 1), D(2026, 10, 1)),
        ]
        assert gaps(certificates, calendar_year_of(D(2026, 5, 5))) == [
            Days(D(2026, 3, 1), D(2026, 4, 1)),
            Days(D(2026, 10, 1), D(2027, 1, 1)),
        ]

    def test_gaps_with_nothing_on_record_are_the_whole(self) -> None:
        assert gaps([], Days(D(2026, 1, 1))) == [Days(D(2026, 1, 1))]

    def test_gaps_end_where_a_range_without_end_begins(self) -> None:
        ranges = [Days(D(2026, 2, 1)), Days(D(2026, 3, 1), D(2026, 4, 1))]
        assert gaps(ranges, Days(D(2026, 1, 1))) == [Days(D(2026, 1, 1), D(2026, 2, 1))]

    def test_gaps_look_only_within(self) -> None:
        within = Days(D(2026, 1, 10), D(2026, 1, 20))
        assert gaps([Days(D(2026, 2, 1)), Days(D(2025, 1, 1), D(2025, 2, 1))], within) == [within]

    def test_gaps_stop_after_a_range_that_never_ends(self) -> None:
        far = Days(D(2026, 1, 5))
        assert gaps([far], Days(D(2026, 1, 6), D(2026, 2, 1))) == []

    @pytest.mark.slow
    @given(st.lists(some_days(), max_size=6))
    def test_merge_keeps_the_days_in_ranges_that_stand_apart(self, ranges: list[Days]) -> None:
        merged = merge(ranges)
        assert covered(merged) == covered(ranges)
        assert all(one.end and one.end < next_.start for one, next_ in pairwise(merged))
        assert merge(reversed(ranges)) == merge(merged) == merged

    @pytest.mark.slow
    @given(st.lists(some_days(), max_size=6), some_days())
    def test_gaps_are_the_rest_of_within(self, ranges: list[Days], within: Days) -> None:
        free = gaps(ranges, within)
        assert covered(free) == covered([within]) - covered(ranges)
        assert merge(free) == free
        assert gaps([*ranges, *free], within) == []


class TestStretch:
    def test_minutes_of_a_common_visit(self) -> None:
        assert Stretch(at(10), at(10, 45)).minutes == 45

    def test_a_begun_minute_does_not_count(self) -> None:
        assert Stretch(at(10), at(10, 45) + dt.timedelta(seconds=59)).minutes == 45

    def test_spring_loses_an_hour(self) -> None:
        # On 8 March 2026, 02:00 in Chicago was followed by 03:00.
        assert Stretch(at(1, 30, month=3, day=8), at(3, 30, month=3, day=8)).minutes == 60

    def test_autumn_gains_an_hour(self) -> None:
        # On 1 November 2026, 01:59 in Chicago is followed by 01:00.
        assert Stretch(at(0, 30), at(2, 30)).minutes == 180

    def test_the_repeated_hour_may_end_at_an_earlier_clock_face(self) -> None:
        stretch = Stretch(at(1, 45, fold=0), at(1, 15, fold=1))
        assert stretch.minutes == 30

    def test_the_two_faces_of_the_repeated_hour_do_not_overlap(self) -> None:
        first = Stretch(at(1, 0, fold=0), at(1, 30, fold=0))
        second = Stretch(at(1, 0, fold=1), at(1, 30, fold=1))
        assert not first.overlaps(second)
        assert first != second

    def test_visits_that_touch_do_not_overlap(self) -> None:
        assert not Stretch(at(10), at(10, 30)).overlaps(Stretch(at(10, 30), at(11)))
        assert not Stretch(at(10, 30), at(11)).overlaps(Stretch(at(10), at(10, 30)))

    def test_visits_that_share_a_minute_overlap(self) -> None:
        assert Stretch(at(10), at(10, 31)).overlaps(Stretch(at(10, 30), at(11)))
        assert Stretch(at(10), at(12)).overlaps(Stretch(at(10, 30), at(11)))

    def test_one_moment_in_two_zones_is_one_stretch(self) -> None:
        start, end = at(10).astimezone(ZoneInfo("America/New_York")), at(11).astimezone(dt.UTC)
        assert Stretch(start, end) == Stretch(at(10), at(11))

    def test_is_kept_in_utc(self) -> None:
        stretch = Stretch(at(1, 30, fold=1), at(2, fold=0))
        assert stretch.start.isoformat() == "2026-11-01T07:30:00+00:00"
        assert stretch.end.isoformat() == "2026-11-01T08:00:00+00:00"

    @pytest.mark.parametrize(("start", "end"), [(at(10), at(10)), (at(10), at(9))])
    def test_refuses_to_end_before_it_began(self, start: dt.datetime, end: dt.datetime) -> None:
        with pytest.raises(ValueError, match="must end after its start"):
            Stretch(start, end)

    @pytest.mark.parametrize(("start", "end"), [(NAIVE, at(10)), (at(10), NAIVE)])
    def test_refuses_a_naive_moment(self, start: dt.datetime, end: dt.datetime) -> None:
        with pytest.raises(ValueError, match="naive"):
            Stretch(start, end)

    @given(
        st.datetimes(dt.datetime(2026, 1, 1), dt.datetime(2027, 1, 1)),  # noqa: DTZ001
        st.integers(1, 24 * 60),
    )
    def test_minutes_are_those_that_passed_in_any_zone(self, start: dt.datetime, n: int) -> None:
        began = start.replace(tzinfo=dt.UTC)
        ended = began + dt.timedelta(minutes=n)
        assert Stretch(began.astimezone(CHICAGO), ended.astimezone(CHICAGO)).minutes == n


class TestServiceDay:
    @pytest.mark.parametrize(
        ("moment", "zone", "day"),
        [
            ("2026-03-15T04:59:00+00:00", "America/Chicago", D(2026, 3, 14)),
            ("2026-03-15T05:00:00+00:00", "America/Chicago", D(2026, 3, 15)),
            ("2026-03-15T04:59:00+00:00", "America/New_York", D(2026, 3, 15)),
            # In winter midnight in Chicago is an hour later in UTC.
            ("2026-01-15T05:30:00+00:00", "America/Chicago", D(2026, 1, 14)),
            ("2026-03-08T06:30:00+00:00", "America/Chicago", D(2026, 3, 8)),
            ("2026-11-01T07:30:00+00:00", "America/Chicago", D(2026, 11, 1)),
            ("2026-11-02T05:30:00+00:00", "America/Chicago", D(2026, 11, 1)),
        ],
    )
    def test_is_the_local_date_of_the_start(self, moment: str, zone: str, day: dt.date) -> None:
        assert service_day(dt.datetime.fromisoformat(moment), zone) == day

    def test_refuses_a_naive_start(self) -> None:
        with pytest.raises(ValueError, match="naive"):
            service_day(NAIVE, "America/Chicago")

    @pytest.mark.parametrize(
        "zone", ["America/Atlantis", "America", "", "../etc/passwd", "/absolute", "a\0b"]
    )
    def test_refuses_an_unknown_zone(self, zone: str) -> None:
        with pytest.raises(ValueError, match="no time zone of this name"):
            service_day(NOON, zone)

    def test_refuses_a_start_outside_the_calendar(self) -> None:
        first = dt.datetime.min.replace(tzinfo=dt.UTC)
        with pytest.raises(ValueError, match="outside the calendar"):
            service_day(first, "America/Chicago")

    def test_in_utc_keeps_the_moment(self) -> None:
        assert in_utc(at(1, 30, fold=1)).isoformat() == "2026-11-01T07:30:00+00:00"


class TestMomentOf:
    @pytest.mark.parametrize(
        ("day", "time", "moment"),
        [
            (D(2026, 3, 8), dt.time(1, 59), "2026-03-08T07:59:00+00:00"),
            (D(2026, 3, 8), dt.time(3, 0), "2026-03-08T08:00:00+00:00"),
            (D(2026, 11, 1), dt.time(1, 30), "2026-11-01T06:30:00+00:00"),
            (D(2026, 11, 1), dt.time(1, 30, fold=1), "2026-11-01T06:30:00+00:00"),
            (D(2026, 11, 1), dt.time(2, 0), "2026-11-01T08:00:00+00:00"),
        ],
    )
    def test_is_the_first_at_which_the_clocks_showed_it(
        self, day: dt.date, time: dt.time, moment: str
    ) -> None:
        assert moment_of(day, time, "America/Chicago").isoformat() == moment

    @pytest.mark.parametrize("time", [dt.time(2, 0), dt.time(2, 30), dt.time(2, 59, 59)])
    def test_refuses_a_time_that_the_clocks_skipped(self, time: dt.time) -> None:
        with pytest.raises(SkippedTime) as told:
            moment_of(D(2026, 3, 8), time, "America/Chicago")
        assert (told.value.day, told.value.time) == (D(2026, 3, 8), time)

    def test_where_no_clock_is_set_every_time_is_there(self) -> None:
        moment = moment_of(D(2026, 3, 8), dt.time(2, 30), "America/Phoenix")
        assert moment.isoformat() == "2026-03-08T09:30:00+00:00"

    def test_refuses_an_unknown_zone_and_a_moment(self) -> None:
        with pytest.raises(ValueError, match="no time zone of this name"):
            moment_of(D(2026, 3, 8), dt.time(2, 30), "America/Atlantis")
        with pytest.raises(TypeError, match="service_day"):
            moment_of(NOON, dt.time(2, 30), "America/Chicago")

    @pytest.mark.parametrize("day", [dt.date.min, dt.date.max])
    def test_refuses_what_is_outside_the_calendar(self, day: dt.date) -> None:
        zone = "Asia/Tokyo" if day == dt.date.min else "America/Chicago"
        with pytest.raises(ValueError, match="outside the calendar"):
            moment_of(day, dt.time(0, 0) if day == dt.date.min else dt.time(23, 0), zone)


class TestMonths:
    @pytest.mark.parametrize(
        ("day", "months", "expected"),
        [
            (D(2026, 1, 31), 1, D(2026, 2, 28)),
            (D(2028, 1, 31), 1, D(2028, 2, 29)),
            (D(2026, 8, 31), -6, D(2026, 2, 28)),
            (D(2026, 12, 15), 1, D(2027, 1, 15)),
            (D(2026, 1, 15), -1, D(2025, 12, 15)),
            (D(2024, 2, 29), 12, D(2025, 2, 28)),
            (D(2026, 5, 5), 0, D(2026, 5, 5)),
            (D(2026, 5, 5), -29, D(2023, 12, 5)),
        ],
    )
    def test_add_months_takes_the_last_day_of_a_shorter_month(
        self, day: dt.date, months: int, expected: dt.date
    ) -> None:
        assert add_months(day, months) == expected

    @pytest.mark.parametrize(("day", "months"), [(dt.date.max, 1), (dt.date.min, -1)])
    def test_add_months_stays_in_the_calendar(self, day: dt.date, months: int) -> None:
        with pytest.raises(ValueError, match="outside the calendar"):
            add_months(day, months)

    @pytest.mark.parametrize(
        ("months", "ending", "first"),
        [
            (6, D(2026, 7, 15), D(2026, 1, 16)),
            (6, D(2026, 8, 31), D(2026, 3, 1)),
            (6, D(2028, 8, 31), D(2028, 3, 1)),
            (1, D(2026, 3, 31), D(2026, 3, 1)),
            (1, D(2026, 3, 30), D(2026, 3, 1)),
            (12, D(2026, 12, 31), D(2026, 1, 1)),
        ],
    )
    def test_rolling_months_run_from_the_day_after(
        self, months: int, ending: dt.date, first: dt.date
    ) -> None:
        window = rolling_months(months, ending)
        assert window.start == first
        assert window.last == ending

    def test_rolling_months_are_at_least_one(self) -> None:
        with pytest.raises(ValueError, match="at least one month"):
            rolling_months(0, D(2026, 1, 1))

    @given(st.dates(D(2000, 1, 1), D(2100, 1, 1)), st.integers(1, 36))
    def test_what_leaves_a_rolling_window_does_not_come_back(self, day: dt.date, n: int) -> None:
        today, tomorrow = rolling_months(n, day), rolling_months(n, day + dt.timedelta(days=1))
        assert today.start <= tomorrow.start
        assert not today.contains(add_months(day, -n))


class TestAge:
    @pytest.mark.parametrize(
        ("birth", "day", "age"),
        [
            (D(2005, 3, 15), D(2026, 3, 14), 20),
            (D(2005, 3, 15), D(2026, 3, 15), 21),
            (D(2008, 2, 29), D(2026, 2, 28), 17),
            (D(2008, 2, 29), D(2026, 3, 1), 18),
            (D(2008, 2, 29), D(2028, 2, 29), 20),
            (D(2026, 1, 1), D(2026, 1, 1), 0),
        ],
    )
    def test_age_is_reached_on_the_birthday(self, birth: dt.date, day: dt.date, age: int) -> None:
        assert age_on(birth, day) == age

    def test_refuses_a_day_before_birth(self) -> None:
        with pytest.raises(ValueError, match="before birth"):
            age_on(D(2026, 1, 2), D(2026, 1, 1))


class TestWindows:
    def test_a_week_starts_on_monday_unless_told(self) -> None:
        sunday = D(2026, 3, 15)
        assert week_of(sunday) == Days(D(2026, 3, 9), D(2026, 3, 16))
        assert week_of(sunday, "SUNDAY") == Days(D(2026, 3, 15), D(2026, 3, 22))

    def test_a_week_starts_on_a_weekday(self) -> None:
        with pytest.raises(ValueError, match="MONDAY, TUESDAY"):
            week_of(D(2026, 3, 15), "Monday")

    @pytest.mark.parametrize("window_of", [week_of, month_of, calendar_year_of, fiscal_year_of])
    def test_a_window_that_ends_outside_the_calendar_is_refused(
        self, window_of: Callable[[dt.date], Days]
    ) -> None:
        with pytest.raises(ValueError, match="outside the calendar"):
            window_of(dt.date.max)

    def test_month_and_calendar_year(self) -> None:
        assert month_of(D(2026, 12, 31)) == Days(D(2026, 12, 1), D(2027, 1, 1))
        assert calendar_year_of(D(2026, 12, 31)) == Days(D(2026, 1, 1), D(2027, 1, 1))
        assert calendar_year_of(D(2027, 1, 1)) == Days(D(2027, 1, 1), D(2028, 1, 1))

    @pytest.mark.parametrize(
        ("day", "starts", "first"),
        [
            (D(2026, 6, 30), "07-01", D(2025, 7, 1)),
            (D(2026, 7, 1), "07-01", D(2026, 7, 1)),
            (D(2026, 9, 30), "10-01", D(2025, 10, 1)),
            (D(2026, 8, 31), "09-01", D(2025, 9, 1)),
        ],
    )
    def test_a_fiscal_year_starts_on_its_day(
        self, day: dt.date, starts: str, first: dt.date
    ) -> None:
        assert fiscal_year_of(day, starts) == Days(first, add_months(first, 12))

    def test_fiscal_year_starts_in_july_unless_told(self) -> None:
        assert fiscal_year_of(D(2026, 1, 1)).start == D(2025, 7, 1)

    @pytest.mark.parametrize("starts", ["7-1", "0701", "02-29", "13-01", "07-01 ", ""])
    def test_a_fiscal_year_starts_on_a_day_of_every_year(self, starts: str) -> None:
        with pytest.raises(ValueError, match=r"MM-DD|day|month"):
            fiscal_year_of(D(2026, 1, 1), starts)

    @given(st.dates(D(1990, 1, 1), D(2100, 1, 1)))
    def test_every_window_holds_its_day_and_the_next_begins_where_it_ends(
        self, day: dt.date
    ) -> None:
        windows: tuple[Callable[[dt.date], Days], ...] = (
            week_of,
            month_of,
            calendar_year_of,
            fiscal_year_of,
        )
        for window_of in windows:
            window = window_of(day)
            assert window.contains(day)
            assert window.end is not None
            assert window_of(window.end).start == window.end

    @pytest.mark.parametrize(
        "ask",
        [
            lambda: add_months(NOON, 1),
            lambda: age_on(NOON, D(2026, 1, 1)),
            lambda: age_on(D(2026, 1, 1), NOON),
            lambda: week_of(NOON),
            lambda: month_of(NOON),
            lambda: calendar_year_of(NOON),
        ],
    )
    def test_a_moment_is_no_day(self, ask: Callable[[], object]) -> None:
        with pytest.raises(TypeError, match="service_day"):
            ask()
