"""Kinds of reminder: who is told of which step, and what a notice says."""

import datetime as dt
from uuid import UUID

import pytest

from peerworks.lib.findings import RecordRef
from peerworks.notices import kinds
from peerworks.notices.models import Notice
from peerworks.web import reasons

WORKER, SUPERVISOR, ADMINISTRATOR = (UUID(int=number) for number in (1, 2, 3))
LADDER = ("D90", "D60", "D30", "D14", "D7")


def audience(step: str) -> list[UUID]:
    """Above 30 days the worker; 30 to 8 also the supervisor; 7 and below also administrators."""
    days = int(step[1:])
    return [WORKER, *[SUPERVISOR] * (days <= 30), *[ADMINISTRATOR] * (days <= 7)]


def told(*reached: str) -> list[tuple[UUID, str, tuple[str, ...]]]:
    return list(kinds.for_each_recipient(reached, audience))


def test_nothing_reached_tells_nobody():
    assert told() == []


def test_the_first_step_goes_to_its_audience_alone():
    assert told("D90") == [(WORKER, "D90", ())]


def test_earlier_steps_are_told_only_to_those_they_were_meant_for():
    assert told(*LADDER) == [
        (WORKER, "D7", ("D90", "D60", "D30", "D14")),
        (SUPERVISOR, "D7", ("D30", "D14")),
        (ADMINISTRATOR, "D7", ()),
    ]


def test_who_belongs_to_earlier_steps_only_is_told_nothing():
    former = {"D90": [WORKER, SUPERVISOR], "D60": [WORKER]}
    reached = kinds.for_each_recipient(("D90", "D60"), former.__getitem__)
    assert list(reached) == [(WORKER, "D60", ("D90",))]


@pytest.fixture
def tea(monkeypatch):
    """A kind of reminder, declared for one test."""
    monkeypatch.setattr(kinds, "_kinds", {})
    monkeypatch.setattr(reasons, "_reasons", dict(reasons._reasons))
    monkeypatch.setattr(reasons, "_labels", dict(reasons._labels))
    kinds.register_reminder(
        "tea-break",
        due=no_one,
        label="Tea",
        words="Tea with {subject} is due on {date}.",
        task="tests.tea_raised",
    )
    return kinds.kind_of("tea-break")


def no_one(on: dt.date) -> list[kinds.DueReminder]:
    return []


def test_a_kind_is_declared_once(tea):
    kinds.register_reminder(
        "tea-break", due=no_one, label=tea.label, words=words_of(tea), task=tea.task
    )
    assert kinds.reminder_kinds() == (tea,)
    with pytest.raises(kinds.KindTaken):
        kinds.register_reminder("tea-break", due=no_one, label="Cake", words="Cake.")


def words_of(kind: kinds.ReminderKind) -> str:
    return reasons.registered()[f"REMINDER-{kind.kind.upper()}"].sentence


def test_kinds_that_share_a_task_are_planned_once(tea):
    kinds.register_reminder("coffee", due=no_one, label="C", words="C.", task=tea.task)
    kinds.register_reminder("by-hand", due=no_one, label="H", words="H.")
    assert kinds.reminder_tasks() == ("tests.tea_raised",)


def test_a_notice_says_its_subject_and_day(tea):
    subject = UUID(int=9)
    notice = Notice(
        kind=tea.kind,
        subject_type="tests.guest",
        subject_id=subject,
        due_on=dt.date(2026, 3, 14),
    )
    because = kinds.because_of(notice)
    names = {("tests.guest", str(subject)): "Ada"}
    assert because.params["subject"] == RecordRef("tests.guest", str(subject))
    said = reasons.sentence(because, "en", names=names)
    assert said == "Tea with Ada is due on March 14, 2026."
