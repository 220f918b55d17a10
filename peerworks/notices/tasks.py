"""The tick that plans the day's reminders, and the sending of letters. The tasks that raise reminders
stand in the apps.

Each such task is one piece of due work for one agency and one local day:

    @shared_task(base=DueTask, name="providers.certification_expiry_reminders_raised")
    def certification_expiry_reminders_raised(*, agency_id, due_work_id, slot, **_):
        # Harmless the second time: the claim, and one row for each step and recipient.
        if claimed(due_work_id):
            raise_expiry_reminders(agency_id=agency_id, on=date.fromisoformat(slot))

`raise_expiry_reminders` is an operation of the app (tasks call their own app's operations only) that
calls `notices.operations.raise_due` for each of its kinds; the kinds name this task in
`register_reminder(…, task="providers.certification_expiry_reminders_raised")`.
"""

import functools
from zoneinfo import ZoneInfo

from celery import shared_task
from django.utils import timezone

from peerworks.agencies.models import Agency
from peerworks.jobs.operations import plan, try_again
from peerworks.jobs.tasks import DueTask, claimed
from peerworks.notices import operations
from peerworks.notices.kinds import reminder_tasks
from peerworks.notices.operations import LETTER_SENT, NOTICE_MAILED


@shared_task(name="notices.reminders_planned", ignore_result=True)
def reminders_planned(**_):
    """Plan each reminder task once for each agency and local day.

    Ticks often, since days begin at different moments. Two beats, or a late one, are harmless: the
    agency's local date is the slot, and a slot is planned once.
    """
    now = timezone.now()
    agencies = list(Agency.objects.values_list("pk", "time_zone"))
    days = [(pk, now.astimezone(ZoneInfo(zone)).date().isoformat()) for pk, zone in agencies]
    for task in reminder_tasks():
        plan(kind=task, slots=days, at=now)


@shared_task(base=DueTask, name=LETTER_SENT, ignore_result=True)
def letter_sent(*, agency_id, due_work_id, slot, **_):
    """One letter about an account. A second run finds the work done: the claim.

    A worker that dies between the mail server and its commit sends the letter once more, with a new link.
    """
    if claimed(due_work_id):
        operations.send_letter(slot=slot, at=timezone.now())


@shared_task(base=DueTask, name=NOTICE_MAILED, ignore_result=True)
def notice_mailed(*, agency_id, due_work_id, slot, **_):
    """The one mail of a notice. A second run finds the work done, or the notice mailed.

    Where the mail server does not take it, the work is due again, five times in all; where the worker
    dies between server and answer nobody knows, and it is not sent again.
    """
    if claimed(due_work_id):
        again = functools.partial(try_again, due_work_id)
        operations.mail_notice(notice_id=slot, at=timezone.now(), again=again)
