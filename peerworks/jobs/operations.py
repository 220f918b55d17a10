"""Planning, publishing, claiming and parking of due work."""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now

from peerworks.jobs.models import DueWork

PUBLISHED_AT_ONCE = 500
TRIES = 5

_PLAN = """INSERT INTO jobs_duework (id, agency_id, kind, slot, state, due_at, tries, error)
  SELECT gen_random_uuid(), agency, %s, slot, 'DUE', coalesce(%s, now()), 0, ''
  FROM unnest(%s::uuid[], %s::varchar[]) AS planned (agency, slot)
  ON CONFLICT (kind, slot, agency_id) DO NOTHING"""

_PUBLISH = """UPDATE jobs_duework SET enqueued_at = now() WHERE id IN (
    SELECT id FROM jobs_duework
    WHERE state = 'DUE' AND due_at <= now()
      AND (enqueued_at IS NULL OR enqueued_at < now() - make_interval(secs => %s))
    ORDER BY due_at, id LIMIT %s FOR UPDATE SKIP LOCKED)
  RETURNING id, agency_id, kind, slot"""


def plan(*, kind: str, slots: Iterable[tuple[UUID, str]], at: dt.datetime | None = None) -> int:
    """Plan one kind of work for (agency id, slot) pairs; what is planned already stays as it is.

    Written inside the transaction of whatever makes the work due, which it is `at` that moment, or at
    once. Answers how many are new.
    """
    pairs = list(slots)
    with connection.cursor() as cursor:
        cursor.execute(
            _PLAN, [kind, at, [str(agency) for agency, _ in pairs], [slot for _, slot in pairs]]
        )
        new: int = cursor.rowcount
    return new


def publish_due() -> list[tuple[UUID, UUID, str, str]]:
    """Mark what is due as enqueued and answer it as (id, agency id, kind, slot), oldest first.

    A row that was published and not done is published again after `DUEWORK_REQUEUE_AFTER`, so a
    flushed broker or a killed worker costs that delay and nothing else.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_PUBLISH, [settings.DUEWORK_REQUEUE_AFTER, PUBLISHED_AT_ONCE])
        rows: list[tuple[UUID, UUID, str, str]] = cursor.fetchall()
    return rows


def claim(due_work_id: UUID | str) -> bool:
    """Take a due row inside the transaction of its effect, and say whether it was there to take.

    A duplicate delivery finds the row DONE, or locked by the one that is doing it: both answer
    False, and nothing is done twice.
    """
    row = (
        DueWork.objects.select_for_update(of=("self",), skip_locked=True, no_key=True)
        .filter(pk=due_work_id, state=DueWork.State.DUE)
        .first()
    )
    if row is None:
        return False
    DueWork.objects.filter(pk=row.pk).update(state=DueWork.State.DONE, done_at=Now())
    return True


def note_start(due_work_id: UUID | str) -> bool:
    """Count a try before it begins, committed at once, and say whether it may begin.

    Counted first, so that a try that takes its worker down with it counts, too: after five the row is
    PARKED, and others flow on.
    """
    with transaction.atomic():
        due = DueWork.objects.filter(pk=due_work_id, state=DueWork.State.DUE)
        if due.filter(tries__gte=TRIES).update(state=DueWork.State.PARKED):
            return False
        return bool(due.update(tries=F("tries") + 1))


def try_again(due_work_id: UUID | str) -> None:
    """Make claimed work due once more, where its effect failed after the commit; tries go on counting.

    Called in a transaction of its own, inside the agency. The sweeper publishes it after its delay.
    """
    done = DueWork.objects.filter(pk=due_work_id, state=DueWork.State.DONE)
    done.update(state=DueWork.State.DUE, done_at=None)


def note_failure(due_work_id: UUID | str, error: BaseException) -> None:
    """Keep why a try failed, in a transaction of its own: the class of the error only.

    Its text could hold a value.
    """
    with transaction.atomic():
        due = DueWork.objects.filter(pk=due_work_id, state=DueWork.State.DUE)
        due.update(error=type(error).__name__)
