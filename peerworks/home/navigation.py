"""The shell's fixed places and the entries that belong to no app below."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from peerworks.web import navigation
from peerworks.web.navigation import Menu, NavItem, Place


def register() -> None:
    """Home, language, sign-in and sign-out, Today for everyone, and the nine of the demonstration."""
    navigation.register_place(Place.HOME, "home:today")
    navigation.register_place(Place.AGENCIES, "accounts:agency-list")
    navigation.register_place(Place.LANGUAGE, "accounts:language-switch")
    navigation.register_place(Place.SIGN_IN, "account_login")
    navigation.register_place(Place.SIGN_OUT, "account_logout")
    navigation.register_place(Place.TOKEN, "web:form-token")
    navigation.register_place(Place.HELP, "home:help")
    navigation.register_place(Place.STATEMENT, "home:statement")
    navigation.register(NavItem("home:today", _("Today"), icon="home", order=0))
    navigation.register(
        NavItem(
            "demo:person-list",
            _("Change person"),
            icon="people",
            order=90,
            is_allowed=_is_demonstration,
            menu=Menu.ACCOUNT,
        )
    )
    navigation.register(
        NavItem(
            "demo:mail-list",
            _("Sent mail"),
            icon="bell",
            order=85,
            is_allowed=_is_member_of_the_demonstration,
            menu=Menu.ACCOUNT,
        )
    )


def _is_demonstration(request: HttpRequest) -> bool:
    return bool(settings.PEERWORKS_DEMO)


def _is_member_of_the_demonstration(request: HttpRequest) -> bool:
    return _is_demonstration(request) and getattr(request, "member", None) is not None
