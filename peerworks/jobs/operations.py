"""Planning, publishing, claiming and parking of due work, and the record of how it ran."""

import datetime as dt
from collections.abc import Iterable, Mapping
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.db.models.functions import Now

from peerworks.accounts.models import Membership
from peerworks.agencies.context import acting_for
from peerworks.audit import trail
from peerworks.jobs import policies, reasons
from peerworks.jobs.kinds import JobKind, Worked, kind_of, slot_by_hand
from peerworks.jobs.models import DueWork, Job
from peerworks.lib.findings import Because, Refused, enforce
from peerworks.web.operations import constraint_name

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
    row = _locked(due_work_id)
    if row is None:
        return False
    DueWork.objects.filter(pk=row.pk).update(state=DueWork.State.DONE, done_at=Now())
    return True


def _locked(due_work_id: UUID | str) -> DueWork | None:
    """The row, if it is due and nobody works on it now."""
    rows = DueWork.objects.select_for_update(of=("self",), skip_locked=True, no_key=True)
    return rows.filter(pk=due_work_id, state=DueWork.State.DUE).first()


# ------------------------------------------------------------------- asked for by hand


def start_now(*, kind: str, by: Membership, on: dt.date, at: dt.datetime, form_key: UUID) -> Job:
    """Start one run of a kind by hand, for the agency's local day `on`: what the clock does, now.

    Raises `Refused`: JOB-ROLE, JOB-KIND (no kind that is started by hand), JOB-RUNNING. The same form again
    answers with the run that it started.
    """
    enforce(policies.refusal_to_start_by_hand(kind, by=by))
    return start_job(kind=kind, slot=slot_by_hand(on, form_key), by=by, at=at)


def start_job(
    *,
    kind: str,
    slot: str,
    by: Membership,
    at: dt.datetime,
    subject: str = "",
    given: Mapping[str, str] | None = None,
) -> Job:
    """Ask for work that a page does not wait for: a run that is waiting, and the due row that starts it.

    For operations of upper apps, which ask their own policy first. `given` are ids and days that the
    task reads; `subject` is what two runs at once may not share. The task acts as `by` where it is an
    `AskedTask`. Raises `Refused` (JOB-RUNNING) while one runs.
    """
    if made := Job.objects.filter(kind=kind, slot=slot, asked_by=by).first():
        return made
    enforce(policies.refusal_to_start(kind, subject))
    job = Job(
        agency_id=by.agency_id,
        kind=kind,
        slot=slot,
        subject=subject,
        given=dict(given or {}),
        asked_by=by,
        asked_at=at,
    )
    job.save(force_insert=True)
    plan(kind=kind, slots=[(by.agency_id, slot)], at=at)
    trail.record("job.started", by=by.user, about=job)
    return job


# ------------------------------------------------------------------- what a worker notes


def note_start(due_work_id: UUID | str) -> Job | None:
    """Count a try before it begins, committed at once; the run, or None where it may not begin.

    Counted first, so that a try that takes its worker down with it counts, too: after five the row is
    PARKED, and others flow on. None as well where somebody works on the row now, and where another run
    of a kind that runs alone goes on: that is no try, and the row comes again.
    """
    try:
        with transaction.atomic():
            row = _locked(due_work_id)
            if row is None:
                return None
            with acting_for(row.agency_id):
                return _begin(row)
    except IntegrityError as error:
        if constraint_name(error) == "jobs_job_one_at_a_time":
            return None
        raise


def _begin(row: DueWork) -> Job | None:
    if row.tries >= TRIES:
        _park(row, Because(reasons.LOST))
        return None
    DueWork.objects.filter(pk=row.pk).update(tries=F("tries") + 1)
    run = {"state": Job.State.RUNNING, "started_at": Now(), "tries": row.tries + 1}
    same = {"agency_id": row.agency_id, "kind": row.kind, "slot": row.slot}
    cleared: dict[str, object] = {"finished_at": None, "reason": "", "because": {}}
    if not Job.objects.filter(**same).update(**run, **cleared):
        Job.objects.create(**same, **run, subject=_subject(kind_of(row.kind), row.slot))
    return Job.objects.select_related("asked_by").get(**same)


def _subject(kind: JobKind, slot: str) -> str:
    return "" if kind.is_single else slot


def finish(
    *, job_id: UUID, due_work_id: UUID | str, worked: Worked, done: int, total: int | None
) -> bool:
    """Note what came of a run, inside the transaction of its effect.

    Only where this transaction, or one before, has done the row: one that found it taken writes nothing.
    """
    if not DueWork.objects.filter(pk=due_work_id, state=DueWork.State.DONE).exists():
        return False
    running = Job.objects.filter(pk=job_id, state=Job.State.RUNNING)
    return bool(
        running.update(
            state=Job.State.DONE,
            finished_at=Now(),
            done=done if total is None else total,
            total=total,
            counts=dict(worked.counts),
            record_id=worked.record_id,
        )
    )


def try_again(due_work_id: UUID | str) -> None:
    """Make claimed work due once more, where its effect failed after the commit; tries go on counting.

    Called in a transaction of its own, inside the agency. The sweeper publishes it after its delay.
    """
    done = DueWork.objects.filter(pk=due_work_id, state=DueWork.State.DONE)
    done.update(state=DueWork.State.DUE, done_at=None)


def note_failure(due_work_id: UUID | str, error: BaseException) -> None:
    """Keep why a try failed, in a transaction of its own: the class of the error, and a reason code.

    Its text could hold a value. A refusal is an answer and not a fault: it is not tried again.
    """
    with transaction.atomic():
        row = DueWork.objects.filter(pk=due_work_id, state=DueWork.State.DUE).first()
        if row is None:
            return
        row.error = type(error).__name__
        DueWork.objects.filter(pk=row.pk).update(error=row.error)
        because = reasons.reason_of(error)
        with acting_for(row.agency_id):
            if row.tries >= TRIES or isinstance(error, Refused):
                _park(row, because)
            else:
                _runs_of(row).update(state=Job.State.QUEUED, **_why(because))


def _park(row: DueWork, because: Because) -> None:
    DueWork.objects.filter(pk=row.pk).update(state=DueWork.State.PARKED)
    _runs_of(row).update(state=Job.State.FAILED, finished_at=Now(), **_why(because))


def _runs_of(row: DueWork):  # type: ignore[no-untyped-def]
    return Job.objects.live().filter(agency_id=row.agency_id, kind=row.kind, slot=row.slot)


def _why(because: Because) -> dict[str, object]:
    return {"reason": because.reason, "because": reasons.stored(because)}
