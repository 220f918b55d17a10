"""The entries of this app in the shell."""

from collections.abc import Callable

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from billing.queries.note_pages import queue_of
from peerworks.accounts.access import has_permission
from peerworks.accounts.roles import Permission
from peerworks.web import navigation
from peerworks.web.navigation import Menu, NavItem

_OF_A_RECORD = tuple(
    f"billing:note-{page}" for page in ("list", "detail", "addend", "correct", "void")
)


def register() -> None:
    """Notes and their review, visits to bill, batches and payers, for those who work with them."""
    _notes()
    navigation.register(
        NavItem(
            "billing:payer-list",
            _("Payers"),
            icon="money",
            order=56,
            is_allowed=_holds(Permission.MANAGE_PAYERS),
            covers=("billing:payer-", "billing:rate-"),
            menu=Menu.ACCOUNT,
        )
    )
    navigation.register(
        NavItem(
            "billing:worklist",
            _("Visits to bill"),
            icon="billing",
            order=52,
            is_allowed=_holds(Permission.VIEW_WORKLIST),
        )
    )
    navigation.register(
        NavItem(
            "billing:batch-list",
            _("Batches"),
            icon="batch",
            order=54,
            is_allowed=_holds(Permission.VIEW_CLAIM),
            covers=("billing:batch-", "billing:claim-"),
        )
    )


def _notes() -> None:
    navigation.register(
        NavItem(
            "billing:note-write",
            _("New note"),
            icon="note",
            order=10,
            is_allowed=_holds(Permission.WRITE_NOTE),
            covers=("billing:note-write", "billing:note-begin", "billing:note-sign"),
        )
    )
    navigation.register(
        NavItem(
            "billing:note-list",
            _("My notes"),
            icon="notes",
            order=12,
            is_allowed=_holds(Permission.WRITE_NOTE),
            covers=_OF_A_RECORD,
            menu=Menu.ACCOUNT,
        )
    )
    navigation.register(
        NavItem(
            "billing:review-list",
            _("Review"),
            icon="review",
            order=5,
            is_allowed=_holds(Permission.REVIEW_NOTE),
            covers=("billing:review-", "billing:note-return"),
            count=_waiting,
        )
    )


def _waiting(request) -> str:
    count = queue_of(request.member).count()
    return str(count or "")


def _holds(permission: Permission) -> Callable[[HttpRequest], bool]:
    def is_allowed(request: HttpRequest) -> bool:
        return has_permission(getattr(request, "member", None), permission)

    return is_allowed
