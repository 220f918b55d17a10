"""The entries of this app in the menu of the person who is signed in, and its fixed places."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from peerworks.accounts.access import has_permission
from peerworks.accounts.roles import Permission
from peerworks.web import navigation
from peerworks.web.navigation import Menu, NavItem, Place


def register() -> None:
    """One's own factor and sessions for everybody; who is signed in, and when that ends, for administrators."""
    navigation.register_place(Place.AGAIN, "accounts:session-again")
    navigation.register_place(Place.LEFT, "accounts:session-left")
    navigation.register_place(Place.EXTEND, "accounts:session-extend")
    navigation.register_place(Place.STEP_UP, "accounts:step-up")
    _item("accounts:factor-detail", _("Second factor"), 72)
    _item("accounts:session-list", _("My sessions"), 74)
    _item("accounts:member-sessions-list", _("Who is signed in"), 60, Permission.MANAGE_MEMBERS)
    _item("accounts:agency-idle", _("Automatic sign-out"), 62, Permission.MANAGE_AGENCY)


def _item(url_name: str, label, order: int, permission: Permission | None = None) -> None:
    def is_allowed(request: HttpRequest) -> bool:
        member = getattr(request, "member", None)
        return member is not None and (permission is None or has_permission(member, permission))

    navigation.register(
        NavItem(
            url_name,
            label,
            icon="person",
            order=order,
            is_allowed=is_allowed,
            menu=Menu.ACCOUNT,
        )
    )
