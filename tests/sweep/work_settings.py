"""Settings of the workers that tests start: those of the tests, with the tasks of `tests.sweep.work`."""

from peerworks.settings import env
from tests.settings import *  # noqa: F403
from tests.settings import CELERY_BEAT_SCHEDULE

# What a worker left behind by a killed run would take is not put here.
CELERY_TASK_DEFAULT_QUEUE = env.str("QUEUE")
CELERY_IMPORTS = ("tests.sweep.work",)
# Shorter than in life; a worker must still be faster than the rows that are published again.
DUEWORK_REQUEUE_AFTER = env.float("REQUEUE_AFTER", default=4)
SWEEP_EVERY = env.float("SWEEP_EVERY")
REMINDERS_EVERY = env.float("REMINDERS_EVERY")
CELERY_BEAT_SCHEDULE = CELERY_BEAT_SCHEDULE | {
    "jobs.due_work_published": {"task": "jobs.due_work_published", "schedule": SWEEP_EVERY},
    "notices.reminders_planned": {"task": "notices.reminders_planned", "schedule": REMINDERS_EVERY},
}
