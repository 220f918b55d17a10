"""Every write about notices, and the mails that leave."""

from peerworks.notices.operations.answering import (
    Raised,
    close_notices,
    mark_done,
    mark_seen,
    put_off,
    raise_due,
    take_back,
)
from peerworks.notices.operations.mails import (
    LETTER_SENT,
    NOTICE_MAILED,
    mail_notice,
    plan_letter,
    plan_mails,
    send_letter,
)

__all__ = [
    "LETTER_SENT",
    "NOTICE_MAILED",
    "Raised",
    "close_notices",
    "mail_notice",
    "mark_done",
    "mark_seen",
    "plan_letter",
    "plan_mails",
    "put_off",
    "raise_due",
    "send_letter",
    "take_back",
]
