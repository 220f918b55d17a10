"""The rules of courses: meetings and minutes that complete one, and completions as of a day."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from peerworks.lib.findings import RecordRef
from training.rules import (
    AttendanceFact,
    CompletionFact,
    CompletionRule,
    Mark,
    MeetingFact,
    completion_on,
    has_completed,
    missing_courses,
    progress,
)

MONDAY = dt.date(2026, 3, 2)
TUESDAY = dt.date(2026, 3, 3)
LATER = dt.date(2026, 3, 20)
RECORD = RecordRef("training.certificate", "one")

# Two days of five sessions, as the course for those who will lead WHAM has them.
SESSIONS = [MeetingFact(f"s{n}", MONDAY if n <= 5 else TUESDAY, minutes=96) for n in range(1, 11)]
ALL_TEN = CompletionRule(meetings=10, minutes=960)


def attended(count: int, mark: Mark = Mark.PRESENT, minutes: int = 96) -> list[AttendanceFact]:
    return [AttendanceFact(each.id, mark, minutes) for each in SESSIONS[:count]]


class TestProgress:
    def test_ten_of_ten_complete_on_the_second_day(self):
        assert progress(ALL_TEN, SESSIONS, attended(10), LATER).completed_on == TUESDAY

    def test_nine_of_ten_do_not(self):
        found = progress(ALL_TEN, SESSIONS, attended(9), LATER)
        assert found.completed_on is None
        assert (found.meetings, found.meetings_missing) == (9, 1)
        assert (found.minutes, found.minutes_missing) == (864, 96)

    def test_a_made_up_session_completes_on_the_day_of_making_up(self):
        made_up = AttendanceFact("s10", Mark.MADE_UP, 96, made_up_on=LATER)
        both = [*attended(9), made_up]
        assert progress(ALL_TEN, SESSIONS, both, LATER).completed_on == LATER
        before = progress(ALL_TEN, SESSIONS, both, LATER - dt.timedelta(days=1))
        assert before.completed_on is None

    def test_a_partly_attended_session_gives_minutes_and_no_meeting(self):
        partly = [*attended(9), AttendanceFact("s10", Mark.PARTIAL, 60)]
        found = progress(ALL_TEN, SESSIONS, partly, LATER)
        assert (found.meetings, found.minutes) == (9, 924)

    def test_left_early_and_made_up_counts_once(self):
        twice = [
            *attended(9),
            AttendanceFact("s10", Mark.PARTIAL, 60),
            AttendanceFact("s10", Mark.MADE_UP, 96, made_up_on=LATER),
            AttendanceFact("s10", Mark.MADE_UP, 96, made_up_on=LATER),
        ]
        found = progress(ALL_TEN, SESSIONS, twice, LATER)
        assert (found.meetings, found.minutes, found.completed_on) == (10, 960, LATER)

    def test_absent_cancelled_and_unknown_meetings_give_nothing(self):
        meetings = [*SESSIONS[:2], MeetingFact("off", MONDAY, 60, cancelled=True)]
        marks = [
            AttendanceFact("s1", Mark.ABSENT, 96),
            AttendanceFact("off", Mark.PRESENT, 60),
            AttendanceFact("of another cohort", Mark.PRESENT, 60),
        ]
        found = progress(CompletionRule(meetings=1), meetings, marks, LATER)
        assert (found.meetings, found.minutes, found.completed_on) == (0, 0, None)

    def test_nobody_gets_more_minutes_than_the_meeting_had(self):
        found = progress(CompletionRule(minutes=97), SESSIONS, attended(1, minutes=200), LATER)
        assert (found.minutes, found.completed_on) == (96, None)

    def test_six_of_eight_weekly_groups_complete_with_the_sixth(self):
        weeks = [MeetingFact(str(n), MONDAY + n * dt.timedelta(weeks=1), 150) for n in range(8)]
        marks = [AttendanceFact(str(n), Mark.PRESENT, 150) for n in (0, 1, 3, 4, 5, 7)]
        rule = CompletionRule(meetings=6)
        assert progress(rule, weeks, marks, dt.date(2026, 12, 31)).completed_on == weeks[7].on

    @pytest.mark.parametrize(("meetings", "minutes"), [(0, 0), (-1, 5), (5, -1)])
    def test_a_rule_that_asks_nothing_is_refused(self, meetings, minutes):
        with pytest.raises(ValueError, match="at least one"):
            CompletionRule(meetings, minutes)

    @pytest.mark.slow
    @given(st.sets(st.integers(0, 9)), st.integers(1, 10), st.integers(0, 30))
    def test_against_a_count_by_hand(self, present, asked, days):
        day = MONDAY + dt.timedelta(days=days)
        marks = [AttendanceFact(SESSIONS[n].id, Mark.PRESENT, 96) for n in present]
        by_then = [SESSIONS[n].on for n in sorted(present) if SESSIONS[n].on <= day]
        found = progress(CompletionRule(meetings=asked), SESSIONS, marks, day)
        assert found.meetings == len(by_then)
        expected = by_then[asked - 1] if len(by_then) >= asked else None
        assert found.completed_on == expected


class TestCompletions:
    def test_completed_from_the_day_itself(self):
        held = [CompletionFact("wham", TUESDAY, RECORD)]
        assert [has_completed(held, "wham", each) for each in (MONDAY, TUESDAY)] == [False, True]
        assert not has_completed(held, "wrap", TUESDAY)

    def test_what_ends_counts_through_its_last_day(self):
        held = [CompletionFact("hipaa", MONDAY, RECORD, valid_through=TUESDAY)]
        asked = (TUESDAY, TUESDAY + dt.timedelta(days=1))
        assert [has_completed(held, "hipaa", each) for each in asked] == [True, False]

    def test_the_latest_of_several_is_named(self):
        held = [CompletionFact("wham", MONDAY, RECORD), CompletionFact("wham", TUESDAY, RECORD)]
        assert completion_on(held, "wham", LATER).completed_on == TUESDAY
        assert completion_on(held, "wham", MONDAY).completed_on == MONDAY

    def test_missing_courses_keep_their_order(self):
        held = [CompletionFact("b", MONDAY, RECORD)]
        assert missing_courses(["c", "b", "a"], held, MONDAY) == ("c", "a")
