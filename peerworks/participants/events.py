"""The words of this app's audit events."""

from django.utils.translation import gettext_lazy as _

from peerworks.audit import events
from peerworks.audit.events import Kind


def register() -> None:
    """Give each action its sentence."""
    events.register("participant.added", _("{actor} added a participant."))
    events.register("participant.changed", _("{actor} changed a participant's data."))
    events.register("participant.listed", _("{actor} looked at a list of participants."))
    events.register("participant.viewed", _("{actor} opened a participant's record."))
    events.register("enrolment.added", _("{actor} enrolled a participant in a program."))
    events.register("enrolment.ended", _("{actor} ended an enrollment."))
    events.register("care-team.added", _("{actor} put a worker on a care team."), Kind.PERMISSION)
    events.register(
        "care-team.ended", _("{actor} ended a worker's time on a care team."), Kind.PERMISSION
    )
    events.register("consent.recorded", _("{actor} recorded a consent."))
    events.register("consent.revoked", _("{actor} recorded that a consent was revoked."))
    events.register("status.recorded", _("{actor} recorded a status of a participant."))
    events.register("status.ended", _("{actor} ended a status of a participant."))
    events.register(
        "participant.sealed", _("{actor} sealed a participant's record."), Kind.PERMISSION
    )
    events.register("seal.listed", _("{actor} let somebody open a sealed record."), Kind.PERMISSION)
    events.register(
        "seal.unlisted",
        _("{actor} took somebody off the list of a sealed record."),
        Kind.PERMISSION,
    )
