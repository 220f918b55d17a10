"""Raising the reminders of supervision."""

import datetime as dt
from uuid import UUID

from peerworks.notices.operations import Raised, raise_due
from supervision.notices import KIND


def raise_overdue_reminders(*, agency_id: UUID | str, on: dt.date) -> Raised:
    """Raise what is due or overdue on a local day, and close what is so no longer.

    Called inside the agency, as its service member. Again on the same day it changes nothing.
    """
    return raise_due(kind=KIND, agency_id=agency_id, on=on)
