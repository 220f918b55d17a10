"""The entry of this app in the shell: in the account menu of who looks after the machine."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from peerworks.accounts.access import has_permission
from peerworks.accounts.roles import Permission
from peerworks.web import navigation
from peerworks.web.navigation import Menu, NavItem


def register() -> None:
    """Jobs, for administrators."""
    navigation.register(
        NavItem(
            "jobs:job-list",
            _("Jobs"),
            icon="rules",
            order=70,
            is_allowed=_may_see,
            covers=("jobs:",),
            menu=Menu.ACCOUNT,
        )
    )


def _may_see(request: HttpRequest) -> bool:
    return has_permission(getattr(request, "member", None), Permission.VIEW_JOBS)
