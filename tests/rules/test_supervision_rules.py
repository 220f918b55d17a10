"""The rules of supervision: each way of counting, against a twin that walks through the year."""

import calendar
import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from peerworks.lib.periods import Days
from peerworks.lib.rulepack import NONE, Every, SupervisionRule, Value
from providers.rules import Audience, CredentialDates
from supervision.rules import (
    Duty,
    Mode,
    ServedFact,
    SessionFact,
    StageFact,
    State,
    SupervisionFacts,
    audience,
    duty_of,
    overdue_steps,
    owed,
    owed_on,
    stages_of,
    stages_on,
    status_on,
    strictest,
    window_on,
)

ONE = dt.timedelta(days=1)
NEW_YEAR = dt.date(2026, 1, 1)
LONG = Days(dt.date(2020, 1, 1))


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def duty(mode=Mode.INTERVAL, stage="FULL", **more) -> Duty:
    return Duty(stage=stage, mode=mode, formats=frozenset({"INDIVIDUAL", "GROUP"}), **more)


WEEKLY = duty(stage="INITIAL", every=Every(days=7))
MONTHLY = duty(every=Every(months=1))
TEXAS = (WEEKLY, MONTHLY)


def session(on, minutes=60, **more) -> SessionFact:
    on = day(on) if isinstance(on, str) else on
    return SessionFact(on=on, minutes=minutes, **{"format": "INDIVIDUAL", "mode": "VIDEO", **more})


def worker(*sessions, stage="FULL", assigned=LONG, in_stage=LONG, served=()) -> SupervisionFacts:
    return SupervisionFacts(
        assigned=(assigned,),
        stages=(StageFact(stage, in_stage),),
        sessions=sessions,
        served=tuple(served),
    )


class TestInterval:
    @pytest.mark.parametrize(
        ("on", "state"),
        [("2026-03-08", State.CURRENT), ("2026-03-09", State.DUE), ("2026-03-10", State.OVERDUE)],
    )
    def test_initial_is_due_on_the_seventh_day_and_overdue_from_the_eighth(self, on, state):
        found = owed(WEEKLY, worker(session("2026-03-02"), stage="INITIAL"), day(on))
        assert (found.state, found.due_on) == (state, day("2026-03-09"))

    @pytest.mark.parametrize(
        ("last", "on", "state"),
        [
            ("2026-03-02", "2026-03-09", State.CURRENT),
            ("2026-03-02", "2026-04-02", State.DUE),
            ("2026-03-02", "2026-04-03", State.OVERDUE),
            ("2026-01-31", "2026-02-28", State.DUE),
            ("2026-01-31", "2026-03-01", State.OVERDUE),
        ],
    )
    def test_full_is_due_on_the_same_day_of_the_next_month(self, last, on, state):
        assert owed(MONTHLY, worker(session(last)), day(on)).state is state

    def test_a_session_on_the_service_day_counts_and_a_later_one_does_not(self):
        late = worker(session("2026-01-02"), session("2026-03-10"))
        assert owed(MONTHLY, late, day("2026-03-10")).state is State.CURRENT
        assert owed(MONTHLY, late, day("2026-03-09")).state is State.OVERDUE

    @pytest.mark.parametrize(
        ("assigned", "in_stage", "due_on"),
        [
            ("2026-03-04", "2026-03-01", "2026-03-11"),
            ("2026-02-01", "2026-03-03", "2026-03-10"),
        ],
    )
    def test_without_a_session_the_later_of_assignment_and_stage_counts(
        self, assigned, in_stage, due_on
    ):
        facts = worker(stage="INITIAL", assigned=Days(day(assigned)), in_stage=Days(day(in_stage)))
        found = owed(WEEKLY, facts, day("2026-03-11"))
        assert (found.last, found.due_on) == (None, day(due_on))

    @pytest.mark.parametrize(
        "wrong", [{"credited": False}, {"format": "ADMINISTRATIVE"}, {"mode": "PHONE"}]
    )
    def test_what_does_not_count(self, wrong):
        weekly = duty(every=Every(days=7), meeting_modes=frozenset({"VIDEO", "IN_PERSON"}))
        facts = worker(session("2026-03-01"), session("2026-03-09", **wrong))
        assert owed(weekly, facts, day("2026-03-09")).last.on == day("2026-03-01")

    def test_every_way_of_meeting_counts_where_the_pack_names_none(self):
        facts = worker(session("2026-03-09", mode="PHONE"))
        assert owed(MONTHLY, facts, day("2026-03-09")).last is not None

    def test_a_change_of_supervisor_without_a_gap_does_not_begin_anew(self):
        facts = SupervisionFacts(
            assigned=(Days(NEW_YEAR, day("2026-03-01")), Days(day("2026-03-01"))),
            stages=(StageFact("FULL", LONG),),
            sessions=(session("2026-02-10"),),
        )
        assert owed(MONTHLY, facts, day("2026-03-05")).due_on == day("2026-03-10")

    def test_who_comes_back_after_a_gap_starts_anew(self):
        facts = SupervisionFacts(
            assigned=(Days(NEW_YEAR, day("2026-02-01")), Days(day("2026-06-01"))),
            stages=(StageFact("FULL", LONG),),
            sessions=(session("2026-01-10"),),
        )
        assert owed(MONTHLY, facts, day("2026-06-15")).due_on == day("2026-07-01")
        assert owed(MONTHLY, facts, day("2026-03-01")) is None

    def test_no_duty_binds_in_another_stage(self):
        assert owed(WEEKLY, worker(stage="FULL"), NEW_YEAR) is None
        assert owed_on([WEEKLY], worker(stage="FULL"), NEW_YEAR) is None
        assert status_on([WEEKLY], worker(stage="FULL"), NEW_YEAR) is None


