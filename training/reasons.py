"""The words of this app's reasons."""

from django.utils.translation import gettext_lazy as _

from peerworks.web import reasons

MANAGERS = ("TRAINER", "ADMINISTRATOR")


def register():
    """Give each reason its sentence."""
    reasons.register(
        "TRNG-NO-ROLE",
        _("Only a trainer or an administrator records completed courses."),
        fix=_("Ask a trainer"),
        who=MANAGERS,
    )
    reasons.register(
        "TRNG-OWN",
        _("Nobody records a completed course of their own."),
        fix=_("Ask another trainer"),
        who=MANAGERS,
    )
    reasons.register(
        "TRNG-FUTURE",
        _("A course cannot be completed on {date}: that day is still to come."),
        fix=_("Correct the day"),
    )
    reasons.register(
        "TRNG-REVOKED",
        _("This completion is revoked already."),
    )
