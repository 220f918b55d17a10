"""What the pages of this app share: the local day, the person asked for, and a form about them."""

import datetime as dt
import zoneinfo
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from peerworks.accounts.roles import Permission
from peerworks.audit import trail
from peerworks.participants import queries
from peerworks.participants.models import Participant
from peerworks.web.forms import PwForm
from peerworks.web.operations import run_operation
from peerworks.web.pages import form_page


def today(request) -> dt.date:
    """The agency's local day."""
    return timezone.localdate(timezone=zoneinfo.ZoneInfo(request.agency.time_zone))


def person_or_404(request, pk: UUID, permission: Permission) -> Participant:
    """The person of that id, if the member may see them under the permission; else 404."""
    people = queries.people_for(request.member, permission, today(request))
    return get_object_or_404(people, pk=pk)


def saw(request, action: str, *people: UUID) -> None:
    """Keep that the answer shows these people; written to the trail before it leaves."""
    about = ("participants.participant", str(people[0])) if len(people) == 1 else ("", "")
    request.seen.append(trail.Seen(action, *about, participants=people))


def to_person(request, pk):
    """The way back: to the person where the member still sees them, else to the list."""
    people = queries.people_for(request.member, Permission.VIEW_PARTICIPANT, today(request))
    if people.filter(pk=pk).exists():
        return redirect("participants:participant-detail", pk)
    return redirect("participants:participant-list")


def write(
    request,
    person: Participant,
    form: PwForm,
    operation: Callable[..., Any],
    done: Any,
    **given: Any,
):
    """Run an operation with a valid form; the way back with a message, or None to show the form."""
    if request.method != "POST" or not form.is_valid():
        return None
    values = {"by": request.member, **form.values, **given}
    if not run_operation(operation, form=form, **values):
        return None
    messages.success(request, done)
    return to_person(request, person.pk)


def record_page(request, person: Participant, form: PwForm, title: Any, lede: Any = ""):
    """A page with one form about a person."""
    saw(request, "participant.viewed", person.pk)
    context = {"page_title": title, "person": person, "lede": lede}
    return form_page(request, "participants/record_form.html", form, context)
