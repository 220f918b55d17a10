from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProvidersConfig(AppConfig):
    """Everyone with a personnel file, and the minutes worked."""

    name = "providers"
    label = "providers"
    verbose_name = _("providers")

    def ready(self):
        """Fill the registries of the shared ground with what this app knows."""
        from peerworks.files import owners
        from providers import events, examples, navigation, notices, reach, reasons
        from providers.models import Evidence

        for each in (events, examples, navigation, notices, reach, reasons):
            each.register()
        owners.register(Evidence.PURPOSE, reach.may_open_evidence)
