from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    """What a member is told, and reminded of."""

    name = "peerworks.notices"
    label = "notices"
    verbose_name = _("notices")

    def ready(self):
        """Give the audit events their words."""
        from peerworks.audit import events

        events.register("reminders.raised", _("{actor} raised the reminders that were due."))
        events.register("notice.done", _("{actor} marked a notice as done."))
