"""The words of billing's audit events."""

from django.utils.translation import gettext_lazy as _

from peerworks.audit import events
from peerworks.audit.events import Kind


def register() -> None:
    """Give each action its sentence; called once, when the program starts."""
    _batches()
    _gates()
    _plans()
    _notes()
    _payers()


def _plans() -> None:
    events.register("plan.written", _("{actor} wrote a draft of a plan of care."))
    events.register("plan.changed", _("{actor} changed the draft of a plan of care."))
    events.register("plan.signed", _("{actor} recorded a signature of a plan of care."), Kind.SIGN)
    events.register("plan.activated", _("{actor} put a plan of care into force."))
    events.register("plan.viewed", _("{actor} opened a plan of care."))


def _payers() -> None:
    events.register("payer.added", _("{actor} added a payer."))
    events.register("rate.set", _("{actor} set a rate."))
    events.register("rates.set", _("{actor} set several rates of a payer."))
    events.register("coverage.added", _("{actor} recorded a coverage."))
    events.register("coverage.ended", _("{actor} ended a coverage."))
    events.register("coverage.viewed", _("{actor} looked at a person's coverage."))
    events.register("diagnosis.added", _("{actor} recorded a diagnosis."))
    events.register("diagnosis.viewed", _("{actor} looked at a person's diagnoses."))


def _batches() -> None:
    events.register("worklist.viewed", _("{actor} looked at visits that are not billed yet."))
    events.register("claim.viewed", _("{actor} opened a claim."))
    events.register("batch.built", _("{actor} built a batch of claims."))
    events.register("batch.previewed", _("{actor} looked at what a batch would hold."))
    events.register("batch.viewed", _("{actor} opened a batch of claims."))
    events.register(
        "batch.sent", _("{actor} took out the file of a batch for the first time."), Kind.EXPORT
    )
    events.register(
        "batch.downloaded", _("{actor} took out the file of a batch again."), Kind.EXPORT
    )
    events.register("batch.discarded", _("{actor} took back a batch of claims."))


def _gates() -> None:
    events.register("notes.judged", _("{actor} had the gates judge notes."))


def _notes() -> None:
    events.register("note.started", _("{actor} began a service note."))
    events.register("note.discarded", _("{actor} discarded a draft of a service note."))
    events.register("note.signed", _("{actor} signed a service note."), Kind.SIGN)
    events.register("note.withdrawn", _("{actor} took back the signature of a service note."))
    events.register("note.correcting", _("{actor} opened a correction of a service note."))
    events.register("note.added-to", _("{actor} added to a service note."))
    events.register("note.cosigned", _("{actor} co-signed a service note."), Kind.SIGN)
    events.register("note.returned", _("{actor} returned a service note."))
    events.register("note.voided", _("{actor} voided a service note."))
    events.register("note.viewed", _("{actor} opened a service note."))
    events.register("note.listed", _("{actor} looked at a list of service notes."))
