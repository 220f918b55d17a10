"""This app's entry in the list of pages."""

from django.utils.translation import gettext_lazy as _

from peerworks.accounts.access import has_permission
from peerworks.accounts.roles import Permission
from peerworks.web import navigation
from peerworks.web.navigation import NavItem


def may_see(request) -> bool:
    """Whether this member may see any supervision."""
    return has_permission(request.member, Permission.VIEW_SUPERVISION)


def register() -> None:
    """Supervision: one's own for a peer, the team's for a supervisor, all for the office."""
    navigation.register(
        NavItem(
            "supervision:person-list",
            _("Supervision"),
            icon="supervision",
            order=40,
            is_allowed=may_see,
            covers=("supervision:",),
        )
    )
