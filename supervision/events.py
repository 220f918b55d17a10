"""The words of this app's audit events."""

from django.utils.translation import gettext_lazy as _

from peerworks.audit import events
from peerworks.audit.events import Kind

_SENTENCES = {
    "supervisor.assigned": _("{actor} assigned a supervisor."),
    "assignment.ended": _("{actor} ended the assignment of a supervisor."),
    "assignment.delegated": _("{actor} changed who stands in for a supervisor."),
    "session.logged": _("{actor} logged a supervision session."),
    "session.changed": _("{actor} corrected a supervision session."),
    "session.signed": _("{actor} signed a supervision session as supervisor."),
    "attendance.signed": _("{actor} signed that they were supervised."),
    "attendance.words": _("{actor} added own words to a supervision session."),
    "action.finished": _("{actor} recorded an agreed action as done."),
    "qualification.recorded": _("{actor} recorded proof that somebody may supervise."),
    "qualification.verified": _("{actor} verified proof that somebody may supervise."),
    "qualification.ended": _("{actor} ended proof that somebody may supervise."),
}
_KINDS = {
    "supervisor.assigned": Kind.PERMISSION,
    "assignment.ended": Kind.PERMISSION,
    "assignment.delegated": Kind.PERMISSION,
    "session.signed": Kind.SIGN,
    "attendance.signed": Kind.SIGN,
}


def register() -> None:
    """Give each action its sentence."""
    for action, sentence in _SENTENCES.items():
        events.register(action, sentence, _KINDS.get(action, Kind.CHANGE))
