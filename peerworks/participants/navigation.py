"""The entry of this app in the shell."""

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from peerworks.accounts.access import has_permission
from peerworks.accounts.roles import Permission
from peerworks.web import navigation
from peerworks.web.navigation import NavItem


def register() -> None:
    """People, for every role that may see any."""
    navigation.register(
        NavItem(
            "participants:participant-list",
            _("People"),
            icon="people",
            order=20,
            is_allowed=_may_see_people,
            covers=("participants:", "billing:plan-", "billing:coverage-", "billing:diagnosis-"),
        )
    )


def _may_see_people(request: HttpRequest) -> bool:
    return has_permission(getattr(request, "member", None), Permission.VIEW_PARTICIPANT)
