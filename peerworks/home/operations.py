"""What Today asks of the operations of billing. Nothing here writes."""

import datetime as dt

from billing.operations.claims import weigh
from billing.queries.worklist import Weighed, unbilled
from peerworks.accounts.models import Membership
from peerworks.accounts.roles import Permission
from peerworks.participants.queries import about_people


def weigh_unbilled(*, by: Membership, on: dt.date) -> list[Weighed]:
    """Every visit that is on no claim and what holds it: the same figures as the work list's."""
    return weigh(about_people(unbilled(), by, Permission.VIEW_WORKLIST, on), on=on, by=by)
