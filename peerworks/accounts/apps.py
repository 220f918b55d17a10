from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """People who sign in."""

    name = "peerworks.accounts"
    label = "accounts"
    verbose_name = _("accounts")

    def ready(self):
        """Give the audit events their words, and listen to sign-ins."""
        from peerworks.accounts import events, signins

        events.register()
        signins.connect()
