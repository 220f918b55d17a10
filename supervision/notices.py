"""The reminder that supervision is due or overdue, and whom each of its steps reaches."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from peerworks.accounts.queries import members_with
from peerworks.accounts.roles import RoleName
from peerworks.notices.kinds import DueReminder, for_each_recipient, register_reminder
from providers.rules import Audience
from supervision.queries import OwedRow, owed_rows, supervisors_on
from supervision.rules import audience

KIND = "supervision"
TASK = "supervision.supervision_overdue_reminders_raised"
SUBJECT = "providers.provider"


def register() -> None:
    """Declare the kind; called once, when the program starts."""
    register_reminder(
        KIND,
        due=due,
        label=_("Supervision"),
        words=_("{subject}: supervision is due by {date}."),
        url_name="supervision:person-detail",
        task=TASK,
    )


def due(on: dt.date) -> Iterator[DueReminder]:
    """The nearest step reached on a day, for each worker who is owed supervision and each recipient.

    Steps are those of `supervision.rules.overdue_steps`, who hears of them is said by `audience`
    there. A fixed number of queries, whatever the number of workers.
    """
    rows = [row for row in owed_rows(on) if row.steps(on)]
    supervisors = supervisors_on([row.provider_id for row in rows], on)
    administrators = [each.pk for each in members_with(RoleName.ADMINISTRATOR)]
    for row in rows:
        members: dict[Audience, Collection[UUID]] = {
            Audience.WORKER: [] if row.member_id is None else [row.member_id],
            Audience.SUPERVISOR: supervisors[row.provider_id],
            Audience.ADMINISTRATOR: administrators,
        }
        yield from _reminders(row, on, members)


def _reminders(
    row: OwedRow, on: dt.date, members: Mapping[Audience, Collection[UUID]]
) -> Iterator[DueReminder]:
    reached = tuple(reversed(row.steps(on)))
    told = for_each_recipient(reached, lambda step: _of(audience(step), members))
    for recipient, step, earlier in told:
        yield DueReminder(
            subject_type=SUBJECT,
            subject_id=row.provider_id,
            cycle=row.cycle,
            step=step,
            recipient_id=recipient,
            earlier_steps=earlier,
            due_on=row.due_on or on,
        )


def _of(heard: Iterable[Audience], members: Mapping[Audience, Collection[UUID]]) -> frozenset[UUID]:
    return frozenset(each for group in heard for each in members[group])
