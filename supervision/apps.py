from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SupervisionConfig(AppConfig):
    """Who oversees whom, and the proof."""

    name = "supervision"
    label = "supervision"
    verbose_name = _("supervision")

    def ready(self):
        """Fill the registries: words, reminders, rows of a team, worked examples, supervisors."""
        from peerworks.lib.rulepack import ExampleKind
        from peerworks.rulepacks import examples
        from providers import standing
        from supervision import events, navigation, notices, reach, reasons
        from supervision.queries import supervisors_on
        from supervision.rules import run_supervision_example

        events.register()
        reasons.register()
        reach.register()
        notices.register()
        navigation.register()
        examples.register(ExampleKind.SUPERVISION, run_supervision_example)
        standing.register_supervisors(supervisors_on)
