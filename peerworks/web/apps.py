"""The shared page machinery: shell, components, forms, reasons and error pages. No models."""

from django.apps import AppConfig
from django.contrib.staticfiles.apps import StaticFilesConfig


class WebConfig(AppConfig):
    """The app that every page stands on."""

    name = "peerworks.web"
    label = "web"

    def ready(self) -> None:
        """Name the place where a page asks for a fresh form token."""
        from peerworks.web import navigation

        navigation.register_place(navigation.Place.TOKEN, "web:form-token")


class StaticConfig(StaticFilesConfig):
    """Django's own, without the files of other packages that no page of ours uses."""

    ignore_patterns = [
        *StaticFilesConfig.ignore_patterns,
        "ext",
        "bootstrap-*",
        "*.rtl*",
        "bootstrap.esm*",
        "htmx-4*",
    ]
