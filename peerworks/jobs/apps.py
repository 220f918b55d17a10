from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JobsConfig(AppConfig):
    """Work to be done later."""

    name = "peerworks.jobs"
    label = "jobs"
    verbose_name = _("jobs")
