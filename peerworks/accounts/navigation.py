"""The entries of this app in the shell."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from peerworks.accounts.access import has_permission
from peerworks.accounts.roles import Permission
from peerworks.web import navigation
from peerworks.web.navigation import Menu, NavItem, Place


def register() -> None:
    """One's own account, factor and sessions; members and sessions for who manages them; the audit trail."""
    navigation.register_place(Place.AGAIN, "accounts:session-again")
    navigation.register_place(Place.LEFT, "accounts:session-left")
    navigation.register_place(Place.EXTEND, "accounts:session-extend")
    navigation.register_place(Place.STEP_UP, "accounts:step-up")
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
    _item("accounts:factor-detail", _("Second factor"), 71)
    _item("accounts:session-list", _("My sessions"), 71)
    _item("accounts:member-sessions-list", _("Who is signed in"), 60, Permission.MANAGE_MEMBERS)
    _item("accounts:agency-claims", _("The agency on claims"), 61, Permission.MANAGE_AGENCY)
    _item("accounts:agency-idle", _("Automatic sign-out"), 62, Permission.MANAGE_AGENCY)


def _item(url_name: str, label: Any, order: int, permission: Permission | None = None) -> None:
    def is_allowed(request: HttpRequest) -> bool:
        return _is_member(request) and (permission is None or _may(request, permission))

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
