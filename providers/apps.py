from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProvidersConfig(AppConfig):
    """Everyone with a personnel file, and the minutes worked."""

    name = "providers"
    label = "providers"
    verbose_name = _("providers")

    def ready(self):
        """Fill the registries of the shared ground with what this app knows."""
        from providers import events, examples, navigation, notices, reach, reasons

        for each in (events, examples, navigation, notices, reach, reasons):
            each.register()
