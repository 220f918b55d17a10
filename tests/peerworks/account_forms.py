"""What the tests of accounts share: sent forms, letters that were sent, events that were kept."""

import datetime as dt
import re
import uuid

from django.core import mail
from django.db import transaction
from django.test import Client

from peerworks.agencies.context import acting_for
from peerworks.audit.models import AuditEvent
from peerworks.jobs.models import DueWork
from peerworks.notices.operations import LETTER_SENT
from peerworks.notices.tasks import letter_sent

PASSWORD = "quiet otters under the pier"
OTHER = "seven blue kites over town"
_LINK = re.compile(r"https?://[^\s/]+(/accounts/\S+)")


def sent(world, who="administrator", **given):
    """The values of a form of the agency of one of the nine."""
    agency = world.house_of(who).agency
    return {"form_agency": str(agency.pk), "form_key": str(uuid.uuid4()), **given}


def visitor_sends(**given):
    """The values of a form of a page that asks for no member."""
    return {"form_agency": "", "form_key": str(uuid.uuid4()), **given}


def problems(answer):
    """The sentences of the errors of the page's form."""
    form = answer.context["form"]
    return [str(each) for errors in form.errors.values() for each in errors]


def said(answer):
    """The messages that the next page shows."""
    return [str(each) for each in answer.context["messages"]]


def due_letters(house):
    """The slots of the letters planned in an agency, oldest first."""
    rows = DueWork.objects.filter(agency=house.agency, kind=LETTER_SENT)
    return list(rows.order_by("due_at", "slot").values_list("slot", flat=True))


def send_letters():
    """Let the worker's task send what is due; the letters, newest last."""
    before = len(mail.outbox)
    for row in DueWork.objects.filter(kind=LETTER_SENT, state="DUE").order_by("due_at", "slot"):
        letter_sent(agency_id=row.agency_id, due_work_id=row.pk, slot=row.slot)
    return mail.outbox[before:]


def link_in(letter):
    """The path of the one link of a letter."""
    (path,) = _LINK.findall(letter.body)
    return path


def events(house, *actions):
    """The events with these actions in an agency, oldest first: (action, whose, fields)."""
    with acting_for(house.agency.pk, house.service.user_id), transaction.atomic():
        found = AuditEvent.objects.filter(action__in=actions).order_by("pk")
        return [(each.action, each.actor_id, each.fields) for each in found]


def sign_in(email, password=PASSWORD, client=None):
    """A visitor who fills in the sign-in form; the client and the answer."""
    client = client or Client()
    return client, client.post("/accounts/sign-in/", {"login": email, "password": password})


def is_signed_in(client):
    """Whether the client has a session of somebody."""
    return client.get("/session/token/").status_code == 200


def in_days(days):
    """A moment from now."""
    return dt.datetime.now(dt.UTC) + dt.timedelta(days=days)
