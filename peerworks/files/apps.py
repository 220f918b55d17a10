from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FilesConfig(AppConfig):
    """Files that people upload: examined, kept outside of the web root, opened after a check."""

    name = "peerworks.files"
    label = "files"
    verbose_name = _("files")

    def ready(self):
        """Give refusals and events their words, and register the start-up check."""
        import peerworks.files.checks  # noqa: F401
        from peerworks.files import events, reasons

        for each in (events, reasons):
            each.register()