class TestStages:
    def test_stages_follow_from_certificates(self):
        known = CredentialDates(valid_from=NEW_YEAR, expires_on=day("2026-06-30"))
        unknown = CredentialDates(valid_from=NEW_YEAR)
        stages = stages_of([("INITIAL", known), ("FULL", unknown), ("TRAINEE", CredentialDates())])
        assert stages == (StageFact("INITIAL", Days(NEW_YEAR, day("2026-07-01"))),)

    def test_a_certificate_without_end_is_a_stage_without_end(self):
        forever = CredentialDates(valid_from=NEW_YEAR, never_ends=True)
        assert stages_of([("FULL", forever)]) == (StageFact("FULL", Days(NEW_YEAR)),)

    def test_several_at_once_stand_once_each(self):
        stages = [StageFact(s, LONG) for s in ("FULL", "INITIAL", "FULL")]
        assert stages_on(stages, NEW_YEAR) == ("FULL", "INITIAL")

    def test_texas_passes_from_weekly_to_monthly(self):
        full_from = day("2026-04-01")
        facts = SupervisionFacts(
            assigned=(LONG,),
            stages=(
                StageFact("INITIAL", Days(NEW_YEAR, full_from)),
                StageFact("FULL", Days(full_from)),
            ),
            sessions=(session("2026-03-20"),),
        )
        found = [owed_on(TEXAS, facts, full_from + n * ONE).state for n in (-4, -1, 0, 19, 20)]
        assert found == [State.OVERDUE, State.OVERDUE, State.CURRENT, State.DUE, State.OVERDUE]


class TestSeveralDuties:
    def test_overdue_goes_before_what_is_due_sooner(self):
        facts = worker(session("2026-03-01"))
        overdue = owed(duty(every=Every(days=3)), facts, day("2026-03-10"))
        soon = owed(duty(every=Every(days=10)), facts, day("2026-03-10"))
        assert strictest([soon, None, overdue]) is overdue
        assert strictest([None]) is None

    def test_the_soonest_due_decides_among_those_in_time(self):
        facts = worker(session("2026-03-01"))
        found = owed_on([MONTHLY, duty(every=Every(days=14))], facts, day("2026-03-10"))
        assert found.due_on == day("2026-03-15")
        assert status_on([MONTHLY], facts, day("2026-03-10")) is State.CURRENT


