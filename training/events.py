"""The words of this app's audit events."""

from django.utils.translation import gettext_lazy as _

from peerworks.audit import events


def register():
    """Give each action its sentence."""
    events.register("course.added", _("{actor} added a course."))
    events.register("completion.recorded", _("{actor} recorded a completed course."))
    events.register("completion.revoked", _("{actor} revoked a completed course."))
