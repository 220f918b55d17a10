"""The entries of this app in the shell."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from peerworks.accounts.access import has_permission
from peerworks.accounts.roles import Permission
from peerworks.web import navigation
from peerworks.web.navigation import Menu, NavItem


def register() -> None:
    """The audit trail for those who may see it, and for everybody who may do what."""
    for menu, is_allowed in ((Menu.MAIN, _keeps_privacy), (Menu.ACCOUNT, _audits)):
        navigation.register(
            NavItem(
                "audit:event-list",
                _("Audit trail"),
                icon="audit",
                order=45,
                is_allowed=is_allowed,
                covers=("audit:event-", "audit:person-"),
                menu=menu,
            )
        )
    navigation.register(
        NavItem(
            "audit:permission-list",
            _("Roles and permissions"),
            icon="shield",
            order=70,
            menu=Menu.ACCOUNT,
        )
    )


def _keeps_privacy(request: HttpRequest) -> bool:
    return _may(request, Permission.VIEW_AUDIT) and not _audits(request)


def _audits(request: HttpRequest) -> bool:
    # Whoever sees claims has a full list already: there the trail stands in the account menu.
    return _may(request, Permission.VIEW_AUDIT) and _may(request, Permission.VIEW_CLAIM)


def _may(request: HttpRequest, permission: Permission) -> bool:
    return has_permission(getattr(request, "member", None), permission)
