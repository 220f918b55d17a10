"""What a recipient may do with a notice."""

import datetime as dt

from peerworks.lib.findings import Refusal, refuse
from peerworks.notices.models import Notice

LONGEST = dt.timedelta(days=60)
"""For so long at most a notice is put off: beyond, a nearer step or another cause will have come."""


def refusal_to_put_off(notice: Notice, until: dt.date, on: dt.date) -> Refusal | None:
    """Until a day after today, at most 60 days ahead, and not past the day that it warns of."""
    last = on + LONGEST
    if notice.due_on is not None and notice.due_on > on:
        last = min(last, notice.due_on)
    if on < until <= last:
        return None
    return refuse("NOTICE-UNTIL", first=on + dt.timedelta(days=1), last=last)
