from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """People who sign in."""

    name = "peerworks.accounts"
    label = "accounts"
    verbose_name = _("accounts")

    def ready(self):
        """Give events, reasons and roles their words, offer the pages, and listen to sign-ins."""
        from peerworks.accounts import events, navigation, signins
        from peerworks.accounts import reasons as own_reasons
        from peerworks.accounts.roles import RoleName
        from peerworks.web import reasons

        events.register()
        own_reasons.register()
        navigation.register()
        for each in RoleName:
            reasons.register_role(each.value, each.label)
        signins.connect()
