"""The entries of this app in the shell."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from peerworks.accounts.access import has_permission
from peerworks.accounts.roles import Permission
from peerworks.web import navigation
from peerworks.web.navigation import Menu, NavItem


def register() -> None:
    """One's own account for everybody, the members for who manages them, and the audit trail."""
    _own()
    _audit()


def _own() -> None:
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


def _audit() -> None:
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
            order=72,
            menu=Menu.ACCOUNT,
        )
    )


def _is_member(request: HttpRequest) -> bool:
    return getattr(request, "member", None) is not None


def _may_manage(request: HttpRequest) -> bool:
    return _may(request, Permission.MANAGE_MEMBERS)


def _keeps_privacy(request: HttpRequest) -> bool:
    return _may(request, Permission.VIEW_AUDIT) and not _audits(request)


def _audits(request: HttpRequest) -> bool:
    # Whoever sees claims has a full list already: there the trail stands in the account menu.
    return _may(request, Permission.VIEW_AUDIT) and _may(request, Permission.VIEW_CLAIM)


def _may(request: HttpRequest, permission: Permission) -> bool:
    return has_permission(getattr(request, "member", None), permission)
