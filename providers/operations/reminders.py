"""Raising the reminders of this app."""

import datetime as dt
from uuid import UUID

from peerworks.notices.operations import Raised, raise_due
from providers.queries import EXPIRY_REMINDER


def raise_expiry_reminders(*, agency_id: UUID | str, on: dt.date) -> Raised:
    """Raise what is due about certifications that end, and close what is due no longer.

    Called inside the agency, as its service member; again on the same day, it changes nothing.
    """
    return raise_due(kind=EXPIRY_REMINDER, agency_id=agency_id, on=on)
