from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AgenciesConfig(AppConfig):
    """The wall between agencies, and its start-up checks."""

    name = "peerworks.agencies"
    label = "agencies"
    verbose_name = _("agencies")

    def ready(self):
        """Register the checks that refuse a model outside the wall."""
        import peerworks.agencies.checks  # noqa: F401
