"""The reminder that a certification ends, and whom each of its steps reaches."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from peerworks.accounts.queries import members_with
from peerworks.accounts.roles import RoleName
from peerworks.notices.kinds import DueReminder, for_each_recipient, register_reminder
from providers import standing
from providers.queries import EXPIRY_REMINDER, OpenDeadline, open_deadlines
from providers.reasons import HELD
from providers.rules import Audience, audience, expiry_steps

TASK = "providers.certification_expiry_reminders_raised"


def register() -> None:
    """Declare the kind; called once, when the program starts."""
    register_reminder(
        EXPIRY_REMINDER,
        due=due,
        label=_("Certification ends"),
        words=_("{subject}: the renewal is due on {date}."),
        url_name="providers:credential-detail",
        task=TASK,
    )


def due(on: dt.date) -> Iterator[DueReminder]:
    """The nearest step reached on a day, for each open deadline and each who is to be told.

    Steps are those of `providers.rules.expiry_steps`, counted from the real deadline; who hears of
    them is said by `providers.rules.audience`. Two queries, whatever the number of workers, and
    what the registered source of supervisors needs.
    """
    deadlines = open_deadlines(on)
    supervisors = standing.supervisors_on({each.provider for each in deadlines}, on)
    administrators = [each.pk for each in members_with(RoleName.ADMINISTRATOR)]
    for each in deadlines:
        members: dict[Audience, Collection[UUID]] = {
            Audience.WORKER: [] if each.member is None else [each.member],
            Audience.SUPERVISOR: supervisors[each.provider],
            Audience.ADMINISTRATOR: administrators,
        }
        yield from _reminders(each, on, members)


def _reminders(
    deadline: OpenDeadline, on: dt.date, members: Mapping[Audience, Collection[UUID]]
) -> Iterator[DueReminder]:
    reached = tuple(reversed(expiry_steps(deadline.day, on)))
    told = for_each_recipient(reached, lambda step: _of(audience(step), members))
    for recipient, step, earlier in told:
        yield DueReminder(
            subject_type=HELD,
            subject_id=deadline.credential,
            cycle=deadline.day.isoformat(),
            step=step,
            recipient_id=recipient,
            earlier_steps=earlier,
            due_on=deadline.day,
        )


def _of(heard: Iterable[Audience], members: Mapping[Audience, Collection[UUID]]) -> frozenset[UUID]:
    return frozenset(each for group in heard for each in members[group])
