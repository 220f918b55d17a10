"""The entries of this app in the menu of the person who is signed in."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from peerworks.accounts.access import has_permission
from peerworks.accounts.roles import Permission
from peerworks.web import navigation
from peerworks.web.navigation import Menu, NavItem


def register() -> None:
    """One's own account for everybody, and the members for who manages them."""
    navigation.register(
        NavItem(
            "accounts:account-detail",
            _("My account"),
            icon="person",
            order=70,
            is_allowed=_is_member,
            covers=("accounts:password-",),
            menu=Menu.ACCOUNT,
        )
    )
    navigation.register(
        NavItem(
            "accounts:member-list",
            _("Members"),
            icon="people",
            order=58,
            is_allowed=_may_manage,
            covers=("accounts:invitation-",),
            menu=Menu.ACCOUNT,
        )
    )


def _is_member(request: HttpRequest) -> bool:
    return getattr(request, "member", None) is not None


def _may_manage(request: HttpRequest) -> bool:
    return has_permission(getattr(request, "member", None), Permission.MANAGE_MEMBERS)
