"""The daily task of this app: reminders that certifications end."""

from celery import shared_task

from peerworks.jobs.kinds import Worked, day_of
from peerworks.jobs.tasks import DueTask, claimed
from providers.notices import TASK
from providers.operations import raise_expiry_reminders


@shared_task(base=DueTask, name=TASK)
def certification_expiry_reminders_raised(*, agency_id, due_work_id, slot, **_):
    """Every reminder that is due on the day of the slot, the agency's local date, is raised.

    Harmless the second time: the claim, and one row for each step and recipient.
    """
    if not claimed(due_work_id):
        return None
    raised = raise_expiry_reminders(agency_id=agency_id, on=day_of(slot))
    return Worked.of(raised, "raised", "closed", "superseded", "already")
