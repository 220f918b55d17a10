from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RulePacksConfig(AppConfig):
    """Every loaded version of every rule pack."""

    name = "peerworks.rulepacks"
    label = "rulepacks"
    verbose_name = _("rule packs")

    def ready(self):
        """Offer the one runner of worked examples that needs no app, the page of the rules, and
        the titles of their sources."""
        from peerworks.rulepacks import examples, navigation, statements
        from peerworks.web import reasons

        examples.register_units()
        navigation.register()
        reasons.register_sources(statements.source_of)
