"""What of a course has been learned, on a day: pure, so that pages, reminders and gates agree.

How many meetings or minutes complete a course is a value of the course or of a rule pack (ten of
ten sessions for those who will lead a WHAM group, six of eight for a weekly group …), never a
constant here.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from peerworks.lib.findings import RecordRef


class Mark(StrEnum):
    """What the attendance list says of one person at one meeting."""

    PRESENT = "PRESENT"
    PARTIAL = "PARTIAL"
    ABSENT = "ABSENT"
    MADE_UP = "MADE_UP"


_WHOLE_MEETING = (Mark.PRESENT, Mark.MADE_UP)


@dataclass(frozen=True, slots=True)
class CompletionRule:
    """What completes a course: at least so many meetings, so many minutes, or both.

    Raises `ValueError` where nothing is asked: such a course could never be told from one that
    nobody attended.
    """

    meetings: int = 0
    minutes: int = 0

    def __post_init__(self) -> None:
        if self.meetings < 0 or self.minutes < 0 or not (self.meetings or self.minutes):
            raise ValueError("a course is completed by at least one meeting or one minute")


@dataclass(frozen=True, slots=True)
class MeetingFact:
    """A meeting of a cohort, as held; one that was cancelled gives nothing to anybody."""

    id: str
    on: dt.date
    minutes: int
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class AttendanceFact:
    """What one person attended of one meeting; `made_up_on` is the later day of a made-up one."""

    meeting: str
    mark: Mark
    minutes: int
    made_up_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """How far somebody has come; `completed_on` is the day that brought the last of what is asked."""

    meetings: int
    minutes: int
    meetings_missing: int
    minutes_missing: int
    completed_on: dt.date | None


@dataclass(frozen=True, slots=True)
class CompletionFact:
    """A completed course of one person, with the last day on which it counts where it has one."""

    course: str
    completed_on: dt.date
    record: RecordRef
    valid_through: dt.date | None = None


def progress(
    rule: CompletionRule,
    meetings: Iterable[MeetingFact],
    attendances: Iterable[AttendanceFact],
    day: dt.date,
) -> Progress:
    """What somebody had attended by the end of `day`, and whether that completes the course.

    Each meeting counts once, however often it was attended. A partly attended one gives its minutes
    and does not count as a meeting; nobody gets more minutes than the meeting had.
    """
    held = {each.id: each for each in meetings if not each.cancelled}
    credited = _credited(held, [each for each in attendances if each.meeting in held], day)
    whole, minutes, completed_on = 0, 0, None
    for on, is_whole, gained in credited:
        whole, minutes = whole + is_whole, minutes + gained
        if completed_on is None and whole >= rule.meetings and minutes >= rule.minutes:
            completed_on = on
    return Progress(
        meetings=whole,
        minutes=minutes,
        meetings_missing=max(rule.meetings - whole, 0),
        minutes_missing=max(rule.minutes - minutes, 0),
        completed_on=completed_on,
    )


def completion_on(
    completions: Iterable[CompletionFact], course: str, day: dt.date
) -> CompletionFact | None:
    """The completion of `course` that counts on `day`, the latest of several; None without one."""
    counting = (
        each
        for each in completions
        if each.course == course
        and each.completed_on <= day
        and (each.valid_through is None or day <= each.valid_through)
    )
    return max(counting, key=lambda each: each.completed_on, default=None)


def has_completed(completions: Iterable[CompletionFact], course: str, day: dt.date) -> bool:
    """Whether somebody has completed `course` by `day`, that day included."""
    return completion_on(completions, course, day) is not None


def missing_courses(
    required: Iterable[str], completions: Sequence[CompletionFact], day: dt.date
) -> tuple[str, ...]:
    """Those of the required courses that somebody has not completed by `day`, in their order."""
    return tuple(course for course in required if not has_completed(completions, course, day))


def _credited(
    held: dict[str, MeetingFact], attendances: Sequence[AttendanceFact], day: dt.date
) -> list[tuple[dt.date, bool, int]]:
    # A meeting that was left early and made up later: first its minutes, then the whole of it.
    seen: dict[str, tuple[bool, int]] = {}
    steps: list[tuple[dt.date, bool, int]] = []
    for on, each in sorted(
        ((each.made_up_on or held[each.meeting].on, each) for each in attendances),
        key=lambda pair: pair[0],
    ):
        if on > day or each.mark is Mark.ABSENT:
            continue
        was_whole, had = seen.get(each.meeting, (False, 0))
        is_whole = was_whole or each.mark in _WHOLE_MEETING
        minutes = max(had, min(each.minutes, held[each.meeting].minutes))
        steps.append((on, is_whole and not was_whole, minutes - had))
        seen[each.meeting] = (is_whole, minutes)
    return steps
