"""The rules of the worker's file: every edge of a certificate, of a cycle, of a reminder."""

import datetime as dt
from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerworks.lib.findings import RecordRef
from peerworks.lib.periods import Days
from peerworks.lib.rulepack import (
    NONE,
    CategoryRule,
    CredentialKindRule,
    CycleRule,
    DeadlineRule,
    EducationRule,
    Value,
)
from providers.rules import (
    Audience,
    CredentialDates,
    EmploymentFact,
    EmploymentKind,
    HoursNeeded,
    LearningFact,
    are_known,
    audience,
    counting_days,
    cycle_on,
    dates_by_rule,
    employed_since,
    expiry_steps,
    hours_counted,
    hours_needed,
    is_valid_on,
    last_valid_day,
    on_staff,
    real_deadline,
    unbroken_since,
)

DAY = dt.date(2026, 3, 14)
ONE = dt.timedelta(days=1)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def value(given_value) -> Value:
    return Value(given_value, "source", "path")


def employment(kind: str, start: str, end: str | None = None) -> EmploymentFact:
    days = Days(day(start), None if end is None else day(end))
    return EmploymentFact(EmploymentKind(kind), days, RecordRef("providers.employment", kind))


class TestStaff:
    def test_first_and_last_day_of_employment(self):
        held = [employment("EMPLOYEE", "2026-03-14", "2026-03-16")]
        found = [on_staff(held, day(f"2026-03-{n}")) is not None for n in (13, 14, 15, 16)]
        assert found == [False, True, True, False]

    def test_a_paid_employment_goes_before_a_volunteers(self):
        held = [employment("VOLUNTEER", "2020-01-01"), employment("CONTRACTOR", "2020-01-01")]
        assert on_staff(held, DAY).kind is EmploymentKind.CONTRACTOR

    def test_a_partner_is_not_on_staff(self):
        assert on_staff([employment("PARTNER", "2020-01-01")], DAY) is None

    def test_employed_since_joins_what_touches_and_stops_at_a_gap(self):
        held = [
            employment("EMPLOYEE", "2020-01-01", "2021-01-01"),
            employment("VOLUNTEER", "2025-01-01", "2025-06-01"),
            employment("EMPLOYEE", "2025-06-01"),
        ]
        assert employed_since(held, DAY) == day("2025-01-01")
        assert employed_since(held, day("2021-01-01")) is None

    def test_unbroken_since_is_none_outside_of_all_ranges(self):
        assert unbroken_since([], DAY) is None


class TestCertificates:
    def test_valid_on_both_edges_and_not_beyond(self):
        dates = CredentialDates(valid_from=day("2025-03-15"), expires_on=DAY)
        asked = (day("2025-03-14"), day("2025-03-15"), DAY, DAY + ONE)
        assert [is_valid_on(dates, each) for each in asked] == [False, True, True, False]

    def test_issue_stands_in_for_the_first_valid_day(self):
        dates = CredentialDates(issued_on=DAY, expires_on=DAY + ONE)
        assert [is_valid_on(dates, DAY - ONE), is_valid_on(dates, DAY)] == [False, True]

    def test_the_earlier_of_certificate_and_registry_counts(self):
        early, late = day("2026-05-31"), day("2026-06-30")
        for expires, registry in ((early, late), (late, early)):
            dates = CredentialDates(issued_on=DAY, expires_on=expires, registry_ends_on=registry)
            assert last_valid_day(dates) == early

    @pytest.mark.parametrize(("counts", "last"), [(True, "2027-02-28"), (False, "2026-12-31")])
    def test_whether_the_late_window_counts_is_the_packs_word(self, counts, last):
        dates = CredentialDates(
            issued_on=DAY,
            expires_on=day("2026-12-31"),
            grace_until=day("2027-02-28"),
            late_window_counts_as_valid=counts,
        )
        assert last_valid_day(dates) == day(last)

    def test_a_window_that_counts_but_has_no_days_changes_nothing(self):
        dates = CredentialDates(issued_on=DAY, expires_on=DAY, late_window_counts_as_valid=True)
        assert last_valid_day(dates) == DAY

    def test_inactive_ends_it_the_day_before_whatever_is_printed(self):
        dates = CredentialDates(issued_on=day("2025-01-01"), expires_on=DAY, inactive_on=DAY)
        assert last_valid_day(dates) == DAY - ONE
        only = CredentialDates(issued_on=day("2025-01-01"), inactive_on=DAY, never_ends=True)
        assert [is_valid_on(only, DAY - ONE), is_valid_on(only, DAY)] == [True, False]

    def test_without_dates_nothing_is_known_and_nothing_valid(self):
        for dates in (
            CredentialDates(),
            CredentialDates(issued_on=DAY),
            CredentialDates(expires_on=DAY),
        ):
            assert not are_known(dates)
            assert not is_valid_on(dates, DAY)

    def test_a_kind_that_never_ends(self):
        dates = CredentialDates(issued_on=DAY, never_ends=True)
        assert are_known(dates)
        assert is_valid_on(dates, day("2099-01-01"))
        assert last_valid_day(dates) is None

    def test_the_gap_before_a_renewal_stays_a_gap(self):
        old = CredentialDates(issued_on=day("2024-03-15"), expires_on=DAY)
        new = CredentialDates(issued_on=DAY + 3 * ONE, expires_on=day("2028-03-16"))
        covered = [any(is_valid_on(d, DAY + n * ONE) for d in (old, new)) for n in range(4)]
        assert covered == [True, False, False, True]

    def test_the_real_deadline_is_the_filing_day_where_there_is_one(self):
        dates = CredentialDates(issued_on=DAY, expires_on=day("2026-06-30"))
        assert real_deadline(dates) == day("2026-06-30")
        filed = CredentialDates(
            issued_on=DAY, expires_on=day("2026-06-30"), file_by=day("2026-06-16")
        )
        assert real_deadline(filed) == day("2026-06-16")


