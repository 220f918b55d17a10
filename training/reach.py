"""Which training records are whose; what a team may see is registered by supervision."""

import datetime as dt

from django.db.models import Q

from peerworks.accounts import reach
from peerworks.accounts.models import Membership
from peerworks.accounts.roles import Scope


def own(member: Membership, on: dt.date) -> Q:
    """A worker's own records, for as long as there is a membership."""
    return Q(provider__member=member)


def register():
    """Own completions, places in cohorts and attendance."""
    for model in ("Completion", "CourseEnrolment", "Attendance"):
        reach.register(f"training.{model}", Scope.OWN, own)
