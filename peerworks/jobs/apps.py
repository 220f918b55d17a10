from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    """Work to be done later."""

    name = "peerworks.jobs"
    label = "jobs"
    verbose_name = _("jobs")

    def ready(self):
        """Give reasons and audit events their words, and the shell its page."""
        from peerworks.jobs import events, navigation, reasons

        for each in (events, navigation, reasons):
            each.register()