def kind(deadlines: DeadlineRule) -> CredentialKindRule:
    return CredentialKindRule(
        key="cert",
        label={},
        body="A board",
        endorsements=(),
        cycle=CycleRule("ANNIVERSARY", value(24)),
        deadlines=deadlines,
        education=EducationRule(),
    )


class TestDatesByRule:
    def test_tennessee_files_fourteen_days_before(self):
        rule = kind(DeadlineRule(opens_days_before=value(90), file_by_days_before=value(14)))
        dates = dates_by_rule(rule, issued_on=None, valid_from=DAY, ends_on=day("2026-12-31"))
        assert dates.renewal_opens_on == day("2026-10-02")
        assert dates.file_by == day("2026-12-17")
        assert (dates.late_fee_from, dates.grace_until) == (None, None)

    def test_georgia_files_and_stays_valid_after_the_end(self):
        rule = kind(
            DeadlineRule(
                file_by_days_before=value(-15),
                late_window_days=value(59),
                late_window_counts_as_valid=value(given_value=True),
            )
        )
        dates = dates_by_rule(rule, issued_on=DAY, valid_from=DAY, ends_on=day("2026-12-31"))
        assert dates.file_by == day("2027-01-15")
        assert dates.late_fee_from == day("2027-01-16")
        assert last_valid_day(dates) == dates.grace_until == day("2027-02-28")

    def test_what_the_pack_leaves_out_or_calls_none_gives_no_date(self):
        rule = kind(DeadlineRule(opens_days_before=value(NONE), late_window_days=value(30)))
        dates = dates_by_rule(rule, issued_on=DAY, valid_from=DAY, ends_on=day("2026-12-31"))
        assert (dates.renewal_opens_on, dates.file_by) == (None, None)
        assert dates.late_fee_from == day("2027-01-01")
        assert last_valid_day(dates) == day("2026-12-31")