TN_ENTRY = duty(Mode.RATIO, minutes=60, per_minutes=25 * 60, over="EPISODE")
TN_RENEWAL = duty(Mode.RATIO, minutes=120, per_minutes=50 * 60, over="EPISODE")


class TestRatio:
    @pytest.mark.parametrize(
        ("asked", "served_hours", "had", "state"),
        [
            (TN_ENTRY, 75, 180, State.CURRENT),
            (TN_ENTRY, 75, 150, State.OVERDUE),
            (TN_RENEWAL, 50, 120, State.CURRENT),
            (TN_RENEWAL, 50, 90, State.OVERDUE),
            (TN_ENTRY, 24, 0, State.CURRENT),
            (TN_ENTRY, 25, 0, State.OVERDUE),
        ],
    )
    def test_tennessee(self, asked, served_hours, had, state):
        facts = worker(
            session("2026-02-01", had),
            in_stage=Days(NEW_YEAR),
            served=[ServedFact(day("2026-02-02"), served_hours * 60)],
        )
        found = owed(asked, facts, day("2026-02-02"))
        assert found.state is state
        assert found.had == had

    def test_short_since_the_day_that_filled_the_block(self):
        served = [ServedFact(day("2026-02-02"), 1500), ServedFact(day("2026-02-20"), 60)]
        facts = worker(in_stage=Days(NEW_YEAR), served=served)
        found = owed(TN_ENTRY, facts, day("2026-02-16"))
        assert (found.due_on, found.owed, found.had) == (day("2026-02-02"), 60, 0)
        assert overdue_steps(found, day("2026-02-16")) == ("W2", "W1", "P100", "P80")

    def test_short_from_the_first_day_on(self):
        facts = worker(in_stage=Days(NEW_YEAR), served=[ServedFact(NEW_YEAR, 1500)])
        assert owed(TN_ENTRY, facts, day("2026-01-03")).due_on == NEW_YEAR

    @pytest.mark.parametrize(("hours", "steps"), [(19, ()), (20, ("P80",)), (25, ("P100", "P80"))])
    def test_steps_follow_the_hours_of_the_block(self, hours, steps):
        facts = worker(in_stage=Days(NEW_YEAR), served=[ServedFact(NEW_YEAR, hours * 60)])
        assert overdue_steps(owed(TN_ENTRY, facts, NEW_YEAR), NEW_YEAR) == steps

    @pytest.mark.parametrize(
        ("over", "start", "end"),
        [
            ("DAY", "2026-08-12", "2026-08-13"),
            ("WEEK", "2026-08-09", "2026-08-16"),
            ("MONTH", "2026-08-01", "2026-09-01"),
            ("CALENDAR_YEAR", "2026-01-01", "2027-01-01"),
            ("FISCAL_YEAR", "2026-07-01", "2027-07-01"),
            ("ROLLING_MONTHS(6)", "2026-02-13", "2026-08-13"),
            ("EPISODE", "2025-01-01", None),
        ],
    )
    def test_windows(self, over, start, end):
        asked = duty(Mode.RATIO, minutes=60, per_minutes=60, over=over, week_starts="SUNDAY")
        window = window_on(asked, day("2025-01-01"), day("2026-08-12"))
        assert (window.start, window.end) == (day(start), end and day(end))

    def test_a_window_begins_with_the_duty_and_unknown_ones_are_refused(self):
        asked = duty(Mode.RATIO, minutes=60, per_minutes=60, over="MONTH")
        assert window_on(asked, day("2026-08-10"), day("2026-08-12")).start == day("2026-08-10")
        with pytest.raises(ValueError, match="no window of this name"):
            window_on(duty(Mode.RATIO, over="DECADE"), NEW_YEAR, NEW_YEAR)


