"""The base of tasks that do due work: for the `tasks` of every app."""

import logging

from django.db import transaction

from peerworks.accounts.queries import service_member
from peerworks.agencies.context import acting_for
from peerworks.agencies.tasks import AgencyTask
from peerworks.jobs import operations, progress
from peerworks.jobs.kinds import Worked
from peerworks.lib.findings import Refused
from peerworks.web.errors import short_reference

log = logging.getLogger(__name__)


class MemberTask(AgencyTask):
    """An `AgencyTask` that acts as the agency's service member."""

    abstract = True

    def acts_as(self, agency_id):
        """The service member's user: it may judge and count sealed people, and has no sign-in."""
        with acting_for(agency_id), transaction.atomic():
            return service_member(agency_id).user_id


class DueTask(MemberTask):
    """A task that does one due row: claim, effect and state in one transaction, and a `Job` as its record.

    What makes a second run harmless: the claim. Called as (agency_id, due_work_id, slot); the body
    gets these three, begins with `claimed`, and may answer with `Worked`: figures for the page of jobs.
    A try is counted before it begins, and after five the row is parked; the error goes on to Celery's
    log. A refusal is an answer: it is kept on the job, not tried again and no error.
    """

    abstract = True

    def __call__(  # type: ignore[override]
        self, *, agency_id, due_work_id, slot, **later
    ):
        """Count the try, then claim the row and run the body; or find that it is done."""
        job = operations.note_start(due_work_id)
        if job is None:
            return None
        asked_by = job.asked_by.user_id if job.asked_by else None
        given = {"agency_id": agency_id, "due_work_id": due_work_id, "slot": slot}
        with progress.running(progress.Current(job.pk, asked_by)):
            # What is audited and logged inside has the job's id as its reference.
            with acting_for(agency_id, None, str(job.pk)):
                try:
                    return super().__call__(**given, **later)
                except Refused as refused:
                    self._note(job, due_work_id, refused)
                    return None
                except Exception as error:
                    self._note(job, due_work_id, error)
                    raise

    def _note(self, job, due_work_id, error):
        operations.note_failure(due_work_id, error)
        log.warning("%s failed, reference %s", self.name, short_reference(str(job.pk)))

    def perform(self, **kwargs):
        """The body, and in its transaction what came of it."""
        worked = self.run(**kwargs)
        if (here := progress.current()) is not None:
            operations.finish(
                job_id=here.job_id,
                due_work_id=kwargs["due_work_id"],
                worked=worked if isinstance(worked, Worked) else Worked(),
                done=here.done,
                total=here.total,
            )
        return worked


class AskedTask(DueTask):
    """Due work that somebody asked for on a page: it acts as that member, and may do what they may.

    The operation that it calls asks its policy again, since the role may have ended meanwhile.
    """

    abstract = True

    def acts_as(self, agency_id):
        """The user who asked; the service member where nobody did."""
        here = progress.current()
        return here.user_id if here and here.user_id else super().acts_as(agency_id)


def claimed(due_work_id) -> bool:
    """The first line of a `DueTask`'s body: take the row, or stop."""
    return operations.claim(due_work_id)
