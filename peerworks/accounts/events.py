"""The words of this app's audit events."""

from django.utils.translation import gettext_lazy as _

from peerworks.audit import events
from peerworks.audit.events import Kind


def register():
    """Give each action its sentence."""
    events.register("agency.founded", _("{actor} set up the agency."), Kind.PERMISSION)
    events.register("member.added", _("{actor} added a member."), Kind.PERMISSION)
    events.register(
        "member.invited", _("{actor} invited somebody to become a member."), Kind.PERMISSION
    )
    events.register(
        "member.roles-changed", _("{actor} changed the roles of a member."), Kind.PERMISSION
    )
    events.register("member.disabled", _("{actor} disabled a member."), Kind.PERMISSION)
    events.register("member.enabled", _("{actor} enabled a member again."), Kind.PERMISSION)
    events.register(
        "member.sessions-ended", _("{actor} ended all sessions of a member."), Kind.PERMISSION
    )
    events.register(
        "invitation.sent-again", _("{actor} sent an invitation again."), Kind.PERMISSION
    )
    events.register("invitation.withdrawn", _("{actor} withdrew an invitation."), Kind.PERMISSION)
    events.register(
        "invitation.reopened",
        _("{actor} took back that an invitation was withdrawn."),
        Kind.PERMISSION,
    )
    events.register(
        "invitation.link-shown", _("{actor} was shown the link of an invitation."), Kind.PERMISSION
    )
    events.register("invitation.accepted", _("{actor} accepted an invitation."), Kind.PERMISSION)
    events.register("letter.sent", _("{actor} sent an e-mail about an account."))
    events.register("account.changed", _("{actor} changed their own account."))
    events.register("password.changed", _("{actor} changed their password."))
    events.register("password.reset", _("{actor} set a new password through an e-mailed link."))
    events.register("password.reset-asked", _("A new password was asked for {actor}."))
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
    events.register("agency.claims-changed", _("{actor} changed what claims say about the agency."))
    events.register(
        "agency.idle-changed", _("{actor} changed after how many minutes members are signed out.")
    )
