"""The words of this app's audit events."""

from django.utils.translation import gettext_lazy as _

from peerworks.audit import events
from peerworks.audit.events import Kind


def register():
    """Give each action its sentence."""
    events.register("member.added", _("{actor} added a member."), Kind.PERMISSION)
