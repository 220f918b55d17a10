"""The words of this app's audit events."""

from django.utils.translation import gettext_lazy as _

from peerworks.audit import events


def register():
    """Give each action its sentence."""
    events.register("member.added", _("{actor} added a member."))
    _factors()
    _sessions()


def _factors():
    events.register("factor.added", _("{actor} set up a second factor."))
    events.register("factor.removed", _("{actor} removed their own second factor."))
    events.register("factor.given", _("{actor} confirmed with a second factor."))
    events.register("factor.recovered", _("{actor} used a recovery code."))
    events.register("factor.failed", _("A second factor for {actor} was wrong."))
    events.register("codes.renewed", _("{actor} made new recovery codes."))
    events.register("member.factor-reset", _("{actor} reset a member's second factor."))


def _sessions():
    events.register("signin.stopped", _("Sign-ins as {actor} were stopped after too many tries."))
    events.register("signin.idle", _("{actor} was signed out after a time without an action."))
    events.register("signin.day-over", _("{actor} was signed out after twelve hours."))
    events.register("session.ended", _("{actor} signed out another device of their own."))
    events.register("sessions.ended", _("{actor} signed out all other devices of their own."))
    events.register("member.signed-out", _("{actor} signed a member out everywhere."))
    events.register(
        "agency.idle-changed", _("{actor} changed after how many minutes members are signed out.")
    )
