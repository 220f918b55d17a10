"""The sweeper and the heart beat. `peerworks.jobs.due` has the base of tasks that do due work."""

import time

from celery import shared_task
from django.core.cache import cache

from peerworks.jobs import operations
from peerworks.jobs.due import AskedTask, DueTask, MemberTask, claimed
from peerworks.jobs.reasons import UnknownKind

__all__ = ["AskedTask", "DueTask", "MemberTask", "claimed"]


@shared_task(name="jobs.due_work_published", ignore_result=True)
def due_work_published(**_):
    """Publish what is due, every few seconds. Two sweepers are harmless: rows are locked and skipped."""
    for due_id, agency_id, kind, slot in operations.publish_due():
        task = due_work_published.app.tasks.get(kind)
        if task is None:
            _nobody_knows(due_id)
            continue
        task.apply_async(
            kwargs={"agency_id": str(agency_id), "due_work_id": str(due_id), "slot": slot}
        )


def _nobody_knows(due_id):
    # An older version runs here still, or the kind is gone: a try like others, so that after five it is
    # parked and no row behind it waits.
    if operations.note_start(due_id):
        operations.note_failure(due_id, UnknownKind())


HEARTBEAT = "jobs.worker_alive"
HEARTBEAT_SECONDS = 60


@shared_task(name="jobs.worker_alive", ignore_result=True)
def worker_alive(**_):
    """Say that the worker works. A second run says it again."""
    cache.set(HEARTBEAT, time.time(), timeout=HEARTBEAT_SECONDS * 2)