class TestCycles:
    @pytest.mark.parametrize(
        ("kind_of_cycle", "months", "anchor", "on", "start", "last"),
        [
            ("ANNIVERSARY", 24, "2022-05-10", "2026-05-09", "2024-05-10", "2026-05-09"),
            ("ANNIVERSARY", 24, "2022-05-10", "2026-05-10", "2026-05-10", "2028-05-09"),
            ("ANNIVERSARY", 12, "2024-02-29", "2025-02-28", "2025-02-28", "2026-02-27"),
            ("ANNIVERSARY", 12, "2024-02-29", "2028-02-29", "2028-02-29", "2029-02-27"),
            ("ANNIVERSARY", 12, "2026-05-10", "2026-05-01", "2025-05-10", "2026-05-09"),
            ("CALENDAR_YEAR", 12, "2022-05-10", "2026-12-31", "2026-01-01", "2026-12-31"),
            ("MONTH_FIRST", 24, "2022-05-10", "2024-04-30", "2022-05-01", "2024-04-30"),
            ("MONTH_FIRST", 24, "2022-05-10", "2024-05-01", "2024-05-01", "2026-04-30"),
        ],
    )
    def test_the_cycle_of_a_day(self, kind_of_cycle, months, anchor, on, start, last):
        cycle = cycle_on(kind_of_cycle, months, day(anchor), day(on))
        assert (cycle.start, cycle.last) == (day(start), day(last))

    @pytest.mark.slow
    @given(
        st.sampled_from(["ANNIVERSARY", "CALENDAR_YEAR", "MONTH_FIRST"]),
        st.integers(1, 36),
        st.dates(dt.date(2000, 1, 1), dt.date(2030, 12, 31)),
        st.dates(dt.date(2000, 1, 1), dt.date(2060, 12, 31)),
    )
    def test_every_day_is_in_its_cycle_and_cycles_follow_each_other(
        self, kind_, months, anchor, on
    ):
        cycle = cycle_on(kind_, months, anchor, on)
        assert cycle.contains(on)
        assert cycle_on(kind_, months, anchor, cycle.end).start == cycle.end

    def test_another_kind_and_no_months_are_refused(self):
        with pytest.raises(ValueError, match="no cycle of this kind"):
            cycle_on("LUNAR", 12, DAY, DAY)
        with pytest.raises(ValueError, match="at least one month"):
            cycle_on("ANNIVERSARY", 0, DAY, DAY)


def learned(hours, *categories, on="2026-05-01", **more) -> LearningFact:
    return LearningFact(on=day(on), hours=Decimal(hours), categories=frozenset(categories), **more)


YEAR = Days(day("2026-01-01"), day("2027-01-01"))


class TestEducation:
    def test_one_course_satisfies_two_categories_and_counts_once(self):
        rule = EducationRule(
            hours=value(20),
            categories=(
                CategoryRule("ethics", min=value(3)),
                CategoryRule("peer", min=value(Decimal("4.5"))),
            ),
        )
        counted = hours_counted([learned(4, "ethics", "peer")], rule, YEAR)
        assert counted.hours == 4
        assert counted.by_category == {"ethics": 4, "peer": 4}
        needed = hours_needed(counted, rule)
        assert needed == HoursNeeded(Decimal(16), {"peer": Decimal("0.5")}, {})
        assert not needed.is_nothing

    def test_hours_outside_the_cycle_do_not_count(self):
        rule = EducationRule(hours=value(2))
        entries = [
            learned(1, on=f"20{y}") for y in ("25-12-31", "26-01-01", "26-12-31", "27-01-01")
        ]
        counted = hours_counted(entries, rule, YEAR)
        assert counted.hours == 2
        assert hours_needed(counted, rule).is_nothing

    def test_hours_beyond_a_maximum_do_not_count_in_the_total(self):
        rule = EducationRule(hours=value(10), categories=(CategoryRule("online", max=value(4)),))
        counted = hours_counted([learned(6, "online"), learned(1)], rule, YEAR)
        assert counted.hours == 5
        assert counted.by_category == {"online": 6}

    def test_georgias_sponsor_and_its_ethics_course(self):
        rule = EducationRule(
            hours=value(12),
            categories=(
                CategoryRule("gmhcn", min=value(6), sponsor="GMHCN"),
                CategoryRule("peer-ethics", min_courses=value(1)),
            ),
        )
        entries = [learned(8), learned(4, sponsor="GMHCN")]
        needed = hours_needed(hours_counted(entries, rule, YEAR), rule)
        assert needed == HoursNeeded(Decimal(0), {"gmhcn": Decimal(2)}, {"peer-ethics": 1})
        assert not needed.is_nothing

    def test_a_category_by_format_takes_live_hours_whatever_they_are_about(self):
        rule = EducationRule(categories=(CategoryRule("live", min=value(5), format="LIVE"),))
        entries = [learned(3, "ethics", format="LIVE"), learned(9, "live", format="ONLINE")]
        assert hours_counted(entries, rule, YEAR).by_category == {"live": 3}

    def test_hours_that_no_pack_states_are_not_known(self):
        rule = EducationRule()
        needed = hours_needed(hours_counted([], rule, YEAR), rule)
        assert needed.hours is None
        assert not needed.is_nothing

    @pytest.mark.parametrize(
        ("accrues", "issued", "start"),
        [
            (None, "2026-05-10", "2026-01-01"),
            ("ISSUE", "2026-05-10", "2026-01-01"),
            ("NEXT_JANUARY", "2025-05-10", "2026-01-01"),
            ("NEXT_JANUARY", "2026-05-10", None),
        ],
    )
    def test_from_when_hours_accrue(self, accrues, issued, start):
        rule = EducationRule(hours=value(12), accrues_from=accrues and value(accrues))
        within = counting_days(rule, YEAR, day(issued))
        assert (within and within.start) == (start and day(start))

    def test_a_cycle_without_accrual_needs_nothing(self):
        rule = EducationRule(hours=value(12))
        counted = hours_counted([learned(5)], rule, None)
        assert counted.hours == 0
        assert hours_needed(counted, rule).is_nothing

    @pytest.mark.slow
    @given(
        st.lists(
            st.tuples(st.integers(0, 4), st.frozensets(st.sampled_from("abc"), max_size=3)),
            max_size=4,
        ),
        st.integers(0, 5),
        st.integers(0, 5),
    )
    def test_the_total_is_the_best_that_any_placing_of_hours_gives(self, courses, cap_a, cap_b):
        """Against a search over every way to place whole hours: `c` and "no category" have no cap."""
        rule = EducationRule(
            categories=(
                CategoryRule("a", max=value(cap_a)),
                CategoryRule("b", max=value(cap_b)),
                CategoryRule("c"),
            )
        )
        counted = hours_counted([learned(h, *keys) for h, keys in courses], rule, YEAR)
        assert counted.hours == _best_placing(courses, cap_a, cap_b)


