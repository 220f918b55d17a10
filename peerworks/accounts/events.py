"""The words of this app's audit events."""

from django.utils.translation import gettext_lazy as _

from peerworks.audit import events


def register():
    """Give each action its sentence."""
    events.register("agency.founded", _("{actor} set up the agency."))
    events.register("member.added", _("{actor} added a member."))
    events.register("member.invited", _("{actor} invited somebody to become a member."))
    events.register("member.roles-changed", _("{actor} changed the roles of a member."))
    events.register("member.disabled", _("{actor} disabled a member."))
    events.register("member.enabled", _("{actor} enabled a member again."))
    events.register("member.sessions-ended", _("{actor} ended all sessions of a member."))
    events.register("invitation.sent-again", _("{actor} sent an invitation again."))
    events.register("invitation.withdrawn", _("{actor} withdrew an invitation."))
    events.register("invitation.reopened", _("{actor} took back that an invitation was withdrawn."))
    events.register("invitation.link-shown", _("{actor} was shown the link of an invitation."))
    events.register("invitation.accepted", _("{actor} accepted an invitation."))
    events.register("letter.sent", _("{actor} sent a letter about an account."))
    events.register("account.changed", _("{actor} changed their own account."))
    events.register("password.changed", _("{actor} changed their password."))
    events.register("password.reset", _("{actor} set a new password through a letter."))
    events.register("password.reset-asked", _("A new password was asked for {actor}."))
