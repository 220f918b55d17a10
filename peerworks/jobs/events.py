"""The words of this app's audit events."""

from django.utils.translation import gettext_lazy as _

from peerworks.audit import events


def register() -> None:
    """Give each action its sentence."""
    events.register("job.started", _("{actor} started a job by hand."))
