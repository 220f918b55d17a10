from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RulePacksConfig(AppConfig):
    """Every loaded version of every rule pack."""

    name = "peerworks.rulepacks"
    label = "rulepacks"
    verbose_name = _("rule packs")

    def ready(self):
        """Offer the runner of worked examples that needs no app, the pages of the rules, what setup may
        choose, and the titles of sources."""
        from peerworks.accounts import packs
        from peerworks.rulepacks import examples, navigation, queries, statements
        from peerworks.web import reasons

        examples.register_units()
        navigation.register()
        packs.register(queries.pack_choices)
        reasons.register_sources(statements.source_of)
