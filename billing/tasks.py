"""What a page of this app does not wait for."""

from celery import shared_task
from django.utils import timezone

from billing.notices import BATCH_TASK
from billing.operations.batch_jobs import build_asked_batch
from peerworks.jobs import progress
from peerworks.jobs.due import AskedTask, claimed
from peerworks.jobs.kinds import Worked


@shared_task(base=AskedTask, name=BATCH_TASK)
def batch_built(*, due_work_id, **_):
    """The batch that a biller asked for is built, as that biller.

    Harmless the second time: the claim, and one batch for each form.
    """
    here = progress.current()
    if here is None or not claimed(due_work_id):
        return None
    batch = build_asked_batch(job_id=here.job_id, at=timezone.now())
    counts = {
        "claims": batch.claims_count,
        "lines": batch.lines_count,
        "notes": batch.notes_count,
    }
    return Worked(counts, batch.pk)
