from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BillingConfig(AppConfig):
    """From the note to the money."""

    name = "billing"
    label = "billing"
    verbose_name = _("billing")

    def ready(self):
        """Give reasons and audit events their words, reach its rows, and the shell its pages."""
        from billing import events, navigation, notices, reach, reasons

        events.register()
        notices.register()
        reasons.register()
        navigation.register()
        reach.register()

        from billing.gates import words
        from billing.gates.engine import billing_on
        from billing.gates.rules import run_gate_example
        from peerworks.rulepacks import examples
        from providers import standing

        examples.register(examples.ExampleKind.GATE, run_gate_example)
        words.register()
        standing.register(billing_on)
