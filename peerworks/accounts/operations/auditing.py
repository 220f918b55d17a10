"""Taking out a list of the trail, which is itself recorded."""

from collections.abc import Iterable
from uuid import UUID

from peerworks.accounts.models import Membership
from peerworks.audit import trail


def take_out_events(*, people: Iterable[UUID], by: Membership) -> None:
    """Record that a member takes out a list of events as a file; `people` are those named in it.

    Called by the page that makes the file, in its transaction: without the event there is no file.
    """
    trail.record("events.exported", by=by.user, participants=people)
