"""What the operations of this app are called in the audit trail."""

from django.utils.translation import gettext_lazy as _

from peerworks.audit import events


def register() -> None:
    """Give each action its sentence; called once, when the program starts."""
    events.register("provider.added", _("{actor} added a person to the staff."))
    events.register("provider.changed", _("{actor} changed the contact data of a person."))
    events.register("provider.linked", _("{actor} said as whom a person of the staff signs in."))
    events.register("employment.added", _("{actor} recorded an employment."))
    events.register("employment.ended", _("{actor} ended an employment."))
    events.register("placement.added", _("{actor} placed a person in a program."))
    events.register("placement.ended", _("{actor} ended a placement."))
    events.register("credential.added", _("{actor} added a certification."))
    events.register("credential.renewed", _("{actor} added the renewal of a certification."))
    events.register("credential.changed", _("{actor} corrected a certification."))
    events.register("credential.verified", _("{actor} verified a certification."))
    events.register("credential.suspended", _("{actor} suspended a certification."))
    events.register("evidence.added", _("{actor} added evidence to a certification."))
    events.register("evidence.opened", _("{actor} opened the evidence of a certification."))
    events.register("evidence.withdrawn", _("{actor} withdrew evidence of a certification."))
    events.register("kind.kept", _("{actor} began to keep track of a kind of certification."))
    events.register("credential.retired", _("{actor} retired a certification."))
