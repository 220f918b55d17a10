from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TrainingConfig(AppConfig):
    """What people must learn and have learned."""

    name = "training"
    label = "training"
    verbose_name = _("training")

    def ready(self):
        """Give reasons and events their words, and say which rows are whose and where pages stand."""
        from training import events, navigation, reach, reasons

        events.register()
        reasons.register()
        reach.register()
        navigation.register()
