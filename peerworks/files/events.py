"""The words of this app's audit events. What is done with a file is named by the app that owns it."""

from django.utils.translation import gettext_lazy as _

from peerworks.audit import events


def register() -> None:
    """Give each action its sentence; called once, when the program starts."""
    events.register("file.opened", _("{actor} opened a file."))
