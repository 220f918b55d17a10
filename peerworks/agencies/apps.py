from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AgenciesConfig(AppConfig):
    """The wall between agencies, its start-up checks, and what the database can compare."""

    name = "peerworks.agencies"
    label = "agencies"
    verbose_name = _("agencies")

    def ready(self):
        """Register the checks that refuse a model outside the wall, and the lookups of lists."""
        import peerworks.agencies.checks  # noqa: F401
        from peerworks.agencies.postgres import lookups

        lookups.register()
