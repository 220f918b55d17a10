"""The daily task that raises the reminders of supervision."""

from celery import shared_task

from peerworks.jobs.kinds import Worked, day_of
from peerworks.jobs.tasks import DueTask, claimed
from supervision.notices import TASK
from supervision.operations import raise_overdue_reminders


@shared_task(base=DueTask, name=TASK)
def supervision_overdue_reminders_raised(*, agency_id, due_work_id, slot, **_):
    """Raise what is due on the slot's day in one agency.

    Harmless the second time: the claim, and one row for each step and recipient.
    """
    if not claimed(due_work_id):
        return None
    raised = raise_overdue_reminders(agency_id=agency_id, on=day_of(slot))
    return Worked.of(raised, "raised", "closed", "superseded", "already")
