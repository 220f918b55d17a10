"""The shared page machinery: shell, components, forms, reasons and error pages. No models."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The app that every page stands on."""

    name = "peerworks.web"
    label = "web"

    def ready(self) -> None:
        """Name the place where a page asks for a fresh form token."""
        from peerworks.web import navigation

        navigation.register_place(navigation.Place.TOKEN, "web:form-token")
