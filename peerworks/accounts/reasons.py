"""The words of this app's reason codes."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from peerworks.lib.passphrases import LONGEST, SHORTEST
from peerworks.web import reasons


def register() -> None:
    """Give each code its words; called once, when the program starts."""
    _members()
    _invitations()
    _passwords()
    _factors()
    reasons.register(
        "SETUP-CLOSED", _("This installation already has an agency, or the address was used.")
    )


def _members() -> None:
    reasons.register(
        "MEMBER-MANAGER",
        _("Only an administrator manages members."),
        fix=_("Ask an administrator"),
        who=("ADMINISTRATOR",),
    )
    reasons.register(
        "AGENCY-MANAGER",
        _("Only an administrator changes what holds for the whole agency."),
        fix=_("Ask an administrator"),
        who=("ADMINISTRATOR",),
    )
    reasons.register(
        "MEMBER-OWN-ROLE",
        _("Nobody gives themselves a role."),
        fix=_("Ask another administrator"),
        who=("ADMINISTRATOR",),
    )
    reasons.register(
        "MEMBER-LAST-ADMIN",
        _("This is the last administrator. Make somebody else an administrator first."),
    )
    reasons.register("MEMBER-NO-ROLE", _("Choose at least one role."))
    reasons.register(
        "MEMBER-SELF",
        _("Nobody disables themselves."),
        fix=_("Ask another administrator"),
        who=("ADMINISTRATOR",),
    )
    reasons.register("MEMBER-DISABLED", _("This member is already disabled."))
    reasons.register("MEMBER-ENABLED", _("This member already has access."))


def _invitations() -> None:
    reasons.register("INVITE-ADDRESS", _("Write an e-mail address in plain letters."))
    reasons.register("INVITE-MEMBER", _("The person with this address is already a member."))
    reasons.register(
        "INVITE-DISABLED",
        _("The person with this address was a member. Enable that member again."),
    )
    reasons.register("INVITE-ACCEPTED", _("This invitation has been accepted."))
    reasons.register("INVITE-WITHDRAWN", _("This invitation has been withdrawn."))
    reasons.register("INVITE-OPEN", _("This invitation is already open."))
    reasons.register("INVITE-RUN-OUT", _("This invitation has expired. Invite the address again."))
    reasons.register(
        "INVITE-MAIL", _("The link goes to the person by e-mail and is shown to nobody else.")
    )
    reasons.register(
        "INVITE-GONE",
        _("This invitation was used or withdrawn, or has expired. Ask for a new one."),
    )
    reasons.register(
        "INVITE-SIGN-IN",
        _("There is an account with this address. Sign in, then accept the invitation."),
    )
    reasons.register(
        "INVITE-OTHER-ADDRESS", _("This invitation is for a different address than yours.")
    )


def _passwords() -> None:
    reasons.register(
        "PASSWORD-SHORT",
        _("Use {least} characters or more. A few words in a row are easy to remember."),
    )
    reasons.register("PASSWORD-LONG", _("Use at most {most} characters."))
    reasons.register(
        "PASSWORD-REPEATED", _("This repeats itself. Use words that do not belong together.")
    )
    reasons.register(
        "PASSWORD-COMMON",
        _("Many people use this or something close to it. Use words that do not belong together."),
    )
    reasons.register(
        "PASSWORD-OWN",
        _("This is little more than your name, your address or your agency. Use other words."),
    )
    reasons.register("PASSWORD-CURRENT", _("This is not your current password."))
    reasons.register(
        "PASSWORD-NONE", _("You sign in without a password, so there is none to change.")
    )
    reasons.register(
        "RESET-GONE", _("This link was used or is older than 60 minutes. Ask for a new one.")
    )


_ASK: dict[str, Any] = {"fix": _("Ask an administrator"), "who": ("ADMINISTRATOR",)}


def _factors() -> None:
    reasons.register(
        "CODE-WRONG",
        _("This code does not fit, or was used already. Wait for the next one and type that."),
    )
    reasons.register(
        "CODE-TOO-MANY", _("There were too many tries. Wait fifteen minutes, then try again.")
    )
    reasons.register(
        "CODE-USED-UP",
        _(
            "A hundred wrong codes were tried in a row. An administrator of your agency has to reset "
            "your second factor."
        ),
        **_ASK,
    )
    reasons.register(
        "CODE-UNREADABLE",
        _(
            "This server cannot read your second factor. Whoever runs it has to give it back its "
            "field keys."
        ),
    )
    reasons.register("FACTOR-THERE", _("A second factor is set up already. Remove it first."))
    reasons.register("FACTOR-NONE", _("There is no second factor."))
    reasons.register(
        "FACTOR-OWN", _("You change your own second factor on its page, where it is asked first.")
    )


PASSWORD_LIMITS: dict[str, dict[str, Any]] = {
    "PASSWORD-SHORT": {"least": SHORTEST},
    "PASSWORD-LONG": {"most": LONGEST},
}
"""The values that the sentences about length name."""
