"""RI-7: all or nothing. Whatever breaks at whichever write, nothing of the act is there: no record
without its event, no event without its record.

The database itself is made to fail at the first write of an act, then at the second, and so on, once
before the write is done and once after it; then the same through a page, with real commits.
"""

import copy
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.urls import reverse

from peerworks.agencies.context import acting_for
from peerworks.audit import trail
from peerworks.audit.models import AuditEvent
from peerworks.participants import operations as people
from peerworks.web.operations import run_operation
from tests.acts import ACTS
from tests.acts import operations as walked
from tests.acts.care import _new, _seal
from tests.factories.billing_claims import as_service
from tests.factories.billing_notes import make_note_at_state
from tests.sweep import tables
from tests.sweep.asking import given_back

pytestmark = [pytest.mark.slow]

WRITES = ("INSERT", "UPDATE", "DELETE", "MERGE", "WITH")
TRAIL = {"audit_auditevent", "audit_eventperson"}


class Broken(OperationalError):
    """What the database says when it is made to fail."""


@dataclass
class Failing:
    """Counts the writes of a connection, and fails at one of them: before it is done, or after."""

    at: int = 0
    is_after: bool = False
    seen: list[str] = field(default_factory=list)

    def __call__(self, execute, statement, params, many, context):
        """One statement more; what only reads goes by, and what a session says of itself."""
        is_write = statement.lstrip().upper().startswith(WRITES)
        if not is_write or "django_session" in statement:
            return execute(statement, params, many, context)
        self.seen.append(statement)
        is_here = len(self.seen) == self.at
        if is_here and not self.is_after:
            raise Broken("made to fail")
        done = execute(statement, params, many, context)
        if is_here:
            raise Broken("made to fail")
        return done

    @property
    def written(self) -> set[str]:
        """The tables that were written to."""
        words = [each.replace('"', " ").replace("(", " ").split() for each in self.seen]
        return {word for each in words for word in each[:3] if "_" in word}


@dataclass(frozen=True)
class Deed:
    """An act as one transaction: who does it, what it needs, and what is done with that."""

    who: str
    ready: Callable[[Any], dict[str, Any]]
    do: Callable[..., Any]


def _sealed_at_once(*, new: dict[str, Any], seal: dict[str, Any]) -> None:
    """A person's record begun and sealed in one transaction."""
    made = people.add_participant(**new)
    people.seal_participant(**seal | {"participant": made})


def _person_and_seal(world: Any) -> dict[str, Any]:
    return {"new": _new(world), "seal": _seal(world)}


_OPERATIONS = dict(walked())
_NAMES = (
    "billing.operations.notes.sign_note",
    "billing.operations.review.cosign_note",
    "billing.operations.review.return_note",
    "billing.operations.review.void_note",
    "billing.operations.batches.build_batch",
)
DEEDS = {name: Deed(ACTS[name].who, ACTS[name].ready, _OPERATIONS[name]) for name in _NAMES}
DEEDS["add a participant, sealed at once"] = Deed(
    "privacy-officer", _person_and_seal, _sealed_at_once
)


def everything(world):
    """All that both tables of the trail and all others hold, sealed people included."""
    with as_service(world):
        return tables.everything()


def attempt(world, deed, given, failing):
    """Do it as its actor would, in a transaction, with the database failing."""
    # Records are given anew: an operation may set what it then cannot keep.
    with world.acting(deed.who), connection.execute_wrapper(failing):
        deed.do(**copy.deepcopy(given))


@pytest.mark.django_db
@pytest.mark.parametrize("name", DEEDS)
def test_at_whichever_write_it_breaks_nothing_is_there(world, name):
    """RI-7: before = after, for each write step and on both sides of it."""
    deed = DEEDS[name]
    with as_service(world):
        given = deed.ready(world)
    before = everything(world)
    steps = writes_of(world, deed, given)
    assert everything(world) == before
    for step in range(1, steps + 1):
        for is_after in (False, True):
            with pytest.raises(Broken):
                attempt(world, deed, given, Failing(step, is_after=is_after))
        changed = tables.differences(before, everything(world))
        assert changed == [], f"write {step} of {steps}"
    attempt(world, deed, given, Failing())
    assert TRAIL <= set(tables.differences(before, everything(world)))


def writes_of(world, deed, given) -> int:
    """How many writes the act is made of; it is undone again."""
    failing = Failing()
    with given_back():
        attempt(world, deed, given, failing)
    assert TRAIL <= failing.written
    assert len(failing.seen) >= 3
    return len(failing.seen)


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(ACTS))
def test_without_its_event_nothing_is_done(world, name, monkeypatch):
    """RI-7: no record without its event, for every act of the table."""
    act = ACTS[name]
    with as_service(world):
        given = act.ready(world)
    before = everything(world)

    def fails(*_args, **_given):
        raise Broken("no event can be written")

    monkeypatch.setattr(trail, "record", fails)
    actor = world.juniper.service.user if act.who == "service" else world[act.who].user
    with acting_for(world.juniper.agency.pk, actor.pk), pytest.raises(Broken):
        run_operation(_OPERATIONS[name], **given)
    assert tables.differences(before, everything(world)) == []


@pytest.mark.django_db
@pytest.mark.parametrize("name", DEEDS)
def test_without_its_record_no_event_stands(world, name):
    """RI-7: nor the reverse: what breaks after the event takes it along."""
    deed = DEEDS[name]
    with as_service(world):
        given = deed.ready(world)
        count = AuditEvent.objects.count()

    def breaks(**told):
        deed.do(**told)
        raise Broken("after the event")

    with pytest.raises(Broken), world.acting(deed.who):
        breaks(**given)
    with as_service(world):
        assert AuditEvent.objects.count() == count


# Through a page, with real commits.


def pressed(world):
    """(who, path, data) of the button that signs a note, made and committed."""
    with as_service(world):
        note = make_note_at_state(world, state="DRAFT")
    agency = str(world.juniper.agency.pk)
    return "peer", reverse("billing:note-sign", args=[note.pk]), {
        "form_agency": agency, "draft_number": "1"
    }  # fmt: skip


@pytest.mark.django_db(transaction=True, databases=["default", "apart"])
def test_a_page_that_breaks_leaves_nothing(world, caplog):
    """RI-7: the request's transaction is one; the answer is a 500 with a number, and nothing is there."""
    caplog.set_level(logging.CRITICAL)
    who, path, data = pressed(world)
    client = world[who].client()
    client.raise_request_exception = False
    before = everything(world)
    for step in (1, 3, 5, 7, None):
        failing = Failing(step or 0)
        with connection.execute_wrapper(failing):
            answer = client.post(path, data)
        assert answer.status_code == (500 if step else 302), step
        if step:
            # When somebody last did something is kept before the page is asked.
            assert tables.differences(before, everything(world)) in ([], ["accounts_signin"])
    with as_service(world):
        assert AuditEvent.objects.filter(action="note.signed").count() == 1
    assert len(failing.seen) >= 7, "the last of these steps was the last write"
