"""What billing's pages about a person share: the day, the person asked for, a form about them."""

import datetime as dt
import zoneinfo
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Model
from django.shortcuts import get_object_or_404
from django.utils import timezone

from peerworks.accounts.roles import Permission
from peerworks.audit import trail
from peerworks.participants.models import Participant
from peerworks.participants.queries import people_for
from peerworks.web.forms import PwForm
from peerworks.web.operations import run_operation
from peerworks.web.pages import form_page


def today(request) -> dt.date:
    """The agency's local day."""
    return timezone.localdate(timezone=zoneinfo.ZoneInfo(request.agency.time_zone))


def person_or_404(request, pk: UUID, permission: Permission) -> Participant:
    """The person of that id, if the member may see them under the permission; else 404."""
    return get_object_or_404(people_for(request.member, permission, today(request)), pk=pk)


def saw(request, action: str, person: UUID, about: Model | None = None) -> None:
    """Keep that the answer shows something of this person."""
    kind, key = ("participants.participant", person)
    if about is not None:
        kind, key = about._meta.label_lower, about.pk
    request.seen.append(trail.Seen(action, kind, str(key), (person,)))


def run(request, form: PwForm, operation: Callable[..., Any], done: Any, **given: Any) -> Any:
    """Run an operation with a valid form, tell that it is done; None to show the form again."""
    if request.method != "POST" or not form.is_valid():
        return None
    values = {"by": request.member, **form.values, **given}
    result = run_operation(operation, form=form, **values)
    if not result:
        return None
    messages.success(request, done)
    return result


def key_of(form: PwForm) -> dict[str, Any]:
    """The form's key, for operations that make a record; nothing before the form is valid."""
    return {"form_key": form.cleaned_data["form_key"]} if form.is_bound and form.is_valid() else {}


def page(
    request,
    form: PwForm,
    title: Any,
    *,
    back_url: str,
    back: Any,
    lede: Any = "",
    template: str = "billing/plan_form.html",
):
    """A page with one form and a way back."""
    context = {"page_title": title, "back_url": back_url, "back": back, "lede": lede}
    return form_page(request, template, form, context)
