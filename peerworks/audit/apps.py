from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AuditConfig(AppConfig):
    """Who did what, and who saw whom."""

    name = "peerworks.audit"
    label = "audit"
    verbose_name = _("audit trail")
