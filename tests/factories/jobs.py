"""Makes runs of jobs, inside `world.acting(…)`."""

import datetime as dt
import itertools

from peerworks.agencies.models import Agency
from peerworks.jobs.models import Job

_numbers = itertools.count(1)
KIND = "providers.certification_expiry_reminders_raised"


def make_job(*, agency: Agency, state: str = "DONE", ago: float = 3600.0, **given) -> Job:
    """A run that began `ago` seconds ago; one that is over took two seconds."""
    began = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=ago)
    values = {
        "kind": KIND,
        "slot": f"made up {next(_numbers)}",
        "tries": 1,
        "started_at": None if state == "QUEUED" else began,
        "finished_at": began + dt.timedelta(seconds=2) if state in Job.OVER else None,
        "reason": "JOB-FAULT" if state == "FAILED" else "",
    }
    return Job.objects.create(agency=agency, state=state, **{**values, **given})
