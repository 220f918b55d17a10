"""What the pages share: the day, and the rows that a member may see."""

import datetime as dt
from zoneinfo import ZoneInfo

from django.utils import timezone

from peerworks.accounts import reach
from peerworks.accounts.roles import Permission
from providers.models import Provider
from supervision.models import Action, Assignment, Qualification, Session


def today(request) -> dt.date:
    """The agency's local day."""
    return timezone.localdate(timezone=ZoneInfo(request.agency.time_zone))


def workers_seen(request, permission=Permission.VIEW_SUPERVISION):
    """The workers whose supervision this member may see."""
    return reach.narrow(Provider.objects.all(), request.member, permission, today(request))


def sessions_seen(request):
    """The sessions that this member may see."""
    return _seen(request, Session.objects.all())


def actions_seen(request):
    """The agreed actions that this member may see."""
    return _seen(request, Action.objects.all())


def assignments_seen(request):
    """The assignments that this member may see."""
    return _seen(request, Assignment.objects.all())


def proofs_seen(request):
    """The proofs of supervisors that this member may see."""
    return _seen(request, Qualification.objects.all())


def _seen(request, rows):
    return reach.narrow(rows, request.member, Permission.VIEW_SUPERVISION, today(request))


def colleagues(request):
    """Everyone who works here today, by name: for forms that choose somebody."""
    return Provider.objects.employed_on(today(request)).by_name()