def _best_placing(courses, cap_a, cap_b) -> int:
    free = sum(hours for hours, keys in courses if not keys or "c" in keys)
    tied = [(hours, keys) for hours, keys in courses if keys and "c" not in keys]
    ways = [
        [(a, b) for a in range(h + 1) for b in range(h + 1 - a)
         if ("a" in keys or not a) and ("b" in keys or not b)]
        for h, keys in tied
    ]  # fmt: skip
    totals = [
        sum(a for a, _ in way) + sum(b for _, b in way)
        for way in product(*ways)
        if sum(a for a, _ in way) <= cap_a and sum(b for _, b in way) <= cap_b
    ]
    return free + max(totals)


class TestReminders:
    @pytest.mark.parametrize(
        ("left", "steps"),
        [
            (91, ()),
            (90, ("D90",)),
            (61, ("D90",)),
            (60, ("D60", "D90")),
            (30, ("D30", "D60", "D90")),
            (8, ("D14", "D30", "D60", "D90")),
            (1, ("D1", "D7", "D14", "D30", "D60", "D90")),
            (0, ("D0", "D1", "D7", "D14", "D30", "D60", "D90")),
            (-6, ("D0", "D1", "D7", "D14", "D30", "D60", "D90")),
            (-7, ("W1", "D0", "D1", "D7", "D14", "D30", "D60", "D90")),
            (-14, ("W2", "W1", "D0", "D1", "D7", "D14", "D30", "D60", "D90")),
        ],
    )
    def test_steps_reached_nearest_first(self, left, steps):
        assert expiry_steps(DAY, DAY - left * ONE) == steps

    @pytest.mark.parametrize(
        ("step", "heard"),
        [
            ("D90", {Audience.WORKER}),
            ("D60", {Audience.WORKER}),
            ("D30", {Audience.WORKER, Audience.SUPERVISOR}),
            ("D14", {Audience.WORKER, Audience.SUPERVISOR}),
            ("D7", set(Audience)),
            ("D0", set(Audience)),
            ("W3", set(Audience)),
        ],
    )
    def test_the_circle_widens(self, step, heard):
        assert audience(step) == heard

    @given(st.integers(-400, 200))
    def test_steps_only_grow_as_days_pass(self, left):
        today = expiry_steps(DAY, DAY - left * ONE)
        tomorrow = expiry_steps(DAY, DAY - left * ONE + ONE)
        assert tomorrow[len(tomorrow) - len(today) :] == today
