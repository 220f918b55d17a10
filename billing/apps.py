from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BillingConfig(AppConfig):
    """From the note to the money."""

    name = "billing"
    label = "billing"
    verbose_name = _("billing")

    def ready(self):
        """Give reasons and audit events their words, reach its rows, and the shell its pages."""
        from billing import events, reasons

        events.register()
        reasons.register()

        from peerworks.rulepacks import examples
        from billing.gates.rules import run_gate_example

        examples.register(examples.ExampleKind.GATE, run_gate_example)