TWO_HOURS = duty(Mode.HOURS_PER_MONTH, minutes=120)


class TestHoursOfAMonth:
    def test_due_on_the_last_day_and_overdue_from_the_first(self):
        facts = worker(session("2026-03-03", 90), session("2026-02-03", 120))
        states = [owed(TWO_HOURS, facts, day(d)).state for d in ("2026-03-30", "2026-03-31")]
        assert states == [State.CURRENT, State.DUE]
        found = owed(TWO_HOURS, facts, day("2026-04-01"))
        assert (found.state, found.due_on) == (State.OVERDUE, day("2026-03-31"))
        assert (found.had, found.owed) == (90, 120)
        assert found.window == Days(day("2026-03-01"), day("2026-04-01"))

    def test_kept_where_the_hours_were_had(self):
        facts = worker(session("2026-02-03", 120), session("2026-03-01", 120))
        found = owed(TWO_HOURS, facts, day("2026-03-31"))
        assert (found.state, found.due_on, found.percent) == (State.CURRENT, None, 0)

    def test_the_month_in_progress_mends_it_with_its_own_hours(self):
        facts = worker(session("2026-04-10", 120), in_stage=Days(day("2026-03-01")))
        states = [owed(TWO_HOURS, facts, day(f"2026-04-{d}")).state for d in ("09", "10")]
        assert states == [State.OVERDUE, State.CURRENT]

    def test_a_month_that_began_before_the_duty_asks_nothing(self):
        facts = worker(in_stage=Days(day("2026-03-02")))
        assert owed(TWO_HOURS, facts, day("2026-03-31")).state is State.CURRENT
        assert owed(TWO_HOURS, facts, day("2026-04-15")).state is State.CURRENT
        assert owed(TWO_HOURS, facts, day("2026-05-01")).state is State.OVERDUE

    def test_weeks_count_from_the_first_of_several_short_months(self):
        facts = worker(in_stage=Days(day("2026-02-01")))
        found = owed(TWO_HOURS, facts, day("2026-04-07"))
        assert found.due_on == day("2026-02-28")
        assert overdue_steps(found, day("2026-04-07"))[0] == "W5"

    def test_steps_follow_the_days_of_the_month(self):
        facts = worker(in_stage=Days(day("2026-04-01")))
        steps = [overdue_steps(owed(TWO_HOURS, facts, day(d)), day(d)) for d in
                 ("2026-04-23", "2026-04-24", "2026-04-30")]  # fmt: skip
        assert steps == [(), ("P80",), ("P100", "P80")]


class TestSteps:
    @pytest.mark.parametrize(
        ("passed", "steps"),
        [
            (5, ()),
            (6, ("P80",)),
            (7, ("P100", "P80")),
            (13, ("P100", "P80")),
            (14, ("W1", "P100", "P80")),
            (21, ("W2", "W1", "P100", "P80")),
        ],
    )
    def test_four_fifths_the_due_day_and_then_weekly(self, passed, steps):
        on = day("2026-03-02") + passed * ONE
        standing = owed(WEEKLY, worker(session("2026-03-02"), stage="INITIAL"), on)
        assert overdue_steps(standing, on) == steps

    def test_administrators_hear_from_the_due_day_on(self):
        assert audience("P80") == {Audience.WORKER, Audience.SUPERVISOR}
        assert audience("P100") == audience("W1") == set(Audience)


def value(given_value) -> Value:
    return Value(given_value, "source", "path")


def rule(mode, **more) -> SupervisionRule:
    return SupervisionRule(stage="FULL", mode=mode, formats=("GROUP",), path="p", **more)


