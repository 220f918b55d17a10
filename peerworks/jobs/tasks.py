"""The sweeper, and the base of tasks that do due work."""

import time

from celery import shared_task
from django.core.cache import cache
from django.db import transaction

from peerworks.accounts.queries import service_member
from peerworks.agencies.context import acting_for
from peerworks.agencies.tasks import AgencyTask
from peerworks.jobs import operations


class MemberTask(AgencyTask):
    """An `AgencyTask` that acts as the agency's service member."""

    abstract = True

    def acts_as(self, agency_id):
        """The service member's user: it may judge and count sealed people, and has no sign-in."""
        with acting_for(agency_id), transaction.atomic():
            return service_member(agency_id).user_id


class DueTask(MemberTask):
    """A task that does one due row: claim, effect and state in one transaction.

    What makes a second run harmless: the claim. Called as (agency_id, due_work_id, slot); the body
    gets `agency_id` and `slot`. A try is counted before it begins, and after five the row is
    parked; the error goes on to Celery's log.
    """

    abstract = True

    def __call__(  # type: ignore[override]
        self, *, agency_id, due_work_id, slot, **later
    ):
        """Count the try, then claim the row and run the body; or find that it is done."""
        if not operations.note_start(due_work_id):
            return None
        try:
            return super().__call__(
                agency_id=agency_id, due_work_id=due_work_id, slot=slot, **later
            )
        except Exception as error:
            with acting_for(agency_id):
                operations.note_failure(due_work_id, error)
            raise


def claimed(due_work_id) -> bool:
    """The first line of a `DueTask`'s body: take the row, or stop."""
    return operations.claim(due_work_id)


@shared_task(name="jobs.due_work_published", ignore_result=True)
def due_work_published(**_):
    """Publish what is due, every 15 seconds. Two sweepers are harmless: rows are locked and skipped."""
    for due_id, agency_id, kind, slot in operations.publish_due():
        task = due_work_published.app.tasks[kind]
        task.apply_async(
            kwargs={"agency_id": str(agency_id), "due_work_id": str(due_id), "slot": slot}
        )


HEARTBEAT = "jobs.worker_alive"
HEARTBEAT_SECONDS = 60


@shared_task(name="jobs.worker_alive", ignore_result=True)
def worker_alive(**_):
    """Say that the worker works. A second run says it again."""
    cache.set(HEARTBEAT, time.time(), timeout=HEARTBEAT_SECONDS * 2)
