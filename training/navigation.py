"""This app's entry in the list of pages."""

from django.utils.translation import gettext_lazy as _

from peerworks.accounts.access import has_permission
from peerworks.accounts.roles import Permission
from peerworks.web import navigation
from peerworks.web.navigation import NavItem


def may_see(request) -> bool:
    """Whether this member may see any training."""
    return has_permission(request.member, Permission.VIEW_TRAINING)


def register():
    """Training, for everyone who has some or sees that of others."""
    navigation.register(
        NavItem(
            "training:course-list",
            _("Training"),
            icon="training",
            order=60,
            is_allowed=may_see,
            covers=("training:",),
        )
    )
