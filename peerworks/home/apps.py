from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    """The pages that look across apps."""

    name = "peerworks.home"
    label = "home"
    verbose_name = _("home")

    def ready(self):
        """Put the first entries into the shell, and register the check of the settings."""
        from peerworks.home import navigation, starting  # noqa: F401 - registers by its import

        navigation.register()
