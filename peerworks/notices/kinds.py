"""Kinds of reminder: each app declares its own, in its `notices.py`, when the program starts.

A kind is the answer to one question, `due(on)`: for which records has which step been reached on
that day, and who is to be told? The answer comes from the app's `rules.py`, so that pages, gates and
reminders agree. It names *every* open cause with the nearest step reached, whether that was raised
before or not; what is no longer in it is closed.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from peerworks.jobs import kinds as jobs
from peerworks.lib.findings import Because, Param, ref
from peerworks.web import reasons

if TYPE_CHECKING:
    from peerworks.notices.models import Notice

Text = str | Promise


@dataclass(frozen=True, slots=True)
class DueReminder:
    """The nearest step reached, for one recipient; see `for_each_recipient`.

    `subject_type` is "app.model" in lower case. `cycle` tells one round of a subject from the next:
    the deadline as an ISO date, or the day from which an interval counts. `earlier_steps` are those
    reached before whose audience includes this recipient. `participant_id` is given when the subject
    tells something about a person: who may not see that person is not told.
    """

    subject_type: str
    subject_id: UUID
    cycle: str
    step: str
    recipient_id: UUID
    earlier_steps: tuple[str, ...] = ()
    due_on: dt.date | None = None
    participant_id: UUID | None = None


Due = Callable[[dt.date], Iterable[DueReminder]]


@dataclass(frozen=True, slots=True)
class ReminderKind:
    """A kind of reminder: its name, its question, its words, the page that mends it, its task."""

    kind: str
    due: Due
    label: Text
    url_name: str
    task: str


class KindTaken(ValueError):
    """Two apps declare one kind of reminder: a mistake of the program, found at start."""


_kinds: dict[str, ReminderKind] = {}


def register_reminder(
    kind: str, *, due: Due, label: Text, words: Text, url_name: str = "", task: str = ""
) -> None:
    """Declare a kind of reminder ("credential-expiry").

    `label` is its short name and `words` its sentence, which may use `{subject}` (the record, by its
    registered name) and `{date}` (`due_on`). `url_name` is the page of the subject, by its id.
    `task` is the Celery task that raises it once a day in each agency; several kinds may share one.
    """
    given = ReminderKind(kind, due, label, url_name, task)
    if _kinds.setdefault(kind, given) != given:
        raise KindTaken(kind)
    reasons.register(_reason(kind), words)
    reasons.register_label(_reason(kind), label)
    if task and not jobs.is_registered(task):
        jobs.register(_job(task, label))


def _job(task: str, label: Text) -> jobs.JobKind:
    """The task as the page of jobs shows it; of several kinds that share a task, the first names it."""
    return jobs.JobKind(
        task,
        format_lazy(_("Reminders: {kind}"), kind=label),
        counts={
            "raised": _("Raised"),
            "closed": _("Closed"),
            "superseded": _("Overtaken"),
            "already": _("There already"),
        },
        planned_by="notices.reminders_planned",
        by_hand=True,
        is_single=True,
    )


def reminder_kinds() -> tuple[ReminderKind, ...]:
    """All declared kinds, by name."""
    return tuple(_kinds[kind] for kind in sorted(_kinds))


def kind_of(kind: str) -> ReminderKind:
    """The kind of that name; KeyError where nobody declared it."""
    return _kinds[kind]


def reminder_tasks() -> tuple[str, ...]:
    """The tasks that raise reminders, each once, by name."""
    return tuple(sorted({each.task for each in _kinds.values() if each.task}))


def because_of(notice: "Notice") -> Because:
    """What a notice says, as a reason for `peerworks.web.reasons`; names are loaded there in bulk."""
    params: dict[str, Param] = {"subject": ref(notice.subject_type, notice.subject_id)}
    if notice.due_on is not None:
        params["date"] = notice.due_on
    return Because(_reason(notice.kind), MappingProxyType(params))


def _reason(kind: str) -> str:
    return f"REMINDER-{kind.upper()}"


def for_each_recipient(
    reached: Sequence[str], audience: Callable[[str], Collection[UUID]]
) -> Iterator[tuple[UUID, str, tuple[str, ...]]]:
    """Who is told of the nearest step, with the earlier steps that were meant for them, too.

    `reached` are the steps reached, the nearest last; `audience` gives the members of a step.
    Yields (recipient, step, earlier steps) in order of the recipients' ids. Somebody who belongs to
    earlier steps only is told nothing.
    """
    if not reached:
        return
    members = {step: frozenset(audience(step)) for step in reached}
    *earlier, nearest = reached
    for recipient in sorted(members[nearest]):
        yield recipient, nearest, tuple(step for step in earlier if recipient in members[step])