class TestDutyOf:
    def test_each_mode_from_a_pack(self):
        interval = duty_of(rule("INTERVAL", every=value(Every(days=7)), modes=value(("VIDEO",))))
        assert (interval.every, interval.meeting_modes) == (Every(days=7), {"VIDEO"})
        ratio = duty_of(
            rule(
                "RATIO",
                hours=value(Decimal("1.5")),
                per_service_hours=value(25),
                over=value("MONTH"),
            )
        )
        assert (ratio.minutes, ratio.per_minutes, ratio.over) == (90, 1500, "MONTH")
        month = duty_of(rule("HOURS_PER_MONTH", hours=value(2)), week_starts="SUNDAY")
        assert (month.minutes, month.week_starts, month.meeting_modes) == (120, "SUNDAY", None)

    def test_a_value_that_is_missing_or_none_leaves_no_duty(self):
        assert duty_of(rule("INTERVAL")) is None
        assert duty_of(rule("RATIO", hours=value(1), per_service_hours=value(25))) is None
        assert duty_of(rule("HOURS_PER_MONTH", hours=value(NONE))) is None


# --- a twin that walks through a year day by day, written without the implementation -------------


def _next_month(on: dt.date) -> dt.date:
    year, month = (on.year + 1, 1) if on.month == 12 else (on.year, on.month + 1)
    return dt.date(year, month, min(on.day, calendar.monthrange(year, month)[1]))


def _walk(session_days, full_from, assigned_on, days):
    """What a supervisor's wall calendar says, one day after the other, in Texas."""
    last = None
    for number in range(days):
        today = NEW_YEAR + number * ONE
        if today < assigned_on:
            yield today, None
            continue
        if today in session_days:
            last = today
        stage_began = NEW_YEAR if today < full_from else full_from
        counted = last if last is not None else max(assigned_on, stage_began)
        if today < full_from:
            due = counted
            for _ in range(7):
                due += ONE
        else:
            due = _next_month(counted)
        state = State.OVERDUE if today > due else State.DUE if today == due else State.CURRENT
        yield today, (state, due)


YEAR_DAYS = st.integers(0, 364).map(lambda n: NEW_YEAR + n * ONE)


@pytest.mark.slow
@settings(deadline=None, max_examples=60)
@given(
    sessions=st.frozensets(YEAR_DAYS, max_size=30),
    full_from=YEAR_DAYS.filter(lambda each: each > NEW_YEAR),
    assigned_on=YEAR_DAYS,
)
def test_a_texas_year_agrees_with_a_walk_through_it(sessions, full_from, assigned_on):
    facts = SupervisionFacts(
        assigned=(Days(assigned_on),),
        stages=(
            StageFact("INITIAL", Days(NEW_YEAR, full_from)),
            StageFact("FULL", Days(full_from)),
        ),
        sessions=tuple(session(each) for each in sessions),
    )
    for today, expected in _walk(sessions, full_from, assigned_on, 365):
        found = owed_on(TEXAS, facts, today)
        assert (found and (found.state, found.due_on)) == expected, today


@pytest.mark.slow
@settings(deadline=None, max_examples=30)
@given(
    sessions=st.dictionaries(YEAR_DAYS, st.sampled_from([30, 60, 90]), max_size=8),
    served=st.dictionaries(YEAR_DAYS, st.sampled_from([300, 480, 900]), max_size=12),
)
def test_a_year_of_ratio_agrees_with_two_purses(sessions, served):
    """Each full 25 hours of service puts an hour on the debt; each session is paid against it."""
    facts = worker(
        *(session(on, minutes) for on, minutes in sessions.items()),
        in_stage=Days(NEW_YEAR),
        served=[ServedFact(on, minutes) for on, minutes in served.items()],
    )
    minutes, paid, short_since = 0, 0, None
    for number in range(365):
        today = NEW_YEAR + number * ONE
        minutes += served.get(today, 0)
        paid += sessions.get(today, 0)
        debt = 60 * (minutes // (25 * 60))
        short_since = (short_since or today) if paid < debt else None
        if number % 13 == 0 or today in served:
            found = owed(TN_ENTRY, facts, today)
            assert (found.owed, found.had, found.due_on) == (debt, paid, short_since)
