"""A member's notices."""

from django.db.models import QuerySet

from peerworks.accounts.models import Membership
from peerworks.notices.models import Notice


def open_notices(member: Membership) -> "QuerySet[Notice]":
    """What waits for this member, the nearest deadline first."""
    return Notice.objects.open().filter(recipient=member).order_by("due_on", "raised_on", "pk")


def count_open(member: Membership) -> int:
    """How many notices wait for this member."""
    return open_notices(member).count()


def past_notices(member: Membership) -> "QuerySet[Notice]":
    """What this member was told and is done with, or whose cause has ended; the newest first."""
    told = Notice.objects.filter(recipient=member).exclude(state=Notice.State.SUPERSEDED)
    return told.exclude(pk__in=open_notices(member).values("pk")).order_by("-raised_on", "pk")
