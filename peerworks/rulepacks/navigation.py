"""The entry of this app in the shell: in the account menu, since everyone may read the rules."""

from django.utils.translation import gettext_lazy as _

from peerworks.web import navigation
from peerworks.web.navigation import Menu, NavItem


def register() -> None:
    """Rules, for every member."""
    navigation.register(
        NavItem("rulepacks:pack-list", _("Rules"), icon="rules", order=60, menu=Menu.ACCOUNT)
    )
