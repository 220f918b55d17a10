"""How fast one kind of reminder is raised."""

import uuid

from django.db import connection, transaction

from peerworks.notices import kinds
from peerworks.notices.kinds import DueReminder
from peerworks.notices.operations import raise_due
from tests.bench.measure import Measure, measure
from tests.bench.volume import Volume, volume

KIND = "bench"
_BARE = """INSERT INTO notices_notice (id, agency_id, kind, subject_type, subject_id, cycle, step,
  recipient_id, state, due_on, raised_on, not_needed, words, mail)
SELECT gen_random_uuid(), %(agency)s, %(kind)s, 'providers.credential', subject, '2026', 'D30',
  %(recipient)s, 'RAISED', %(on)s, %(on)s, '', '', ''
FROM unnest(%(subjects)s::uuid[]) AS d (subject)"""


def raised(n: int) -> Measure:
    """`n` subjects whose step is due for one recipient, against the bare INSERT of the same rows."""
    with volume(0) as made:
        due = _due(made, n)
        kinds.register_reminder(KIND, due=lambda on: due, label="Bench", words="{subject} {date}")
        bare = {
            "agency": made.house.agency.pk,
            "kind": KIND,
            "recipient": made.member.pk,
            "on": made.today,
            "subjects": [each.subject_id for each in due],
        }
        return measure(
            "reminders.raise",
            lambda: _undone(lambda: raise_due_on(made)),
            lambda: _undone(lambda: _insert(bare)),
            n=n,
            unit="reminders/s",
            floor_is="bare INSERT of the same rows",
        )


def raise_due_on(made: Volume):
    """What the task does."""
    return raise_due(kind=KIND, agency_id=made.house.agency.pk, on=made.today)


def _due(made: Volume, n: int) -> list[DueReminder]:
    return [
        DueReminder(
            subject_type="providers.credential",
            subject_id=uuid.UUID(int=number + 1),
            cycle="2026",
            step="D30",
            recipient_id=made.member.pk,
            due_on=made.today,
        )
        for number in range(n)
    ]


def _insert(given) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_BARE, given)


def _undone(work) -> None:
    with transaction.atomic():
        work()
        transaction.set_rollback(True)
