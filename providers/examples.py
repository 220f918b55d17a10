"""Proves the worked examples of rule packs that are about renewing a certification."""

from peerworks.lib.rulepack import ExampleKind
from peerworks.rulepacks import examples
from providers.rules import run_renewal_example


def register() -> None:
    """Offer the runner of RENEWAL examples; called once, when the program starts."""
    examples.register(ExampleKind.RENEWAL, run_renewal_example)
