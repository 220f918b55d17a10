"""What leaves by mail: the letters of accounts, and one neutral mail for each notice.

The text is written at the moment of sending, by a worker inside the agency; neither due work nor the
broker holds more than ids.
"""

import datetime as dt
import functools
import logging
from collections.abc import Callable, Iterable
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now
from django.template.loader import render_to_string
from django.utils import translation

from peerworks.accounts.letters import Letter, link_to
from peerworks.accounts.models import User
from peerworks.accounts.operations import write_letter
from peerworks.jobs.operations import plan
from peerworks.notices.letters import deliver
from peerworks.notices.models import Notice

LETTER_SENT = "notices.letter_sent"
"""The task that sends one letter of accounts."""
NOTICE_MAILED = "notices.notice_mailed"
"""The task that sends the one mail of a notice."""

logger = logging.getLogger(__name__)


def plan_letter(agency_id: UUID, slot: str, at: dt.datetime) -> None:
    """Plan a letter of accounts as due work, in the transaction of what makes it due."""
    plan(kind=LETTER_SENT, slots=[(agency_id, slot)], at=at)


def send_letter(*, slot: str, at: dt.datetime) -> bool:
    """Write and send the letter of a slot; False where it is due no longer (accepted, withdrawn).

    Asked by a worker inside the agency. The mail server comes last: what fails before it sends nothing.
    """
    letter = write_letter(slot=slot, at=at)
    if letter is not None:
        deliver(letter, tag="account")
    return letter is not None


def plan_mails(agency_id: UUID | str, notice_ids: Iterable[UUID]) -> None:
    """Plan the mail of each of these notices, in the transaction that raises them: one statement."""
    slots = [(UUID(str(agency_id)), str(each)) for each in notice_ids]
    if slots:
        plan(kind=NOTICE_MAILED, slots=slots)


def mail_notice(*, notice_id: UUID | str, at: dt.datetime, again: Callable[[], None]) -> bool:
    """Begin the one mail about a notice; False where none is due: it was answered, or mailed before.

    The notice is marked in this transaction, and the mail server asked after its commit. What the
    server does not take is marked so, and `again` plans another try; a worker that dies in between
    leaves it as not known, and nothing is sent twice.
    """
    notice = _to_mail(notice_id)
    if notice is None:
        return False
    Notice.objects.filter(pk=notice.pk).update(mail=Notice.Mail.SENDING, mail_since=at)
    letter = reminder_letter(notice.recipient.user)
    transaction.on_commit(functools.partial(_hand_over, notice.pk, letter, again))
    return True


def _to_mail(notice_id: UUID | str) -> Notice | None:
    """The notice, if it still waits for somebody who may sign in and has not been told by mail."""
    waiting = Notice.objects.open().filter(mail__in=["", Notice.Mail.FAILED])
    people = waiting.filter(recipient__is_active=True, recipient__user__is_active=True)
    return people.select_related("recipient__user").filter(pk=notice_id).first()


def reminder_letter(user: User) -> Letter:
    """What a mail about a notice says: that something waits, and where. Never what, of whom, or why."""
    link = {"link": link_to("notices:notice-list")}
    with translation.override(user.language):
        subject = render_to_string("notices/mail/reminder.subject.txt").strip()
        body = render_to_string("notices/mail/reminder.body.txt", link).strip()
    return Letter(user.email, user.language, subject, f"{body}\n")


def _hand_over(notice_id: UUID, letter: Letter, again: Callable[[], None]) -> None:
    state = Notice.Mail.SENT
    try:
        deliver(letter, tag="reminder")
    # Each way of sending has errors of its own, and none may take the worker down.
    except Exception as error:
        logger.warning("a mail was not taken: %s, notice %s", type(error).__name__, notice_id)
        state = Notice.Mail.FAILED
    with transaction.atomic():
        Notice.objects.filter(pk=notice_id).update(mail=state, mail_since=Now())
        if state == Notice.Mail.FAILED:
            again()
