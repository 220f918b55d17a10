"""Two kinds of due work that only the tests know: one with an effect to count, one that always fails."""

import time
from types import SimpleNamespace

from celery import shared_task

from peerworks.accounts.queries import service_member
from peerworks.audit import events, trail
from peerworks.jobs.tasks import DueTask, claimed

EFFECT, POISON = "tests.effect_written", "tests.poison_taken"
ACTION = "tests.effect"

events.register(ACTION, "{actor} wrote an effect.")


@shared_task(base=DueTask, name=EFFECT)
def effect_written(*, agency_id, due_work_id, slot, **_):
    """One audit event for the slot, slowly. Harmless the second time: the claim."""
    if claimed(due_work_id):
        about = SimpleNamespace(_meta=SimpleNamespace(label_lower="tests.effect"), pk=slot)
        trail.record(ACTION, by=service_member(agency_id).user, about=about)
        time.sleep(0.02)


@shared_task(base=DueTask, name=POISON)
def poison_taken(*, agency_id, due_work_id, slot, **_):
    """Never ends well."""
    if claimed(due_work_id):
        return 1 / 0
    return None
