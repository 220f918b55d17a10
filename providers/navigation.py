"""The entries of this app in the list of pages: the staff, and one's own file."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from peerworks.accounts.roles import Permission, Scope
from peerworks.web import navigation
from peerworks.web.navigation import Menu, NavItem


def register() -> None:
    """Add the entries; called once, when the program starts."""
    navigation.register(
        NavItem(
            "providers:provider-list",
            _("Staff"),
            icon="badge",
            order=30,
            is_allowed=_sees_others,
            covers=(
                *("providers:credential-", "providers:employment-"),
                *("providers:kind-", "providers:placement-"),
            ),
        )
    )
    navigation.register(
        NavItem(
            "providers:me-detail",
            _("Me"),
            icon="mine",
            order=60,
            is_allowed=_has_a_file,
            covers=("providers:work-",),
            menu=Menu.ACCOUNT,
        )
    )


def _scopes(request: HttpRequest) -> frozenset[Scope]:
    member = getattr(request, "member", None)
    return member.scopes(Permission.VIEW_PROVIDER) if member is not None else frozenset()


def _sees_others(request: HttpRequest) -> bool:
    return bool(_scopes(request) - {Scope.OWN})


def _has_a_file(request: HttpRequest) -> bool:
    return Scope.OWN in _scopes(request)
