"""People served, made through the operations. Call them inside `world.acting(…)`."""

import datetime as dt
from uuid import uuid4

from django.conf import settings
from django.db import IntegrityError, connection, transaction

from peerworks.participants import models, operations
from peerworks.participants.models import SealedAccess
from peerworks.web.operations import constraint_name

MAKES = (
    models.Participant,
    models.CareTeamMember,
    models.Enrolment,
    models.StatusPeriod,
    models.Consent,
    models.SealedAccess,
)

DAY = dt.timedelta(days=1)
PERSON = {
    "given_name": "Ash",
    "family_name": "Juniper-Elm",
    "born_on": dt.date(1985, 4, 12),
    "gender": "U",
}


def reading_english(player):
    """A signed-in client of one of the nine that reads English, whatever the user's language."""
    client = player.client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def person(by, on, **values):
    """A made-up person with a record number of their own."""
    given = {"record_number": f"DEMO-{uuid4().hex[:8]}", **PERSON, **values}
    return operations.add_participant(by=by, on=on, **given)


def sealed_person(world, on, *, listed=("peer",), staff=None, **values):
    """A person whose record is sealed for these members; made and sealed by those who may."""
    with world.acting("administrator") as administrator:
        made = person(administrator.member, on, **values)
    with world.acting("privacy-officer") as officer:
        operations.seal_participant(
            participant=made,
            listed=[world[who].member for who in listed],
            reason="Works with this person",
            by=officer.member,
            at=world.now,
            staff=staff,
        )
    return made


def consent(by, participant, on, **values):
    """A consent to share for payment with everyone, signed on the day."""
    given = {
        "purposes": ["PAYMENT"],
        "recipient": "",
        "signed_on": on,
        "starts_on": on,
        "last_day": None,
        **values,
    }
    return operations.record_consent(participant=participant, by=by, on=on, **given)


def sealed_access(participant):
    """The list of a sealed record, as the acting member may read it."""
    return list(SealedAccess.objects.filter(participant=participant).order_by("created_at"))


def refused_in_savepoint(call, **given):
    """The name of the constraint by which the database says no, or "" where it says yes."""

    assert connection.in_atomic_block
    try:
        with transaction.atomic():
            call(**given)
    except IntegrityError as error:
        return constraint_name(error)
    return ""
