"""The words of this app's reason codes: second factors and sessions."""

from django.utils.translation import gettext_lazy as _

from peerworks.web import reasons

_ASK = {"fix": _("Ask an administrator"), "who": ("ADMINISTRATOR",)}


def register() -> None:
    """Give each code its words; called once, when the program starts."""
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
    reasons.register(
        "SESSION-OWN", _("You sign out your own devices on the page of your sessions.")
    )
